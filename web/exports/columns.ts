/**
 * A run's course as named columns: time and every trace, as it is drawn or as it is recorded.
 * Every kind of file that holds numbers is written from them.
 */
import { PACK_TRACES } from '../../domain/memoryRecorder.ts';
import type { KeptRun } from '../runs.ts';
import { FrameReader } from '../simulation/traces.ts';

export interface Column {
  name: string;
  values: Float64Array;
}

/** Names of the columns: time, the cells, then what is recorded of the pack. */
export function columnNames(series: number): string[] {
  return ['time_s', ...Array.from({ length: series }, (_, group) => `cell.voltage_V[${group}]`), ...PACK_TRACES];
}

/** The course as it is drawn. */
export function drawnColumns({ plan: { series }, frame }: KeptRun): Column[] {
  const reader = new FrameReader(frame.values, series, frame.points);
  const cells = Array.from({ length: series }, (_, group) => reader.cell(group));
  const all = [reader.time_s, ...cells, ...PACK_TRACES.map((name) => reader.pack(name))];
  return columnNames(series).map((name, index) => ({ name, values: all[index]! }));
}
