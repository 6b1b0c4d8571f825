/**
 * The event ring: every stage reports here, the host drains it between calls.
 * The count of rows not yet drained is the ring's first word, outside the state, so draining changes no result.
 */
import { event, eventRow, run } from '../generated/layout';

const HEADER: usize = 64;
const ROW: usize = 64;
/** The run stops on whatever event comes. */
const ANY_EVENT: i32 = -1;

/** Adds a row; `cell` is -1 where no cell is meant. Time is the end of the tick. */
export function report(code: i32, active: bool, cell: i32, value: f64, trueValue: f64, limit: f64): void {
  reportAt(code, active, cell, -1, value, trueValue, limit);
}

/** The same of one cell among several in parallel; `position` is -1 where the group as a whole is meant. */
export function reportAt(code: i32, active: bool, cell: i32, position: i32, value: f64, trueValue: f64, limit: f64): void {
  const base = <usize>load<i32>(event.base);
  const count = load<i32>(base);
  const at = base + HEADER + <usize>count * ROW;
  store<f64>(at + eventRow.tick, <f64>load<i32>(run.tick));
  store<f64>(at + eventRow.code, <f64>code);
  store<f64>(at + eventRow.active, active ? 1.0 : 0.0);
  store<f64>(at + eventRow.cell, <f64>cell);
  store<f64>(at + eventRow.value, value);
  store<f64>(at + eventRow.trueValue, trueValue);
  store<f64>(at + eventRow.limit, limit);
  store<f64>(at + eventRow.position, <f64>position);
  store<i32>(base, count + 1);
  store<i32>(event.total, load<i32>(event.total) + 1);
  const stops = load<i32>(event.stopCode);
  if (stops == ANY_EVENT || (active && code == stops)) store<i32>(event.stopSeen, 1);
}

/** Whether the ring could overflow within one more tick, so that the host must drain it first. */
export function ringIsFull(): bool {
  return load<i32>(load<i32>(event.base)) > load<i32>(event.capacity) - load<i32>(event.reserve);
}
