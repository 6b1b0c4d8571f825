/**
 * A frame as the traces and axes of one figure: voltages, current, temperature and charge over one time axis.
 * Pure: the same frame, palette and mark give the same figure.
 */
import type { Config, Data, Layout } from 'plotly.js-dist-min';
import type { EventName } from '../../../domain/events.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { RunEvent } from '../../../engine/events.ts';
import { valueOf } from '../../document.ts';
import type { Frame, RunPlan } from '../../simulation/protocol.ts';
import { FrameReader } from '../../simulation/traces.ts';
import { WORDS } from '../../words.ts';
import { describe } from '../events/describe.ts';
import { leastSpanOf } from './leastSpans.ts';
import { AXES, AXIS_NAMES, type AxisId, type AxisName, domainsOf } from './axes.ts';
import { laneRange, lanesOf } from './lanes.ts';
import { cellColour, type Palette } from './palette.ts';
import { plainText } from './plotly.ts';

export interface FigureRequest {
  frame: Frame;
  plan: RunPlan;
  events: readonly RunEvent[];
  palette: Palette;
  title: string;
  mark: RunEvent | undefined;
  /** Cells side by side have voltages of their own: their range is drawn, and no line for each group. */
  cellsDiffer: boolean;
  /** The part of the run that is shown. */
  view: { from_s: number; until_s: number };
  /** Height of the whole figure in pixels. */
  height_px: number;
  /** All of them where nothing is said. */
  axes?: readonly AxisName[];
}

export interface TimeUnit {
  name: string;
  seconds: number;
}

const words = WORDS.figure;
const PERCENT = 100;
const MILLIVOLTS = 1000;
const FONT_SIZE = 11;
/** Room that the figure beside a tick takes. */
const TICK_ROOM_PX = 15;
const FORMATS = { voltage: '.4~f', difference: '.4~r', current: '.4~r', temperature: '.4~r', soc: '.4~r', lanes: '' } as const;
/** Room around the axes; what lies over the chart counts with it. */
export const MARGIN = { l: 62, r: 14, t: 24, b: 36 } as const;
/** Events whose limit lies on an axis of the figure, with what turns the limit into a value on it. */
export const LIMITS: Partial<Record<EventName, { axis: AxisId; factor: number }>> = {
  overCharge: { axis: 'y', factor: 1 },
  overChargeHold: { axis: 'y', factor: 1 },
  overChargeAbsolute: { axis: 'y', factor: 1 },
  overDischarge: { axis: 'y', factor: 1 },
  overDischargeHold: { axis: 'y', factor: 1 },
  overDischargeAbsolute: { axis: 'y', factor: 1 },
  overChargeCurrent: { axis: 'y2', factor: 1 },
  chargerEnded: { axis: 'y2', factor: 1 },
  overDischargeCurrent: { axis: 'y2', factor: -1 },
  highTemperature: { axis: 'y3', factor: 1 },
  lowTemperatureCharge: { axis: 'y3', factor: 1 },
  lowTemperatureDischarge: { axis: 'y3', factor: 1 },
  lowSoc: { axis: 'y4', factor: PERCENT },
  cellDifference: { axis: 'y6', factor: MILLIVOLTS },
};

/** The unit in which a run of this length reads best. */
export function timeUnit(duration_s: number): TimeUnit {
  if (duration_s >= 10_800) return { name: 'h', seconds: 3600 };
  return duration_s >= 300 ? { name: 'min', seconds: 60 } : { name: 's', seconds: 1 };
}

interface LineOptions {
  axis: AxisId;
  colour: string;
  width?: number;
  dash?: 'solid' | 'dot' | 'dash';
  template?: string;
  customdata?: Float64Array;
  fillTo?: boolean;
}

function lineOf(x: Float64Array, y: Float64Array, name: string, options: LineOptions): Data {
  const { axis, colour, width = 1.5, dash = 'solid', template, customdata, fillTo = false } = options;
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y,
    xaxis: 'x',
    yaxis: axis,
    line: { color: colour, width, dash },
    ...(fillTo ? { fill: 'tonexty', fillcolor: translucent(colour) } : {}),
    ...(customdata === undefined ? {} : { customdata }),
    ...(template === undefined ? { hoverinfo: 'skip' } : { hovertemplate: `${name} ${template}<extra></extra>` }),
  } as Data;
}

function translucent(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.18)');
}

/** Only resistances between cells side by side let their voltages differ. */
export function cellsDiffer({ parallel }: RunPlan, document: Json): boolean {
  return parallel > 1 && Number(valueOf(document, 'pack.tab_Ohm') ?? 0) > 0;
}

