/**
 * Where every column of domain/memory.ts lies: pure arithmetic, so generator and engine agree by construction.
 * Apart from the tables because a reader of the tables need not know it.
 */
import {
  type Column,
  type ColumnType,
  CELL,
  GROUP,
  SCALARS,
  VECTORS,
  STRUCTURES,
  RULE_LANES,
  F64_BYTES,
  LANES_PER_CHUNK,
  RECORD_BASE,
} from './memory.ts';
import { MOST_LEVELS, OPEN_BUCKET, RECORDER, RECORDER_LEVEL } from './memoryRecorder.ts';

interface Structure {
  bytes: number;
  offsets: Map<string, { offset: number; type: ColumnType }>;
}

export interface Layout {
  /** Address of every scalar, by `section.name`. */
  scalars: Map<string, { address: number; type: ColumnType }>;
  vectors: Map<string, { address: number; type: ColumnType }>;
  structures: Map<string, Structure & { address: number; count: number }>;
  /** Byte offset of each column inside its chunk. */
  cellOffsets: Map<string, number>;
  groupOffsets: Map<string, number>;
  /** The recorder's head, one of its levels, and its open bucket's chunks, which start so far behind the recorder's address. */
  recorder: Structure;
  recorderLevel: Structure;
  openBucketOffsets: Map<string, number>;
  openBucketStart: number;
  cellChunkBytes: number;
  groupChunkBytes: number;
  /** First cell chunk; everything after it is laid out for the run. */
  cellBase: number;
}

/** Addresses from the tables above; pure, so generator and engine agree by construction. */
export function layOut(): Layout {
  let at = RECORD_BASE;
  const scalars: Layout['scalars'] = new Map();
  for (const type of ['f64', 'i32'] as const) {
    for (const [section, columns] of Object.entries(SCALARS)) {
      for (const [name, column] of Object.entries(columns as Record<string, Column>)) {
        if (column.type !== type) continue;
        scalars.set(`${section}.${name}`, { address: at, type });
        at += type === 'f64' ? 8 : 4;
      }
    }
  }
  at = alignTo(at, 64);
  const vectors: Layout['vectors'] = new Map();
  for (const [name, column] of Object.entries(VECTORS)) {
    vectors.set(name, { address: at, type: column.type });
    at += RULE_LANES * F64_BYTES;
  }
  const structures: Layout['structures'] = new Map();
  for (const [name, { count, columns }] of Object.entries(STRUCTURES)) {
    const placed = placeStructure(columns);
    structures.set(name, { address: at, count, ...placed });
    at += placed.bytes * count;
  }
  const cellOffsets = placeChunk(CELL);
  const groupOffsets = placeChunk(GROUP);
  const recorder = placeStructure(RECORDER);
  const recorderLevel = placeStructure(RECORDER_LEVEL);
  return {
    scalars,
    vectors,
    structures,
    cellOffsets,
    groupOffsets,
    recorder,
    recorderLevel,
    openBucketOffsets: placeChunk(OPEN_BUCKET),
    openBucketStart: alignTo(recorder.bytes + MOST_LEVELS * recorderLevel.bytes, 64),
    cellChunkBytes: cellOffsets.size * LANES_PER_CHUNK * F64_BYTES,
    groupChunkBytes: groupOffsets.size * LANES_PER_CHUNK * F64_BYTES,
    cellBase: alignTo(at, 64),
  };
}

function placeStructure(columns: Record<string, Column>): Structure {
  const offsets = new Map<string, { offset: number; type: ColumnType }>();
  let at = 0;
  for (const type of ['f64', 'i32'] as const) {
    for (const [name, column] of Object.entries(columns)) {
      if (column.type !== type) continue;
      offsets.set(name, { offset: at, type });
      at += type === 'f64' ? 8 : 4;
    }
  }
  return { offsets, bytes: alignTo(at, 8) };
}

function placeChunk(columns: Record<string, Column>): Map<string, number> {
  return new Map(Object.keys(columns).map((name, index) => [name, index * LANES_PER_CHUNK * F64_BYTES]));
}

export function alignTo(address: number, bytes: number): number {
  return Math.ceil(address / bytes) * bytes;
}
