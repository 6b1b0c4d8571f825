/**
 * What the worker keeps of a run: no extreme is lost however many ticks share a bucket.
 * Chance decides lengths and values; fast-check prints the seed of a failure.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Buckets } from '../../engine/buckets.ts';
import { reduceTimes, reduceTrace, select } from '../../engine/reduce.ts';

/** Records one trace tick by tick as the recorder does. */
function record(values: number[], capacity: number): Buckets {
  const buckets = new Buckets(1, capacity);
  let open: number[] = [];
  values.forEach((value, tick) => {
    open.push(value);
    if (tick < buckets.endOf(tick) && tick < values.length - 1) return;
    const column = (x: number) => Float64Array.of(x);
    buckets.append(tick, { low: column(Math.min(...open)), high: column(Math.max(...open)), last: column(value) });
    open = [];
  });
  return buckets;
}

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 600 });

it('the drawing of a whole run has its lowest and highest value and ends at its last tick', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 50 }), (trace, most) => {
      const buckets = record(trace, 16);
      const chosen = select(buckets, 0, trace.length, most);
      const y = new Float64Array(chosen.points);
      const x = new Float64Array(chosen.points);
      reduceTrace(buckets, chosen, 0, y);
      reduceTimes(buckets, chosen, 1, x);
      expect(Math.min(...y)).toBe(Math.min(...trace));
      expect(Math.max(...y)).toBe(Math.max(...trace));
      expect(x.at(-1)).toBe(trace.length - 1);
      expect([...x]).toEqual([...x].sort((a, b) => a - b));
      expect(chosen.points).toBeLessThanOrEqual(2 * most + 2);
    }),
  );
});

it('a spike of one tick in a hundred thousand stays', () => {
  const trace = Array.from({ length: 100_000 }, (_, tick) => (tick === 54_321 ? 9 : 3.3));
  const buckets = record(trace, 8192);
  const chosen = select(buckets, 0, trace.length, 1000);
  const y = new Float64Array(chosen.points);
  reduceTrace(buckets, chosen, 0, y);
  expect(chosen.points).toBeLessThanOrEqual(2000);
  expect(Math.max(...y)).toBe(9);
});

it('buckets always start on a border of their width', () => {
  const buckets = record(
    Array.from({ length: 1000 }, (_, tick) => tick),
    16,
  );
  const ends = [...buckets.endTicks.subarray(0, buckets.count - 1)];
  expect(ends.every((end) => (end + 1) % buckets.width === 0)).toBe(true);
});
