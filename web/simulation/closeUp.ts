/**
 * The part of a run that the page looks at closely, rerun tick by tick where the run's own recording is too coarse for it.
 * It works in short slices between everything else the worker does, and a new view ends what an older one asked for.
 */
import type { Buckets } from '../../engine/buckets.ts';
import type { Rerun, Rewind } from '../../engine/rewind.ts';
import type { View } from './protocol.ts';

const CAPACITY = 8192;
/** Longest time for which a rerun keeps the worker to itself. */
const SLICE_MS = 12;
const CALL_MS = 2;
const FIRST_STRIDE_TICKS = 64;

/** Part of a run in whole ticks. */
interface Window {
  fromTick: number;
  untilTick: number;
}

export class CloseUp {
  private recorded: { window: Window; buckets: Buckets } | undefined;
  private wanted: Window | undefined;
  private stride = FIRST_STRIDE_TICKS;

  constructor(
    private readonly rewind: Rewind,
    private readonly later: (work: () => void, wait_ms: number) => void,
    private readonly ready: () => void,
  ) {}

  /** What the page sees of the run so far, with a tick more on either side. */
  private windowOf(view: View): Window {
    const { tick, loaded } = this.rewind.run;
    const { tick_s } = loaded.scenario;
    const within = (x: number) => Math.min(Math.max(x, 0), tick);
    return { fromTick: within(Math.floor(view.from_s / tick_s) - 1), untilTick: within(Math.ceil(view.until_s / tick_s) + 1) };
  }

  /** The finer recording of a view, where there is one. */
  bucketsFor(view: View): Buckets | undefined {
    const { fromTick, untilTick } = this.windowOf(view);
    const { recorded } = this;
    const covers = recorded !== undefined && recorded.window.fromTick <= fromTick && untilTick <= recorded.window.untilTick;
    return covers ? recorded.buckets : undefined;
  }

  /** Asks for a rerun of the view if the coarse buckets draw it with fewer points than it has room for. */
  look(view: View, coarse: Buckets): void {
    const window = this.windowOf(view);
    const ticks = window.untilTick - window.fromTick;
    const isFineEnough = coarse.width === 1 || ticks / coarse.width >= view.buckets || ticks < 2;
    const width = widthFor(ticks);
    if (this.wanted?.fromTick === window.fromTick && this.wanted.untilTick === window.untilTick) return;
    this.wanted = undefined;
    if (isFineEnough || width >= coarse.width || this.bucketsFor(view) !== undefined) return;
    this.recorded = undefined;
    this.wanted = window;
    void this.start(window, width);
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.wanted = undefined;
  }

  private async start(window: Window, width: number): Promise<void> {
    const rerun = await this.rewind.rerun(window.fromTick, window.untilTick, { capacity: CAPACITY, width });
    this.slice(window, rerun);
  }

  private slice(window: Window, rerun: Rerun): void {
    if (this.wanted !== window) return;
    const started = performance.now();
    let isFinished = false;
    while (!isFinished && performance.now() - started < SLICE_MS) {
      const before = performance.now();
      isFinished = rerun.advance(this.stride);
      const took_ms = performance.now() - before;
      if (took_ms > CALL_MS) this.stride = Math.max(Math.floor(this.stride / 2), 1);
      else if (took_ms < CALL_MS / 2) this.stride *= 2;
    }
    if (!isFinished) {
      this.later(() => this.slice(window, rerun), 0);
      return;
    }
    this.wanted = undefined;
    this.recorded = { window, buckets: rerun.recording!.buckets };
    this.ready();
  }
}

/** The finest width of buckets with which a window has room. */
function widthFor(ticks: number): number {
  let width = 1;
  while (ticks / width >= CAPACITY - 2) width *= 2;
  return width;
}
