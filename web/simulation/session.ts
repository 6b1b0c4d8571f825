/**
 * One run inside the worker: advanced in short slices, paced, paused and cancelled, with frames of what happens.
 * Between two slices the worker answers the page, so that no button ever waits for the kernel.
 */
import { Recorder } from '../../engine/recorder.ts';
import type { Rewind } from '../../engine/rewind.ts';
import type { RunResult } from '../../engine/result.ts';
import type { Run } from '../../engine/run.ts';
import { type Between, Books } from './books.ts';
import { CloseUp } from './closeUp.ts';
import { frameOf } from './frame.ts';
import { Halt } from './halt.ts';
import type { Frame, SessionStatus, View } from './protocol.ts';
import { Tempo } from './tempo.ts';

const LEAST_FRAME_GAP_MS = 40;
const PACED_WAIT_MS = 16;

export type SendFrame = (frame: Frame, transfer: Transferable[]) => void;

export class Session {
  private status: SessionStatus = 'ready';
  private readonly run: Run;
  private readonly recorder: Recorder;
  private readonly closeUp: CloseUp;
  private readonly books: Books;
  private readonly tempo = new Tempo();
  private halt = new Halt();
  private pace: number;
  /** From here the pace counts. */
  private paceStart = { tick: 0, at_ms: 0 };
  private view: View;
  private sentEvents = 0;
  private sent_ms = -Infinity;
  private pageIsReady = true;
  private changed = true;
  private result: RunResult | undefined;
  private discarded = false;
  private isFinishing = false;
  /** The run stays where it is, whatever it is told, until it is released or another takes its place. */
  private isHeld = false;
  /** Counts slices, so that only the latest one that waits goes on. */
  private turn = 0;

  constructor(
    private readonly rewind: Rewind,
    private readonly runId: number,
    pace: number,
    view: View,
    private readonly send: SendFrame,
    private readonly later: (work: () => void, wait_ms: number) => void,
  ) {
    this.pace = pace;
    this.view = view;
    this.run = rewind.run;
    this.recorder = new Recorder(rewind.run);
    this.closeUp = new CloseUp(rewind, later, () => this.showChange());
    this.books = new Books(rewind, later);
  }

  start(): void {
    if (this.status !== 'ready' && this.status !== 'paused') return;
    this.halt.clear();
    this.goOn();
  }

  private goOn(): void {
    this.status = 'running';
    this.restartPace();
    this.slice();
  }

  /** A paused run goes on by so many ticks and is held again. */
  step(ticks: number): void {
    if (this.status !== 'ready' && this.status !== 'paused') return;
    this.halt.setTick(this.run.tick + ticks);
    this.goOn();
  }

  /** The run goes on as fast as possible and is held at its next event. */
  toNextEvent(): void {
    if (this.run.status !== 'running') return;
    this.halt.setNextEvent();
    if (this.status !== 'running') this.goOn();
  }

  pause(): void {
    if (this.status !== 'running') return;
    this.status = 'paused';
    this.showChange();
  }

  async cancel(): Promise<void> {
    if (this.run.status !== 'running') return;
    this.run.cancel();
    await this.finish();
  }

  /** Another run has taken this one's place: nothing more is sent. */
  discard(): void {
    this.discarded = true;
    this.closeUp.stop();
  }

  /** Holds the run between two ticks, for an action that is to come next; the tick, or undefined where nothing can follow. */
  hold(): number | undefined {
    if (this.run.status !== 'running' && this.status !== 'completed') return undefined;
    this.isHeld = true;
    return this.run.tick;
  }

  /** Lets a run that has just been opened go on from here; false where it has to repeat the past. */
  handOver(rewind: Rewind): boolean {
    return rewind.takeOver(this.rewind);
  }

  timeOf(tick: number): number {
    return tick * this.run.loaded.scenario.tick_s;
  }

  /** The run goes on as before it was held. */
  release(): void {
    this.isHeld = false;
    this.restartPace();
    if (this.status === 'running') this.slice();
  }