function tracesOf({ frame, plan, palette, cellsDiffer: isBand }: FigureRequest): Data[] {
  const reader = new FrameReader(frame.values, plan.series, frame.points);
  const unit = timeUnit(plan.duration_s);
  const x = reader.time_s.map((time) => time / unit.seconds);
  const cells = Array.from({ length: isBand ? 0 : plan.series }, (_, index) =>
    lineOf(x, reader.cell(index), words.cell(index + 1), { axis: 'y', colour: cellColour(index, plan.series, palette.isDark), width: 1 }),
  );
  const volts = '%{y:.3f} V (Cell %{customdata})';
  const { low, high, current, mean, estimate } = palette;
  const charge = (name: 'lowest_soc' | 'mean_soc' | 'highest_soc' | 'estimate_soc') => reader.pack(name).map((value) => value * PERCENT);
  const percent = '%{y:.1f} %';
  const degrees = '%{y:.1f} °C';
  // The list under the crosshair begins with the last one; each fill reaches to the line before it.
  return [
    lineOf(x, charge('lowest_soc'), words.lowestSoc, { axis: 'y4', colour: low, width: 1, template: percent }),
    lineOf(x, charge('highest_soc'), words.highestSoc, { axis: 'y4', colour: high, width: 1, template: percent, fillTo: true }),
    lineOf(x, charge('mean_soc'), words.meanSoc, { axis: 'y4', colour: mean, template: percent }),
    ...(plan.hasUnit
      ? [lineOf(x, charge('estimate_soc'), words.estimate, { axis: 'y4', colour: estimate, width: 2, dash: 'dot', template: percent })]
      : []),
    lineOf(x, reader.pack('coldest_degC'), words.coldest, { axis: 'y3', colour: low, template: degrees }),
    lineOf(x, reader.pack('hottest_degC'), words.hottest, { axis: 'y3', colour: high, template: degrees, fillTo: true }),
    lineOf(x, reader.pack('current_A'), words.packCurrent, { axis: 'y2', colour: current, template: '%{y:.2f} A' }),
    lineOf(x, differenceOf(reader), words.difference, { axis: 'y6', colour: palette.mean, width: 1.2, template: '%{y:.1f} mV' }),
    ...cells,
    lineOf(x, reader.derived('lowest_V'), words.lowestCell, {
      axis: 'y',
      colour: low,
      template: volts,
      customdata: reader.derived('lowestCell'),
    }),
    lineOf(x, reader.derived('highest_V'), words.highestCell, {
      axis: 'y',
      colour: high,
      template: volts,
      customdata: reader.derived('highestCell'),
      fillTo: isBand,
    }),
  ];
}

/** Highest less lowest cell at every drawn point. */
function differenceOf(reader: FrameReader): Float64Array {
  const low = reader.derived('lowest_V');
  return reader.derived('highest_V').map((high, point) => (high - low[point]!) * MILLIVOLTS);
}

/** Relays, alarms, balancing and faults as broad lines, one lane each. */
function laneTraces({ plan, frame, events, palette }: FigureRequest): Data[] {
  const { seconds } = timeUnit(plan.duration_s);
  return lanesOf(events, frame.time_s, plan.hasUnit).map(({ name, colour, spans }, index, { length }) => {
    const y = length - index;
    return {
      type: 'scatter',
      mode: 'lines',
      name,
      x: spans.flatMap(({ from_s, until_s }) => [from_s / seconds, until_s / seconds, null]),
      y: spans.flatMap(() => [y, y, null]),
      xaxis: 'x',
      yaxis: AXES.lanes.id,
      line: { color: palette[colour], width: 6 },
      hoverinfo: 'skip',
    } as Data;
  });
}

/** The limit of the marked event as a line over the whole run, so that its axis makes room for it. */
function limitOf(mark: RunEvent | undefined, plan: RunPlan, palette: Palette): Data[] {
  const place = mark === undefined ? undefined : LIMITS[mark.code];
  if (mark === undefined || mark.limit === null || place === undefined) return [];
  const level = mark.limit * place.factor;
  const ends = Float64Array.of(0, plan.duration_s / timeUnit(plan.duration_s).seconds);
  return [lineOf(ends, Float64Array.of(level, level), words.limit, { axis: place.axis, colour: palette.mark, dash: 'dash' })];
}

function markOf({ mark, plan, palette, view }: FigureRequest): Pick<Partial<Layout>, 'shapes' | 'annotations'> {
  if (mark === undefined) return { shapes: [], annotations: [] };
  const x = mark.time_s / timeUnit(plan.duration_s).seconds;
  const isLate = mark.time_s > (view.from_s + view.until_s) / 2;
  return {
    shapes: [{ type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1, line: { color: palette.mark, width: 1.5 } }],
    annotations: [
      {
        x,
        y: 1,
        xref: 'x',
        yref: 'paper',
        xanchor: isLate ? 'right' : 'left',
        yanchor: 'bottom',
        showarrow: false,
        text: plainText(describe(mark).sentence),
        font: { color: palette.mark, size: FONT_SIZE },
      },
    ],
  };
}

