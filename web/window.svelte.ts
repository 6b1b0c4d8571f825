/**
 * The part of the run that the chart shows, and whether its cursors are out.
 * A part of the store, so that pointer, keys and links move the same window.
 */
import type { RunPlan } from './simulation/protocol.ts';

export interface Span {
  from_s: number;
  until_s: number;
}

/** Shorter than a few ticks there is nothing to see. */
const LEAST_TICKS = 4;

export class ChartWindow {
  /** Undefined while the whole run is shown; without a run's number it waits for the next one. */
  private zoomed = $state.raw<(Span & { runId: number | undefined }) | undefined>();
  hasCursors = $state(false);

  constructor(private readonly plan: () => RunPlan | undefined) {}

  toggleCursors(): void {
    this.hasCursors = !this.hasCursors;
  }

  private get own(): Span | undefined {
    return this.zoomed !== undefined && this.zoomed.runId === this.plan()?.runId ? this.zoomed : undefined;
  }

  get isZoomed(): boolean {
    return this.own !== undefined;
  }

  /** What is shown where it is not the whole run. */
  get part(): Span | undefined {
    return this.isZoomed ? this.shown : undefined;
  }

  get shown(): Span {
    const { from_s = 0, until_s = this.plan()?.duration_s ?? 0 } = this.own ?? {};
    return { from_s, until_s };
  }

  /** Shows a part of the run; the whole of it is no part. */
  show({ from_s, until_s }: Span): void {
    const plan = this.plan();
    if (plan === undefined || !(until_s > from_s)) return;
    const isWhole = from_s <= 0 && until_s >= plan.duration_s;
    this.zoomed = isWhole ? undefined : { runId: plan.runId, from_s, until_s };
  }

  showAll(): void {
    this.zoomed = undefined;
  }

  /** What the next run is to show. */
  wish(span: Span | undefined): void {
    this.zoomed = span === undefined ? undefined : { ...span, runId: undefined };
  }

  /** A run has been opened; a wish is for it. */
  follow({ runId, duration_s }: RunPlan): void {
    const { zoomed } = this;
    if (zoomed === undefined || zoomed.runId !== undefined) return;
    const until_s = Math.min(zoomed.until_s, duration_s);
    this.zoomed = zoomed.from_s >= 0 && zoomed.from_s < until_s ? { runId, from_s: zoomed.from_s, until_s } : undefined;
  }

  /** A part of another length around the same middle. */
  magnify(factor: number): void {
    const plan = this.plan();
    if (plan === undefined) return;
    const { from_s, until_s } = this.shown;
    const length = Math.min(Math.max((until_s - from_s) * factor, LEAST_TICKS * plan.tick_s), plan.duration_s);
    this.showFrom((from_s + until_s - length) / 2, length);
  }

  /** A part of the same length, later by a share of it. */
  move(share: number): void {
    const { from_s, until_s } = this.shown;
    this.showFrom(from_s + share * (until_s - from_s), until_s - from_s);
  }

  private showFrom(start_s: number, length_s: number): void {
    const from_s = Math.min(Math.max(start_s, 0), (this.plan()?.duration_s ?? 0) - length_s);
    this.show({ from_s, until_s: from_s + length_s });
  }
}
