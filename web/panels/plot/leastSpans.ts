/**
 * Axes keep a least span, so that the last digits of a pack at rest do not fill the chart as if something happened.
 * It is separate because it looks at what is drawn, and the figure only at what there is to draw.
 */
import type { Data } from 'plotly.js-dist-min';
import type { AxisId } from './axes.ts';

/** In the units of the axes: V, mV, A, degC, %. */
const LEAST_SPANS: Partial<Record<AxisId, number>> = { y: 0.02, y6: 5, y2: 1, y3: 2, y4: 2 };

interface Drawn {
  yaxis: string;
  y: ArrayLike<number | null>;
}

/** Values that an axis has to reach in any case; undefined where the curves span enough by themselves. */
export function leastSpanOf(traces: readonly Data[], axis: AxisId): [number, number] | undefined {
  const span = LEAST_SPANS[axis];
  if (span === undefined) return undefined;
  let low = Infinity;
  let high = -Infinity;
  for (const { yaxis, y } of traces as readonly Drawn[]) {
    if (yaxis !== axis) continue;
    for (let point = 0; point < y.length; point++) {
      const value = y[point];
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high - low < span)) return undefined;
  const middle = (low + high) / 2;
  return [middle - span / 2, middle + span / 2];
}
