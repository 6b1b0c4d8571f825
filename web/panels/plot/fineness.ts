/**
 * How fine the chart is drawn and how often, from how long the last drawing took.
 * Separate from the chart because it is the one rule that keeps the page quick while a run goes on.
 */

/** Two points a bucket: at most 2,000 points a trace. */
const MOST_BUCKETS = 1000;
const LEAST_BUCKETS = 100;
const FIRST_BUCKETS = 250;
const LONG_MS = 50;
const LEAST_REST_MS = 60;

export class Fineness {
  /** Buckets while a run goes on. */
  buckets = FIRST_BUCKETS;
  /** How long the page is left alone after a drawing. */
  rest_ms = LEAST_REST_MS;

  took(drawing_ms: number): void {
    this.rest_ms = Math.max(LEAST_REST_MS, drawing_ms * 2);
    if (drawing_ms > LONG_MS) this.buckets = Math.max(Math.floor(this.buckets * 0.7), LEAST_BUCKETS);
  }

  /** Buckets when nothing moves: one for each pixel. */
  finest(width_px: number): number {
    return Math.min(Math.max(Math.round(width_px), LEAST_BUCKETS), MOST_BUCKETS);
  }
}
