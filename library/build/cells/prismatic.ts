/**
 * Large prismatic LFP cells, estimated: the measured OCV, hysteresis and resistance of a small LFP cell, brought to their size.
 * They are separate from the measured cells because no measurement of a cell of this kind is free to use; every scaled figure is stated as an assumption.
 */
import type { Cell, Table } from '../cell.ts';
import { rising } from '../openCircuit.ts';
import { sonyOpenCircuit, sonyResistance, thinned } from '../sony.ts';

/** Rated capacity of the Sony US26650 whose resistance is scaled. */
const sonyCapacityAh = 3.0;

/** How the scaled internal resistance is divided; the sum is 1. */
const share = { series: 0.45, fast: 0.25, slow: 0.3 };

interface Size {
  name: string;
  capacityAh: number;
  massKg: number;
  heatCapacity_J_per_K: number;
  toAmbient_W_per_K: number;
  chargeCurrent_A: number;
  dischargeCurrent_A: number;
}

function prismatic(size: Size): Cell {
  const { ocv: published, hysteresisV, entropicVPerK } = sonyOpenCircuit();
  const resistance = sonyResistance();
  const factor = sonyCapacityAh / size.capacityAh;
  const ocv = rising(published, 2e-5);
  const hysteresis = thinned(hysteresisV, 10);
  const entropic = thinned(entropicVPerK, 10);
  const table = (rows: number[][], part: number): Table => ({
    soc: resistance.soc,
    temperature_degC: resistance.temperature_degC,
    value: rows.map((row) => row.map((value) => value * factor * part)),
  });
  const mean = resistance.charge.map((row, t) => row.map((value, k) => (value + resistance.discharge[t][k]) / 2));
  const meanAt25 =
    resistance.discharge[resistance.temperature_degC.indexOf(25)].reduce((sum, value) => sum + value, 0) / resistance.soc.length;
  return {
    name: size.name,
    chemistry: 'LiFe',
    basis: 'estimate',
    source:
      'Scaled from Naumann M. (2018), PhD thesis, TUM, by way of SimSES (2769f80): OCV, hysteresis, entropic coefficient and internal resistance of the Sony US26650 3.0 Ah LFP cell',
    licence: 'BSD-3-Clause',
    assumptions: [
      `No measurement of a ${size.capacityAh} Ah cell is behind this file: all curves are those of a Sony US26650, and capacity is the nominal one.`,
      `Resistance is scaled by 3.0/${size.capacityAh} (equal electrode area per ampere-hour): ${(meanAt25 * factor * 1000).toFixed(2)} mOhm in discharge at 25 degC, mean over SOC, in the range that makers publish for such cells.`,
      `Of it ${share.series * 100} % is series resistance, ${share.fast * 100} % the fast and ${share.slow * 100} % the slow pair, with time constants of 20 s and 800 s; the split is chosen.`,
      'The pairs are the mean of charge and discharge; only the series resistance knows the direction. Outside 10 to 60 degC resistances are held.',
      'The hysteresis decay (e-fold over 2 % SOC) is chosen.',
      'Heat capacity is mass times 1000 J/(kg K); conductance to ambient is about 8 W/(m2 K) over the bare surface.',
      'Coulombic efficiency, self-discharge (3 % a month), mass and limits are typical figures.',
    ],
    capacity_Ah: size.capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    entropicCoefficient: { soc: entropic.soc, value_V_per_K: entropic.value },
    seriesResistance_Ohm: { charge: table(resistance.charge, share.series), discharge: table(resistance.discharge, share.series) },
    rc: [
      { resistance_Ohm: table(mean, share.fast), timeConstant_s: 20 },
      { resistance_Ohm: table(mean, share.slow), timeConstant_s: 800 },
    ],
    hysteresis: { soc: hysteresis.soc, voltage_V: hysteresis.value, decay_ratio: 50 },
    coulombicEfficiency_ratio: 0.999,
    selfDischarge_per_s: 1.2e-8,
    thermal: { heatCapacity_J_per_K: size.heatCapacity_J_per_K, toAmbient_W_per_K: size.toAmbient_W_per_K },
    mass_kg: size.massKg,
    limits: {
      minimumVoltage_V: 2.5,
      maximumVoltage_V: 3.65,
      chargeCurrent_A: size.chargeCurrent_A,
      dischargeCurrent_A: size.dischargeCurrent_A,
      minimumTemperature_degC: -20,
      maximumTemperature_degC: 60,
      minimumChargeTemperature_degC: 0,
    },
  };
}

export function lfp280(): Cell {
  return prismatic({
    name: 'LFP prismatic 280 Ah, estimate',
    capacityAh: 280,
    massKg: 5.4,
    heatCapacity_J_per_K: 5400,
    toAmbient_W_per_K: 1,
    chargeCurrent_A: 140,
    dischargeCurrent_A: 280,
  });
}

export function lfp100(): Cell {
  return prismatic({
    name: 'LFP prismatic 100 Ah, estimate',
    capacityAh: 100,
    massKg: 2,
    heatCapacity_J_per_K: 2000,
    toAmbient_W_per_K: 0.5,
    chargeCurrent_A: 100,
    dischargeCurrent_A: 100,
  });
}
