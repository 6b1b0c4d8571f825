/**
 * The lines of a pack that runs, drawn on a canvas over the chart, on the axes that the library has set out.
 * The library sets out the whole figure anew for each change of a line, and the page hears of nothing meanwhile; this takes a tenth of the time.
 */
import type { Data } from 'plotly.js-dist-min';
import { AXES, type AxisId, type AxisName, domainsOf } from './axes.ts';
import { MARGIN } from './figure.ts';

/** What both ways of drawing need to know of a line. */
interface Line {
  x: ArrayLike<number | null>;
  y: ArrayLike<number | null>;
  yaxis: AxisId;
  line: { color: string; width: number; dash?: 'solid' | 'dot' | 'dash' };
  fill?: string;
  fillcolor?: string;
}

type Range = readonly [number, number];

/** Where an axis lies, in pixels, and the values at its lower and upper end. */
interface Panel {
  top: number;
  height: number;
  range: Range;
}

/** The axes as they were last set out. */
export interface Field {
  /** Of the whole chart. */
  size: { width: number; height: number };
  left: number;
  width: number;
  range: Range;
  panels: ReadonlyMap<AxisId, Panel>;
}

/** As the library draws them. */
const DASHES = { solid: [], dot: [3, 3], dash: [9, 9] } as const;
const MITER_LIMIT = 2;

/** Reads the axes from the layout that the library has filled in; undefined where one of them is not yet there. */
export function fieldOf(layout: object, axes: readonly AxisName[], width: number, height: number): Field | undefined {
  const rangeOf = (axis: string) => (layout as Record<string, { range?: Range } | undefined>)[axis]?.range;
  const range = rangeOf('xaxis');
  const room = height - MARGIN.t - MARGIN.b;
  const panels = new Map<AxisId, Panel>();
  for (const [name, [low, high]] of domainsOf(axes)) {
    const { id } = AXES[name];
    const own = rangeOf(id.replace('y', 'yaxis'));
    if (own !== undefined) panels.set(id, { top: MARGIN.t + (1 - high) * room, height: (high - low) * room, range: own });
  }
  if (range === undefined || panels.size < axes.length) return undefined;
  return { size: { width, height }, left: MARGIN.l, width: width - MARGIN.l - MARGIN.r, range, panels };
}

/** Whether every value lies on its axis. */
export function fits(data: readonly Data[], { panels }: Field): boolean {
  return (data as readonly Line[]).every(({ y, yaxis }) => {
    const [low, high] = panels.get(yaxis)!.range;
    for (let point = 0; point < y.length; point++) {
      const value = y[point];
      if (typeof value === 'number' && (value < low || value > high)) return false;
    }
    return true;
  });
}

/** Draws the lines in the place of those that stand there. */
export function drawLines(canvas: HTMLCanvasElement, data: readonly Data[], field: Field): void {
  const ratio = devicePixelRatio;
  const [width, height] = [Math.round(field.size.width * ratio), Math.round(field.size.height * ratio)];
  // Setting a size, even the same, takes new memory.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, field.size.width, field.size.height);
  context.miterLimit = MITER_LIMIT;
  for (const [axis, panel] of field.panels) {
    const lines = (data as readonly Line[]).filter(({ yaxis }) => yaxis === axis);
    context.save();
    context.beginPath();
    context.rect(field.left, panel.top, field.width, panel.height);
    context.clip();
    lines.forEach((line, place) => drawLine(context, line, lines[place - 1], field, panel));
    context.restore();
  }
}

function drawLine(context: CanvasRenderingContext2D, line: Line, before: Line | undefined, field: Field, panel: Panel): void {
  const { color, width, dash = 'solid' } = line.line;
  if (line.fill === 'tonexty' && before !== undefined) {
    const area = new Path2D();
    trace(area, line, field, panel);
    trace(area, before, field, panel, true);
    context.fillStyle = line.fillcolor!;
    context.fill(area);
  }
  const path = new Path2D();
  trace(path, line, field, panel);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(DASHES[dash]!);
  context.stroke(path);
}

/** Leads a path along a line; backwards it goes on from where the path is. */
function trace(path: Path2D, { x, y }: Line, field: Field, panel: Panel, isBackwards = false): void {
  const perX = field.width / (field.range[1] - field.range[0]);
  const perY = panel.height / (panel.range[1] - panel.range[0]);
  let isDown = isBackwards;
  for (let point = 0; point < x.length; point++) {
    const place = isBackwards ? x.length - 1 - point : point;
    const [at, value] = [x[place], y[place]];
    if (typeof at !== 'number' || typeof value !== 'number' || Number.isNaN(value)) {
      isDown = false;
      continue;
    }
    const left = field.left + (at - field.range[0]) * perX;
    const top = panel.top + (panel.range[1] - value) * perY;
    if (isDown) path.lineTo(left, top);
    else path.moveTo(left, top);
    isDown = true;
  }
}
