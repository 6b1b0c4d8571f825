/**
 * LG INR21700-M50 from pulses of six cells at 25 degC, pulse resistances at 0, 10, 25 and 45 degC, and C/10 and C/2 discharges at 25 degC.
 * The 1C discharge at 25 degC is not read here: it checks the result; the 2C discharge is read for its temperature only.
 */
import { interpolate, type Cell } from '../cell.ts';
import { fit, type Curve, type FitPlan, type Run } from '../fit.ts';
import { fitHeat } from '../heat.ts';
import { rising, socAt } from '../openCircuit.ts';
import { assumed, commonPlan, oneTimeConstant, typicalLosses } from '../parts.ts';
import { numbers, readColumns, readSeries, rows, type Series } from '../series.ts';
import { withBestTimeConstants } from '../timeConstants.ts';

const folder = 'nmc_lgm50_multicell';

/** The measured grid of the pulses ends at 10 % SOC; the knots below it are fed by the discharges. */
const knots = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const temperatures = [0, 10, 25, 45];

/** Published mean of charge and discharge OCV over SOC. */
function publishedOcv(): Curve {
  const columns = readColumns(`${folder}/ocv_25C_mean_hysteresis`);
  return { soc: Array.from(numbers(columns, 'soc_pct'), (percent) => percent / 100), value: Array.from(numbers(columns, 'ocv_mean_V')) };
}

/** The discharge and the rest after it: everything before the first charging sample. */
function discharge(name: string): Series {
  const series = readSeries(`${folder}/${name}`);
  const charging = series.currentA.findIndex((current) => current > 0.05);
  return rows(series, 0, charging < 0 ? series.count : charging);
}

/** Charge drawn over a run, Ah. */
function drawnAh(series: Series): number {
  let drawn = 0;
  for (let k = 1; k < series.count; k++) drawn -= (series.currentA[k] * (series.timeS[k] - series.timeS[k - 1])) / 3600;
  return drawn;
}

/** One run for each pulse of a file; a current that was not logged is the next one logged. */
function pulseRuns(name: string): Run[] {
  const columns = readColumns(`${folder}/${name}`);
  const [soc, cell, timeS, currentA, voltageV, temperatureDegC] = [
    'soc_pct',
    'cell',
    'time_s',
    'current_A',
    'voltage_V',
    'temperature_C',
  ].map((column) => numbers(columns, column));
  for (let k = soc.length - 2; k >= 0; k--) if (Number.isNaN(currentA[k])) currentA[k] = currentA[k + 1];
  const all: Series = { name, count: soc.length, timeS, currentA, voltageV, temperatureDegC };
  const runs: Run[] = [];
  for (let first = 0, k = 1; k <= soc.length; k++) {
    if (k < soc.length && soc[k] === soc[first] && cell[k] === cell[first]) continue;
    runs.push({ series: rows(all, first, k), startSoc: soc[first] / 100, weight: 1, by: 'row' });
    first = k;
  }
  return runs;
}

/**
 * Mean resistance of the six cells at each temperature over the pulse grid: at 0.1 s, and what is added until 10 s.
 * The pulses at 10 % SOC are left out: in the cold they end at the lower voltage limit before 10 s.
 */
function pulseResistances(): { soc: number[]; early: number[][]; added: number[][] } {
  const columns = readColumns(`${folder}/pulse_resistance_24cells`);
  const [setDegC, socPercent, early, late] = ['T_set_C', 'soc_pct', 'R_0p1s_mohm', 'R_10s_mohm'].map((name) => numbers(columns, name));
  const soc = [20, 30, 40, 50, 60, 70, 80, 90];
  const mean = (t: number, percent: number, pick: (row: number) => number) => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < setDegC.length; row++) {
      if (setDegC[row] !== t || socPercent[row] !== percent) continue;
      sum += pick(row);
      count++;
    }
    return sum / count;
  };
  const table = (pick: (row: number) => number) => temperatures.map((t) => soc.map((percent) => mean(t, percent, pick)));
  return { soc: soc.map((percent) => percent / 100), early: table((row) => early[row]), added: table((row) => late[row] - early[row]) };
}

/** Fitted values at 0 and 25 degC; at 10 and 45 degC those at 25 degC times the measured ratio at the same SOC. */
function joined(at0: Curve, at25: Curve, soc: number[], measured: number[][]) {
  const reference = measured[temperatures.indexOf(25)];
  const value = measured.map((row, t) =>
    temperatures[t] === 0 ? at0.value : at25.soc.map((s, k) => (at25.value[k] * interpolate(soc, row, s)) / interpolate(soc, reference, s)),
  );
  return { soc: at25.soc, temperature_degC: temperatures, value };
}

