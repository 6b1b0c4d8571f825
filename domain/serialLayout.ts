/**
 * Where the fields of a frame lie, derived from their rows for each firmware and each number of cells.
 * Encoder, decoder and documentation walk these places; none of them knows an offset of its own.
 */
import { MODELS } from './device.ts';
import { FIRMWARES } from './firmwares.ts';
import { type FieldRow, type Firmware, FRAME_NAMES, FRAME_START, type FrameName, FRAMES } from './serialFrames.ts';

/** Start, command and length. */
export const HEADER_BYTES = FRAME_START.length + 2;
export const COMMAND_AT = FRAME_START.length;
export const LENGTH_AT = FRAME_START.length + 1;
const SUM_BYTES = 1;

export interface FieldPlace {
  name: string;
  row: FieldRow;
  offset: number;
  /** How many of the field stand there; undefined where it is a single value. */
  count: number | undefined;
}

export interface FrameLayout {
  frame: FrameName;
  /** Length of the whole frame. */
  bytes: number;
  places: readonly FieldPlace[];
  /** Every firmware that sends this form. */
  firmwares: readonly Firmware[];
}

function isSentBy({ from, until }: FieldRow, firmware: Firmware): boolean {
  const version = FIRMWARES.indexOf(firmware);
  return (from === undefined || version >= FIRMWARES.indexOf(from)) && (until === undefined || version <= FIRMWARES.indexOf(until));
}

/** Places of a frame's fields as one firmware sends them; `listCount` is the number of slots or cells of a field that repeats. */
function placesOf(frame: FrameName, firmware: Firmware, listCount: number): FieldPlace[] {
  const places: FieldPlace[] = [];
  let offset = HEADER_BYTES;
  const fields: Readonly<Record<string, FieldRow>> = FRAMES[frame].fields;
  for (const [name, row] of Object.entries(fields)) {
    if (!isSentBy(row, firmware)) continue;
    const count = row.each === undefined ? undefined : listCount;
    places.push({ name, row, offset, count });
    offset += row.bytes * (count ?? 1);
  }
  return places;
}

function endOf(places: readonly FieldPlace[]): number {
  const last = places.at(-1)!;
  return last.offset + last.row.bytes * (last.count ?? 1);
}

const SLOT_COUNTS = Object.values(MODELS);
const CELL_COUNTS = Array.from({ length: Math.max(...SLOT_COUNTS) }, (_, index) => index + 1);

/** Numbers of entries that the repeated field of a frame can have; one empty entry where none repeats. */
function listCountsOf(frame: FrameName): readonly number[] {
  const fields: readonly FieldRow[] = Object.values(FRAMES[frame].fields);
  const each = fields.find((row) => row.each !== undefined)?.each;
  return each === undefined ? [0] : each === 'slot' ? SLOT_COUNTS : CELL_COUNTS;
}

function layoutsOf(frame: FrameName): FrameLayout[] {
  const layouts = new Map<number, FrameLayout>();
  for (const firmware of FIRMWARES) {
    for (const listCount of listCountsOf(frame)) {
      const places = placesOf(frame, firmware, listCount);
      const bytes = endOf(places) + SUM_BYTES;
      const firmwares = [...(layouts.get(bytes)?.firmwares ?? []), firmware];
      layouts.set(bytes, { frame, bytes, places, firmwares });
    }
  }
  return [...layouts.values()];
}

/** Every form that a frame can have. Command and length together name one: a test holds that. */
export const FRAME_LAYOUTS: readonly FrameLayout[] = FRAME_NAMES.flatMap(layoutsOf);

export const LONGEST_FRAME_BYTES = Math.max(...FRAME_LAYOUTS.map(({ bytes }) => bytes));
export const SHORTEST_FRAME_BYTES = HEADER_BYTES + SUM_BYTES;

/** Forms by command and length, as a plain list: a decoder asks at every start that garbage may hold. */
const BY_COMMAND_AND_LENGTH: readonly (FrameLayout | undefined)[] = Array.from({ length: 0x10000 }, (_, key) =>
  FRAME_LAYOUTS.find(({ frame, bytes }) => FRAMES[frame].command === key >> 8 && bytes === (key & 0xff)),
);

/** The form that a command and a length byte stand for, or undefined where no firmware sends such a frame. */
export function layoutOf(command: number, bytes: number): FrameLayout | undefined {
  return BY_COMMAND_AND_LENGTH[(command << 8) | bytes];
}

/** The form in which a firmware sends a frame; `listCount` counts the entries of its repeated field, 0 where it has none. */
export function layoutFor(frame: FrameName, firmware: Firmware, listCount: number): FrameLayout | undefined {
  return FRAME_LAYOUTS.find(
    (layout) =>
      layout.frame === frame &&
      layout.firmwares.includes(firmware) &&
      layout.places.every(({ count }) => count === undefined || count === listCount),
  );
}
