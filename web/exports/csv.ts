/**
 * A run's course as CSV: provenance in remark lines, then time and every trace as it is drawn.
 * Numbers keep all their digits; text that a spreadsheet would take for a formula is made harmless.
 */
import type { KeptRun } from '../runs.ts';
import { columnsOf } from './columns.ts';
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
  const columns = columnsOf(run);
  const rows = Array.from({ length: run.frame.points }, (_, row) =>
    columns.map(({ values }) => (Number.isFinite(values[row]!) ? String(values[row]) : '')).join(','),
  );
  const remarks = Object.entries(provenanceOf(run)).map(([name, value]) => remark(name, value));
  return `${[...remarks, columns.map(({ name }) => textCell(name)).join(','), ...rows].join('\n')}\n`;
}
