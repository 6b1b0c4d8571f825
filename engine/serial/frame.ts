/**
 * One frame of the serial output: values to bytes and back, both from the rows.
 * It knows nothing of streams; what comes in pieces or with garbage goes through the line decoder.
 */
import { assert } from '../../domain/errors.ts';
import { type FieldRow, type Firmware, FRAME_START, type FrameName, FRAMES, type FrameValues } from '../../domain/serialFrames.ts';
import { COMMAND_AT, type FieldPlace, type FrameLayout, layoutFor, layoutOf, LENGTH_AT } from '../../domain/serialLayout.ts';

/** A frame as it was read, and the firmware that sends this form of it. */
export type DecodedFrame = {
  [F in FrameName]: { frame: F; values: FrameValues<F>; firmwares: readonly Firmware[] };
}[FrameName];

type AnyValues = Record<string, number | readonly number[]>;

/** Number of different integers that a field can carry. */
function spanOf({ bytes }: FieldRow): number {
  return bytes === 1 ? 0x100 : bytes === 2 ? 0x10000 : 0x100000000;
}

/** The integer that stands for a value on the wire: nearest, and kept within what the field can carry. */
function integerOf(value: number, row: FieldRow): number {
  assert(!Number.isNaN(value), 'a field of a frame is no number', { label: row.label });
  const least = row.signed === true ? -spanOf(row) / 2 : 0;
  return Math.min(Math.max(Math.round(value * row.perUnit), least), least + spanOf(row) - 1);
}

function valueOf(integer: number, row: FieldRow): number {
  const signed = row.signed === true && integer >= spanOf(row) / 2 ? integer - spanOf(row) : integer;
  return signed / row.perUnit;
}

/** Place of the byte of weight 256^k within a field. */
function placeOf(k: number, { bytes, order }: FieldRow): number {
  return order === 'big' ? bytes - 1 - k : k;
}

function put(frame: Uint8Array, offset: number, value: number, row: FieldRow): void {
  const integer = integerOf(value, row);
  for (let k = 0; k < row.bytes; k++) frame[offset + placeOf(k, row)] = integer >>> (8 * k);
}

function take(frame: Uint8Array, offset: number, row: FieldRow): number {
  let integer = 0;
  for (let k = row.bytes - 1; k >= 0; k--) integer = integer * 256 + frame[offset + placeOf(k, row)]!;
  return valueOf(integer, row);
}

/** Sum of all bytes of a frame before its last, modulo 256; the frame may lie inside a longer list. */
export function sumOf(bytes: Uint8Array, from = 0, count = bytes.length): number {
  let sum = 0;
  for (let at = from; at < from + count - 1; at++) sum += bytes[at]!;
  return sum & 0xff;
}

function putPlace(frame: Uint8Array, { name, row, offset, count }: FieldPlace, values: AnyValues): void {
  const value = values[name];
  assert(value !== undefined, 'a field of a frame is missing', { name });
  const list = typeof value === 'number' ? [value] : value;
  assert(list.length === (count ?? 1), 'a field of a frame has another count', { name, given: list.length, count });
  list.forEach((each, index) => put(frame, offset + index * row.bytes, each, row));
}

/** How many entries the repeated field of a frame has. */
function listCountOf(values: AnyValues): number {
  return Object.values(values).find((value) => typeof value !== 'number')?.length ?? 0;
}

/** The bytes that a firmware sends for these values; fields that it does not send are left out. */
export function encodeFrame<F extends FrameName>(frame: F, values: FrameValues<F>, firmware: Firmware): Uint8Array {
  const all = values as unknown as AnyValues;
  const layout = layoutFor(frame, firmware, listCountOf(all));
  assert(layout !== undefined, 'no firmware sends a frame of so many cells', { frame, cells: listCountOf(all) });
  const bytes = new Uint8Array(layout.bytes);
  bytes.set(FRAME_START);
  bytes[COMMAND_AT] = FRAMES[frame].command;
  bytes[LENGTH_AT] = layout.bytes;
  for (const place of layout.places) putPlace(bytes, place, all);
  bytes[layout.bytes - 1] = sumOf(bytes);
  return bytes;
}

/** The values in the bytes of a whole frame whose sum has been checked. */
export function readValues(bytes: Uint8Array, { frame, places, firmwares }: FrameLayout): DecodedFrame {
  const values = Object.fromEntries(
    places.map(({ name, row, offset, count }) => [
      name,
      count === undefined
        ? take(bytes, offset, row)
        : Array.from({ length: count }, (_, index) => take(bytes, offset + index * row.bytes, row)),
    ]),
  );
  return { frame, values, firmwares } as unknown as DecodedFrame;
}

/** The frame that these bytes are, or undefined where start, command, length or sum is not that of a frame. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame | undefined {
  if (!FRAME_START.every((byte, at) => bytes[at] === byte) || bytes[LENGTH_AT] !== bytes.length) return undefined;
  const layout = layoutOf(bytes[COMMAND_AT]!, bytes.length);
  return layout === undefined || bytes.at(-1) !== sumOf(bytes) ? undefined : readValues(bytes, layout);
}
