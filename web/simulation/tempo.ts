/**
 * Work for a slice of time, in calls of as many ticks as fit into a third of it.
 * The kernel knows no clock, so how many that are is learnt from the calls before.
 */

/** Longest time for which the kernel keeps the worker to itself. */
const SLICE_MS = 12;
const CALL_MS = 4;
const FIRST_TICKS_PER_MS = 100;
/** Shorter calls count as this long: the clock of a page is coarse, and a quiet stretch would else promise too much. */
const LEAST_MS = 1;

export class Tempo {
  private ticksPerMs = FIRST_TICKS_PER_MS;

  /** Calls `advance` with a number of ticks until it says that it is done, or until the slice is over; tells which. */
  slice(advance: (ticks: number) => boolean): boolean {
    const started = performance.now();
    let now = started;
    while (now - started < SLICE_MS) {
      const ticks = Math.max(Math.floor(CALL_MS * this.ticksPerMs), 1);
      const before = now;
      if (advance(ticks)) return true;
      now = performance.now();
      this.ticksPerMs = ticks / Math.max(now - before, LEAST_MS);
    }
    return false;
  }
}
