/**
 * A run's course as named columns: time and every trace as it is drawn.
 * Every kind of file that holds numbers is written from them.
 */
import { PACK_TRACES } from '../../domain/memoryRecorder.ts';
import type { KeptRun } from '../runs.ts';
import { FrameReader } from '../simulation/traces.ts';

export interface Column {
  name: string;
  values: Float64Array;
}

export function columnsOf({ plan, frame }: KeptRun): Column[] {
  const reader = new FrameReader(frame.values, plan.series, frame.points);
  return [
    { name: 'time_s', values: reader.time_s },
    ...Array.from({ length: plan.series }, (_, group) => ({ name: `cell.voltage_V[${group}]`, values: reader.cell(group) })),
    ...PACK_TRACES.map((name) => ({ name, values: reader.pack(name) })),
  ];
}
