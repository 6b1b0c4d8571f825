/**
 * The shape of a library cell file and how its tables are read between their knots.
 * It is separate because fits, the reference simulation and the writer must agree on both.
 */

/** A figure that is constant, or depends on SOC, or on SOC and temperature; linear in between, end values held outside. */
export type Table = number | { soc: number[]; value: number[] } | { soc: number[]; temperature_degC: number[]; value: number[][] };

export interface RcPair {
  resistance_Ohm: Table;
  timeConstant_s: Table;
}

/** One library cell as stored in `library/cells/<id>.json`. */
export interface Cell {
  name: string;
  chemistry: 'LiFe' | 'LiPo' | 'LiTO';
  basis: 'measured' | 'estimate' | 'assumption';
  source: string;
  licence: string;
  assumptions: string[];
  capacity_Ah: number;
  ocv: { soc: number[]; voltage_V: number[] };
  entropicCoefficient?: { soc: number[]; value_V_per_K: number[] };
  seriesResistance_Ohm: Table | { charge: Table; discharge: Table };
  rc: [RcPair, RcPair];
  hysteresis?: { soc: number[]; voltage_V: number[]; decay_ratio: number };
  coulombicEfficiency_ratio: number;
  selfDischarge_per_s: number;
  thermal: { heatCapacity_J_per_K: number; toAmbient_W_per_K: number };
  mass_kg: number;
  limits: {
    minimumVoltage_V: number;
    maximumVoltage_V: number;
    chargeCurrent_A: number;
    dischargeCurrent_A: number;
    minimumTemperature_degC: number;
    maximumTemperature_degC: number;
    minimumChargeTemperature_degC: number;
  };
}

/** Index of the knot at or below `x`, at most length - 2; knots strictly increase. */
export function knotBelow(knots: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Linear interpolation over knots, end values held outside. */
export function interpolate(knots: ArrayLike<number>, values: ArrayLike<number>, x: number): number {
  const last = knots.length - 1;
  if (x <= knots[0]) return values[0];
  if (x >= knots[last]) return values[last];
  const k = knotBelow(knots, x);
  return values[k] + ((values[k + 1] - values[k]) * (x - knots[k])) / (knots[k + 1] - knots[k]);
}

/** Value of a table at a state of charge and a temperature. */
export function at(table: Table, soc: number, temperatureDegC: number): number {
  if (typeof table === 'number') return table;
  if (!('temperature_degC' in table)) return interpolate(table.soc, table.value, soc);
  const temperatures = table.temperature_degC;
  const last = temperatures.length - 1;
  if (temperatureDegC <= temperatures[0]) return interpolate(table.soc, table.value[0], soc);
  if (temperatureDegC >= temperatures[last]) return interpolate(table.soc, table.value[last], soc);
  const k = knotBelow(temperatures, temperatureDegC);
  const share = (temperatureDegC - temperatures[k]) / (temperatures[k + 1] - temperatures[k]);
  const below = interpolate(table.soc, table.value[k], soc);
  return below + share * (interpolate(table.soc, table.value[k + 1], soc) - below);
}

/** A table with every value multiplied by `factor`. */
export function scaled(table: Table, factor: number): Table {
  if (typeof table === 'number') return table * factor;
  if (!('temperature_degC' in table)) return { soc: table.soc, value: table.value.map((value) => value * factor) };
  return { ...table, value: table.value.map((row) => row.map((value) => value * factor)) };
}
