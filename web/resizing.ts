/**
 * A cell of another capacity: the same cell in another size, as if so many of the old ones stood side by side in one can.
 * Pure; it also says what the new cell is called and how the document changes that gets it.
 */
import type { Json } from '../domain/scenario/json.ts';
import { isObject, type JsonObject, valueOf } from './document.ts';
import { edit } from './history.ts';
import { WORDS } from './words.ts';

/** Fields that grow with a cell, and those that fall; whatever is not named stays. */
const GROWS: readonly string[] = [
  'thermal.heatCapacity_J_per_K',
  'thermal.toAmbient_W_per_K',
  'mass_kg',
  'limits.chargeCurrent_A',
  'limits.dischargeCurrent_A',
];
const FALLS: readonly string[] = ['seriesResistance_Ohm', 'rc[0].resistance_Ohm', 'rc[1].resistance_Ohm'];
const EXACT_DIGITS = 9;
/** Longest name of an entry of `cells`, and most remarks on one. */
const MOST_NAME = 64;
const MOST_REMARKS = 50;

const scaled = (value: number, ratio: number) => Number((value * ratio).toPrecision(EXACT_DIGITS));

/** A number, or every value of a table; its axes stay. */
function withValues(table: Json, ratio: number): Json {
  if (typeof table === 'number') return scaled(table, ratio);
  if (Array.isArray(table)) return table.map((each) => withValues(each, ratio));
  if (!isObject(table)) return table;
  const axes = ['soc', 'temperature_degC'];
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, axes.includes(key) ? value : withValues(value, ratio)]));
}

function remarked(cell: JsonObject, from_Ah: number): JsonObject {
  const { assumptions, basis } = cell;
  const others = Array.isArray(assumptions) ? assumptions : [];
  const remark = WORDS.design.resized(from_Ah);
  return {
    ...cell,
    // What was measured was a cell of another size.
    ...(basis === 'measured' ? { basis: 'estimate' } : {}),
    assumptions: others.length < MOST_REMARKS ? [...others, remark] : others,
  };
}

/** The cell with this capacity; what is no number only stands in its field, to be seen as wrong. */
export function resized(cell: JsonObject, capacity_Ah: Json): JsonObject {
  const from_Ah = cell['capacity_Ah'];
  const ratio = typeof capacity_Ah === 'number' && typeof from_Ah === 'number' ? capacity_Ah / from_Ah : NaN;
  if (!(ratio > 0 && Number.isFinite(ratio))) return { ...cell, capacity_Ah };
  const change = (document: Json, path: string, by: number) => {
    const value = valueOf(document, path);
    return value === undefined ? document : edit(document, path, withValues(value, by)).document;
  };
  const grown = GROWS.reduce<Json>((document, path) => change(document, path, ratio), remarked(cell, from_Ah as number));
  const fallen = FALLS.reduce((document, path) => change(document, path, 1 / ratio), grown) as JsonObject;
  return { ...fallen, capacity_Ah };
}

const SIZE = /-(?:[\d.p]+Ah|own)$/;

/** What a cell of this capacity is called: `lfp280` becomes `lfp280-300Ah`; a decimal point is a `p`, as names have none. */
export function nameOfResized(name: string, capacity_Ah: Json): string {
  const size =
    typeof capacity_Ah === 'number'
      ? `${String(capacity_Ah)
          .replace(/[^\d.]/g, '')
          .replace('.', 'p')}Ah`
      : 'own';
  const bare = name
    .replace(/\.json$/i, '')
    .replace(SIZE, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-');
  const start = /^[A-Za-z]/.test(bare) ? bare : `cell-${bare}`;
  return `${start.slice(0, MOST_NAME - size.length - 1)}-${size}`;
}

/** The document whose pack is of this cell in another size; a resized one that nothing needs any more goes. */
export function withCapacity(document: Json, cell: JsonObject, capacity_Ah: Json): { document: Json; name: string } {
  const old = String(valueOf(document, 'pack.cell') ?? '');
  const name = nameOfResized(old, capacity_Ah);
  const cells = valueOf(document, 'cells');
  const others = Object.entries(isObject(cells) ? cells : {}).filter(([each]) => each !== old || !SIZE.test(each));
  const named = edit(document, 'cells', { ...Object.fromEntries(others), [name]: resized(cell, capacity_Ah) }).document;
  return { document: edit(named, 'pack.cell', name).document, name };
}
