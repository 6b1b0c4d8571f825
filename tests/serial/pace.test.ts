/**
 * Simulated time on a clock that somebody tries to make as nasty as possible: no rush, and no two writes too close.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../cli/serial/pace.ts';
import { SEED } from './golden.ts';

/** A clock whose sleeps last longer than they should. */
function clockThatOversleeps(by_ms: readonly number[]) {
  let now = 1e6;
  let sleeps = 0;
  return {
    now_ms: () => now,
    sleep: (ms: number) => {
      now += ms + (by_ms[sleeps++ % by_ms.length] ?? 0);
      return Promise.resolve();
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the pace of a run', () => {
  it.each([
    [1, 200],
    [4, 50],
    [0.5, 400],
  ])('at speed %d writes 0.2 s apart come every %d ms', async (speed, ms) => {
    const clock = clockThatOversleeps([0]);
    const pace = new Pace(speed, clock);
    const start = clock.now_ms();
    for (let write = 0; write < 100; write++) {
      await pace.until(write * 0.2);
      expect(clock.now_ms() - start).toBeCloseTo(write * ms, 6);
    }
  });

  it('two writes that are 0.2 s apart never come closer than 0.1 s, whatever the machine does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 30 }), async (delays_ms) => {
        const clock = clockThatOversleeps(delays_ms);
        const pace = new Pace(1, clock);
        let before = -Infinity;
        for (let write = 0; write < 60; write++) {
          await pace.until(write * 0.2);
          expect(clock.now_ms() - before).toBeGreaterThanOrEqual(100 - 1e-6);
          before = clock.now_ms();
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('small delays do not add up', async () => {
    const clock = clockThatOversleeps([15]);
    const pace = new Pace(1, clock);
    const start = clock.now_ms();
    for (let second = 0; second <= 1000; second++) await pace.until(second);
    expect(clock.now_ms() - start).toBeLessThan(1_000_100);
  });

  it('after an hour of sleep the line goes on where it was', async () => {
    const clock = clockThatOversleeps([0]);
    const pace = new Pace(1, clock);
    await pace.until(5);
    clock.pass(3_600_000);
    await pace.until(6);
    const before = clock.now_ms();
    await pace.until(7);
    expect(clock.now_ms() - before).toBeCloseTo(1000, 6);
  });
});
