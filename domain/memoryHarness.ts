/**
 * Columns of the balance harness: pins, board nodes, and what the leads carry.
 * They are a part of domain/memory.ts, where the rules stand.
 */
import { type Column, f64, i32 } from './column.ts';

/** Leads of the largest unit: 25 taps, two of which have a second lead. */
export const MOST_PINS = 27;
/** A board node and a converter node at each of 25 taps. */
export const MOST_NODES = 50;

export const HARNESS_COLUMNS = {
  fitted: i32('compile', 'there are leads between the taps and a board'),
  loadsWhenIdle: i32('compile', 'the scenario describes the harness: what its inputs draw is not part of the unit'),
  supplyOnEndWires: i32('compile', 'the unit is fed through wires 0 and N'),
  pinCount: i32('compile', 'rows of pins'),
  inputConductance_S: f64('compile', 'of every channel between its two converter nodes'),
  pinConductance_S: f64('compile', 'between a board node and its converter node'),
  versionSeen: i32('plant/leads', 'version of the world and of the bleed orders that the matrix holds, -1 none'),
  abnormal: i32('plant/leads', 'a lead, an input or a bleed is not as it was built'),
  bleeding: i32('plant/leads', 'some bleed is ordered'),
  supplyPath_Ohm: f64('plant/leads', 'resistance of the leads that feed the unit'),
  flowing: i32('plant/draws', 'something was drawn past the terminals in the last tick'),
  factored: i32('plant/leads', 'how often the leads were factored anew'),
  factoredSeen: i32('plant/draws', 'the same when their draws were last solved'),
  shorted: i32('plant/draws', 'some internal short conducts'),
  shortsSeen: i32('plant/draws', 'version of the effects when that was looked up'),
  due: i32('plant/draws', 'the taps have moved since the leads were last solved'),
  paused_s: f64('plant/draws', 'part of this tick in which bleeds pause'),
  pausedBefore_s: f64('plant/draws', 'the same of the tick before'),
  bleedShare_ratio: f64('plant/draws', 'share of what the leads draw that ends in bleed resistors'),
} as const satisfies Record<string, Column>;

export const HARNESS_STRUCTURES = {
  pin: {
    count: MOST_PINS,
    columns: {
      node: i32('compile', 'board node that the pin belongs to, as the number of its tap'),
      tap: f64('compile', 'tap that its lead reaches, -1 none'),
      nominalTap: f64('compile', 'the same as built'),
      resistance_Ohm: f64('compile', 'of lead and contact'),
      nominal_Ohm: f64('compile', 'the same as built'),
    },
  },
  tap: {
    count: MOST_NODES / 2,
    columns: {
      voltage_V: f64('plant/leads', 'against pack negative'),
      draw_A: f64('plant/leads', 'current that leaves the tap through its leads'),
    },
  },
  /** Even rows are board nodes, odd ones converter nodes; once with the ordered bleeds, once without. */
  bleedingNode: { count: MOST_NODES, columns: nodeColumns() },
  quietNode: { count: MOST_NODES, columns: nodeColumns() },
} as const satisfies Record<string, { count: number; columns: Record<string, Column> }>;

function nodeColumns() {
  return {
    pivot: f64('plant/bandSolver', 'diagonal, after factoring its inverse'),
    next: f64('plant/bandSolver', 'coupling to the next node, after factoring its factor'),
    second: f64('plant/bandSolver', 'coupling to the node after the next, after factoring its factor'),
    deviation_V: f64('plant/bandSolver', 'right side, after solving the distance from the tap voltage'),
  } as const;
}

/** Per group, beside the others of domain/memory.ts. */
export const HARNESS_GROUP = {
  bleedOrdered: f64('command', '1 where a bleed is commanded without a BMS'),
  bleedEnabled: f64('compile', '0 where the bleed never conducts'),
  bleedSource: f64('compile', 'group whose order this bleed follows'),
  bleedStuck_S: f64('compile', 'conductance across the port whatever is ordered'),
  inputLeak_S: f64('compile', 'conductance across the channel behind the pin resistors'),
  trim_ratio: f64('compile', 'share of the voltage that the pin resistors of an end channel drop and the unit is trimmed for'),
  bleed_S: f64('plant/leads', 'conductance of the bleed path as it is ordered now'),
  draw_A: f64('plant/draws', 'mean current over the tick that leads and shorts draw through the group'),
  returning_A: f64('plant/draws', 'part of it that has ended at the end of the tick'),
  drawBefore_A: f64('plant/draws', 'what leads drew at the end of the tick before'),
  bleed_A: f64('plant/draws', 'mean current of the bleed resistor over the tick'),
  short_A: f64('plant/draws', 'mean current of the internal shorts over the tick'),
  pinDeviation_V: f64('plant/draws', 'what the converter sees beyond the voltage between the taps'),
} as const satisfies Record<string, Column>;
