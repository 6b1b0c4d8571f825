/**
 * What the worker keeps of a run: no extreme is lost however many ticks share a bucket.
 * Chance decides lengths and values; fast-check prints the seed of a failure.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Level, reduceTimes, reduceTraces, select } from '../../engine/reduce.ts';

/** One trace in buckets of so many ticks, as the kernel's recorder has them: the first tick is a bucket of its own. */
function record(values: number[], width_ticks: number): Level {
  const rows: number[][] = [];
  for (let tick = 0; tick < values.length; tick += tick === 0 ? 1 : width_ticks)
    rows.push(values.slice(tick, tick === 0 ? 1 : tick + width_ticks));
  const endTick = (row: number) => Math.min(row * width_ticks, values.length - 1);
  return {
    width_ticks,
    firstRow: 0,
    endRow: rows.length,
    values: Float64Array.from(rows.flatMap((row) => [Math.min(...row), Math.max(...row), row.at(-1)!])),
    third: 1,
    places: [0],
    at: (row) => 3 * row,
    endTick,
    startTick: (row) => (row === 0 ? 0 : endTick(row - 1)),
    rowOf: (tick) => Math.min(Math.ceil(tick / width_ticks), rows.length),
  };
}

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 600 });

it('the drawing of a whole run has its lowest and highest value and ends at its last tick', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 50 }), fc.constantFrom(1, 8, 64), (trace, most, width_ticks) => {
      const chosen = select(record(trace, width_ticks), 0, trace.length, most);
      const y = new Float64Array(chosen.points);
      const x = new Float64Array(chosen.points);
      reduceTraces(chosen, y);
      reduceTimes(chosen, 1, x);
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
  const chosen = select(record(trace, 8), 0, trace.length, 1000);
  const y = new Float64Array(chosen.points);
  reduceTraces(chosen, y);
  expect(chosen.points).toBeLessThanOrEqual(2000);
  expect(Math.max(...y)).toBe(9);
});

it('while a run goes on, the borders of what is drawn stay where they are', () => {
  const trace = Array.from({ length: 20_000 }, (_, tick) => tick);
  const borders = (ticks: number) => {
    const chosen = select(record(trace.slice(0, ticks), 8), 0, trace.length, 100);
    const x = new Float64Array(chosen.points);
    reduceTimes(chosen, 1, x);
    return { factor: chosen.factor, ends: [...x].filter((_, index) => index % 2 === 1) };
  };
  const [before, after] = [borders(15_000), borders(15_150)];
  expect(after.factor).toBe(before.factor);
  expect(after.ends.slice(0, before.ends.length - 1)).toEqual(before.ends.slice(0, -1));
});
