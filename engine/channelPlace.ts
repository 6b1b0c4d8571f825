/**
 * Where a channel's value lies in a run's memory.
 * Apart from the run because the kernel watches and compares channels by the same addresses.
 */
import type { Channel } from '../domain/channels.ts';
import { placeOf } from './addresses.ts';
import type { Kernel, RecordPlan } from './kernel.ts';

export interface ChannelPlace {
  address: number;
  isInteger: boolean;
}

export function channelPlace({ row, group, position }: Channel, plan: RecordPlan, series: number): ChannelPlace {
  const name = typeof row.column === 'string' ? row.column : row.column[group]!;
  // A column that is chosen from a list is a single one.
  const index = typeof row.column === 'string' ? group : 0;
  const { address, column } = placeOf(name, plan, series, index, position);
  return { address, isInteger: column.type === 'i32' };
}

export function valueAt({ f64, i32 }: Kernel, { address, isInteger }: ChannelPlace): number {
  return isInteger ? i32[address / 4]! : f64[address / 8]!;
}
