/**
 * Where a single group or cell lies in the chunked columns, for stages that look at one at a time.
 */
import { layout, run } from './generated/layout';

export function groupAt(index: i32): usize {
  return <usize>load<i32>(run.groupBase) + ((<usize>index) >> 2) * <usize>layout.groupChunkBytes + (((<usize>index) & 3) << 3);
}

/** The first of the parallel cells of a group. */
export function cellAt(index: i32): usize {
  return <usize>layout.cellBase + ((<usize>index) >> 2) * <usize>layout.cellChunkBytes + (((<usize>index) & 3) << 3);
}
