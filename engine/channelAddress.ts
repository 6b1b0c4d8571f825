/**
 * Where a channel's value lies in the kernel's memory, for triggers that compare it there.
 */
import type { Channel } from '../domain/channels.ts';
import { placeOf } from './addresses.ts';
import type { RecordPlan } from './kernel.ts';

export function addressOfChannel(channel: Channel, plan: RecordPlan, series: number): { address: number; isInteger: boolean } {
  const { column } = channel.row;
  const perIndex = channel.row.index === 'sensor' || channel.row.index === 'relay';
  const name = typeof column === 'string' ? column : column[channel.group]!;
  const row = typeof column === 'string' && perIndex ? channel.group : 0;
  const chunked = name.startsWith('cell.') || name.startsWith('group.');
  const place = placeOf(name, plan, series, chunked ? channel.group : row, channel.position);
  return { address: place.address, isInteger: place.column.type === 'i32' };
}
