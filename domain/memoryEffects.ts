/**
 * Columns of effects and triggers: what changes the plant, the sensors or the controller from outside, and when.
 * They are a part of domain/memory.ts, where the rules stand. The kernel knows no faults, only these.
 */
import { type Column, f64, i32 } from './column.ts';

export const EFFECT_COLUMNS = {
  triggers: i32('compile', 'address of the trigger rows'),
  triggerCount: i32('compile', 'their number'),
  conditionCount: i32('compile', 'triggers that wait for a condition'),
  slots: i32('compile', 'address of the rows of columns that effects may change'),
  slotCount: i32('compile', 'their number'),
  rows: i32('compile', 'address of the effect rows, in the order of their declaration'),
  rowCount: i32('compile', 'their number'),
  nextTick: f64('time/triggers', 'the next tick at which a trigger begins, turns or ends'),
  commandsSeen: i32('time/triggers', 'commands applied at the last look'),
  version: i32('time/effects', 'how often effects have changed a column'),
} as const satisfies Record<string, Column>;

/** Rows of the triggers, all f64, part of the state. */
export const TRIGGER_ROW = [
  'address', // of the value that a condition compares, 0 for a trigger by time
  'isInteger',
  'perUnit',
  'direction', // 1 above, -1 below
  'level',
  'holdTicks',
  'fromTick', // by time: the first tick; by condition: where it was seen first, Infinity before
  'durationTicks',
  'onTicks', // mean length of the two states of an intermittent one, 0 always on
  'offTicks',
  'stream', // of its random draws
  'repaired', // a command ends it
  'cell',
  'severity',
  'index', // of the fault in the scenario
  'state', // 0 waits, 1 acts, 2 has ended
  'on', // its effects are in force
  'turnTick', // an intermittent one changes here
  'draws',
  'endTick',
] as const;

/** Columns that effects may change: where they lie and what they hold without any effect. */
export const SLOT_ROW = ['address', 'nominal', 'value', 'spare'] as const;

/** Effects, constant over the run. */
export const EFFECT_ROW = ['trigger', 'op', 'slot', 'value'] as const;
/** How an effect changes its column; an impulse writes once and is never taken back. */
export const EFFECT_OPS = { set: 0, add: 1, scale: 2, impulseSet: 3, impulseAdd: 4 } as const;
export type EffectOp = keyof typeof EFFECT_OPS;
