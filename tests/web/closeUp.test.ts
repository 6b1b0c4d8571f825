/**
 * Looking closely at a long run: the worker's session answers at once with what it has, then with every tick.
 * The session runs here without a worker; its work is queued as the worker queues it.
 */
import { expect, it } from 'vitest';
import { MOST_STATES, Rewind } from '../../engine/rewind.ts';
import { Run } from '../../engine/run.ts';
import type { Frame, View } from '../../web/simulation/protocol.ts';
import { Session } from '../../web/simulation/session.ts';
import { FrameReader } from '../../web/simulation/traces.ts';
import { processorTime } from '../patience.ts';
import { constantCell, csvOf, kernelModule, loadObject } from '../scenarios.ts';

const TICKS = 300_000;
const SERIES = 4;
const WHOLE: View = { from_s: 0, until_s: TICKS, buckets: 500 };

/** A page that draws every frame at once and asks for the next. */
class Drawn {
  readonly frames: Frame[] = [];
  /** Most time of the processor that one piece of work took. */
  longest_ms = 0;

  private constructor(readonly session: Session) {}

  static async open(run: Run, onSlice = () => {}): Promise<Drawn> {
    const page: { drawn?: Drawn } = {};
    const send = (frame: Frame) => {
      page.drawn!.frames.push(frame);
      setImmediate(() => page.drawn!.session.pageReady());
    };
    const later = (work: () => void) => {
      setImmediate(() => {
        onSlice();
        const elapsed_ms = processorTime();
        work();
        page.drawn!.longest_ms = Math.max(page.drawn!.longest_ms, elapsed_ms());
      });
    };
    const session = new Session(new Rewind(run, await kernelModule()), 1, Infinity, WHOLE, send, later);
    page.drawn = new Drawn(session);
    return page.drawn;
  }

  async waitFor(found: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = this.frames.findLast(found);
      if (frame !== undefined) return frame;
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}

async function openJumpy(): Promise<Run> {
  const rows = Array.from({ length: TICKS / 10 }, (_, i) => [i * 10, ((i * 7919) % 31) - 15] as const);
  const loaded = await loadObject(
    {
      duration_s: TICKS,
      tick_s: 1,
      cell: constantCell(),
      pack: { series: SERIES, initialSoc: 0.5 },
      source: { csv: 'load.csv', column: 'current_A', interpolation: 'previous' },
    },
    { 'load.csv': csvOf('current_A', rows) },
  );
  return Run.open(loaded, await kernelModule(), { recording: {} });
}

const timesOf = (frame: Frame) => [...new FrameReader(frame.values, SERIES, frame.points).time_s];

it('a part of a long run is first drawn as recorded and then tick by tick, exactly as it went', async () => {
  const page = await Drawn.open(await openJumpy());
  page.session.start();
  const last = await page.waitFor(({ result }) => result !== undefined);
  expect(last.status).toBe('completed');
  const truth = await openJumpy();
  truth.advance();
  expect(last.result!.resultHash).toBe((await truth.result()).resultHash);

  for (const from_s of [200_000, 0, TICKS - 100]) {
    page.frames.length = 0;
    page.session.look({ from_s, until_s: from_s + 100, buckets: 500 });
    const fine = await page.waitFor((frame) => frame.points > 100);
    expect(page.frames[0]!.points).toBeLessThan(40);
    const times = timesOf(fine);
    const first = Math.max(from_s - 1, 0);
    expect(times).toEqual(times.map((_, index) => first + index));
    expect(times.at(-1)).toBe(Math.min(from_s + 101, TICKS));
    const again = await openJumpy();
    const current: number[] = [];
    const voltage: number[] = [];
    for (const time of times) {
      again.advance(time);
      current.push(again.read('pack.current_A'));
      voltage.push(again.read('cell.voltage_V[2][0]'));
    }
    const reader = new FrameReader(fine.values, SERIES, fine.points);
    expect([...reader.pack('current_A')]).toEqual(current);
    expect([...reader.cell(2)]).toEqual(voltage);
  }
  expect(page.longest_ms).toBeLessThan(1000);
});

it('a newer view takes the place of an older one that is still being rerun', async () => {
  const page = await Drawn.open(await openJumpy());
  page.session.start();
  await page.waitFor(({ result }) => result !== undefined);
  page.frames.length = 0;
  page.session.look({ from_s: 100_000, until_s: 104_000, buckets: 2000 });
  page.session.look({ from_s: 250_000, until_s: 250_050, buckets: 2000 });
  const fine = await page.waitFor((frame) => timesOf(frame)[0] === 249_999);
  expect(fine.points).toBe(53);
  expect(page.frames.filter((frame) => timesOf(frame)[0] === 99_999)).toEqual([]);
});

it('a run at full speed crosses into the kernel a few times a slice', async () => {
  const run = await openJumpy();
  let [calls, slices] = [0, 0];
  const { exports } = run.compiled.kernel;
  const runTo = (lastTick: number) => {
    calls++;
    return exports.runTo(lastTick);
  };
  Object.assign(run.compiled.kernel, { exports: { ...exports, runTo } });
  const page = await Drawn.open(run, () => slices++);
  page.session.start();
  await page.waitFor(({ result }) => result !== undefined);
  expect(slices).toBeGreaterThan(0);
  // A call is to last a third of a slice; on a machine that runs other tests beside it some are cut short.
  expect(calls).toBeLessThan(MOST_STATES + 8 * (slices + 1));
});