function axisOf(name: AxisName, domain: readonly [number, number], data: readonly Data[], request: FigureRequest): object {
  const { palette, height_px, plan } = request;
  const include = leastSpanOf(data, AXES[name].id);
  const room_px = (domain[1] - domain[0]) * (height_px - MARGIN.t - MARGIN.b);
  return {
    title: { text: words.axes[name], font: { size: FONT_SIZE }, standoff: 4 },
    domain: [...domain],
    anchor: 'x',
    fixedrange: true,
    gridcolor: palette.line,
    zerolinecolor: palette.inkSoft,
    zeroline: name === 'current',
    nticks: Math.min(Math.max(Math.floor(room_px / TICK_ROOM_PX), 2), 6),
    tickformat: FORMATS[name],
    tickfont: { size: FONT_SIZE },
    automargin: false,
    ...(include === undefined ? {} : { autorangeoptions: { include } }),
    ...(name === 'difference' ? { rangemode: 'tozero' } : {}),
    ...(name === 'lanes' ? laneAxis(plan.hasUnit) : {}),
  };
}

/** Names in the place of figures, the first lane on top. */
function laneAxis(hasUnit: boolean): object {
  const names = lanesOf([], 0, hasUnit).map(({ name }) => name);
  return {
    title: { text: '' },
    range: laneRange(names.length),
    tickvals: names.map((_, index) => names.length - index),
    ticktext: names,
    tickfont: { size: 9.5 },
    tickformat: undefined,
    nticks: undefined,
    showgrid: false,
  };
}

/** Shown axes by the library's names; the time axis stands under the lowest. */
function axesOf(shown: readonly AxisName[], data: readonly Data[], request: FigureRequest): Record<string, object> {
  const domains = domainsOf(shown);
  return Object.fromEntries(shown.map((name) => [AXES[name].id.replace('y', 'yaxis'), axisOf(name, domains.get(name)!, data, request)]));
}

function layoutOf(request: FigureRequest, data: readonly Data[]): Partial<Layout> {
  const { plan, palette, title, mark, view } = request;
  const shown = request.axes ?? AXIS_NAMES;
  const unit = timeUnit(plan.duration_s);
  return {
    uirevision: plan.runId,
    autosize: true,
    showlegend: false,
    margin: { ...MARGIN },
    paper_bgcolor: palette.surface,
    plot_bgcolor: palette.surface,
    font: { color: palette.ink, size: FONT_SIZE, family: 'system-ui, sans-serif' },
    // What is marked is named in the title's line.
    title: {
      text: mark === undefined ? plainText(title) : '',
      x: 0,
      xref: 'paper',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      pad: { t: 7 },
      font: { size: 12 },
    },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: palette.inkSoft, activecolor: palette.ink },
    hovermode: 'x unified',
    hoversubplots: 'axis',
    hoverlabel: { bgcolor: palette.surface, bordercolor: palette.inkSoft, font: { color: palette.ink, size: FONT_SIZE } },
    dragmode: 'zoom',
    xaxis: {
      title: { text: words.time(unit.name), standoff: 6, font: { size: FONT_SIZE } },
      range: [view.from_s / unit.seconds, view.until_s / unit.seconds],
      anchor: AXES[shown.at(-1)!].id,
      gridcolor: palette.line,
      zeroline: false,
      showspikes: true,
      spikemode: 'across',
      spikesnap: 'cursor',
      spikethickness: 1,
      spikedash: 'solid',
      spikecolor: palette.inkSoft,
      unifiedhovertitle: { text: `%{x:.3~f} ${unit.name}` },
    },
    ...axesOf(shown, data, request),
    ...markOf(request),
  } as Partial<Layout>;
}

/** What the library is told: nothing leaves the page, nothing is advertised. */
export const CONFIG: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  showTips: false,
  // The page shows the whole run itself; the library would go back to where the window was opened.
  doubleClick: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  toImageButtonOptions: { format: 'png', filename: 'packbench', scale: 2 },
};

/** The lines of the axes that are shown. */
export function dataOf(request: FigureRequest): Data[] {
  return shownOf(linesOf(request), request);
}

const linesOf = (request: FigureRequest) => [
  ...tracesOf(request),
  ...laneTraces(request),
  ...limitOf(request.mark, request.plan, request.palette),
];

function shownOf(data: readonly Data[], { axes = AXIS_NAMES }: FigureRequest): Data[] {
  const ids: readonly string[] = axes.map((name) => AXES[name].id);
  return data.filter((trace) => ids.includes((trace as { yaxis: string }).yaxis));
}

export function figureOf(request: FigureRequest): { data: Data[]; layout: Partial<Layout> } {
  const data = linesOf(request);
  return { data: shownOf(data, request), layout: layoutOf(request, data) };
}
