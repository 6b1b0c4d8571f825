/**
 * The part of a run that the page looks at closely, rerun tick by tick where the run's own recording is too coarse for it.
 * It works in short slices between everything else the worker does, and a new view ends what an older one asked for.
 */
import type { Recorder } from '../../engine/recorder.ts';
import { finestWidth } from '../../engine/recording.ts';
import type { Rerun, Rewind } from '../../engine/rewind.ts';
import type { View } from './protocol.ts';
import { Tempo } from './tempo.ts';

/** Buckets of a rerun that has no room for single ticks. */
const COARSE_TICKS = 8;

/** Part of a run in whole ticks. */
interface Window {
  fromTick: number;
  untilTick: number;
}

export class CloseUp {
  private recorded: { window: Window; recorder: Recorder } | undefined;
  private wanted: Window | undefined;
  private readonly tempo = new Tempo();

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
  recorderFor(view: View): Recorder | undefined {
    const { fromTick, untilTick } = this.windowOf(view);
    const { recorded } = this;
    const covers = recorded !== undefined && recorded.window.fromTick <= fromTick && untilTick <= recorded.window.untilTick;
    return covers ? recorded.recorder : undefined;
  }

  /** Asks for a rerun of the view if the run's own recording draws it with fewer points than it has room for. */
  look(view: View, coarse: Recorder): void {
    const window = this.windowOf(view);
    if (this.wanted?.fromTick === window.fromTick && this.wanted.untilTick === window.untilTick) return;
    this.wanted = undefined;
    const ticks = window.untilTick - window.fromTick;
    const { width_ticks } = coarse.levelFor(window.fromTick, window.untilTick, view.buckets);
    const isFineEnough = width_ticks === 1 || ticks / width_ticks >= view.buckets || ticks < 2;
    const finer_ticks = finestWidth(ticks);
    if (isFineEnough || finer_ticks >= width_ticks || this.recorderFor(view) !== undefined) return;
    this.recorded = undefined;
    this.wanted = window;
    void this.start(window, finer_ticks === 1 ? 1 : COARSE_TICKS);
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.wanted = undefined;
  }

  private async start(window: Window, width_ticks: number): Promise<void> {
    const rerun = await this.rewind.rerun(window.fromTick, window.untilTick, width_ticks);
    this.slice(window, rerun);
  }

  private slice(window: Window, rerun: Rerun): void {
    if (this.wanted !== window) return;
    if (!this.tempo.slice((ticks) => rerun.advance(ticks))) {
      this.later(() => this.slice(window, rerun), 0);
      return;
    }
    this.wanted = undefined;
    this.recorded = { window, recorder: rerun.recording! };
    this.ready();
  }
}
