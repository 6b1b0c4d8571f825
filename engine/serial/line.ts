/**
 * What leaves on COM3 in a second, as its receiver gets it: the writes of the unit, and what the line does to them.
 * A line in order hands every write through untouched. Every change follows from seed and second alone.
 */
import { FRAME_START } from '../../domain/serialFrames.ts';
import { HEADER_BYTES } from '../../domain/serialLayout.ts';
import type { Run } from '../run.ts';
import { firmwareOf, readLine } from './reading.ts';
import { heardAt } from './uart.ts';
import { type LineWrite, writesOf } from './schedule.ts';

/** What is wrong with the line, as `serial` in the kernel's memory has it. */
export interface LineState {
  cut_ratio: number;
  bitError_ratio: number;
  hiddenError_ratio: number;
  baud_ratio: number;
  flood_ratio: number;
}

/** The next number from 0 to 1. */
export type Chance = () => number;

const TWO_TO_32 = 4294967296;
/** Streams of the seed for a line, one a second; those of other things lie below and above. */
const LINE_STREAM = 0x20000000;
const BITS = 8;
const MOST_FOREIGN_BYTES = 64;

/** A whole number from `least` up to, but without, `end`. */
function wholeBetween(least: number, end: number, chance: Chance): number {
  return Math.min(least + Math.floor(chance() * (end - least)), end - 1);
}

function flipped(bytes: Uint8Array, bit: number): void {
  bytes[Math.floor(bit / BITS)]! ^= 1 << (bit % BITS);
}

function withBitErrors(bytes: Uint8Array, ratio: number, chance: Chance): Uint8Array {
  const changed = bytes.slice();
  for (let bit = 0; bit < bytes.length * BITS; bit++) if (chance() < ratio) flipped(changed, bit);
  return changed;
}

/** One bit of the payload falls and one of the same weight rises: the sum stays. A payload without such a pair stays too. */
function withHiddenError(bytes: Uint8Array, chance: Chance): Uint8Array {
  const weight = wholeBetween(0, BITS, chance);
  const places = Array.from({ length: bytes.length - HEADER_BYTES - 1 }, (_, at) => at + HEADER_BYTES);
  const [set, clear] = [true, false].map((high) => places.filter((at) => ((bytes[at]! >> weight) & 1) === (high ? 1 : 0)));
  const changed = bytes.slice();
  if (set!.length === 0 || clear!.length === 0) return changed;
  for (const list of [set!, clear!]) flipped(changed, list[wholeBetween(0, list.length, chance)]! * BITS + weight);
  return changed;
}

function foreignBytes(chance: Chance): Uint8Array {
  return Uint8Array.from({ length: wholeBetween(1, MOST_FOREIGN_BYTES + 1, chance) }, () => wholeBetween(0, 256, chance));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const isFrame = (bytes: Uint8Array) => FRAME_START.every((byte, at) => bytes[at] === byte);

/** One write as the receiver gets it; empty where nothing of it comes. */
export function disturbed(bytes: Uint8Array, line: LineState, chance: Chance): Uint8Array {
  let got = bytes;
  if (line.hiddenError_ratio > 0 && isFrame(got) && chance() < line.hiddenError_ratio) got = withHiddenError(got, chance);
  if (line.cut_ratio > 0 && chance() < line.cut_ratio) got = got.subarray(0, wholeBetween(1, got.length, chance));
  if (line.bitError_ratio > 0) got = withBitErrors(got, line.bitError_ratio, chance);
  if (line.baud_ratio !== 1) got = heardAt(got, line.baud_ratio);
  if (line.flood_ratio > 0) got = joined(foreignBytes(chance), chance() < line.flood_ratio ? new Uint8Array() : got);
  return got;
}

function chanceOf(run: Run, second: number): Chance {
  const { uniform } = run.compiled.kernel.exports;
  const { seed } = run.loaded.scenario;
  let count = 0;
  return () => uniform(Math.floor(seed / TWO_TO_32), seed >>> 0, LINE_STREAM + second, count++);
}

/** Everything that leaves in the second that begins now. */
export function lineWrites(run: Run, second: number): LineWrite[] {
  const reading = readLine(run, second);
  if (reading === undefined) return [];
  const { serial } = run.compiled.scalars;
  const chance = chanceOf(run, second);
  return writesOf(second, reading, firmwareOf(run))
    .map(({ time_s, bytes }) => ({ time_s, bytes: disturbed(bytes, serial, chance) }))
    .filter(({ bytes }) => bytes.length > 0);
}
