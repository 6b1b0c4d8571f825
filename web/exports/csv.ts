/**
 * A run's course as CSV: provenance in remark lines, then time and every trace.
 * Numbers keep all their digits; text that a spreadsheet would take for a formula is made harmless.
 */
import type { Column } from './columns.ts';

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

/** What stands above the rows. */
export function csvHead(provenance: Record<string, string>, names: readonly string[]): string {
  const remarks = Object.entries(provenance).map(([name, value]) => remark(name, value));
  return `${[...remarks, names.map(textCell).join(',')].join('\n')}\n`;
}

export function csvRows(columns: readonly Column[]): string {
  const length = columns[0]?.values.length ?? 0;
  const rows = Array.from({ length }, (_, row) =>
    columns.map(({ values }) => (Number.isFinite(values[row]!) ? String(values[row]) : '')).join(','),
  );
  return `${rows.join('\n')}\n`;
}