  /** A session that goes on in this one's place with a run that has come to the same tick; undefined where this one has ended meanwhile. */
  succeededBy(rewind: Rewind): Session | undefined {
    const hasEnded = this.isFinishing && this.status !== 'completed';
    if (this.discarded || hasEnded) return undefined;
    const next = new Session(rewind, this.runId, this.pace, this.view, this.send, this.later);
    const { sentEvents, pageIsReady, halt, status } = this;
    Object.assign(next, { sentEvents, pageIsReady, halt });
    this.discard();
    if (status === 'running' || status === 'completed') next.goOn();
    else next.status = status;
    next.showChange();
    return next;
  }

  setPace(pace: number): void {
    this.pace = pace;
    this.restartPace();
  }

  look(view: View): void {
    this.view = view;
    this.showChange();
  }

  /** What went through the pack between two moments. */
  between(from_s: number, until_s: number): Promise<Between> {
    return this.books.between(from_s, until_s);
  }

  /** The page has drawn the last frame. */
  pageReady(): void {
    this.pageIsReady = true;
    if (this.changed && this.status !== 'running') this.sendFrame();
  }

  private restartPace(): void {
    this.paceStart = { tick: this.run.tick, at_ms: performance.now() };
  }

  private goalTick(): number {
    if (this.pace === Infinity || this.halt.isSet) return this.run.ticks;
    const elapsed_s = (performance.now() - this.paceStart.at_ms) / 1000;
    const ticks = (elapsed_s * this.pace) / this.run.loaded.scenario.tick_s;
    return Math.min(this.paceStart.tick + Math.floor(ticks), this.run.ticks);
  }

  private slice(): void {
    if (this.discarded || this.isFinishing || this.isHeld || this.status !== 'running') return;
    const goal = this.goalTick();
    if (this.run.tick < goal) this.tempo.slice((ticks) => this.advance(Math.min(goal, this.run.tick + ticks), goal));
    if (this.run.status !== 'running') {
      void this.finish();
      return;
    }
    if (this.halt.isReached) {
      this.halt.clear();
      this.pause();
      return;
    }
    this.changed = true;
    if (performance.now() - this.sent_ms >= LEAST_FRAME_GAP_MS) this.sendFrame();
    this.sliceLater(this.run.tick >= goal ? PACED_WAIT_MS : 0);
  }

  private sliceLater(wait_ms: number): void {
    const turn = ++this.turn;
    this.later(() => turn === this.turn && this.slice(), wait_ms);
  }

  /** Runs to a tick, with a pause only where a state is to be kept; true where the slice has nothing more to do. */
  private advance(toTick: number, goal: number): boolean {
    if (this.halt.isSet) this.rewind.advance(toTick, (tick) => this.halt.advance(this.run, tick));
    else this.rewind.advance(toTick);
    return this.run.tick >= goal || this.run.status !== 'running' || this.halt.isReached;
  }

  private async finish(): Promise<void> {
    this.isFinishing = true;
    const result = await this.run.result();
    this.result = result;
    this.status = result.status;
    this.showChange();
  }

  private showChange(): void {
    this.changed = true;
    this.sendFrame();
  }

  private sendFrame(): void {
    // Nothing is told before the start: the page may already look at a part of the run.
    if (this.discarded || !this.pageIsReady || this.status === 'ready') return;
    // While the run goes on, only what it has passed can be rerun.
    if (this.status !== 'running' || this.view.until_s <= this.run.time_s) this.closeUp.look(this.view, this.recorder);
    const { run, recorder } = this;
    const { points, values } = frameOf({ run, recorder, drawn: this.closeUp.recorderFor(this.view) ?? recorder }, this.view);
    const events = this.run.events.slice(this.sentEvents);
    this.sentEvents = this.run.events.length;
    this.changed = false;
    this.pageIsReady = false;
    this.sent_ms = performance.now();
    const { runId, status, result } = this;
    this.send({ runId, status, time_s: this.run.time_s, points, values, events, ...(result === undefined ? {} : { result }) }, [
      values.buffer,
    ]);
  }
}
