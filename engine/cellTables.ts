/**
 * A cell's curves in the form the kernel reads: OCV bins with at most one knot inside, and parameter nodes on common axes.
 * Both are exact rewritings: the kernel's values equal linear interpolation between the given points.
 */
import type { Cell, CellTable } from '../domain/cells.ts';
import { assert } from '../domain/errors.ts';
import { PARAMETER_NODE } from '../domain/memory.ts';

const LEAST_BINS = 16;
const MOST_BINS = 4096;
/** Knots this close to a bin edge (in bins) lie on it. */
const ON_EDGE = 1e-9;

interface Curve {
  x: readonly number[];
  y: readonly number[];
}

/** Index of the segment that holds x; the end segments go on. */
function segmentOf(x: readonly number[], at: number): number {
  let index = 0;
  while (index < x.length - 2 && at >= x[index + 1]!) index++;
  return index;
}

function slopeOf({ x, y }: Curve, segment: number): number {
  return (y[segment + 1]! - y[segment]!) / (x[segment + 1]! - x[segment]!);
}

/** Linear between the points, end slope outside. */
export function linearAt(curve: Curve, at: number): number {
  const segment = segmentOf(curve.x, at);
  return curve.y[segment]! + (at - curve.x[segment]!) * slopeOf(curve, segment);
}

/** Linear between the points, end value outside. */
export function heldAt(curve: Curve, at: number): number {
  if (curve.x.length === 1 || at <= curve.x[0]!) return curve.y[0]!;
  return at >= curve.x.at(-1)! ? curve.y.at(-1)! : linearAt(curve, at);
}

function binCountFor(soc: readonly number[]): number {
  for (let bins = LEAST_BINS; bins <= MOST_BINS; bins *= 2) {
    const inside = soc.map((value) => value * bins).filter((place) => Math.abs(place - Math.round(place)) > ON_EDGE);
    if (inside.every((place, index) => index === 0 || Math.floor(place) !== Math.floor(inside[index - 1]!))) return bins;
  }
  throw new Error('Internal error: SOC points closer than the schema allows');
}

/** Rows of [value at the bin's start, slope per bin, change of slope at the knot, place of the knot in the bin]. */
export function ocvBins(cell: Cell): { bins: Float64Array; binCount: number } {
  const curve: Curve = { x: cell.ocv.soc, y: cell.ocv.voltage_V };
  const binCount = binCountFor(curve.x);
  const bins = new Float64Array(binCount * 4);
  for (let bin = 0; bin < binCount; bin++) {
    const start = bin / binCount;
    const knot = curve.x.find((value) => value * binCount > bin + ON_EDGE && value * binCount < bin + 1 - ON_EDGE);
    const segment = segmentOf(curve.x, start + ON_EDGE / binCount);
    const slope = slopeOf(curve, segment) / binCount;
    bins[bin * 4] = curve.y[segment]! + (start - curve.x[segment]!) * slopeOf(curve, segment);
    bins[bin * 4 + 1] = slope;
    bins[bin * 4 + 2] = knot === undefined ? 0 : slopeOf(curve, segment + 1) / binCount - slope;
    bins[bin * 4 + 3] = knot === undefined ? 1 : knot * binCount - bin;
  }
  return { bins, binCount };
}

/** SOC grid of the unit's own OCV table. */
const UNIT_OCV_POINTS = 201;

/** OCV at equal steps over SOC 0…1, as the unit stores it. */
export function unitOcvTable(cell: Cell): Float64Array {
  const curve: Curve = { x: cell.ocv.soc, y: cell.ocv.voltage_V };
  return Float64Array.from({ length: UNIT_OCV_POINTS }, (_, index) => linearAt(curve, index / (UNIT_OCV_POINTS - 1)));
}

/** Value of a table at SOC and temperature, end values held. */
export function tableAt(table: CellTable, soc: number, temperature_degC: number): number {
  if (typeof table === 'number') return table;
  if (!('temperature_degC' in table)) return heldAt({ x: table.soc, y: table.value }, soc);
  const rows = table.value.map((row) => heldAt({ x: table.soc, y: row }, soc));
  return heldAt({ x: table.temperature_degC, y: rows }, temperature_degC);
}

interface NodeTables {
  charge: CellTable;
  discharge: CellTable;
  resistance1: CellTable;
  timeConstant1: CellTable;
  resistance2: CellTable;
  timeConstant2: CellTable;
  entropic: CellTable;
  hysteresis: CellTable;
}

/** Tables of the eight parameters; a missing RC pair has no resistance. */
export function nodeTables(cell: Cell): NodeTables {
  const series = cell.seriesResistance_Ohm;
  const directional = typeof series === 'object' && 'charge' in series;
  const [first, second] = cell.rc;
  return {
    charge: directional ? series.charge : series,
    discharge: directional ? series.discharge : series,
    resistance1: first?.resistance_Ohm ?? 0,
    timeConstant1: first?.timeConstant_s ?? 1,
    resistance2: second?.resistance_Ohm ?? 0,
    timeConstant2: second?.timeConstant_s ?? 1,
    entropic:
      cell.entropicCoefficient === undefined ? 0 : { soc: cell.entropicCoefficient.soc, value: cell.entropicCoefficient.value_V_per_K },
    hysteresis: cell.hysteresis === undefined ? 0 : { soc: cell.hysteresis.soc, value: cell.hysteresis.voltage_V },
  };
}

function unionAxis(axes: readonly (readonly number[])[]): number[] {
  return [...new Set(axes.flat())].sort((a, b) => a - b);
}

export interface ParameterNodes {
  soc: number[];
  temperature_degC: number[];
  /** [temperature][soc][8] in the order of PARAMETER_NODE. */
  nodes: Float64Array;
}

/** All tables on common axes: bilinear interpolation on a refined grid gives the same values. */
export function parameterNodes(cell: Cell): ParameterNodes {
  const tables = nodeTables(cell);
  const list = [
    tables.charge,
    tables.discharge,
    tables.resistance1,
    tables.timeConstant1,
    tables.resistance2,
    tables.timeConstant2,
    tables.entropic,
    tables.hysteresis,
  ];
  assert(list.length === PARAMETER_NODE.length, 'a parameter is missing from the nodes');
  const soc = unionAxis(list.map((table) => (typeof table === 'number' ? [] : table.soc)));
  const temperature_degC = unionAxis(
    list.map((table) => (typeof table === 'number' || !('temperature_degC' in table) ? [] : table.temperature_degC)),
  );
  if (soc.length === 0) soc.push(0.5);
  if (temperature_degC.length === 0) temperature_degC.push(25);
  const nodes = new Float64Array(temperature_degC.length * soc.length * list.length);
  temperature_degC.forEach((temperature, t) =>
    soc.forEach((at, s) => list.forEach((table, k) => (nodes[(t * soc.length + s) * list.length + k] = tableAt(table, at, temperature)))),
  );
  return { soc, temperature_degC, nodes };
}
