/**
 * A stream of frames as a receiver gets it: in pieces, from the middle, with text, garbage and cuts in between.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../engine/serial/frame.ts';
import { LineDecoder, type LineCounts } from '../../engine/serial/lineDecoder.ts';
import type { Firmware } from '../../domain/serialFrames.ts';
import { expectFlatMemory } from './garbage.ts';
import { bytesOf, GOLDEN, joined, SEED, textOf } from './golden.ts';

const TEXT = new TextEncoder().encode('h::3\r\n');
const [VALUES, VOLTAGES, IMPEDANCE] = GOLDEN.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array, Uint8Array];

/** Everything that a stream gives, each frame as the text of its bytes. */
function read(pieces: readonly Uint8Array[]): { frames: string[]; counts: LineCounts; waitingBytes: number } {
  const frames: string[] = [];
  const decoder = new LineDecoder(({ frame, values, firmwares }) => {
    frames.push(textOf(encodeFrame(frame, values as never, firmwares[0]!)));
  });
  for (const piece of pieces) decoder.push(piece);
  return { frames, counts: decoder.counts, waitingBytes: decoder.waitingBytes };
}

const milli = (least: number, most: number) => fc.integer({ min: least, max: most }).map((value) => value / 1000);
const tenth = (least: number, most: number) => fc.integer({ min: least, max: most }).map((value) => value / 10);
const firmware = fc.constantFrom<Firmware>('before V1.21', 'V1.22', 'V1.25', 'V1.26');

/** Frames that a device can send: readings within what it measures. */
const frame = fc.oneof(
  fc
    .record({
      firmware,
      values: fc.record({
        ...{ chargeEnd_V: milli(1500, 4500), dischargeEnd_V: milli(1000, 3800), current_A: tenth(0, 6000) },
        ...{ temperature1_degC: tenth(-600, 1200), temperature2_degC: tenth(-600, 1200) },
        ...{ soc_fraction: fc.integer({ min: 0, max: 100 }).map((value) => value / 100), mode_code: fc.integer({ min: 0, max: 2 }) },
        ...{ chargeStatus_code: fc.integer({ min: 0, max: 1 }), dischargeStatus_code: fc.integer({ min: 0, max: 1 }) },
      }),
    })
    .map((drawn) => encodeFrame('measuredValues', drawn.values, drawn.firmware)),
  fc
    .record({
      firmware,
      values: fc.record({
        cell_V: fc.constantFrom(8, 16, 24).chain((count) => fc.array(milli(0, 5000), { minLength: count, maxLength: count })),
        soc_fraction: fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
        remaining_Wh: milli(0, 90_000_000),
        remaining_Ah: milli(0, 1_000_000),
      }),
    })
    .map((drawn) => encodeFrame('cellVoltages', drawn.values, drawn.firmware)),
  fc
    .array(
      fc.integer({ min: 0, max: 500 }).map((value) => value / 10_000),
      { minLength: 2, maxLength: 24 },
    )
    .map((cell_Ohm) => encodeFrame('cellImpedance', { mode_code: 0, current_A: 5, cell_Ohm }, 'V1.26')),
);
const part = fc.oneof({ arbitrary: frame, weight: 5 }, { arbitrary: fc.constant(TEXT), weight: 1 });
const isFrame = (bytes: Uint8Array) => bytes !== TEXT;

