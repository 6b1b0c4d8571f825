/**
 * A profile from CSV text: one time column and one value column, every cell checked.
 * Errors name the cell as a spreadsheet does (column letter, row number) and list the first five that are wrong.
 */
import Papa from 'papaparse';
import { InputError, shown } from '../domain/errors.ts';
import { PROFILE_LIMITS } from '../domain/profileLimits.ts';
import type { Table } from '../domain/scenario/equipment.ts';
import type { ProfileSource } from '../domain/scenario/schema.ts';

/** A time column and a value column. */
export interface Rows {
  time_s: Float64Array;
  value: Float64Array;
}

export interface Profile extends Rows {
  quantity: 'current' | 'power';
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const LONGEST_NUMBER = 40;
const LISTED = 5;

type Spec = Omit<Table, 'csv'>;

/** Spreadsheet name of a cell: column 0, row 1 is A1. */
function cellName(column: number, row: number): string {
  const letters =
    column < 26
      ? String.fromCharCode(65 + column)
      : String.fromCharCode(64 + Math.floor(column / 26)) + String.fromCharCode(65 + (column % 26));
  return `${letters}${row}`;
}

class Problems {
  private readonly lines: string[] = [];
  private total = 0;
  private first: { row: number; value: unknown } | undefined;

  constructor(
    private readonly file: string,
    private readonly code: string,
  ) {}

  add(row: number, text: string, value: unknown): void {
    this.first ??= { row, value };
    if (this.total++ < LISTED) this.lines.push(text);
  }

