/**
 * What a CSV file offers as a profile: the columns of its first line, and a source that fits them.
 * Whether its numbers are good is the engine's business and told when a run is opened.
 */
import type { JsonObject } from './document.ts';

const FIRST_BYTES = 4096;
const SEPARATORS = [',', ';', '\t'] as const;

function firstLine(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, FIRST_BYTES));
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/, 1)[0] ?? '';
}

/** Names of the columns under a separator as the scenario writes it. */
export function columnsOf(bytes: Uint8Array, separator: string): string[] {
  return firstLine(bytes)
    .split(separator === 'tab' ? '\t' : separator)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '');
}

/** A source for a new file; what cannot be told from the header is left for the user to choose. */
export function profileFor(csv: string, bytes: Uint8Array): JsonObject {
  const header = firstLine(bytes);
  const found = SEPARATORS.find((separator) => header.includes(separator)) ?? ',';
  const separator = found === '\t' ? 'tab' : found;
  const columns = columnsOf(bytes, separator);
  const column = columns.find((name) => /_[AW]$/.test(name)) ?? '';
  const timeColumn = columns.find((name) => name === 'time_s') ?? columns[0] ?? 'time_s';
  return { csv, column, timeColumn, interpolation: 'linear', ...(separator === ',' ? {} : { separator }) };
}