describe('a clean stream', () => {
  it('frames and text in any pieces give the same frames', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (parts, sizes) => {
        const stream = joined(...parts);
        const pieces: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!)
          pieces.push(stream.subarray(at, at + sizes[i % sizes.length]!));
        const { frames, counts, waitingBytes } = read(pieces);
        expect(frames).toEqual(parts.filter(isFrame).map(textOf));
        expect({ ...counts, waitingBytes }).toEqual({
          ...{ frames: frames.length, separators: parts.length - frames.length, waitingBytes: 0 },
          ...{ unknownFrames: 0, badSums: 0, cutFrames: 0, garbageBytes: 0 },
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('a chunk longer than any buffer gives all of its frames', () => {
    const { frames } = read([joined(...Array.from({ length: 500 }, () => joined(VALUES, VOLTAGES, TEXT, IMPEDANCE)))]);
    expect(frames.length).toBe(1500);
  });
});

describe('a stream in which one bit changed', () => {
  it('that frame is lost and counted, or the stream told that it was; of those behind it two at most', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 4, maxLength: 8 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (parts, place) => {
          const first = parts[0]!.slice();
          const bit = Math.floor(place * first.length * 8);
          first[bit >> 3]! ^= 1 << (bit & 7);
          const { frames, counts } = read([first, ...parts.slice(1)]);
          const behind = parts.slice(1).map(textOf);
          const lost = behind.findIndex((_, from) => endsWith(frames, behind.slice(from)));
          expect(frames).not.toContain(textOf(first));
          expect(lost).toBeGreaterThanOrEqual(0);
          expect(lost).toBeLessThanOrEqual(2);
          expect(counts.garbageBytes).toBeGreaterThan(0);
        },
      ),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

/** A stream whose beginning is cut off at one place and goes on from another. */
const splice = fc
  .record({ before: fc.array(part, { maxLength: 6 }), after: fc.array(part, { minLength: 4, maxLength: 12 }) })
  .chain(({ before, after }) =>
    fc.record({
      before: fc.constant(before),
      after: fc.constant(after),
      cut: fc.integer({ min: 0, max: joined(...before).length }),
      from: fc.integer({ min: 0, max: joined(...after).length }),
      noise: fc.uint8Array({ maxLength: 80 }),
    }),
  );

/** Frames that lie whole within a part of their stream. */
function whole(parts: readonly Uint8Array[], from: number, to: number): string[] {
  let at = 0;
  return parts.flatMap((bytes) => {
    const start = at;
    at += bytes.length;
    return isFrame(bytes) && start >= from && at <= to ? [textOf(bytes)] : [];
  });
}

describe('a stream that was spliced', () => {
  it('every frame before the cut is read, and from the second whole frame after it every frame again', () => {
    fc.assert(
      fc.property(splice, ({ before, after, cut, from, noise }) => {
        const kept = whole(before, 0, cut);
        const follows = whole(after, from, Infinity);
        const { frames } = read([
          joined(...before).subarray(0, cut),
          noise,
          joined(...after).subarray(from),
          VALUES,
          VALUES,
          VALUES,
          VALUES,
        ]);
        expect(frames.slice(0, kept.length)).toEqual(kept);
        const missing = follows.findIndex((_, lost) =>
          endsWith(frames, [...follows.slice(lost), ...Array<string>(4).fill(textOf(VALUES))]),
        );
        if (follows.length > 0) expect(missing).toBeGreaterThanOrEqual(0);
        expect(missing).toBeLessThanOrEqual(2);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('a cut frame does not hold back the one behind it: its header is enough to tell', () => {
    const { frames, counts } = read([VOLTAGES.subarray(0, 20), VALUES]);
    expect(frames).toEqual([textOf(VALUES)]);
    expect(counts).toMatchObject({ cutFrames: 1, garbageBytes: 20 });
  });

  it('a frame met in its middle is garbage', () => {
    const { frames, counts } = read([VOLTAGES.subarray(7), VALUES]);
    expect(frames).toEqual([textOf(VALUES)]);
    expect(counts).toMatchObject({ cutFrames: 0, garbageBytes: VOLTAGES.length - 7 });
  });

  it('text that was cut is garbage, text inside garbage is text', () => {
    const { frames, counts } = read([TEXT.subarray(0, 4), TEXT, bytesOf('68 3A 68'), TEXT, VALUES]);
    expect(frames.length).toBe(1);
    expect(counts).toMatchObject({ separators: 2, garbageBytes: 7 });
  });
});

function endsWith(list: readonly string[], end: readonly string[]): boolean {
  const tail = list.slice(list.length - end.length);
  return tail.length === end.length && tail.every((each, index) => each === end[index]);
}

describe('what is counted', () => {
  it.each<[string, string, Partial<LineCounts>, number]>([
    ['a wrong sum', '24 24 57 0F 0E 24 01 00 E4 00 83 00 84 5B 28', { badSums: 1, garbageBytes: 15 }, 0],
    ['an unknown command with a right sum', '24 24 59 06 01 A8', { unknownFrames: 1, garbageBytes: 0 }, 0],
    ['an unknown command with a wrong sum', '24 24 59 06 01 A9', { unknownFrames: 0, garbageBytes: 6 }, 0],
    ['a known command with an unknown length', '24 24 57 06 01 A6', { unknownFrames: 1, garbageBytes: 0 }, 0],
    ['a length that no frame has', '24 24 57 FF 01 A6', { garbageBytes: 6 }, 0],
    ['a length shorter than a frame', '24 24 57 04 A3', { garbageBytes: 5 }, 0],
    ['half a frame', '24 24 57 0F 0E', { garbageBytes: 0 }, 5],
    ['one start too many', '24 24 24 57 0F 0E 24 01 00 E4 00 83 00 84 5B 27', { frames: 1, garbageBytes: 1 }, 0],
    ['half a text', '68 3A 3A', { separators: 0, garbageBytes: 0 }, 3],
  ])('%s', (_what, text, counts, waiting) => {
    const found = read([bytesOf(text)]);
    expect(found.counts).toMatchObject(counts);
    expect(found.waitingBytes).toBe(waiting);
  });

  it('64 MB of garbage leave nothing behind', () => {
    expectFlatMemory(64);
  });
});
