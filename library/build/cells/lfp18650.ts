/**
 * About:Energy 18650 2 Ah LFP from C/20 and 1C discharges at 25 degC; the C/2 discharge between them checks the result.
 * The measurement has no pulses, so it fixes the series resistance and the sum of the pairs, and the equal split between the pairs is a choice.
 */
import type { Cell } from '../cell.ts';
import { constant, fit, type FitPlan, type Run } from '../fit.ts';
import { rising, slowDischarge } from '../openCircuit.ts';
import { assumed, byFactor, commonPlan, oneTimeConstant, switchOnResistance, typicalLosses } from '../parts.ts';
import { readSeries } from '../series.ts';
import { sonyOpenCircuit, sonyTemperatureFactors, thinned } from '../sony.ts';

const hysteresisDecay = 50;

const limits: Cell['limits'] = {
  minimumVoltage_V: 2.0,
  maximumVoltage_V: 3.65,
  chargeCurrent_A: 2,
  dischargeCurrent_A: 6,
  minimumTemperature_degC: -20,
  maximumTemperature_degC: 60,
  minimumChargeTemperature_degC: 0,
};

export function lfp18650(): Cell {
  const sony = sonyOpenCircuit();
  const slow = readSeries('lfp_aboutenergy_18650_2ah/25C_dis_c20');
  const fast = readSeries('lfp_aboutenergy_18650_2ah/25C_dis_1c');
  const base = slowDischarge(slow, 0.05);
  const resistanceOhm = switchOnResistance(fast);
  const plan: FitPlan = {
    capacityAh: base.chargeAh,
    ocv: base,
    ...commonPlan,
    resistanceKnots: [],
    knownResistanceOhm: constant(resistanceOhm),
    timeConstantS: [oneTimeConstant(20), oneTimeConstant(800)],
    hysteresis: { soc: sony.hysteresisV.soc, value: sony.hysteresisV.value, decay: hysteresisDecay },
    resistanceSmoothness: 0.02,
    equalPairs: 1,
    leastResistanceOhm: 0.005,
  };
  const runs: Run[] = [
    { series: slow, startSoc: 1, weight: 0.1, by: 'second', startHysteresisV: 0.03 },
    { series: fast, startSoc: 1, weight: 1, by: 'second', startHysteresisV: 0.03 },
  ];
  const fitted = fit(plan, runs);
  const ocv = rising(fitted.ocv, 2e-5);
  const { temperature_degC, factor } = sonyTemperatureFactors();
  const hysteresis = thinned(sony.hysteresisV, 10);
  const entropic = thinned(sony.entropicVPerK, 10);
  return {
    name: 'About:Energy reference LFP 18650 2 Ah',
    chemistry: 'LiFe',
    basis: 'measured',
    source:
      'About:Energy Ltd (2022/23), About-Energy-BPX-Parameterisation (8efd45a): C/20 and 1C discharge at 25 degC. Hysteresis, entropic coefficient and temperature dependence: Naumann M. (2018) by way of SimSES (2769f80), Sony US26650',
    licence: 'CC BY-SA 4.0',
    assumptions: [
      'Hysteresis half width and entropic coefficient are those of a Sony US26650 LFP cell; the hysteresis decay (e-fold over 2 % SOC) is chosen.',
      'Resistances follow temperature as the mean discharge resistance of the Sony US26650 does; this cell was measured at 25 degC only.',
      'Series resistance is constant over SOC: the step at switch-on at full charge (2 ms).',
      'Time constants of 20 s and 800 s are chosen: there are no pulses, so the pairs are held nearly equal; their sum is measured.',
      'Charge resistance equals discharge resistance.',
      assumed.heat,
      assumed.coulombic,
      assumed.limits,
    ],
    capacity_Ah: base.chargeAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    entropicCoefficient: { soc: entropic.soc, value_V_per_K: entropic.value },
    seriesResistance_Ohm: byFactor(constant(resistanceOhm), temperature_degC, factor),
    rc: [
      { resistance_Ohm: byFactor(fitted.rcOhm[0], temperature_degC, factor), timeConstant_s: 20 },
      { resistance_Ohm: byFactor(fitted.rcOhm[1], temperature_degC, factor), timeConstant_s: 800 },
    ],
    hysteresis: { soc: hysteresis.soc, voltage_V: hysteresis.value, decay_ratio: hysteresisDecay },
    ...typicalLosses,
    thermal: { heatCapacity_J_per_K: 42, toAmbient_W_per_K: 0.1 },
    mass_kg: 0.041,
    limits,
  };
}
