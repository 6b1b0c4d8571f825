/**
 * A run that is put away and taken up again, at any tick, ends in the very bytes of one that was never interrupted.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { finishedRun, openRun, outcomeOf } from '../scenarios.ts';
import { BUSY_FILES, BUSY_PACK, BUSY_TICKS } from './busyPack.ts';

const TRIPPED = 1;
const HELD = 2;

/** What is going on at this moment, so that the test can prove it interrupted all of it. */
function situation({ compiled: { structures, scalars, cells } }: Run): string[] {
  const { run, harness, estimate } = scalars;
  const [charge, discharge] = structures.relay as [(typeof structures.relay)[0], (typeof structures.relay)[0]];
  const rules = structures.rule;
  const charger = structures.source[0];
  return [
    ...(rules.some((rule) => rule.state === 0 && rule.pending > 0) ? ['inside a debounce'] : []),
    ...(rules.some((rule) => rule.releasing > 0) ? ['inside the delay of a release'] : []),
    ...(rules.some((rule) => rule.state === TRIPPED) ? ['tripped'] : []),
    ...(rules.some((rule) => rule.state === HELD) ? ['held between P and R'] : []),
    ...(rules.some((rule) => rule.latched !== 0) ? ['waiting for START'] : []),
    ...(charge.waited > 0 || discharge.waited > 0 ? ['a relay on its way'] : []),
    ...(charge.closed === 0 && discharge.closed === 0 ? ['both relays open'] : []),
    ...(harness.bleeding !== 0 ? ['balancing'] : []),
    ...(scalars.unit.running === 0 ? ['unit off'] : []),
    ...(scalars.lcd.editing !== 0 ? ['a setting being changed'] : []),
    ...(scalars.lcd.lit !== 0 && scalars.lamp.alarm === 0 ? ['inside the time of the light'] : []),
    ...(scalars.beeper.on !== 0 ? ['beeping'] : []),
    ...(scalars.lcd.plugged === 0 ? ['display unplugged'] : []),
    ...(run.slowLeft !== run.slowTicks ? ['between two slow steps'] : []),
    ...(run.firmwareLeft !== run.firmwareTicks ? ['between two samples'] : []),
    ...(charger.state === 1 ? ['constant voltage'] : []),
    ...(estimate.segmentTenths > 0 ? ['inside a segment of the gauge'] : []),
    ...(cells.socCarry.get(0) !== 0 ? ['a carry in the charge'] : []),
  ];
}

const EVERY_SITUATION = [
  ...['inside a debounce', 'inside the delay of a release', 'tripped', 'held between P and R', 'waiting for START', 'a relay on its way'],
  ...['both relays open', 'balancing', 'unit off', 'between two slow steps', 'between two samples', 'constant voltage'],
  ...['inside a segment of the gauge', 'a carry in the charge'],
  ...['a setting being changed', 'inside the time of the light', 'beeping', 'display unplugged'],
];

describe('a run of 1,000 ticks', () => {
  it('taken up again at every single tick ends in the same bytes, events and verdicts', async () => {
    const expected = await outcomeOf(await finishedRun(BUSY_PACK, BUSY_FILES));
    expect(expected.result.ticks).toBe(BUSY_TICKS);
    const source = await openRun(BUSY_PACK, BUSY_FILES);
    // One run takes all the snapshots up, in an order that jumps back and forth in time.
    const target = await openRun(BUSY_PACK, BUSY_FILES);
    const seen = new Set<string>();
    for (let tick = 0; tick <= BUSY_TICKS; tick++) {
      source.advance(tick);
      situation(source).forEach((name) => seen.add(name));
      await target.restore(await source.snapshot());
      expect(target.tick).toBe(tick);
      target.advance();
      const outcome = await outcomeOf(target);
      if (outcome.state !== expected.state || outcome.resultHash !== expected.resultHash) throw new Error(`taken up at tick ${tick}`);
      if (tick % 50 === 0) expect(outcome.result).toEqual(expected.result);
    }
    expect([...seen].sort()).toEqual([...EVERY_SITUATION].sort());
    expect((await outcomeOf(source)).resultHash).toBe(expected.resultHash);
  });

  it('handed on to a fresh run every 37 ticks ends in the same bytes', async () => {
    const expected = await outcomeOf(await finishedRun(BUSY_PACK, BUSY_FILES));
    let run = await openRun(BUSY_PACK, BUSY_FILES);
    while (run.tick < BUSY_TICKS) {
      const snapshot = await run.snapshot();
      run = await openRun(BUSY_PACK, BUSY_FILES);
      await run.restore(snapshot);
      run.advance(run.tick + 37);
    }
    expect(await outcomeOf(run)).toEqual(expected);
  });

  it('gives the same snapshot twice, and the same again from a run that was taken up there', async () => {
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    run.advance(412);
    const first = await run.snapshot();
    const other = await openRun(BUSY_PACK, BUSY_FILES);
    await other.restore(first);
    expect(Buffer.from(await other.snapshot())).toEqual(Buffer.from(first));
    expect(Buffer.from(await run.snapshot())).toEqual(Buffer.from(first));
  });

  it('that an event has stopped goes on to the end of one that was never stopped', async () => {
    const expected = await outcomeOf(await finishedRun(BUSY_PACK, BUSY_FILES));
    const stopped = await openRun(BUSY_PACK, { ...BUSY_FILES, until: 'overCharge' });
    stopped.advance();
    expect(stopped.status).toBe('stopped');
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    await run.restore(await stopped.snapshot());
    run.advance();
    expect(run.status).toBe('completed');
    expect((await outcomeOf(run)).resultHash).toBe(expected.resultHash);
  });

  it('stopped by an event has the bytes of one that came to that tick by itself', async () => {
    const stopped = await openRun(BUSY_PACK, { ...BUSY_FILES, until: 'overCharge' });
    stopped.advance();
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    run.advance(stopped.tick);
    expect((await outcomeOf(run)).state).toBe((await outcomeOf(stopped)).state);
  });
});
