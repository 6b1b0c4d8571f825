/**
 * How fine the chart is drawn and how often, from how long drawing took.
 * Separate from the chart because it is the one rule that keeps the page quick while a run goes on.
 */

/** Two points a bucket: at most 2,000 points a trace. */
const MOST_BUCKETS = 1000;
const LEAST_BUCKETS = 100;
const FIRST_BUCKETS = 250;
const LONG_MS = 20;
const LEAST_REST_MS = 60;
/** Setting out axes anew may take this part of the time, within limits: lines that leave their axes are cut off until then. */
const FIGURE_SHARE = 0.1;
const FIGURE_GAP_MS = { least: 400, most: 1500 } as const;

export class Fineness {
  /** Buckets while a run goes on. */
  buckets = FIRST_BUCKETS;
  /** How long the page is left alone after lines were drawn. */
  rest_ms = LEAST_REST_MS;
  private nextFigure_ms = 0;

  /** Lines were drawn. */
  took(drawing_ms: number): void {
    this.rest_ms = Math.max(LEAST_REST_MS, drawing_ms * 2);
    if (drawing_ms > LONG_MS) this.buckets = Math.max(Math.floor(this.buckets * 0.7), LEAST_BUCKETS);
  }

  /** The whole figure was set out. */
  tookFigure(drawing_ms: number, now_ms: number): void {
    const { least, most } = FIGURE_GAP_MS;
    this.nextFigure_ms = now_ms + Math.min(Math.max(drawing_ms / FIGURE_SHARE, least), most);
  }

  /** Whether a run that goes on may have its figure set out anew. */
  mayDrawFigure(now_ms: number): boolean {
    return now_ms >= this.nextFigure_ms;
  }

  /** Buckets when nothing moves: one for each pixel. */
  finest(width_px: number): number {
    return Math.min(Math.max(Math.round(width_px), LEAST_BUCKETS), MOST_BUCKETS);
  }
}
