/**
 * Frames of real units with what they say, from the vendor's notes, and values for every form that a frame can have.
 * They are data of the tests, typed by hand: nothing here comes from the rows but names.
 */
import fc from 'fast-check';
import { MODELS } from '../../domain/device.ts';
import { FIRMWARES } from '../../domain/firmwares.ts';
import { type FieldRow, type Firmware, FRAME_NAMES, type FrameName, FRAMES, type FrameValues } from '../../domain/serialFrames.ts';

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text.split(' '), (byte) => parseInt(byte, 16));
}

export function textOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export type Golden = {
  [F in FrameName]: { what: string; frame: F; firmware: Firmware; values: FrameValues<F>; bytes: Uint8Array };
}[FrameName];

const LFP = [3325, 3332, 3332, 3330, 3331, 3332, 3334, 3329, 3336, 3330, 3333, 3326, 3334, 3323, 3343, 3324];
const LTO = [
  475, 464, 1152, 2169, 2184, 2194, 2174, 2189, 2153, 2154, 2170, 2159, 2195, 2169, 2161, 2146, 2158, 2169, 2169, 2144, 2171, 2168, 2178,
  2146,
];
const inVolt = (list_mV: readonly number[]) => list_mV.map((each) => each / 1000);

export const GOLDEN: readonly Golden[] = [
  {
    what: 'measured values of a charge',
    frame: 'measuredValues',
    firmware: 'V1.25',
    values: { chargeEnd_V: 3.62, mode_code: 1, current_A: 22.8, temperature1_degC: 13.1, temperature2_degC: 13.2, soc_fraction: 0.91 },
    bytes: bytesOf('24 24 57 0F 0E 24 01 00 E4 00 83 00 84 5B 27'),
  },
  {
    what: 'voltages of 16 LFP cells',
    frame: 'cellVoltages',
    firmware: 'V1.25',
    values: { cell_V: inVolt(LFP), remaining_Wh: 47578.742, remaining_Ah: 922.723 },
    bytes: bytesOf(
      '24 24 56 2D 0C FD 0D 04 0D 04 0D 02 0D 03 0D 04 0D 06 0D 01 0D 08 0D 02 0D 05 0C FE 0D 06 0C FB 0D 0F 0C FC 76 FE D5 02 63 14 0E 00 95',
    ),
  },
  {
    what: 'impedance of 16 cells',
    frame: 'cellImpedance',
    firmware: 'V1.25',
    values: {
      mode_code: 1,
      current_A: 22.8,
      cell_Ohm: [1, 3, 3, 3, 2, 3, 0, 0, 1, 1, 1, 0, 5, 2, 3, 3].map((each) => each / 10_000),
    },
    bytes: bytesOf(
      '24 24 58 28 01 E4 00 01 00 03 00 03 00 03 00 02 00 03 00 00 00 00 00 01 00 01 00 01 00 00 00 05 00 02 00 03 00 03 00 CC',
    ),
  },
  {
    what: 'voltages of 22 LTO cells, three of them bad',
    frame: 'cellVoltages',
    firmware: 'V1.26',
    values: { cell_V: inVolt(LTO), remaining_Wh: 500, remaining_Ah: 10 },
    bytes: bytesOf(
      '24 24 56 3D 01 DB 01 D0 04 80 08 79 08 88 08 92 08 7E 08 8D 08 69 08 6A 08 7A 08 6F 08 93 08 79 08 71 08 62 08 6E 08 79 08 79 08 60 08 7B 08 78 08 82 08 62 20 A1 07 00 10 27 00 00 83',
    ),
  },
];

/** Forms of which the notes have no sample: bytes and sums worked out by hand from their tables. */
export const BY_HAND: readonly Golden[] = [
  {
    what: 'measured values of before V1.21: end voltage, current and temperatures only',
    frame: 'measuredValues',
    firmware: 'before V1.21',
    values: { chargeEnd_V: 3.62, current_A: 22.8, temperature1_degC: 13.1, temperature2_degC: 13.2 },
    bytes: bytesOf('24 24 57 0D 0E 24 00 E4 00 83 00 84 C9'),
  },
  {
    what: 'measured values of V1.26 with over-discharge P tripped',
    frame: 'measuredValues',
    firmware: 'V1.26',
    values: {
      ...{ chargeEnd_V: 3.62, mode_code: 1, current_A: 22.8, temperature1_degC: 13.1, temperature2_degC: 13.2, soc_fraction: 0.91 },
      ...{ dischargeEnd_V: 2.8, chargeStatus_code: 0, dischargeStatus_code: 1 },
    },
    bytes: bytesOf('24 24 57 13 0E 24 01 00 E4 00 83 00 84 5B 0A F0 00 01 26'),
  },
  {
    what: 'voltages of an 8T with one byte of SOC',
    frame: 'cellVoltages',
    firmware: 'V1.22',
    values: { cell_V: Array<number>(8).fill(3.3), soc_fraction: 0.91 },
    bytes: bytesOf('24 24 56 16 0C E4 0C E4 0C E4 0C E4 0C E4 0C E4 0C E4 0C E4 5B 8F'),
  },
  {
    what: 'impedance of 2 cells, low bytes first',
    frame: 'cellImpedance',
    firmware: 'V1.26',
    values: { mode_code: 0, current_A: 10, cell_Ohm: [0.001, 0.002] },
    bytes: bytesOf('24 24 58 0C 00 64 00 0A 00 14 00 2E'),
  },
];

/** Anything that a field could be asked to carry, beyond its ends as well. */
function anyValue(row: FieldRow): fc.Arbitrary<number> {
  const span = 256 ** row.bytes / row.perUnit;
  return fc.double({ min: -span, max: 1.5 * span, noNaN: true });
}

/** Values for every field of a frame, as many as a model has slots or a pack has cells. */
export function anyValues<F extends FrameName>(frame: F): fc.Arbitrary<FrameValues<F>> {
  const fields = Object.entries(FRAMES[frame].fields as Readonly<Record<string, FieldRow>>);
  const counts = { slot: fc.constantFrom(...Object.values(MODELS)), cell: fc.integer({ min: 1, max: 24 }) };
  const arbitrary = fields.map(([name, row]) => {
    const list = (each: 'slot' | 'cell') => counts[each].chain((count) => fc.array(anyValue(row), { minLength: count, maxLength: count }));
    return [name, row.each === undefined ? anyValue(row) : list(row.each)] as const;
  });
  return fc.record(Object.fromEntries(arbitrary)) as unknown as fc.Arbitrary<FrameValues<F>>;
}

/** Every frame with every firmware. */
export const FORMS = FRAME_NAMES.flatMap((frame) => FIRMWARES.map((firmware) => ({ frame, firmware })));

export const SEED = 20_260_101;
