/**
 * When the unit writes what: every whole second of simulated time has its list of writes, in the order of the frame rows.
 * All writes of a second carry the reading of that second, so that what belongs together is of one moment.
 */
import { type Firmware, FRAME_NAMES, type FrameName, FRAMES, SEPARATOR, WRITE_SPACING_s } from '../../domain/serialFrames.ts';
import { encodeFrame } from './frame.ts';
import type { LineReading } from './reading.ts';

export interface LineWrite {
  /** Simulated time at which it begins. */
  time_s: number;
  bytes: Uint8Array;
}

const SEPARATOR_BYTES = new TextEncoder().encode(SEPARATOR.text);

function frameDue<F extends FrameName>(frame: F, second: number, reading: LineReading, firmware: Firmware): Uint8Array[] {
  const values = reading[frame];
  const { every_s } = FRAMES[frame];
  if (values === undefined || (every_s !== null && second % every_s !== 0)) return [];
  return [encodeFrame<F>(frame, values, firmware)];
}

/** The writes of one whole second; a frame whose values are missing is not among them. */
export function writesOf(second: number, reading: LineReading, firmware: Firmware): LineWrite[] {
  const frames = FRAME_NAMES.flatMap((frame) => frameDue(frame, second, reading, firmware));
  const all = second % SEPARATOR.every_s === 0 ? [...frames, SEPARATOR_BYTES] : frames;
  return all.map((bytes, index) => ({ time_s: second + index * WRITE_SPACING_s, bytes }));
}
