/**
 * Every shipped scenario and lab runs to its end, keeps what it expects, and what happens in it is what its golden log says.
 * Where a change of the log is meant, `npx tsx tools/golden.ts` writes it anew, for people to read.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { finishedShipped, goldenLog, goldenPath, readGolden, shippedFiles } from '../../tools/golden.ts';
import { inRepository } from '../scenarios.ts';

it.each(shippedFiles())('%s', async (file) => {
  const run = await finishedShipped(file);
  const { expectations } = await run.result();
  expect(expectations.filter(({ status }) => status !== 'pass')).toEqual([]);
  expect(goldenLog(run)).toBe(readGolden(file));
});

it('no log is left of a scenario that is gone', () => {
  const logs = readdirSync(inRepository('tests/golden'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  expect(logs.map((name) => `tests/golden/${name}`).sort()).toEqual(shippedFiles().map(goldenPath).sort());
});
