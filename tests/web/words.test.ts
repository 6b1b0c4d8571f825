/**
 * The page's words against the facts behind them: a cell that nobody measured never passes for one that was.
 * The files of the library are the facts, the word catalogue is what people read.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIBRARY_CELLS } from '../../domain/libraryCells.ts';
import { readCell } from '../../domain/scenario/read.ts';
import { SOURCE_EXAMPLES } from '../../domain/scenario/equipment.ts';
import { sourceKind } from '../../web/document.ts';
import { WORDS } from '../../web/words.ts';
import { inRepository } from '../scenarios.ts';

it.each(LIBRARY_CELLS)('%s is offered as what it is: measured, an estimate or an assumption', (id) => {
  const { basis } = readCell(readFileSync(inRepository(`library/cells/${id}.json`), 'utf8'));
  const label = WORDS.cells[id];
  for (const word of ['estimate', 'assumption']) expect(label.includes(word)).toBe(basis === word);
});

it.each(SOURCE_EXAMPLES.map((source) => [Object.keys(source)[0]!, source] as const))(
  'a source with %s has a kind and a name in the form',
  (_, source) => {
    const kind = sourceKind(source as unknown as Parameters<typeof sourceKind>[0]);
    expect(kind).toBeDefined();
    expect(WORDS.source.kinds[kind!]).toMatch(/\w/);
  },
);
