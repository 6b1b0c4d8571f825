/**
 * The ready benches: ten of them, and every shipped scenario can be chosen. That each keeps what it promises is told in tests/shipped.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { benchNames, READY_BENCHES } from '../../web/benches.ts';
import { inRepository } from '../scenarios.ts';

const files = readdirSync(inRepository('scenarios')).filter((name) => name.endsWith('.json'));

it('ten benches are ready to be chosen, and every other file is an example', () => {
  const names = benchNames();
  expect(READY_BENCHES.length).toBe(10);
  expect(names.filter(({ isReady }) => isReady).map(({ id }) => id)).toEqual([...READY_BENCHES]);
  expect(names.map(({ id }) => `${id}.json`).sort()).toEqual([...files].sort());
});