  throwIfAny(allowed: string): void {
    if (this.first === undefined) return;
    const more = this.total > LISTED ? ` and ${this.total - LISTED} more` : '';
    throw new InputError({
      code: this.code,
      file: this.file,
      line: this.first.row,
      value: this.first.value,
      message: `${this.lines.join('; ')}${more}`,
      allowed,
    });
  }
}

function refuse(file: string, code: string, message: string, allowed?: string, line?: number): never {
  throw new InputError({ code, file, message, allowed, line });
}

function checkSize(text: string, file: string): void {
  if (text.length > PROFILE_LIMITS.bytes)
    refuse(file, 'too_large', `the file has ${text.length} characters`, `at most ${PROFILE_LIMITS.bytes}`);
  let start = 0;
  for (let line = 1; start <= text.length; line++) {
    const end = text.indexOf('\n', start);
    const length = (end < 0 ? text.length : end) - start;
    if (length > PROFILE_LIMITS.lineLength)
      refuse(file, 'too_large', `line ${line} has ${length} characters`, `at most ${PROFILE_LIMITS.lineLength}`, line);
    if (end < 0) return;
    start = end + 1;
  }
}

/** The rows that hold something, each with its number in the file. */
interface CsvRows {
  header: string[];
  cells: string[][];
  numbers: number[];
}

function rowsOf(text: string, spec: Spec, file: string): CsvRows {
  const delimiter = spec.separator === 'tab' ? '\t' : spec.separator;
  const parsed = Papa.parse<string[]>(text.startsWith('\ufeff') ? text.slice(1) : text, {
    delimiter,
    skipEmptyLines: false,
    header: false,
    preview: PROFILE_LIMITS.rows + 3,
  });
  const quote = parsed.errors.find((error) => error.type === 'Quotes');
  if (quote !== undefined) refuse(file, 'syntax', 'a quoted cell is not closed', 'closed quotes', (quote.row ?? 0) + 1);
  const filled = parsed.data
    .map((cells, index) => ({ cells, number: index + 1 }))
    .filter(({ cells }) => cells.length > 1 || cells[0]!.trim() !== '');
  if (filled.length > PROFILE_LIMITS.rows + 1) refuse(file, 'too_large', 'the file has too many rows', `at most ${PROFILE_LIMITS.rows}`);
  const [header, ...body] = filled;
  if (header === undefined) refuse(file, 'empty', 'the file is empty', 'a header and at least one row');
  return { header: header.cells, cells: body.map(({ cells }) => cells), numbers: body.map(({ number }) => number) };
}

function columnOf(header: string[], name: string, path: string, file: string, spec: Spec): number {
  const index = header.findIndex((cell) => cell.trim() === name);
  if (index >= 0) return index;
  if (header.length === 1 && spec.separator === ',' && header[0]!.includes(';')) {
    refuse(
      file,
      'separator',
      'the columns seem to be separated by ";"',
      'say so in the scenario: "separator": ";", and "decimal": "," where numbers have a comma',
      1,
    );
  }
  throw new InputError({
    code: 'column',
    file,
    line: 1,
    path,
    value: name,
    message: `there is no column ${shown(name)}`,
    allowed: header
      .slice(0, 20)
      .map((cell) => shown(cell.trim()))
      .join(', '),
  });
}

function parseNumber(cell: string, decimal: '.' | ','): number | undefined {
  const text = decimal === ',' ? cell.replace(',', '.') : cell;
  return text.length <= LONGEST_NUMBER && NUMBER.test(text) && (decimal === '.' || !cell.includes('.')) ? Number(text) : undefined;
}

/** Cells of one column as numbers; blanks are NaN where they may be interpolated. */
function columnValues(rows: CsvRows, column: number, spec: Spec, file: string, limits: { most: number; blanks: boolean }): Float64Array {
  const problems = new Problems(file, 'cell');
  const values = rows.cells.map((cells, index) => {
    const cell = (cells[column] ?? '').trim();
    if (cell === '' && limits.blanks) return NaN;
    const value = parseNumber(cell, spec.decimal);
    if (value !== undefined && Math.abs(value) <= limits.most) return value;
    const number = rows.numbers[index]!;
    problems.add(number, `cell ${cellName(column, number)} is ${cell === '' ? 'empty' : shown(cell)}`, cell);
    return NaN;
  });
  const comma = spec.decimal === ',' ? ' (with a comma)' : '';
  problems.throwIfAny(
    `numbers such as -1.5${comma} up to ${limits.most}${limits.blanks ? '' : '; "blanks": "interpolate" fills empty cells of the value column'}`,
  );
  return Float64Array.from(values);
}

function checkTimes(time_s: Float64Array, rows: CsvRows, file: string): void {
  const problems = new Problems(file, 'time');
  time_s.forEach((time, i) => {
    const number = rows.numbers[i]!;
    const before = time_s[i - 1] ?? -Infinity;
    if (time < 0) problems.add(number, `row ${number} has the negative time ${time}`, time);
    else if (time <= before) problems.add(number, `row ${number} has the time ${time} after ${before}`, time);
    else if (i > 0 && time - before > PROFILE_LIMITS.gap_s)
      problems.add(number, `row ${number} comes ${time - before} s after the row before`, time);
  });
  problems.throwIfAny(`times that start at 0 or later, rise from row to row and have no gap over ${PROFILE_LIMITS.gap_s} s`);
}

function fillBlanks(time_s: Float64Array, value: Float64Array, file: string): void {
  let last = -1;
  for (let i = 0; i < value.length; i++) {
    if (Number.isNaN(value[i])) continue;
    if (last < 0 && i > 0) value.fill(value[i]!, 0, i);
    for (let k = last + 1; last >= 0 && k < i; k++) {
      value[k] = value[last]! + ((value[i]! - value[last]!) * (time_s[k]! - time_s[last]!)) / (time_s[i]! - time_s[last]!);
    }
    last = i;
  }
  if (last < 0) refuse(file, 'cell', 'the column has no value at all', 'at least one number');
  value.fill(value[last]!, last + 1);
}

function quantityOf(spec: Pick<ProfileSource, 'column' | 'quantity'>): 'current' | 'power' {
  if (spec.quantity !== undefined) return spec.quantity;
  if (spec.column.endsWith('_A')) return 'current';
  if (spec.column.endsWith('_W')) return 'power';
  throw new InputError({
    code: 'missing',
    path: 'source.quantity',
    message: `the column ${shown(spec.column)} does not say whether it is current or power`,
    allowed: '"current" or "power"',
  });
}

/** The profile that a source names; throws an InputError with file, line and cell. */
export function readProfile(text: string, spec: Spec & Pick<ProfileSource, 'quantity'>, file: string): Profile {
  return { quantity: quantityOf(spec), ...readRows(text, spec, file) };
}

/** Two columns of a file; throws an InputError with file, line and cell. */
export function readRows(text: string, spec: Spec, file: string): Rows {
  if (text.includes('\0')) refuse(file, 'encoding', 'the file contains the character NUL', 'text');
  checkSize(text, file);
  const rows = rowsOf(text, spec, file);
  const { header } = rows;
  if (header.length > PROFILE_LIMITS.columns)
    refuse(file, 'too_large', `the file has ${header.length} columns`, `at most ${PROFILE_LIMITS.columns}`, 1);
  const timeColumn = columnOf(header, spec.timeColumn, 'source.timeColumn', file, spec);
  const valueColumn = columnOf(header, spec.column, 'source.column', file, spec);
  if (rows.cells.length === 0) refuse(file, 'empty', 'the file has no rows', 'a header and at least one row');
  const time_s = columnValues(rows, timeColumn, spec, file, { most: PROFILE_LIMITS.time_s, blanks: false });
  checkTimes(time_s, rows, file);
  const interpolates = spec.blanks === 'interpolate';
  const value = columnValues(rows, valueColumn, spec, file, { most: PROFILE_LIMITS.magnitude, blanks: interpolates });
  if (interpolates) fillBlanks(time_s, value, file);
  return { time_s, value };
}
