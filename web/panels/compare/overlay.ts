/**
 * Some runs over one time axis and what the others differ by from the first, as one figure.
 * Pure: runs are drawn as they were kept, whatever the design has become since.
 */
import type { Data, Layout } from 'plotly.js-dist-min';
import type { KeptRun } from '../../runs.ts';
import { FrameReader } from '../../simulation/traces.ts';
import { WORDS } from '../../words.ts';
import { RESULT_WORDS } from '../../words/results.ts';
import { timeUnit } from '../plot/figure.ts';
import type { Palette } from '../plot/palette.ts';
import { plainText } from '../plot/plotly.ts';

/** What can be compared, with the factor to the unit that is shown. */
export const COMPARABLE = {
  highest_V: { of: (reader: FrameReader) => reader.derived('highest_V'), factor: 1, unit: 'V' },
  lowest_V: { of: (reader: FrameReader) => reader.derived('lowest_V'), factor: 1, unit: 'V' },
  current_A: { of: (reader: FrameReader) => reader.pack('current_A'), factor: 1, unit: 'A' },
  mean_soc: { of: (reader: FrameReader) => reader.pack('mean_soc'), factor: 100, unit: '%' },
  estimate_soc: { of: (reader: FrameReader) => reader.pack('estimate_soc'), factor: 100, unit: '%' },
  hottest_degC: { of: (reader: FrameReader) => reader.pack('hottest_degC'), factor: 1, unit: '°C' },
} as const;
export type Comparable = keyof typeof COMPARABLE;

/** Colour and dash together tell runs apart, so that colour is never the only sign. */
const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash'] as const;

export interface Course {
  name: string;
  time_s: Float64Array;
  values: Float64Array;
}

export function courseOf(run: KeptRun, quantity: Comparable): Course {
  const reader = new FrameReader(run.frame.values, run.plan.series, run.frame.points);
  const { of, factor } = COMPARABLE[quantity];
  return { name: run.name, time_s: reader.time_s, values: of(reader).map((value) => value * factor) };
}

/** The other course less the first, at the first's times as far as both go. */
export function differenceOf(first: Course, other: Course): { time_s: Float64Array; values: Float64Array } {
  const end = other.time_s.at(-1)!;
  const time_s = first.time_s.filter((time) => time <= end);
  let at = 0;
  const values = time_s.map((time, point) => {
    while (at < other.time_s.length - 2 && other.time_s[at + 1]! < time) at++;
    const [from, until] = [other.time_s[at]!, other.time_s[at + 1] ?? other.time_s[at]!];
    const share = until > from ? Math.min(Math.max((time - from) / (until - from), 0), 1) : 0;
    const value = other.values[at]! + share * ((other.values[at + 1] ?? other.values[at]!) - other.values[at]!);
    return value - first.values[point]!;
  });
  return { time_s, values };
}

/** Largest distance between two courses. */
export function largestDifference(first: Course, other: Course): number {
  return differenceOf(first, other).values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

export function coloursOf(palette: Palette): string[] {
  return [palette.mean, palette.high, palette.low, palette.current, palette.estimate];
}

export function overlayOf(runs: readonly KeptRun[], quantity: Comparable, palette: Palette): { data: Data[]; layout: Partial<Layout> } {
  const courses = runs.map((run) => courseOf(run, quantity));
  const duration_s = Math.max(...runs.map(({ plan }) => plan.duration_s));
  const unit = timeUnit(duration_s);
  const colours = coloursOf(palette);
  const line = (index: number) => ({ color: colours[index % colours.length], dash: DASHES[index % DASHES.length], width: 1.7 });
  const scaled = (times: Float64Array) => times.map((time) => time / unit.seconds);
  const named = (index: number, name: string) => `${index + 1} · ${plainText(name).slice(0, 60)}`;
  const first = courses[0]!;
  const data = courses.flatMap((course, index) => {
    const common = { type: 'scatter', mode: 'lines', name: named(index, course.name), line: line(index), xaxis: 'x' };
    const over = { ...common, x: scaled(course.time_s), y: course.values, yaxis: 'y' };
    if (index === 0) return [over];
    const { time_s, values } = differenceOf(first, course);
    return [over, { ...common, x: scaled(time_s), y: values, yaxis: 'y2', showlegend: false }];
  }) as Data[];
  const { unit: shown } = COMPARABLE[quantity];
  const axis = (title: string, domain: [number, number]) => ({
    title: { text: title, font: { size: 11 }, standoff: 4 },
    domain,
    gridcolor: palette.line,
    zerolinecolor: palette.inkSoft,
    tickfont: { size: 11 },
  });
  return {
    data,
    layout: {
      autosize: true,
      uirevision: quantity,
      margin: { l: 62, r: 14, t: 10, b: 38 },
      paper_bgcolor: palette.surface,
      plot_bgcolor: palette.surface,
      font: { color: palette.ink, size: 11, family: 'system-ui, sans-serif' },
      legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 },
      hovermode: 'x unified',
      hoverlabel: { bgcolor: palette.surface, bordercolor: palette.inkSoft, font: { color: palette.ink, size: 11 } },
      xaxis: {
        title: { text: WORDS.figure.time(unit.name), font: { size: 11 }, standoff: 6 },
        range: [0, duration_s / unit.seconds],
        anchor: 'y2',
        gridcolor: palette.line,
        zeroline: false,
      },
      yaxis: axis(`${RESULT_WORDS.compare.quantities[quantity]} (${shown})`, [0.36, 1]),
      yaxis2: axis(`${RESULT_WORDS.compare.difference} (${shown})`, [0, 0.3]),
    } as Partial<Layout>,
  };
}
