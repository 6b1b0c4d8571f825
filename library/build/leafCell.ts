/**
 * Nissan Leaf 2013 pouch cell (LMO with layered oxide, 33.1 Ah when new) from pulses at 25 degC, found as 30.5 Ah.
 * It is separate from the pack because this one specimen stands for all cells of it; the pack adds factors only.
 */
import type { Cell } from './cell.ts';
import { fit, type FitPlan, type Run } from './fit.ts';
import { evenSoc, rising } from './openCircuit.ts';
import { assumed, commonPlan, oneTimeConstant, resistances } from './parts.ts';
import { readSeries, rows, type Series } from './series.ts';
import { withBestTimeConstants } from './timeConstants.ts';

/** SOC of the ten pulses: resistances between and below them would be guesses, so they have no knots there. */
const pulseSoc = [0.05, 0.16, 0.26, 0.37, 0.47, 0.58, 0.68, 0.79, 0.9, 1];

/** The discharging part of the test: from the last rest when full to 3.0 V under 10 A. */
function pulses(): Series {
  const all = readSeries('lmo_leaf_cell33ah/25C_hppc');
  const firstPulse = all.currentA.findIndex((current) => current < -25);
  return rows(all, firstPulse - 1, all.count);
}

function drawnAh({ count, currentA, timeS }: Series): number {
  let sum = 0;
  for (let k = 1; k < count; k++) sum -= (currentA[k] * (timeS[k] - timeS[k - 1])) / 3600;
  return sum;
}

export function leafCell(): Cell {
  const series = pulses();
  const capacityAh = drawnAh(series);
  const ocvKnots = evenSoc(50);
  const start: FitPlan = {
    ...commonPlan,
    capacityAh,
    ocv: { soc: ocvKnots, value: ocvKnots.map(() => 0) },
    ocvKnots,
    resistanceKnots: pulseSoc,
    rcKnots: pulseSoc,
    timeConstantS: [oneTimeConstant(20), oneTimeConstant(900)],
  };
  const runs: Run[] = [{ series, startSoc: 1, weight: 1, by: 'second' }];
  const plan = withBestTimeConstants(start, runs, 5);
  const fitted = fit(plan, runs);
  const ocv = rising(fitted.ocv, 2e-5);
  return {
    name: 'Nissan Leaf 2013 pouch cell, 33.1 Ah, used, 30.5 Ah',
    chemistry: 'LiPo',
    basis: 'measured',
    source:
      'Wiggins G., Allu S., Wang H. (2019), Battery cell data from a 2013 Nissan Leaf, Oak Ridge National Laboratory, doi:10.5281/zenodo.2580327 (nissan-leaf-data b2222ed): pulses at 25 degC',
    licence: 'MIT',
    assumptions: [
      'SOC 1 is the rest after charging to 4.2 V (4.18 V), SOC 0 is 3.0 V under 10 A.',
      'Below the last pulse (5 % SOC) resistances are held and the OCV takes up the rest of the fall.',
      assumed.timeConstants,
      'Measured at one temperature: resistances do not depend on it. Charge resistance equals discharge resistance.',
      'Coulombic losses and self-discharge are left out: the discharges last hours.',
      assumed.heat,
      assumed.entropy,
      'Limits follow typical data-sheet figures for the type, not measurement.',
    ],
    capacity_Ah: capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    ...resistances([25], [plan], [fitted]),
    coulombicEfficiency_ratio: 1,
    selfDischarge_per_s: 0,
    thermal: { heatCapacity_J_per_K: 800, toAmbient_W_per_K: 1 },
    mass_kg: 0.799,
    limits: {
      minimumVoltage_V: 2.5,
      maximumVoltage_V: 4.2,
      chargeCurrent_A: 33,
      dischargeCurrent_A: 100,
      minimumTemperature_degC: -20,
      maximumTemperature_degC: 60,
      minimumChargeTemperature_degC: 0,
    },
  };
}
