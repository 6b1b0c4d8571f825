/**
 * The list of library cells: one row a cell, its id and the function that builds it.
 * It is separate so that the writer, the check and the report go through the same list.
 */
import type { Cell } from './cell.ts';
import { lfp18650 } from './cells/lfp18650.ts';
import { lfp26650 } from './cells/lfp26650.ts';
import { lto } from './cells/lto.ts';
import { nca18650pf } from './cells/nca18650pf.ts';
import { nmc18650 } from './cells/nmc18650.ts';
import { nmc21700 } from './cells/nmc21700.ts';
import { lfp100, lfp280 } from './cells/prismatic.ts';

export const library: { id: string; build: () => Cell }[] = [
  { id: 'lfp26650', build: lfp26650 },
  { id: 'lfp18650', build: lfp18650 },
  { id: 'lfp280', build: lfp280 },
  { id: 'lfp100', build: lfp100 },
  { id: 'nca18650pf', build: nca18650pf },
  { id: 'nmc18650', build: nmc18650 },
  { id: 'nmc21700', build: nmc21700 },
  { id: 'lto', build: lto },
];