const assumptions = [
  'Capacity is the C/10 discharge plus what the rest voltage after it leaves by the published OCV.',
  'Resistances at 10 and 45 degC are those at 25 degC times the measured ratio of the pulse resistance: at 0.1 s for the series resistance, from 0.1 s to 10 s for both pairs.',
  'Below 20 % SOC the ratio between temperatures is held at its value at 20 %.',
  assumed.timeConstants,
  'Hysteresis is left out: the published hysteresis voltage stays below 12 mV above 40 % SOC, and the data do not say whether it is a half or a full width.',
  'Charge resistance equals discharge resistance.',
  'The entropic coefficient is left out, also in the heat balance: it was not measured.',
  assumed.coulombic,
  assumed.limits,
];

const limits: Cell['limits'] = {
  minimumVoltage_V: 2.5,
  maximumVoltage_V: 4.2,
  chargeCurrent_A: 3.5,
  dischargeCurrent_A: 7.3,
  minimumTemperature_degC: -20,
  maximumTemperature_degC: 60,
  minimumChargeTemperature_degC: 0,
};

export function nmc21700(): Cell {
  const base = publishedOcv();
  const slow = discharge('25C_dis_0p1c');
  const half = discharge('25C_dis_0p5c');
  const capacityAh = drawnAh(slow) / (1 - socAt(base, slow.voltageV[slow.count - 1]));
  const start: FitPlan = {
    capacityAh,
    ocv: base,
    ...commonPlan,
    ocvKnots: knots,
    resistanceKnots: knots,
    rcKnots: knots,
    timeConstantS: [oneTimeConstant(10), oneTimeConstant(900)],
    leastResistanceOhm: 5e-4,
  };
  const runs: Run[] = [
    ...pulseRuns('pulses_25C'),
    { series: slow, startSoc: 1, weight: 0.05, by: 'second' },
    { series: half, startSoc: 1, weight: 0.2, by: 'second' },
  ];
  const plan = withBestTimeConstants(start, runs, 1);
  const fitted = fit(plan, runs);
  // In the cold the OCV stays free in the fit and is then dropped, so that it takes no slow polarisation from the pairs.
  const cold = ['0C_dis_0p1c', '0C_dis_0p5c'].map((name, k): Run => {
    const series = discharge(name);
    return { series, startSoc: socAt(fitted.ocv, series.voltageV[0]), weight: k === 0 ? 0.05 : 0.2, by: 'second', lowSoc: 0.1 };
  });
  const coldPlan: FitPlan = { ...plan, ocv: fitted.ocv, resistanceSmoothness: 0.1 };
  const coldFitted = fit(coldPlan, [...pulseRuns('pulses_0C'), ...cold]);
  const ocv = rising(fitted.ocv, 2e-5);
  const pulse = pulseResistances();
  const heat = fitHeat([{ series: discharge('25C_dis_2c'), startSoc: 1 }], ocv, capacityAh, { capacityJ: 70, conductanceW: 0.1 });
  return {
    name: 'LG INR21700-M50 5.0 Ah',
    chemistry: 'LiPo',
    basis: 'measured',
    source:
      'WMG, University of Warwick, by way of PyBOP examples/data/LG_M50_ECM (e8165e0): pulses of 24 cells at 0/10/25/45 degC, mean OCV, C/10, C/2 and 2C discharge at 25 degC',
    licence: 'BSD-3-Clause',
    assumptions,
    capacity_Ah: capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    seriesResistance_Ohm: joined(coldFitted.resistanceOhm, fitted.resistanceOhm, pulse.soc, pulse.early),
    rc: [
      {
        resistance_Ohm: joined(coldFitted.rcOhm[0], fitted.rcOhm[0], pulse.soc, pulse.added),
        timeConstant_s: plan.timeConstantS[0].value[0],
      },
      {
        resistance_Ohm: joined(coldFitted.rcOhm[1], fitted.rcOhm[1], pulse.soc, pulse.added),
        timeConstant_s: plan.timeConstantS[1].value[0],
      },
    ],
    ...typicalLosses,
    thermal: heat,
    mass_kg: 0.068,
    limits,
  };
}
