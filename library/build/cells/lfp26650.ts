/**
 * K2 Energy 26650 LFP from HPPC at 20 and 40 degC; the 1C discharges are not read here, they check the result.
 * The measurement only ever discharges between rests, so the width of the hysteresis comes from another 26650 LFP cell.
 */
import type { Cell } from '../cell.ts';
import { fit, type Curve, type FitPlan, type Run } from '../fit.ts';
import { rising, socAt } from '../openCircuit.ts';
import { assumed, between, commonPlan, oneTimeConstant, resistances, typicalLosses } from '../parts.ts';
import { readSeries, type Series } from '../series.ts';
import { sonyOpenCircuit, thinned } from '../sony.ts';
import { withBestTimeConstants } from '../timeConstants.ts';

/** Share of a full hysteresis loop's decay: e-fold over 2 % of SOC. */
const hysteresisDecay = 50;

/** Charge delivered, plus what the last rest voltage says is left. */
function capacityOf(series: Series, ocv: Curve): number {
  let drawnAh = 0;
  for (let k = 1; k < series.count; k++) drawnAh -= (series.currentA[k] * (series.timeS[k] - series.timeS[k - 1])) / 3600;
  return drawnAh / (1 - socAt(ocv, series.voltageV[series.count - 1]));
}

const limits: Cell['limits'] = {
  minimumVoltage_V: 2.0,
  maximumVoltage_V: 3.65,
  chargeCurrent_A: 2.6,
  dischargeCurrent_A: 26,
  minimumTemperature_degC: -20,
  maximumTemperature_degC: 60,
  minimumChargeTemperature_degC: 0,
};

export function lfp26650(): Cell {
  const sony = sonyOpenCircuit();
  const temperatures = [20, 40];
  const pulses = temperatures.map((t) => readSeries(`lfp_k2_26650/${t}C_hppc_1hz`));
  const capacityAh = pulses.reduce((sum, series) => sum + capacityOf(series, sony.ocv), 0) / pulses.length;
  const start: FitPlan = {
    capacityAh,
    ocv: sony.ocv,
    ...commonPlan,
    timeConstantS: [oneTimeConstant(20), oneTimeConstant(900)],
    hysteresis: { soc: sony.hysteresisV.soc, value: sony.hysteresisV.value, decay: hysteresisDecay },
  };
  const runs = pulses.map((series): Run[] => [{ series, startSoc: 1, weight: 1, by: 'row', startHysteresisV: 0.02 }]);
  const plans = runs.map((run) => withBestTimeConstants(start, run, 5));
  const [at20, at40] = plans.map((plan, k) => fit(plan, runs[k]).ocv);
  const ocv = rising(between(20, at20, 40, at40, 25), 2e-5);
  const final = plans.map((plan): FitPlan => ({ ...plan, ocv, ocvKnots: [] }));
  const hysteresis = thinned(sony.hysteresisV, 10);
  const entropic = thinned(sony.entropicVPerK, 10);
  return {
    name: 'K2 Energy LFP26650 2.6 Ah, used, 2.2 Ah',
    chemistry: 'LiFe',
    basis: 'measured',
    source:
      'ARTS-Lab, University of South Carolina, dataset-K2-26650-cell-characterization (682baaa): HPPC at 20 and 40 degC. Hysteresis and entropic coefficient: Naumann M. (2018) by way of SimSES (2769f80), Sony US26650',
    licence: 'CC BY-SA 4.0',
    assumptions: [
      'Hysteresis half width and entropic coefficient are those of a Sony US26650 LFP cell; the hysteresis decay (e-fold over 2 % SOC) is chosen.',
      'Capacity is the charge delivered plus what the last rest voltage leaves by the Sony OCV (about 1 %).',
      'Between measured rests the OCV follows the shape of the Sony OCV; its value is interpolated to 25 degC between fits at 20 and 40 degC.',
      assumed.timeConstants,
      'Resistances below 20 degC and above 40 degC are held at the measured end; charge resistance equals discharge resistance.',
      assumed.heat,
      assumed.coulombic,
      assumed.limits,
    ],
    capacity_Ah: capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    entropicCoefficient: { soc: entropic.soc, value_V_per_K: entropic.value },
    ...resistances(
      temperatures,
      final,
      final.map((plan, k) => fit(plan, runs[k])),
    ),
    hysteresis: { soc: hysteresis.soc, voltage_V: hysteresis.value, decay_ratio: hysteresisDecay },
    ...typicalLosses,
    thermal: { heatCapacity_J_per_K: 85, toAmbient_W_per_K: 0.15 },
    mass_kg: 0.082,
    limits,
  };
}
