/**
 * What lets a run be seen again in full detail: a bounded number of its states, evenly spaced, and reruns from the nearest one.
 * A rerun happens in a kernel of its own, so that the run it repeats may go on meanwhile.
 */
import { assert } from '../domain/errors.ts';
import { carryRecording } from './carriedRecording.ts';
import type { KernelModule } from './kernel.ts';
import { Recorder } from './recorder.ts';
import { Run, type RunState } from './run.ts';
import { carryOver } from './takeOver.ts';

/** States kept at most; the states of the largest pack take some megabytes each. */
export const MOST_STATES = 64;
/** Nearer ones would save nothing that anybody waits for. */
const LEAST_SPACING_TICKS = 256;

/** A window of a run that is being repeated, at once or in steps of the caller's choice. */
export class Rerun {
  private readonly recorder: Recorder;
  private isRecording = false;
  private hasEnded = false;

  constructor(
    private readonly run: Run,
    readonly fromTick: number,
    readonly untilTick: number,
    private readonly width_ticks: number,
  ) {
    this.recorder = new Recorder(run);
  }

  /** The finished recording; it is in the rerun's kernel, so the next rerun overwrites it. */
  get recording(): Recorder | undefined {
    return this.isFinished && !this.hasEnded ? this.recorder : undefined;
  }

  private get isFinished(): boolean {
    return this.isRecording && (this.run.tick >= this.untilTick || this.run.status === 'failed');
  }

  /** Its kernel is wanted for another window. */
  end(): void {
    this.hasEnded = true;
  }

  /** Goes on by at most so many ticks; true when the window is complete. */
  advance(ticks = Infinity): boolean {
    assert(!this.hasEnded, 'another rerun has taken the kernel', { fromTick: this.fromTick, untilTick: this.untilTick });
    const goal = Math.min(this.run.tick + ticks, this.untilTick);
    if (this.run.tick < this.fromTick) this.run.advance(Math.min(goal, this.fromTick));
    if (this.run.tick < this.fromTick) return false;
    if (!this.isRecording) this.recorder.restart(this.width_ticks);
    this.isRecording = true;
    this.run.advance(goal);
    return this.isFinished;
  }
}

export class Rewind {
  private states: RunState[];
  /** Ticks between two states. */
  readonly spacing: number;
  private second: Promise<Run> | undefined;
  private third: Promise<Run> | undefined;
  private latest: Rerun | undefined;

  /** Keeps the state at which the run stands; windows before it cannot be rerun. */
  constructor(
    readonly run: Run,
    private readonly module: KernelModule,
  ) {
    this.states = [run.state()];
    this.spacing = Math.max(LEAST_SPACING_TICKS, Math.ceil((run.ticks + 1) / MOST_STATES));
  }

  get stateTicks(): number[] {
    return this.states.map(({ tick }) => tick);
  }

  /** Memory that the states take. */
  get bytes(): number {
    return this.states.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The tick at which the next state is to be kept. */
  private get nextTick(): number {
    return this.states.at(-1)!.tick + this.spacing;
  }

  /** Keeps the run's state if it is due. */
  private take(): void {
    if (this.run.tick < this.nextTick || this.run.status === 'failed') return;
    this.states.push(this.run.state());
  }

  /**
   * Goes on from where another run stands, as if this one had come there itself; false where only repeating the past is sure to lead there.
   * This run has just been opened, of a document that adds to the other's what happens from the present on.
   */
  takeOver(other: Rewind): boolean {
    const carry = carryOver(other.run, other.states[0]!, this.run, this.states[0]!);
    if (carry === undefined) return false;
    this.run.putBack(carry(other.run.state()), other.run.events);
    carryRecording(other.run.compiled, this.run.compiled);
    this.states = other.states.map(carry).reduce<RunState[]>((kept, state) => {
      const isDue = kept.length === 0 || state.tick >= kept.at(-1)!.tick + this.spacing;
      return isDue ? [...kept, state] : kept;
    }, []);
    return true;
  }

  /** Advances the run and keeps its states on the way; `go` may say that the run is to stay where it has come to. */
  advance(toTick: number = this.run.ticks, go: (tick: number) => boolean | void = (tick) => this.run.advance(tick)): void {
    while (this.run.status === 'running' && this.run.tick < toTick) {
      const stays = go(Math.min(toTick, this.nextTick)) === true;
      this.take();
      if (stays) return;
    }
  }

  /**
   * A rerun of a window that the run has passed, from the nearest state before it, in buckets of so many ticks.
   * One at a time: it ends the one before.
   */
  async rerun(fromTick: number, untilTick: number, width_ticks = 1): Promise<Rerun> {
    assert(this.states[0]!.tick <= fromTick && fromTick <= untilTick && untilTick <= this.run.tick, 'the window is no part of the run', {
      fromTick,
      untilTick,
      tick: this.run.tick,
    });
    this.second ??= Run.open(this.run.loaded, this.module, { recording: { width_ticks: 1 } });
    const second = await this.second;
    const nearest = this.states.findLast(({ tick }) => tick <= fromTick)!;
    this.latest?.end();
    second.putBack(nearest, this.run.events);
    this.latest = new Rerun(second, fromTick, untilTick, width_ticks);
    return this.latest;
  }

  /** The run as it stood at the nearest kept state before a tick, in a kernel apart from windows; the next call takes it away. */
  async nearest(tick: number): Promise<Run> {
    assert(this.states[0]!.tick <= tick && tick <= this.run.tick, 'the run has not been there', { tick, present: this.run.tick });
    this.third ??= Run.open(this.run.loaded, this.module);
    const third = await this.third;
    third.putBack(
      this.states.findLast((state) => state.tick <= tick)!,
      this.run.events,
    );
    return third;
  }

  /** The recording of a window that the run has passed, exactly as it went. */
  async rerunWindow(fromTick: number, untilTick: number, width_ticks = 1): Promise<Recorder> {
    const rerun = await this.rerun(fromTick, untilTick, width_ticks);
    rerun.advance();
    return rerun.recording!;
  }
}
