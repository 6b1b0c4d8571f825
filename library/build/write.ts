/**
 * Turns a cell into the bytes of its library file: fixed key order, rounded numbers, one array of numbers a line.
 * It is separate because equal input must give equal bytes, which `main.ts --check` relies on.
 */
import type { Cell, Table } from './cell.ts';

/** A number with at most `digits` significant digits and no trailing zeros. */
export function rounded(value: number, digits: number): number {
  if (!Number.isFinite(value)) throw new Error(`a cell table holds ${value}`);
  return Number(value.toPrecision(digits));
}

function roundedTable(table: Table): Table {
  if (typeof table === 'number') return rounded(table, 4);
  if (!('temperature_degC' in table)) return { soc: table.soc, value: table.value.map((v) => rounded(v, 4)) };
  return { soc: table.soc, temperature_degC: table.temperature_degC, value: table.value.map((row) => row.map((v) => rounded(v, 4))) };
}

function decimals(value: number, places: number): number {
  return Number(value.toFixed(places));
}

/** The cell with every number rounded to what its measurement supports. */
export function roundedCell(cell: Cell): Cell {
  const series = cell.seriesResistance_Ohm;
  const ordered: Cell = {
    name: cell.name,
    chemistry: cell.chemistry,
    basis: cell.basis,
    source: cell.source,
    licence: cell.licence,
    assumptions: cell.assumptions,
    capacity_Ah: rounded(cell.capacity_Ah, 4),
    ocv: { soc: cell.ocv.soc.map((v) => decimals(v, 4)), voltage_V: cell.ocv.voltage_V.map((v) => decimals(v, 5)) },
    ...(cell.entropicCoefficient && {
      entropicCoefficient: {
        soc: cell.entropicCoefficient.soc,
        value_V_per_K: cell.entropicCoefficient.value_V_per_K.map((v) => rounded(v, 3)),
      },
    }),
    seriesResistance_Ohm:
      typeof series === 'object' && 'charge' in series
        ? { charge: roundedTable(series.charge), discharge: roundedTable(series.discharge) }
        : roundedTable(series),
    rc: [
      { resistance_Ohm: roundedTable(cell.rc[0].resistance_Ohm), timeConstant_s: roundedTable(cell.rc[0].timeConstant_s) },
      { resistance_Ohm: roundedTable(cell.rc[1].resistance_Ohm), timeConstant_s: roundedTable(cell.rc[1].timeConstant_s) },
    ],
    ...(cell.hysteresis && {
      hysteresis: {
        soc: cell.hysteresis.soc,
        voltage_V: cell.hysteresis.voltage_V.map((v) => decimals(v, 5)),
        decay_ratio: cell.hysteresis.decay_ratio,
      },
    }),
    coulombicEfficiency_ratio: cell.coulombicEfficiency_ratio,
    selfDischarge_per_s: rounded(cell.selfDischarge_per_s, 2),
    thermal: {
      heatCapacity_J_per_K: rounded(cell.thermal.heatCapacity_J_per_K, 3),
      toAmbient_W_per_K: rounded(cell.thermal.toAmbient_W_per_K, 3),
    },
    mass_kg: cell.mass_kg,
    limits: cell.limits,
  };
  return ordered;
}

/** JSON with two-space indent in which an array of numbers takes one line. */
export function jsonText(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return `[${value.join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + jsonText(item, inner)).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${jsonText(item, inner)}`);
  return `{\n${entries.join(',\n')}\n${indent}}`;
}
