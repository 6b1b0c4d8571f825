/**
 * One frame of the serial output: real frames byte for byte, every form there and back, and no flipped bit unnoticed.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldRow, type Firmware, type FrameName, FRAMES } from '../../domain/serialFrames.ts';
import { FRAME_LAYOUTS, layoutFor } from '../../domain/serialLayout.ts';
import { decodeFrame, encodeFrame } from '../../engine/serial/frame.ts';
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { anyValues, BY_HAND, bytesOf, FORMS, GOLDEN, SEED, textOf } from './golden.ts';

/** What a value becomes on the wire: the nearest step within the range of the field. */
function quantised(value: number, { bytes, signed, perUnit }: FieldRow): number {
  const [least, most] = signed === true ? [-(256 ** bytes) / 2, 256 ** bytes / 2 - 1] : [0, 256 ** bytes - 1];
  return Math.min(Math.max(Math.round(value * perUnit), least), most) / perUnit + 0;
}

/** The values of a frame that a firmware sends, quantised. */
function sent(frame: FrameName, firmware: Firmware, values: object): Record<string, unknown> {
  const given = values as Record<string, number | number[]>;
  const list = Object.values(given).find((value) => typeof value !== 'number');
  const { places } = layoutFor(frame, firmware, (list as number[] | undefined)?.length ?? 0)!;
  return Object.fromEntries(
    places.map(({ name, row }) => {
      const value = given[name]!;
      return [name, typeof value === 'number' ? quantised(value, row) : value.map((each) => quantised(each, row))];
    }),
  );
}

const SAMPLES = [...GOLDEN, ...BY_HAND];

describe('frames of real units, and of forms that the notes describe', () => {
  it.each(SAMPLES)('$what: the values give these bytes', ({ frame, values, firmware, bytes }) => {
    expect(textOf(encodeFrame(frame, values, firmware))).toBe(textOf(bytes));
  });

  it.each(SAMPLES)('$what: the bytes give these values', ({ frame, values, firmware, bytes }) => {
    const decoded = decodeFrame(bytes)!;
    expect(decoded).toMatchObject({ frame, values });
    expect(decoded.values).toEqual(values);
    expect(decoded.firmwares).toContain(firmware);
  });

  it.each(SAMPLES)('$what: every flipped bit is rejected', ({ bytes, frame }) => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = withFlip(bytes, bit);
      expect(decodeFrame(flipped), `bit ${bit} of ${frame}`).toBeUndefined();
    }
  });

  it.each(SAMPLES)('$what: in a stream a flipped bit costs that frame and is counted, and the next frame is read', ({ bytes, values }) => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = withFlip(bytes, bit);
      const frames: unknown[] = [];
      const decoder = new LineDecoder((frame) => frames.push(frame.values));
      for (const frame of [flipped, bytes, bytes]) decoder.push(frame);
      expect(frames, `bit ${bit}`).toEqual([values, values]);
      expect(decoder.counts.garbageBytes, `bit ${bit}`).toBe(bytes.length);
    }
  });
});

