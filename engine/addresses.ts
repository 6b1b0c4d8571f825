/**
 * Byte addresses of single columns before a kernel exists: what commands, triggers and effects name.
 * Pure arithmetic on the layout and on the plan of the run's record.
 */
import { assert } from '../domain/errors.ts';
import { type Column, CELL, GROUP, LANES_PER_CHUNK, SCALARS, STRUCTURES } from '../domain/memory.ts';
import { laneAddress, LAYOUT, type RecordPlan } from './kernel.ts';

export interface ColumnPlace {
  address: number;
  column: Column;
}

export function scalarAddress(name: string): number {
  const found = LAYOUT.scalars.get(name);
  assert(found !== undefined, 'no such scalar', { name });
  return found.address;
}

export function structureAddress(name: string, column: string, index: number): number {
  const structure = LAYOUT.structures.get(name);
  const place = structure?.offsets.get(column);
  assert(structure !== undefined && place !== undefined, 'no such column', { name, column });
  return structure.address + index * structure.bytes + place.offset;
}

export function groupAddress(plan: RecordPlan, column: string, group: number): number {
  const chunk = Math.floor(group / LANES_PER_CHUNK) * LAYOUT.groupChunkBytes;
  return plan.groupBase + chunk + LAYOUT.groupOffsets.get(column)! + (group % LANES_PER_CHUNK) * 8;
}

/** Address and description of `section.column`; `index` is the group or row, `position` the parallel cell. */
export function placeOf(name: string, plan: RecordPlan, series: number, index = 0, position = 0): ColumnPlace {
  const [section, bare] = name.split('.') as [string, string];
  if (section === 'cell')
    return { address: laneAddress(index, position, series) + LAYOUT.cellOffsets.get(bare)!, column: CELL[bare as keyof typeof CELL] };
  if (section === 'group') return { address: groupAddress(plan, bare, index), column: GROUP[bare as keyof typeof GROUP] };
  if (Object.hasOwn(STRUCTURES, section)) {
    const columns = STRUCTURES[section as keyof typeof STRUCTURES].columns as Record<string, Column>;
    return { address: structureAddress(section, bare, index), column: columns[bare]! };
  }
  return { address: scalarAddress(name), column: (SCALARS as Record<string, Record<string, Column>>)[section]![bare]! };
}
