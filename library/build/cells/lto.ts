/**
 * A lithium-titanate cell of 40 Ah, assumed: no free measurement of one is in the library.
 * It exists so that a pack of the third chemistry can be built; its figures are typical ones and nothing more.
 */
import type { Cell } from '../cell.ts';
import { byFactor } from '../parts.ts';

/** Resistance at each temperature as a factor of that at 25 degC; lithium titanate keeps its power in the cold better than graphite does. */
const temperatures = [-20, 0, 25, 45];
const factor = [2.5, 1.5, 1, 0.85];

export function lto(): Cell {
  const soc = [0, 0.05, 0.1, 0.2, 1];
  const resistance = (mOhm: number) => byFactor({ soc, value: [2, 1.4, 1.15, 1, 1].map((v) => (v * mOhm) / 1000) }, temperatures, factor);
  return {
    name: 'LTO cylindrical 66160 40 Ah, assumption',
    chemistry: 'LiTO',
    basis: 'assumption',
    source: 'Typical figures of lithium-titanate cells with an NMC positive electrode; no data set',
    licence: 'MIT',
    assumptions: [
      'Every figure is assumed; none is measured.',
      'The OCV is the usual shape of an NMC positive electrode over lithium titanate: 2.3 V nominal, about 2.0 V nearly empty, 2.7 V full.',
      'Resistance is 0.8 mOhm in all at 25 degC, 0.45 series and 0.15 and 0.2 in the pairs (15 s, 400 s), twice that when empty, 2.5 times at -20 degC.',
      'Hysteresis and the entropic coefficient are taken as 0.',
      'Heat capacity is mass times 1000 J/(kg K); conductance to ambient is about 10 W/(m2 K) over the bare can.',
    ],
    capacity_Ah: 40,
    ocv: {
      soc: [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1],
      voltage_V: [1.6, 1.82, 1.93, 2.06, 2.12, 2.15, 2.175, 2.215, 2.25, 2.285, 2.335, 2.4, 2.47, 2.55, 2.605, 2.7],
    },
    seriesResistance_Ohm: resistance(0.45),
    rc: [
      { resistance_Ohm: resistance(0.15), timeConstant_s: 15 },
      { resistance_Ohm: resistance(0.2), timeConstant_s: 400 },
    ],
    coulombicEfficiency_ratio: 0.999,
    selfDischarge_per_s: 1.2e-8,
    thermal: { heatCapacity_J_per_K: 1250, toAmbient_W_per_K: 0.4 },
    mass_kg: 1.25,
    limits: {
      minimumVoltage_V: 1.5,
      maximumVoltage_V: 2.8,
      chargeCurrent_A: 120,
      dischargeCurrent_A: 200,
      minimumTemperature_degC: -30,
      maximumTemperature_degC: 60,
      minimumChargeTemperature_degC: -30,
    },
  };
}
