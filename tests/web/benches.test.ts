/**
 * The ready benches: ten of them, each keeps what it promises, on the command line as on the page.
 * Every shipped scenario is run, so that none can rot unseen.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { benchNames, READY_BENCHES } from '../../web/benches.ts';
import { inRepository, openShipped } from '../scenarios.ts';

const files = readdirSync(inRepository('scenarios')).filter((name) => name.endsWith('.json'));

it('ten benches are ready to be chosen, and every other file is an example', () => {
  const names = benchNames();
  expect(READY_BENCHES.length).toBe(10);
  expect(names.filter(({ isReady }) => isReady).map(({ id }) => id)).toEqual([...READY_BENCHES]);
  expect(names.map(({ id }) => `${id}.json`).sort()).toEqual([...files].sort());
});

it.each(files)('%s runs to its end and its expectations hold', async (file) => {
  const run = await openShipped(file);
  run.advance();
  const result = await run.result();
  expect(result.status).toBe('completed');
  expect(result.expectations.filter(({ status }) => status !== 'pass')).toEqual([]);
});
