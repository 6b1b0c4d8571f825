/**
 * The shipped scenarios of this equipment keep what they promise, on both kernels with the same result.
 */
import { expect, it } from 'vitest';
import { openShipped } from '../scenarios.ts';

it.each(['golf-cart-drive.json', 'solar-household.json'])('%s', async (file) => {
  const run = await openShipped(file);
  run.advance();
  const result = await run.result();
  expect(result.status).toBe('completed');
  expect(result.expectations.filter(({ status }) => status !== 'pass')).toEqual([]);
  const scalar = await openShipped(file, 'scalar');
  scalar.advance();
  expect((await scalar.result()).resultHash).toBe(result.resultHash);
});
