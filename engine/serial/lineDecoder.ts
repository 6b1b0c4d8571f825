/**
 * Frames out of a stream that comes in any pieces, may start in the middle and may hold anything.
 * Its memory is one buffer of fixed size; every byte ends up in exactly one count.
 */
import { FRAME_START, SEPARATOR } from '../../domain/serialFrames.ts';
import {
  COMMAND_AT,
  type FrameLayout,
  HEADER_BYTES,
  layoutOf,
  LENGTH_AT,
  LONGEST_FRAME_BYTES,
  SHORTEST_FRAME_BYTES,
} from '../../domain/serialLayout.ts';
import { type DecodedFrame, readValues, sumOf } from './frame.ts';

export interface LineCounts {
  frames: number;
  separators: number;
  /** Whole frames with a right sum whose command or length this decoder does not know. */
  unknownFrames: number;
  /** Frames that were whole but for their sum. */
  badSums: number;
  /** Frames that ended early: the next one began inside them. */
  cutFrames: number;
  /** Bytes that belong to no frame and no separator. */
  garbageBytes: number;
}

const BUFFER_BYTES = 4096;
const SEPARATOR_BYTES = new TextEncoder().encode(SEPARATOR.text);
const [FIRST, SECOND] = FRAME_START;
/** How many bytes a step took when the bytes that it needs have not come yet. */
const WAITS = 0;

export class LineDecoder {
  readonly counts: LineCounts = { frames: 0, separators: 0, unknownFrames: 0, badSums: 0, cutFrames: 0, garbageBytes: 0 };
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private end = 0;

  constructor(private readonly onFrame: (frame: DecodedFrame) => void) {}

  /** Bytes that wait for the rest of their frame. */
  get waitingBytes(): number {
    return this.end;
  }

  /** Takes the next bytes of the stream and hands out every frame that they complete. */
  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + BUFFER_BYTES - this.end);
      this.buffer.set(piece, this.end);
      this.end += piece.length;
      from += piece.length;
      this.scan();
    }
  }

  private scan(): void {
    let at = 0;
    while (at < this.end) {
      const taken = this.step(at);
      if (taken === WAITS) break;
      at += taken;
    }
    this.buffer.copyWithin(0, at, this.end);
    this.end -= at;
  }

  /** Bytes taken from `at` on. */
  private step(at: number): number {
    const first = this.buffer[at];
    if (first === FIRST) return this.frame(at);
    if (first === SEPARATOR_BYTES[0]) return this.separator(at);
    let to = at + 1;
    while (to < this.end && this.buffer[to] !== FIRST && this.buffer[to] !== SEPARATOR_BYTES[0]) to++;
    return this.garbage(to - at);
  }

  private garbage(count: number): number {
    this.counts.garbageBytes += count;
    return count;
  }

  private separator(at: number): number {
    const come = Math.min(SEPARATOR_BYTES.length, this.end - at);
    for (let i = 1; i < come; i++) if (this.buffer[at + i] !== SEPARATOR_BYTES[i]) return this.garbage(1);
    if (come < SEPARATOR_BYTES.length) return WAITS;
    this.counts.separators++;
    return come;
  }

  private frame(at: number): number {
    if (at + 1 < this.end && this.buffer[at + 1] !== SECOND) return this.garbage(1);
    if (at + HEADER_BYTES > this.end) return WAITS;
    const bytes = this.buffer[at + LENGTH_AT]!;
    if (bytes < SHORTEST_FRAME_BYTES || bytes > LONGEST_FRAME_BYTES) return this.garbage(1);
    const known = layoutOf(this.buffer[at + COMMAND_AT]!, bytes);
    const isWhole = at + bytes <= this.end;
    const sumIsRight = isWhole && this.buffer[at + bytes - 1] === sumOf(this.buffer, at, bytes);
    if (isWhole && !sumIsRight && known === undefined) return this.garbage(1);
    const next = this.headerWithin(at + 1, Math.min(at + bytes, this.end));
    if (next !== undefined) {
      if (known !== undefined) this.counts.cutFrames++;
      return this.garbage(next - at);
    }
    if (!isWhole) return WAITS;
    if (sumIsRight) return this.whole(at, bytes, known);
    this.counts.badSums++;
    return this.garbage(1);
  }

  private whole(at: number, bytes: number, known: FrameLayout | undefined): number {
    if (known === undefined) this.counts.unknownFrames++;
    else {
      this.counts.frames++;
      this.onFrame(readValues(this.buffer.subarray(at, at + bytes), known));
    }
    return bytes;
  }

  /**
   * Where the header of a known frame begins between two places. Inside a frame it means that the frame was cut short: next to no reading
   * of a device looks so, while waiting for the last byte would swallow the frames behind it.
   */
  private headerWithin(from: number, to: number): number | undefined {
    for (let at = from; at + HEADER_BYTES <= to; at++) {
      if (this.buffer[at] !== FIRST || this.buffer[at + 1] !== SECOND) continue;
      if (layoutOf(this.buffer[at + COMMAND_AT]!, this.buffer[at + LENGTH_AT]!) !== undefined) return at;
    }
    return undefined;
  }
}
