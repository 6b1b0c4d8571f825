/**
 * How fast a run goes: simulated seconds per second over about the last second.
 * Separate from the store because it keeps its own past and nothing shows it.
 */

const WINDOW_MS = 1000;

export class Stopwatch {
  private marks: { at_ms: number; time_s: number }[] = [];

  /** Starts to measure anew from a simulated time. */
  restart(time_s: number): void {
    this.marks = [{ at_ms: performance.now(), time_s }];
  }

  speedAt(time_s: number): number {
    const at_ms = performance.now();
    this.marks.push({ at_ms, time_s });
    while (this.marks.length > 2 && at_ms - this.marks[1]!.at_ms > WINDOW_MS) this.marks.shift();
    const first = this.marks[0]!;
    return at_ms > first.at_ms ? ((time_s - first.time_s) * 1000) / (at_ms - first.at_ms) : 0;
  }
}
