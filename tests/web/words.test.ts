/**
 * The page's words against the facts behind them: a cell that nobody measured never passes for one that was.
 * The files of the library are the facts, the word catalogue is what people read.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIBRARY_CELLS } from '../../domain/libraryCells.ts';
import { readCell } from '../../domain/scenario/read.ts';
import { SOURCE_EXAMPLES } from '../../domain/scenario/equipment.ts';
import { rowOf, SETTING_NAMES } from '../../domain/settings.ts';
import { sourceKind } from '../../web/document.ts';
import { inFieldNames, withFieldNames } from '../../web/fieldNames.ts';
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

it.each([
  [
    'overChargeReleaseVoltage_V (3.7) is not below overChargeProtectionVoltage_V (3.6)',
    'Over charge R (3.7) is not below Over charge P (3.6)',
  ],
  ['`pack.series` is missing', 'Cells in series is missing'],
  ['`thermal.toAmbient_W_per_K` is missing, bms.relays.bounce_s too', 'Cell to ambient is missing, Bounces for too'],
  ['later than from_s (300)', 'later than From (300)'],
  ['a number from 1.5 to 4.5', 'a number from 1.5 to 4.5'],
  ['the scenario names the file "over_charge.csv", which is not here', 'the scenario names the file "over_charge.csv", which is not here'],
])('"%s" is told as the form has it', (text, told) => {
  expect(inFieldNames(text)).toBe(told);
});

it('every setting is told by its label, whatever is wrong with it', () => {
  for (const name of SETTING_NAMES) {
    const { path, message } = withFieldNames({ code: 'order', path: `bms.settings.${name}`, message: `${name} (1)` });
    expect([path, message]).toEqual([rowOf(name).label, `${rowOf(name).label} (1)`]);
  }
});
