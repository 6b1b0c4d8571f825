/**
 * One kernel instance with its own memory, and typed views on the columns in it.
 * The memory is made for the run and never grows; the views are inferred from domain/memory.ts.
 */
import { layOut } from '../domain/layout.ts';
import { type Column, F64_BYTES, CELL, GROUP, LANES_PER_CHUNK, SCALARS, STRUCTURES } from '../domain/memory.ts';
import { SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import { layoutFingerprint } from '../domain/fingerprint.ts';
import { assert } from '../domain/errors.ts';

export const LAYOUT = layOut();
const PAGE_BYTES = 65536;

export interface KernelExports {
  start(): void;
  /** Runs to a tick count: 0 reached, 1 event ring full, 2 stop event, 3 a value left the range of numbers. */
  runTo(lastTick: number): number;
  /** Brings the extremes of the run and the open rows of the recorder up to the present tick; changes nothing else. */
  settle(): void;
  /** Empties the recorder and begins anew with buckets of so many ticks (0: none is ever full); the first holds the present tick alone. */
  restartRecorder(width_ticks: number): void;
  fingerprint(): number;
  exp(x: number): number;
  log(x: number): number;
  /** Even deviate in 0…1 of (seed, stream, count). */
  uniform(seedHigh: number, seedLow: number, stream: number, count: number): number;
  /** Standard normal deviate of (seed, stream, count). */
  normal(seedHigh: number, seedLow: number, stream: number, count: number): number;
}

/** A compiled kernel and the hash of its bytes. */
export interface KernelModule {
  module: WebAssembly.Module;
  hash: string;
}

type Section<T> = { -readonly [K in keyof T]: number };
export type ScalarViews = { readonly [S in keyof typeof SCALARS]: Section<(typeof SCALARS)[S]> };
export type StructureViews = { readonly [S in keyof typeof STRUCTURES]: readonly Section<(typeof STRUCTURES)[S]['columns']>[] };

/** A chunked column as a list over groups (and layers of parallel cells). */
export class ChunkedColumn {
  constructor(
    private readonly values: Float64Array,
    private readonly first: number,
    private readonly chunkWords: number,
    private readonly layerWords: number,
  ) {}

  private index(group: number, position: number): number {
    return this.first + position * this.layerWords + Math.floor(group / LANES_PER_CHUNK) * this.chunkWords + (group % LANES_PER_CHUNK);
  }

  get(group: number, position = 0): number {
    return this.values[this.index(group, position)]!;
  }

  set(group: number, value: number, position = 0): void {
    this.values[this.index(group, position)] = value;
  }

  /** Byte address of one lane, as commands and sensors use it. */
  address(group: number, position = 0): number {
    return this.index(group, position) * F64_BYTES;
  }
}

export type CellViews = { readonly [K in keyof typeof CELL]: ChunkedColumn };
export type GroupViews = { readonly [K in keyof typeof GROUP]: ChunkedColumn };

/** Where the parts of a run's memory lie. */
export interface RecordPlan {
  groupBase: number;
  /** Triggers of faults, and the columns that effects change. */
  triggerBase: number;
  slotBase: number;
  stateEnd: number;
  recorderBase: number;
  ringBase: number;
  constantsBase: number;
  /** Rows of the event ring, and how many of them one tick may need: every cell may leave its data and enter it. */
  ringRows: number;
  ringReserve: number;
}

/** Least rows of the event ring; a large pack needs more. */
const LEAST_RING_ROWS = 4096;
/** Rows of one tick beside the cells': every rule twice, relays, equipment. */
const OTHER_EVENTS_A_TICK = 128;
const RING_HEADER_BYTES = 64;
const RING_ROW_BYTES = 64;

export function chunksOf(series: number): number {
  return Math.ceil(series / LANES_PER_CHUNK);
}

/** Address of a cell's lane: its first column, the others at constant distances. */
export function laneAddress(group: number, position: number, series: number): number {
  const layer = position * chunksOf(series) * LAYOUT.cellChunkBytes;
  return LAYOUT.cellBase + layer + Math.floor(group / LANES_PER_CHUNK) * LAYOUT.cellChunkBytes + (group % LANES_PER_CHUNK) * F64_BYTES;
}

/** `triggers` and `slots` are numbers of rows. */
export function planRecord(series: number, parallel: number, triggers = 0, slots = 0): RecordPlan {
  const chunks = chunksOf(series);
  const groupBase = LAYOUT.cellBase + chunks * parallel * LAYOUT.cellChunkBytes;
  const triggerBase = groupBase + chunks * LAYOUT.groupChunkBytes;
  const slotBase = triggerBase + triggers * TRIGGER_ROW.length * F64_BYTES;
  const stateEnd = slotBase + slots * SLOT_ROW.length * F64_BYTES;
  const recorderBase = Math.ceil(stateEnd / 64) * 64;
  const ringBase = recorderBase + LAYOUT.openBucketStart + chunks * parallel * LAYOUT.openBucketOffsets.size * LANES_PER_CHUNK * F64_BYTES;
  const ringReserve = 2 * series * parallel + 2 * triggers + OTHER_EVENTS_A_TICK;
  const ringRows = Math.max(LEAST_RING_ROWS, 2 * ringReserve);
  const constantsBase = ringBase + RING_HEADER_BYTES + ringRows * RING_ROW_BYTES;
  return { groupBase, triggerBase, slotBase, stateEnd, recorderBase, ringBase, constantsBase, ringRows, ringReserve };
}

/** SHA-256 as hexadecimal text. */
export async function sha256(bytes: Uint8Array | string): Promise<string> {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  const digest = await globalThis.crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Compiles kernel bytes; the same file serves Node and the browser. */
export async function compileKernel(bytes: Uint8Array): Promise<KernelModule> {
  return { module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>), hash: await sha256(bytes) };
}

function checkFingerprint(exports: KernelExports): void {
  const expected = layoutFingerprint();
  assert(exports.fingerprint() === expected, 'the kernel was built from another memory layout', {
    kernel: exports.fingerprint(),
    engine: expected,
  });
}

export class Kernel {
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly bytes: Uint8Array;

  private constructor(memory: WebAssembly.Memory, exports: KernelExports) {
    this.memory = memory;
    this.exports = exports;
    this.f64 = new Float64Array(memory.buffer);
    this.i32 = new Int32Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
  }

  /** A fresh instance with `bytes` of memory, initial = maximum. */
  static async open(kernel: KernelModule, bytes: number): Promise<Kernel> {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = await WebAssembly.instantiate(kernel.module, { env: { memory } });
    const exports = instance.exports as unknown as KernelExports;
    checkFingerprint(exports);
    return new Kernel(memory, exports);
  }

  private field(target: object, name: string, type: Column['type'], address: number): void {
    const view = type === 'f64' ? this.f64 : this.i32;
    const index = address / (type === 'f64' ? 8 : 4);
    Object.defineProperty(target, name, {
      enumerable: true,
      get: () => view[index],
      set: (value: number) => {
        view[index] = value;
      },
    });
  }

  scalars(): ScalarViews {
    const views: Record<string, object> = {};
    for (const [section, columns] of Object.entries(SCALARS)) {
      views[section] = {};
      for (const name of Object.keys(columns)) {
        const { address, type } = LAYOUT.scalars.get(`${section}.${name}`)!;
        this.field(views[section], name, type, address);
      }
    }
    return views as unknown as ScalarViews;
  }

  structures(): StructureViews {
    const views: Record<string, object[]> = {};
    for (const [name, structure] of LAYOUT.structures) {
      views[name] = Array.from({ length: structure.count }, (_, index) => {
        const row = {};
        for (const [column, { offset, type }] of structure.offsets)
          this.field(row, column, type, structure.address + index * structure.bytes + offset);
        return row;
      });
    }
    return views as unknown as StructureViews;
  }

  private chunked(offsets: Map<string, number>, base: number, chunkBytes: number, layerBytes: number): Record<string, ChunkedColumn> {
    return Object.fromEntries(
      [...offsets].map(([name, offset]) => [
        name,
        new ChunkedColumn(this.f64, (base + offset) / F64_BYTES, chunkBytes / F64_BYTES, layerBytes / F64_BYTES),
      ]),
    );
  }

  cells(series: number): CellViews {
    const layerBytes = chunksOf(series) * LAYOUT.cellChunkBytes;
    return this.chunked(LAYOUT.cellOffsets, LAYOUT.cellBase, LAYOUT.cellChunkBytes, layerBytes) as unknown as CellViews;
  }

  groups(plan: RecordPlan): GroupViews {
    return this.chunked(LAYOUT.groupOffsets, plan.groupBase, LAYOUT.groupChunkBytes, 0) as unknown as GroupViews;
  }
}
