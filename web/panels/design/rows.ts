/**
 * The fields of the design that are plain numbers or choices, as rows: path, step and what holds where the path is absent.
 * Ranges and messages come from the scenario's schema, never from here.
 */
import { LIBRARY_CELLS } from '../../../domain/libraryCells.ts';
import { CHEMISTRIES } from '../../../domain/chemistries.ts';
import { CURRENT_VERSIONS_A, MODEL_NAMES } from '../../../domain/device.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { isObject, valueOf } from '../../document.ts';
import { wordFor, WORDS } from '../../words.ts';

export interface NumberRow {
  path: string;
  step: number;
  /** Value in effect where the document says nothing. */
  otherwise?: number;
}

export interface ChoiceRow {
  path: string;
  choices: readonly { value: Json; label: string }[];
  otherwise?: Json;
}

export const GENERAL_ROWS: readonly NumberRow[] = [
  { path: 'duration_s', step: 3600 },
  { path: 'tick_s', step: 0.1, otherwise: 1 },
  { path: 'ambient_degC', step: 1, otherwise: 25 },
  { path: 'seed', step: 1, otherwise: 1 },
];

/** Cells of the design itself, then those of the library. */
export function cellChoices(document: Json): { value: string; label: string }[] {
  const own = valueOf(document, 'cells');
  const names = isObject(own) ? Object.keys(own) : [];
  const library = LIBRARY_CELLS.filter((cell) => !names.includes(cell));
  return [
    ...names.map((name) => ({ value: name, label: name })),
    ...library.map((cell) => ({ value: cell, label: wordFor(WORDS.cells, cell) })),
  ];
}

export const PACK_ROWS: readonly NumberRow[] = [
  { path: 'pack.series', step: 1 },
  { path: 'pack.parallel', step: 1, otherwise: 1 },
  { path: 'pack.initialSoc', step: 0.05, otherwise: 0.5 },
  { path: 'pack.link_Ohm', step: 0.00001, otherwise: 0 },
  { path: 'pack.spread.capacity_ratio', step: 0.01, otherwise: 0 },
  { path: 'pack.spread.seriesResistance_ratio', step: 0.01, otherwise: 0 },
  { path: 'pack.spread.initialSoc', step: 0.001, otherwise: 0 },
];

const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

export const UNIT_ROWS: readonly ChoiceRow[] = [
  { path: 'bms.model', choices: plain(MODEL_NAMES) },
  { path: 'bms.chemistry', choices: plain(CHEMISTRIES) },
  { path: 'bms.currentVersion_A', choices: CURRENT_VERSIONS_A.map((value) => ({ value, label: `${value} A` })), otherwise: 100 },
];
