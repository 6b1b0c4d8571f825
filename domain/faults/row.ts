/**
 * What a row of the fault catalogue says, and how its effects name columns of the kernel.
 * Separate from the rows so that each part of the device has a file of rows and no file knows all of it.
 */
import type { EffectOp } from '../memoryEffects.ts';
import type { Unit } from '../quantity.ts';

/** What a fault is put on; `none` is the pack or the unit as a whole. */
export type TargetKind =
  | 'wire'
  | 'innerWire'
  | 'endWire'
  | 'connector'
  | 'joint'
  | 'cell'
  | 'parallelCell'
  | 'channel'
  | 'relay'
  | 'sensor'
  | 'charger'
  | 'load'
  | 'inverter'
  | 'none';

/** The target of one fault in one scenario: indices from 0. */
export interface Target {
  /** Wire (its row of pins), connector, group, relay (0 charge, 1 discharge), sensor or source. */
  index: number;
  /** Of a parallel cell; undefined means all cells of the group. */
  position?: number | undefined;
  series: number;
  parallel: number;
  /** Tap that each pin is built to reach, in the order of the pins. */
  pinTaps: readonly number[];
  /** Connector of each pin. */
  pinConnectors: readonly number[];
  bleed_Ohm: number;
  tick_s: number;
}

/** One change of one column, before its address is known: `section.column`, and which of several. */
export interface ColumnChange {
  column: string;
  op: EffectOp;
  value: number;
  index?: number;
  position?: number | undefined;
}

export interface Severity {
  unit: Unit;
  what: string;
  min: number;
  max: number;
  default: number;
}

export interface FaultRow {
  /** Number in the public catalogue of such faults. */
  catalogue: string;
  target: TargetKind;
  severity?: Severity;
  /** How it ends: by itself or by repair as if it had never been, never, or by a procedure such as replacing a part. */
  ends: 'restore' | 'impulse' | 'procedure';
  /** Where a scenario does not say how long it lasts, or that it comes and goes. */
  lasts_s?: number;
  intermittent?: { on_s: number; off_s: number };
  symptom: string;
  /** What the FAQ's device does. */
  reaction: string;
  /** What a unit with a second reference, feedback and faster tasks does; words only. */
  secondProfile?: string;
  /** Whether this device has the means to tell that something is wrong. */
  detectable: boolean;
  faq: readonly string[];
  effects: (target: Target, severity: number) => ColumnChange[];
}

export const set = (column: string, value: number, index?: number, position?: number): ColumnChange =>
  change('set', column, value, index, position);
export const add = (column: string, value: number, index?: number, position?: number): ColumnChange =>
  change('add', column, value, index, position);
export const scale = (column: string, value: number, index?: number, position?: number): ColumnChange =>
  change('scale', column, value, index, position);
export const impulse = (column: string, value: number, index?: number): ColumnChange =>
  change('impulseSet', column, value, index, undefined);

function change(op: EffectOp, column: string, value: number, index: number | undefined, position: number | undefined): ColumnChange {
  return { column, op, value, ...(index === undefined ? {} : { index }), ...(position === undefined ? {} : { position }) };
}

/** The same change on every group. */
export function everyGroup(series: number, make: (group: number) => ColumnChange): ColumnChange[] {
  return Array.from({ length: series }, (_, group) => make(group));
}
