/**
 * Simulated time held to the clock on the wall, at a speed.
 * It is separate because here alone a result meets the clock: what is sent never depends on it, only when.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const MILLISECONDS_PER_SECOND = 1000;
/**
 * A write that comes later than this moves everything behind it by as much; one that is less late moves nothing.
 * So after a pause of the machine the line goes on and does not rush, and two writes never come closer than their distance less this.
 */
const MOST_LATE_MS = 100;

export interface Clock {
  now_ms(): number;
  sleep(ms: number): Promise<unknown>;
}

const WALL: Clock = { now_ms: () => performance.now(), sleep };

export class Pace {
  private origin_ms: number;

  /** Simulated time 0 is now. */
  constructor(
    private readonly speed: number,
    private readonly clock: Clock = WALL,
  ) {
    this.origin_ms = clock.now_ms();
  }

  /** Resolves when a simulated time has come. */
  async until(time_s: number): Promise<void> {
    const due_ms = this.origin_ms + (time_s * MILLISECONDS_PER_SECOND) / this.speed;
    const wait_ms = due_ms - this.clock.now_ms();
    if (wait_ms > 0) await this.clock.sleep(wait_ms);
    const late_ms = this.clock.now_ms() - due_ms;
    if (late_ms > MOST_LATE_MS) this.origin_ms += late_ms;
  }
}
