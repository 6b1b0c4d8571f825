/**
 * A run is seen again as it went: any window, from the nearest of a bounded number of states, while the run itself stays as it is.
 * What is repeated is held bit for bit against a run of the same scenario that nobody touched.
 */
import { expect, it } from 'vitest';
import { Recorder } from '../../engine/recorder.ts';
import { MOST_STATES, Rewind } from '../../engine/rewind.ts';
import { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, kernelModule, openRun, openShipped, outcomeOf } from '../scenarios.ts';

const SHIPPED = 'charge-to-over-charge.json';

/** What a recording holds: the ticks and the bytes of its finest level. */
interface Content {
  endTicks: number[];
  rows: Buffer;
}

/** The next rerun overwrites what it is read from. */
function contentOf(recorder: Recorder): Content {
  const [level] = recorder.levels();
  const { values, third, firstRow, endRow } = level!;
  const rows = Array.from({ length: endRow - firstRow }, (_, index) => firstRow + index);
  return {
    endTicks: rows.map((row) => level!.endTick(row)),
    rows: Buffer.concat(rows.map((row) => Buffer.from(values.slice(level!.at(row), level!.at(row) + 3 * third).buffer))),
  };
}

/** The same run, with a recording as a rerun has it. */
async function recording(run: Run): Promise<Run> {
  return Run.open(run.loaded, await kernelModule(), { recording: { width_ticks: 1 } });
}

/** The recording of a window of a run that goes there directly. */
async function undisturbed(open: () => Promise<Run>, from: number, until: number, width: number): Promise<Content> {
  const run = await recording(await open());
  run.advance(from);
  const recorder = new Recorder(run);
  recorder.restart(width);
  run.advance(until);
  return contentOf(recorder);
}

function expectSame(found: Content, truth: Content): void {
  expect(found.endTicks).toEqual(truth.endTicks);
  expect(found.rows.equals(truth.rows)).toBe(true);
}

async function rewound(open: () => Promise<Run>): Promise<Rewind> {
  const rewind = new Rewind(await open(), await kernelModule());
  rewind.advance();
  return rewind;
}

const openLong = (ticks: number) => () =>
  openRun({ duration_s: ticks, tick_s: 1, cell: constantCell(), pack: { initialSoc: 0.5 }, source: { constantCurrent_A: 0.0001 } });

it('the shipped charge, rerun at its start, middle, end and across its events, is the run that nobody touched', async () => {
  const open = () => openShipped(SHIPPED);
  const rewind = await rewound(open);
  const opened = eventsNamed(rewind.run, 'chargeRelayClosed', false)[0]!.time_s;
  const { ticks } = rewind.run;
  const windows = [
    [0, 100],
    [2560, 2700],
    [2500, 3000],
    [ticks - 150, ticks],
    [opened - 50, opened + 50],
    [opened, opened + 1],
    [0, ticks],
  ] as const;
  for (const width of [1, 8]) {
    for (const [from, until] of windows) {
      const content = contentOf(await rewind.rerunWindow(from, until, width));
      expect(content.endTicks[0]).toBe(from);
      expect(content.endTicks.at(-1)).toBe(until);
      expectSame(content, await undisturbed(open, from, until, width));
    }
  }
});

it.each(['home-storage-day.json', 'cold-morning.json', 'nca-drive-cycle.json'])(
  '%s is rerun bit for bit around its events',
  async (file) => {
    const open = () => openShipped(file);
    const rewind = await rewound(open);
    const { events, ticks, loaded } = rewind.run;
    const some = events.filter((_, index) => index % Math.ceil(events.length / 4) === 0);
    expect(some.length).toBeGreaterThan(0);
    for (const { time_s } of some) {
      const tick = Math.round(time_s / loaded.scenario.tick_s);
      const [from, until] = [Math.max(tick - 20, 0), Math.min(tick + 20, ticks)];
      expectSame(contentOf(await rewind.rerunWindow(from, until)), await undisturbed(open, from, until, 1));
    }
  },
);

it.each([SHIPPED, 'home-storage-day.json', 'cold-morning.json'])(
  '%s ends as ever, with states kept and windows rerun on the way',
  async (file) => {
    const open = () => openShipped(file);
    const [alone, run] = [await open(), await recording(await open())];
    alone.advance();
    const rewind = new Rewind(run, await kernelModule());
    for (const part of [0.25, 0.5, 0.75, 1]) {
      const goal = Math.floor(run.ticks * part);
      rewind.advance(goal);
      await rewind.rerunWindow(Math.max(goal - 300, 0), run.tick);
    }
    const [truth, found] = [await outcomeOf(alone), await outcomeOf(run)];
    expect(found.resultHash).toBe(truth.resultHash);
    expect(found.result).toEqual(truth.result);
  },
);

it('a state that is put back goes on to the same result', async () => {
  const [alone, run] = [await openShipped(SHIPPED), await openShipped(SHIPPED)];
  alone.advance();
  run.advance(1000);
  const state = run.state();
  run.advance();
  run.putBack(state);
  expect(run.tick).toBe(1000);
  run.advance();
  expect((await outcomeOf(run)).result).toEqual((await outcomeOf(alone)).result);
});

it('at most 64 states are kept, evenly, however long the run is', async () => {
  const rewind = new Rewind(await openLong(2_000_000)(), await kernelModule());
  const room = rewind.bytes * MOST_STATES;
  for (let tick = 0; tick < rewind.run.ticks; tick += 10_000) {
    rewind.advance(tick + 10_000);
    const kept = rewind.stateTicks;
    expect(kept.length).toBeLessThanOrEqual(MOST_STATES);
    expect(kept).toEqual(kept.map((_, index) => index * rewind.spacing));
    expect(rewind.bytes).toBeLessThanOrEqual(room);
  }
  expect(rewind.stateTicks.length).toBeGreaterThanOrEqual(MOST_STATES / 2);
});

it('a rerun in small steps gives the same, and a newer one ends it', async () => {
  const rewind = await rewound(openLong(5000));
  const whole = contentOf(await rewind.rerunWindow(3000, 4000));
  const stepped = await rewind.rerun(3000, 4000);
  while (!stepped.advance(17)) expect(stepped.recording).toBeUndefined();
  expectSame(contentOf(stepped.recording!), whole);
  await rewind.rerun(0, 10);
  expect(() => stepped.advance()).toThrow('another rerun');
  expect(stepped.recording).toBeUndefined();
});

it('a window that the run has not reached is refused', async () => {
  const rewind = new Rewind(await openLong(5000)(), await kernelModule());
  rewind.advance(1000);
  await expect(rewind.rerunWindow(900, 1001)).rejects.toThrow('no part of the run');
  await expect(rewind.rerunWindow(20, 10)).rejects.toThrow('no part of the run');
});