describe('the forms of each firmware', () => {
  it.each<[string, FrameName, Firmware, number, number]>([
    ['measured values', 'measuredValues', 'before V1.21', 0, 0x0d],
    ['measured values', 'measuredValues', 'V1.21', 0, 0x0f],
    ['measured values', 'measuredValues', 'V1.25', 0, 0x0f],
    ['measured values', 'measuredValues', 'V1.26', 0, 0x13],
    ['voltages of an 8T', 'cellVoltages', 'V1.26', 8, 0x1d],
    ['voltages of a 16T', 'cellVoltages', 'V1.25', 16, 0x2d],
    ['voltages of a 24T', 'cellVoltages', 'V1.26', 24, 0x3d],
    ['voltages of a 16T with one byte of SOC', 'cellVoltages', 'V1.22', 16, 0x26],
    ['impedance of 5 cells', 'cellImpedance', 'V1.26', 5, 18],
    ['impedance of 24 cells', 'cellImpedance', 'V1.22', 24, 56],
  ])('%s (%s, %s, %i entries) has the length that the notes give', (_what, frame, firmware, listCount, bytes) => {
    expect(layoutFor(frame, firmware, listCount)!.bytes).toBe(bytes);
  });

  it.each([
    ['chargeEnd_V', 4],
    ['mode_code', 6],
    ['current_A', 7],
    ['temperature1_degC', 9],
    ['temperature2_degC', 11],
    ['soc_fraction', 13],
    ['dischargeEnd_V', 14],
    ['chargeStatus_code', 16],
    ['dischargeStatus_code', 17],
  ])('%s lies at offset %i in V1.26', (name, offset) => {
    expect(layoutFor('measuredValues', 'V1.26', 0)!.places.find((place) => place.name === name)!.offset).toBe(offset);
  });

  it('command and length together name one form', () => {
    const names = FRAME_LAYOUTS.map(({ frame, bytes }) => `${FRAMES[frame].command} ${bytes}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { frame, firmwares, places } of FRAME_LAYOUTS) {
      const count = places.find((place) => place.count !== undefined)?.count ?? 0;
      for (const firmware of firmwares) expect(layoutFor(frame, firmware, count)!.places).toEqual(places);
    }
  });

  it('a temperature below zero is signed: the unplugged sensor of the notes', () => {
    const values = { chargeEnd_V: 3.65, mode_code: 2, current_A: 0, temperature1_degC: -22.3, temperature2_degC: 0, soc_fraction: 0 };
    expect(textOf(encodeFrame('measuredValues', values, 'V1.25').subarray(9, 11))).toBe('FF 21');
  });
});

describe('decode(encode(x)) is x as the field can carry it', () => {
  it.each(FORMS)('$frame of $firmware', ({ frame, firmware }) => {
    fc.assert(
      fc.property(anyValues(frame), (values) => {
        const bytes = encodeFrame(frame, values, firmware);
        const decoded = decodeFrame(bytes)!;
        expect(decoded.frame).toBe(frame);
        expect(decoded.firmwares).toContain(firmware);
        expect(decoded.values).toEqual(sent(frame, firmware, values));
        expect(textOf(encodeFrame(frame, { ...values, ...decoded.values }, firmware))).toBe(textOf(bytes));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

/** A bit of a frame of that many bytes, the other way round. */
function withFlip(bytes: Uint8Array, bit: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe('one flipped bit of any frame', () => {
  it.each(FORMS)('$frame of $firmware: is no frame', ({ frame, firmware }) => {
    fc.assert(
      fc.property(anyValues(frame), (values) => {
        const bytes = encodeFrame(frame, values, firmware);
        for (let bit = 0; bit < bytes.length * 8; bit++) expect(decodeFrame(withFlip(bytes, bit))).toBeUndefined();
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
});

describe('what is no frame', () => {
  it.each([
    ['nothing', ''],
    ['a start alone', '24 24'],
    ['a length that is not its own', '24 24 57 0F 27'],
    ['an unknown command', '24 24 59 05 A6'],
    ['a wrong start', '24 25 57 0F 0E 24 01 00 E4 00 83 00 84 5B 28'],
  ])('%s', (_what, text) => {
    expect(decodeFrame(text === '' ? new Uint8Array() : bytesOf(text))).toBeUndefined();
  });

  it('a number that is none is our mistake, not a frame', () => {
    const values = { chargeEnd_V: NaN, current_A: 0, temperature1_degC: 0, temperature2_degC: 0 };
    expect(() => encodeFrame('measuredValues', values, 'before V1.21')).toThrow(/Internal error.*Charge end/);
    expect(() => encodeFrame('cellVoltages', { cell_V: [3.3] }, 'V1.22')).toThrow(/Internal error.*no firmware/);
  });
});
