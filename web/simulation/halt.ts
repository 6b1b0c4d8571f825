/**
 * Where a run that goes on is to be held: after some ticks, or exactly at its next event.
 * Separate from the session because it alone may put a run back: an event is only known once the run has passed it.
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

  /** Advances the run to a tick, or only to where it is held. */
  advance(run: Run, until: number): void {
    const goal = Math.min(until, this.tick);
    if (this.atEvent) this.advanceToEvent(run, goal);
    else run.advance(goal);
    if (run.tick >= this.tick) this.isReached = true;
  }

  private advanceToEvent(run: Run, goal: number): void {
    const before = run.state();
    run.advance(goal);
    const first = run.events[before.eventCount];
    if (first === undefined) return;
    this.isReached = true;
    const tick = Math.round(first.time_s / run.loaded.scenario.tick_s);
    if (tick >= run.tick) return;
    run.putBack(before);
    run.advance(tick);
    // What happens at the start of a tick is told with its end.
    if (run.events.length === before.eventCount) run.advance(run.tick + 1);
  }
}
