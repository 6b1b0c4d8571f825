/**
 * Reads the committed measurements: gzipped CSV with a header row, one number a field, an empty field for a value that was not measured.
 * It is separate so that every fit, report and profile sees the same columns with the same units and the same sign (charge positive).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A measured time series; `currentA[k]` holds over the interval that ends at `timeS[k]`; not-measured values are NaN. */
export interface Series {
  name: string;
  count: number;
  timeS: Float64Array;
  currentA: Float64Array;
  voltageV: Float64Array;
  temperatureDegC: Float64Array;
}

/** Columns of `library/measurements/<path>.csv.gz` by header name, text kept as text. */
export function readColumns(path: string): Map<string, string[]> {
  const file = new URL(`../measurements/${path}.csv.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const names = lines[0].split(',');
  const columns = names.map(() => new Array<string>(lines.length - 1));
  for (let row = 1; row < lines.length; row++) {
    const fields = lines[row].split(',');
    for (let column = 0; column < names.length; column++) columns[column][row - 1] = fields[column];
  }
  return new Map(names.map((name, column) => [name, columns[column]]));
}

/** A column of numbers, NaN where the field is empty; throws when the column is missing. */
export function numbers(columns: Map<string, string[]>, name: string): Float64Array {
  const text = columns.get(name);
  if (text === undefined) throw new Error(`column ${name} is missing; present: ${[...columns.keys()].join(', ')}`);
  return Float64Array.from(text, (field) => (field === '' ? NaN : Number(field)));
}

/** A time series with the columns time_s, current_A, voltage_V and temperature_C. */
export function readSeries(path: string): Series {
  const columns = readColumns(path);
  const timeS = numbers(columns, 'time_s');
  return {
    name: path,
    count: timeS.length,
    timeS,
    currentA: numbers(columns, 'current_A'),
    voltageV: numbers(columns, 'voltage_V'),
    temperatureDegC: numbers(columns, 'temperature_C'),
  };
}

/** The rows from `first` up to but not including `end`, as views on the same memory. */
export function rows(series: Series, first: number, end: number): Series {
  return {
    name: series.name,
    count: end - first,
    timeS: series.timeS.subarray(first, end),
    currentA: series.currentA.subarray(first, end),
    voltageV: series.voltageV.subarray(first, end),
    temperatureDegC: series.temperatureDegC.subarray(first, end),
  };
}
