/**
 * Another capacity of the pack's cell: a cell in another size behaves as so many of the old ones side by side, and the design says so by its name.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Json } from '../../domain/scenario/json.ts';
import { LIBRARY_CELLS } from '../../domain/libraryCells.ts';
import { readCell } from '../../domain/scenario/read.ts';
import type { JsonObject } from '../../web/document.ts';
import { nameOfResized, resized, withCapacity } from '../../web/resizing.ts';
import { inRepository, openRun } from '../scenarios.ts';

const shipped = (id: string) => JSON.parse(readFileSync(inRepository(`library/cells/${id}.json`), 'utf8')) as JsonObject;

it.each(LIBRARY_CELLS)('%s in another size is a cell, and back in its own it has its figures again', (id) => {
  const cell = shipped(id);
  const larger = resized(cell, 123);
  expect(readCell(JSON.stringify(larger)).capacity_Ah).toBe(123);
  const back = resized(larger, cell['capacity_Ah']!);
  const near = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === 'number' ? Number(each.toPrecision(6)) : each));
  for (const name of ['seriesResistance_Ohm', 'rc', 'thermal', 'mass_kg', 'limits', 'ocv'])
    expect(near(back[name])).toEqual(near(cell[name]));
});

it('a cell of four times the capacity takes four times the current as four in parallel do', async () => {
  const small = shipped('nmc21700');
  const large = resized(small, 4 * Number(small['capacity_Ah']));
  const run = async (cell: JsonObject, parallel: number) => {
    const ran = await openRun({
      duration_s: 900,
      cells: { mine: cell as never },
      pack: { series: 2, parallel, cell: 'mine', initialSoc: 0.8 },
      source: { constantCurrent_A: -15 },
    });
    ran.advance();
    return [ran.read('group.voltage_V[0]'), ran.read('cell.soc[0][0]'), ran.read('cell.temperature_degC[0][0]')];
  };
  const [one, four] = [await run(large, 1), await run(small, 4)];
  one.forEach((value, place) => expect(value).toBeCloseTo(four[place]!, 6));
});

it('says in its name what it was and how large it is', () => {
  expect(nameOfResized('lfp280', 300)).toBe('lfp280-300Ah');
  expect(nameOfResized('lfp280-300Ah', 2.5)).toBe('lfp280-2p5Ah');
  expect(nameOfResized('cells/my cell.json', 50)).toBe('cells-my-cell-50Ah');
  expect(nameOfResized('mine', '28x')).toBe('mine-own');
  expect(nameOfResized('a'.repeat(64), 50)).toHaveLength(64);
});

it('leaves no sizes behind, and keeps the cells that it did not make', () => {
  const first = { cells: { mine: { capacity_Ah: 5 } }, pack: { cell: 'mine' } } as unknown as Json;
  const one = withCapacity(first, { capacity_Ah: 5 }, 6);
  expect(one.name).toBe('mine-6Ah');
  const two = withCapacity(one.document, { capacity_Ah: 6 }, 7);
  expect(Object.keys((two.document as { cells: object }).cells)).toEqual(['mine', 'mine-7Ah']);
});
