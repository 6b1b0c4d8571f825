/**
 * Garbage for the line decoder, as much as is asked for, and what must hold after it.
 * Shared by the test of every day and the slow one, which differ in nothing but the amount.
 */
import { expect } from 'vitest';
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { GOLDEN } from './golden.ts';

const MEGABYTE = 1 << 20;
const MOST_GROWTH_BYTES = 16 * MEGABYTE;

/** Bytes that repeat exactly for a seed (Marsaglia 2003: xorshift32). */
function randomBytes(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

const filled = (byte: number) => new Uint8Array(MEGABYTE / 16).fill(byte);

/** Pieces of 64 kB: noise, storms of one byte, starts without a frame, half frames and half separators, commands to write. */
const PIECES = [
  ...[1, 2, 3, 4, 5].map((seed) => randomBytes(MEGABYTE / 16, seed)),
  filled(0xff),
  filled(0x24),
  filled(0x68),
  Uint8Array.from(filled(0), (_, at) => [0x24, 0x24, 0x57][at % 3]!),
  Uint8Array.from(filled(0), (_, at) => GOLDEN[1]!.bytes[at % 30]!),
  Uint8Array.from(filled(0), (_, at) => [0x01, 0x10, 0x24, 0x24, 0x99, 0x3d][at % 6]!),
];

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Pushes that many megabytes: nothing is kept, every byte is counted, and the first whole frame behind it is read. */
export function expectFlatMemory(megabytes: number): void {
  let read = 0;
  let last: unknown;
  const decoder = new LineDecoder((frame) => {
    read++;
    last = frame.values;
  });
  const before = used();
  let most = 0;
  for (let i = 0; i < megabytes * 16; i++) {
    decoder.push(PIECES[i % PIECES.length]!);
    if (i % 16 === 0) most = Math.max(most, used() - before);
  }
  expect(most).toBeLessThan(MOST_GROWTH_BYTES);
  // Of 256 frames made of noise one has the right sum by chance; nearly all bytes are garbage and are counted as such.
  expect(decoder.counts.garbageBytes).toBeGreaterThan(0.99 * megabytes * MEGABYTE);
  expect(decoder.counts.frames).toBe(read);
  expect(decoder.waitingBytes).toBeLessThanOrEqual(64);
  for (const { bytes } of [GOLDEN[0]!, GOLDEN[1]!, GOLDEN[0]!]) decoder.push(bytes);
  expect(last).toEqual(GOLDEN[0]!.values);
  expect(decoder.counts.frames - read).toBe(0);
}
