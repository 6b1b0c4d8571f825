/**
 * Panasonic NCR18650PF from HPPC at 0, 10 and 25 degC, two drive cycles and a 1C discharge at 25 degC.
 * The highway cycle (25C_hwfet) is never read here: it is the held-out check of the report.
 */
import type { Cell } from '../cell.ts';
import { fit, type Curve, type Fitted, type FitPlan, type Run } from '../fit.ts';
import { fitHeat } from '../heat.ts';
import { rising, slowDischarge, socAt } from '../openCircuit.ts';
import { assumed, commonPlan, oneTimeConstant, resistances, typicalLosses } from '../parts.ts';
import { readSeries } from '../series.ts';
import { withBestTimeConstants } from '../timeConstants.ts';

const folder = 'nca_panasonic_ncr18650pf';

/**
 * Rated capacity. At 25 degC the HPPC delivers 2.83 Ah, and its last rests lie 0.10 to 0.13 Ah above the empty end of the C/20 curve:
 * 2.88 to 2.95 Ah in all. The C/20 run itself (2.997 Ah) belongs to another time and is used for the shape of the OCV only.
 */
const capacityAh = 2.9;

const limits: Cell['limits'] = {
  minimumVoltage_V: 2.5,
  maximumVoltage_V: 4.2,
  chargeCurrent_A: 2.75,
  dischargeCurrent_A: 10,
  minimumTemperature_degC: -20,
  maximumTemperature_degC: 60,
  minimumChargeTemperature_degC: 0,
};

const run = (name: string) => readSeries(`${folder}/${name}`);

/**
 * Fit at 0 or 10 degC. The OCV stays free in it and is then dropped: otherwise slow polarisation that the 25 degC curve lacks ends up in the slow pair.
 */
function coldFit(chamber: string, warm: FitPlan, ocv: Curve): { plan: FitPlan; fitted: Fitted } {
  const series = run(`${chamber}_hppc`);
  const runs: Run[] = [
    { series, startSoc: socAt(ocv, series.voltageV[0]), weight: 1, by: 'row' },
    { series: run(`${chamber}_cycle1`), startSoc: 1, weight: 1, by: 'row', lowSoc: 0.2 },
  ];
  const plan = withBestTimeConstants({ ...warm, ocv, resistanceSmoothness: 0.1 }, runs, 7);
  return { plan, fitted: fit(plan, runs) };
}

export function nca18650pf(): Cell {
  const pulses = run('25C_hppc');
  const drives = [run('25C_cycle1'), run('25C_nn')];
  const discharge = run('25C_dis1c_new');
  const warmPlan: FitPlan = {
    capacityAh,
    ocv: slowDischarge(run('25C_c20_ocv'), 0.1),
    ...commonPlan,
    timeConstantS: [oneTimeConstant(10), oneTimeConstant(600)],
  };
  const warmRuns: Run[] = [
    { series: pulses, startSoc: 1, weight: 1, by: 'row', lowSoc: 0.02 },
    ...drives.map((series): Run => ({ series, startSoc: 1, weight: 1, by: 'row', lowSoc: 0.02 })),
    { series: discharge, startSoc: 1, weight: 5, by: 'second', lowSoc: 0.1 },
  ];
  const warm = withBestTimeConstants(warmPlan, warmRuns, 7);
  const warmFit = fit(warm, warmRuns);

  const cold = ['00C', '10C'].map((chamber) => coldFit(chamber, warm, warmFit.ocv));
  const ocv = rising(warmFit.ocv, 2e-5);
  const heat = fitHeat(
    [discharge, drives[1]].map((series) => ({ series, startSoc: 1 })),
    ocv,
    capacityAh,
    { capacityJ: 45, conductanceW: 0.1 },
  );
  return {
    name: 'Panasonic NCR18650PF 2.9 Ah',
    chemistry: 'LiPo',
    basis: 'measured',
    source:
      'Kollmeyer P. (2018), Panasonic 18650PF Li-ion Battery Data, Mendeley Data v1, doi:10.17632/wykht8y7tg.1: HPPC and cycle 1 at 0/10/25 degC, neural-network cycle, 1C and C/20 at 25 degC',
    licence: 'CC BY 4.0',
    assumptions: [
      'Capacity is the rated 2.9 Ah, which agrees with charge delivered plus charge left by OCV (2.88 to 2.95 Ah).',
      'Below 2 % SOC the OCV follows the C/20 discharge curve of a later date, moved by the correction found at 2 %.',
      assumed.timeConstants,
      'Resistances below 0 degC and above 25 degC are held at the measured end; charge resistance equals discharge resistance.',
      'The entropic coefficient is left out, also in the heat balance: it was not measured.',
      assumed.coulombic,
      assumed.limits,
    ],
    capacity_Ah: capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    ...resistances([0, 10, 25], [...cold.map((c) => c.plan), warm], [...cold.map((c) => c.fitted), warmFit]),
    ...typicalLosses,
    thermal: heat,
    mass_kg: 0.0465,
    limits,
  };
}
