/**
 * Steps that several cells share on the way from fitted curves to a cell file: joining temperatures into one table, and shared assumptions.
 * It is separate so that a cell's own file states only what is particular to that cell.
 */
import { interpolate, type Table } from './cell.ts';
import type { Curve, Fitted, FitPlan } from './fit.ts';
import type { Series } from './series.ts';

/** SOC knots of resistances and OCV corrections: denser where the cell is nearly empty. */
export const socKnots = [0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** What the fits have in common unless a cell says otherwise. */
export const commonPlan = {
  ocvKnots: socKnots,
  resistanceKnots: socKnots,
  rcKnots: socKnots,
  resistanceSmoothness: 0.01,
  voltageSmoothness: 0.01,
  leastResistanceOhm: 1e-4,
};

/** Losses that no data set of the library measures: 0.1 % of the charge, 2 % a month. */
export const typicalLosses = { coulombicEfficiency_ratio: 0.999, selfDischarge_per_s: 7.7e-9 };

/** A time constant that the search may move, the same at every SOC. */
export function oneTimeConstant(seconds: number): Curve {
  return { soc: [0.5], value: [seconds] };
}

/** One table from a curve a temperature; curves that hold one knot become the same value at SOC 0 and 1. */
export function overTemperature(temperatureDegC: number[], curves: Curve[]): Table {
  const wide = curves.map((curve) => (curve.soc.length === 1 ? { soc: [0, 1], value: [curve.value[0], curve.value[0]] } : curve));
  if (wide.length === 1) return wide[0].value.every((v) => v === wide[0].value[0]) ? wide[0].value[0] : wide[0];
  return { soc: wide[0].soc, temperature_degC: temperatureDegC, value: wide.map((curve) => curve.value) };
}

/** Series resistance and both pairs from a fit at each temperature. */
export function resistances(temperatureDegC: number[], plans: FitPlan[], fits: Fitted[]) {
  const pair = (p: 0 | 1) => ({
    resistance_Ohm: overTemperature(
      temperatureDegC,
      fits.map((f) => f.rcOhm[p]),
    ),
    timeConstant_s: overTemperature(
      temperatureDegC,
      plans.map((plan) => plan.timeConstantS[p]),
    ),
  });
  return {
    seriesResistance_Ohm: overTemperature(
      temperatureDegC,
      fits.map((f) => f.resistanceOhm),
    ),
    rc: [pair(0), pair(1)] as [ReturnType<typeof pair>, ReturnType<typeof pair>],
  };
}

/** A table over SOC and temperature from one curve and a factor a temperature. */
export function byFactor(curve: Curve, temperatureDegC: number[], factor: number[]): Table {
  return { soc: curve.soc, temperature_degC: temperatureDegC, value: factor.map((f) => curve.value.map((v) => v * f)) };
}

/** Curve at `x` between a curve at `low` and one at `high`, over the same knots. */
export function between(low: number, atLow: Curve, high: number, atHigh: Curve, x: number): Curve {
  return { soc: atLow.soc, value: atLow.value.map((value, k) => interpolate([low, high], [value, atHigh.value[k]], x)) };
}

/** Voltage step over current step between the first two samples of a run that starts by switching a load on. */
export function switchOnResistance(series: Series): number {
  return (series.voltageV[1] - series.voltageV[0]) / (series.currentA[1] - series.currentA[0]);
}

export const assumed = {
  timeConstants: 'Time constants are constant over SOC; resistances are not.',
  coulombic: 'Coulombic efficiency and self-discharge are typical figures, not measured.',
  limits: 'Limits and mass follow typical data-sheet figures for the type, not measurement.',
  heat: 'Heat capacity and conductance to ambient are typical figures, not measured.',
  entropy: 'The entropic coefficient is left out: it was not measured.',
};
