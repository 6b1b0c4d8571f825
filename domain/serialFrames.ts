/**
 * The serial output COM3 as rows: every frame with its fields in the order of the wire, and how often it comes.
 * Encoder, decoder and docs/serial.md are derived from them; an offset is never written, it follows from the order.
 * Source: the vendor's notes of V1.22, V1.25 and V1.26.
 */
import type { Firmware } from './firmwares.ts';

export type { Firmware };

export interface FieldRow {
  label: string;
  bytes: 1 | 2 | 4;
  /** Order of the bytes of a field that has several. */
  order?: 'big' | 'little';
  signed?: true;
  /** Integers on the wire per unit of the field's name. */
  perUnit: number;
  /** The field stands once for every slot of the model, or for every cell that is fitted. */
  each?: 'slot' | 'cell';
  /** First and last firmware that sends it; every one where nothing is said. */
  from?: Firmware;
  until?: Firmware;
  /** What its values mean. */
  codes?: readonly string[];
}

export interface FrameRow {
  label: string;
  command: number;
  /** Simulated seconds between two of them; null: whenever there is something new to tell. */
  every_s: number | null;
  fields: Readonly<Record<string, FieldRow>>;
}

/** Values of a mode field, as the unit counts them. */
export const MODES = ['discharge', 'charge', 'storage'] as const;

export const FRAMES = {
  measuredValues: {
    label: 'Measured values',
    command: 0x57,
    every_s: 1,
    fields: {
      chargeEnd_V: { label: 'Charge end voltage: Over charge P', bytes: 2, order: 'big', perUnit: 1000 },
      mode_code: { label: 'Mode', bytes: 1, perUnit: 1, codes: MODES, from: 'V1.21' },
      current_A: { label: 'Current, its magnitude: the mode says its direction', bytes: 2, order: 'big', perUnit: 10 },
      temperature1_degC: { label: 'T1', bytes: 2, order: 'big', signed: true, perUnit: 10 },
      temperature2_degC: { label: 'T2', bytes: 2, order: 'big', signed: true, perUnit: 10 },
      soc_fraction: { label: 'State of charge', bytes: 1, perUnit: 100, from: 'V1.21' },
      dischargeEnd_V: { label: 'Discharge end voltage: Over discharge P', bytes: 2, order: 'big', perUnit: 1000, from: 'V1.26' },
      chargeStatus_code: { label: 'Charge status', bytes: 1, perUnit: 1, codes: ['normal', 'Over charge P tripped'], from: 'V1.26' },
      dischargeStatus_code: {
        label: 'Discharge status',
        bytes: 1,
        perUnit: 1,
        codes: ['normal', 'Over discharge P tripped'],
        from: 'V1.26',
      },
    },
  },
  cellVoltages: {
    label: 'Cell voltages',
    command: 0x56,
    every_s: 2,
    fields: {
      cell_V: { label: 'Cell voltage; a slot without a cell carries noise', bytes: 2, order: 'big', perUnit: 1000, each: 'slot' },
      // The notes give this form for V1.22; that earlier firmware has the same one is assumed.
      soc_fraction: { label: 'State of charge', bytes: 1, perUnit: 100, until: 'V1.22' },
      remaining_Wh: { label: 'Energy that is left', bytes: 4, order: 'little', perUnit: 1000, from: 'V1.25' },
      remaining_Ah: { label: 'Charge that is left', bytes: 4, order: 'little', perUnit: 1000, from: 'V1.25' },
    },
  },
  cellImpedance: {
    label: 'Cell impedance, when charge changes to discharge or back',
    command: 0x58,
    every_s: null,
    fields: {
      mode_code: { label: 'Mode', bytes: 1, perUnit: 1, codes: MODES },
      current_A: { label: 'Current, its magnitude', bytes: 2, order: 'little', perUnit: 10 },
      cell_Ohm: { label: 'Impedance of a cell', bytes: 2, order: 'little', perUnit: 10_000, each: 'cell' },
    },
  },
} as const satisfies Record<string, FrameRow>;

export type FrameName = keyof typeof FRAMES;
export const FRAME_NAMES = Object.keys(FRAMES) as FrameName[];

/** What every frame begins with; a command byte and the length of the whole frame follow. */
export const FRAME_START = [0x24, 0x24] as const;

/** Text that stands between frames at times. How often is an assumption: after the frames of every fifth second. */
export const SEPARATOR = { text: 'h::3\r\n', every_s: 5 } as const;

/** From the start of one write to the next (assumed); the notes ask for at least 0.1 s. */
export const WRITE_SPACING_s = 0.2;

/** A slot without a cell reads noise of 0 up to this. */
export const EMPTY_SLOT_NOISE_mV = 27;

type Fields<F extends FrameName> = (typeof FRAMES)[F]['fields'];
type ValueOf<Row> = Row extends { each: string } ? readonly number[] : number;
type Versioned<F extends FrameName> = {
  [N in keyof Fields<F>]: Fields<F>[N] extends { from: string } | { until: string } ? N : never;
}[keyof Fields<F>];

/** Values of a frame by field, in the units of their names; what not every firmware sends may be missing. */
export type FrameValues<F extends FrameName> = { readonly [N in Exclude<keyof Fields<F>, Versioned<F>>]: ValueOf<Fields<F>[N]> } & {
  readonly [N in Versioned<F>]?: ValueOf<Fields<F>[N]>;
};
