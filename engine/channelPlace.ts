/**
 * Where a channel's value lies in a run's memory.
 * Apart from the run because the kernel watches channels by the same addresses.
 */
import type { Channel } from '../domain/channels.ts';
import { type CellViews, type GroupViews, type Kernel, LAYOUT } from './kernel.ts';

export interface ChannelPlace {
  address: number;
  isInteger: boolean;
}

export interface ChannelViews {
  cells: CellViews;
  groups: GroupViews;
}

export function placeOf({ row, group, position }: Channel, { cells, groups }: ChannelViews): ChannelPlace {
  const column = typeof row.column === 'string' ? row.column : row.column[group]!;
  const [section, name] = column.split('.') as [string, string];
  if (section === 'cell') return { address: cells[name as keyof CellViews].address(group, position), isInteger: false };
  if (section === 'group') return { address: groups[name as keyof GroupViews].address(group), isInteger: false };
  const { address, type } = LAYOUT.scalars.get(column)!;
  return { address, isInteger: type === 'i32' };
}

export function valueAt({ f64, i32 }: Kernel, { address, isInteger }: ChannelPlace): number {
  return isInteger ? i32[address / 4]! : f64[address / 8]!;
}
