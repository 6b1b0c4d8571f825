/**
 * Where a run that goes on is to be held: after some ticks, or exactly at its next event.
 * Separate from the session because the pace does not count meanwhile.
 */
import type { Run } from '../../engine/run.ts';

export class Halt {
  private tick = Infinity;
  private atEvent = false;
  /** The run stands where it was to be held. */
  isReached = false;

  clear(): void {
    this.tick = Infinity;
    this.atEvent = false;
    this.isReached = false;
  }

  setTick(tick: number): void {
    this.clear();
    this.tick = tick;
  }

  setNextEvent(): void {
    this.clear();
    this.atEvent = true;
  }

  /** True while the pace does not count. */
  get isSet(): boolean {
    return this.atEvent || this.tick < Infinity;
  }

  /** Advances the run to a tick, or only to where it is held; true where it is held. */
  advance(run: Run, until: number): boolean {
    const goal = Math.min(until, this.tick);
    if (this.atEvent) this.isReached = run.advanceToEvent(goal);
    else run.advance(goal);
    if (run.tick >= this.tick) this.isReached = true;
    return this.isReached;
  }
}
