/**
 * A run's course as CSV: provenance in remark lines, then time and every trace as it is drawn.
 * Numbers keep all their digits; text that a spreadsheet would take for a formula is made harmless.
 */
import { PACK_TRACES } from '../../domain/memoryRecorder.ts';
import type { KeptRun } from '../runs.ts';
import { FrameReader } from '../simulation/traces.ts';
import { provenanceOf } from './provenance.ts';

/** Characters that make a spreadsheet take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function textCell(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** A remark stays one line, whatever the text holds. */
function remark(name: string, value: string): string {
  return `# ${name}: ${value.replace(/[\r\n\u2028\u2029]+/g, ' ')}`;
}

export function csvOf(run: KeptRun): string {
  const { plan, frame } = run;
  const reader = new FrameReader(frame.values, plan.series, frame.points);
  const columns: [string, Float64Array][] = [
    ['time_s', reader.time_s],
    ...Array.from({ length: plan.series }, (_, group): [string, Float64Array] => [`cell.voltage_V[${group}]`, reader.cell(group)]),
    ...PACK_TRACES.map((name): [string, Float64Array] => [name, reader.pack(name)]),
  ];
  const rows = Array.from({ length: frame.points }, (_, row) =>
    columns.map(([, values]) => (Number.isFinite(values[row]!) ? String(values[row]) : '')).join(','),
  );
  const remarks = Object.entries(provenanceOf(run)).map(([name, value]) => remark(name, value));
  return `${[...remarks, columns.map(([name]) => textCell(name)).join(','), ...rows].join('\n')}\n`;
}
