/**
 * Expectations on channels are judged by every tick of their windows, though the run crosses into the kernel once.
 * What the kernel saw is held against a run that is read after every tick.
 */
import { expect, it } from 'vitest';
import type { Expectation } from '../../domain/scenario/schema.ts';
import { BUSY_FILES, BUSY_PACK } from '../properties/busyPack.ts';
import { everyTick, type KernelName, openRun, outcomeOf } from '../scenarios.ts';

/** Reals and integers, truth and belief, windows at the start, the end, between two ticks and beyond the run. */
const WATCHED: { channel: string; within_s?: [number, number] }[] = [
  { channel: 'pack.current_A' },
  { channel: 'cell.voltage_V[3][0]', within_s: [20, 400] },
  { channel: 'cell.voltage_V[3][0]', within_s: [20.3, 20.6] },
  { channel: 'measuredCell.voltage_V[1]', within_s: [0, 0] },
  { channel: 'measuredCell.voltage_V[4]', within_s: [123.4, 321] },
  { channel: 'relay.closed[0]', within_s: [0, 150] },
  { channel: 'relay.closed[1]' },
  { channel: 'bleed.current_A[3]', within_s: [5, 200] },
  { channel: 'estimate.soc', within_s: [499, 500] },
];
const EXPECT = WATCHED.map((watched) => ({ ...watched, atLeast: -1e6 })) as Expectation[];

const open = (kernel?: KernelName) => openRun({ ...BUSY_PACK, expect: EXPECT }, { ...BUSY_FILES, kernel });

/** Lowest and highest value of each channel within its window, read tick by tick. */
async function readEveryTick(): Promise<{ low: number; high: number }[]> {
  const run = await open();
  const seen = WATCHED.map(() => ({ low: Infinity, high: -Infinity }));
  everyTick(run, () => {
    WATCHED.forEach(({ channel, within_s: [from, until] = [0, Infinity] }, index) => {
      if (run.time_s < from || run.time_s > until) return;
      const value = run.read(channel);
      seen[index] = { low: Math.min(seen[index]!.low, value), high: Math.max(seen[index]!.high, value) };
    });
  });
  return seen;
}

it.each<KernelName>(['simd', 'scalar'])('the %s kernel sees the extremes of every tick of a window in one call', async (kernel) => {
  const truth = await readEveryTick();
  const run = await open(kernel);
  run.advance();
  expect(run.compiled.watches.seen).toEqual(truth);
  expect(truth[5]).toEqual({ low: 0, high: 1 });
});

it('what is expected changes no result', async () => {
  const [some, none] = [await open(), await openRun({ ...BUSY_PACK, expect: [] }, BUSY_FILES)];
  some.advance();
  none.advance();
  const [a, b] = [await outcomeOf(some), await outcomeOf(none)];
  expect(a.resultHash).toBe(b.resultHash);
  expect(a.state).toBe(b.state);
});

it('extremes go with a snapshot and with a state that is put back', async () => {
  const truth = await readEveryTick();
  const run = await open();
  run.advance(300);
  const [snapshot, state] = [await run.snapshot(), run.state()];
  run.advance();
  run.putBack(state);
  run.advance();
  expect(run.compiled.watches.seen).toEqual(truth);
  const other = await open();
  await other.restore(snapshot);
  other.advance();
  expect(other.compiled.watches.seen).toEqual(truth);
});
