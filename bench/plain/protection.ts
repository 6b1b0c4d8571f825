/**
 * The protections in plain JavaScript: compare, delay, trip, hold, release, and the relay orders that follow.
 * A quiet pack costs two comparisons a measurand; rules are followed only where one is violated or not idle.
 */
import { EVENTS } from '../../domain/events.ts';
import { anchorSoc } from './firmware.ts';
import type { State } from './state.ts';

const IDLE = 0;
const TRIPPED = 1;
const HELD = 2;

const BY_SETTING = 0;
const BY_OFFSET = 1;
const BY_RETRY = 2;
const BY_START_OR_CHARGE = 3;

const OPEN_CHARGE = 1;
const OPEN_DISCHARGE = 2;
const OPEN_BOTH = 3;
/** Bits of the relays that a rule is about to open, beside those that it opens. */
const ABOUT_TO_SHIFT = 2;
/** Beyond both: the rule is in force, whatever it opens. */
const IN_FORCE = 16;

const OVER_CHARGE = EVENTS.overCharge.code;
const OVER_DISCHARGE = EVENTS.overDischarge.code;

/** Reaching P sets the estimate to full or empty. */
function anchor({ estimate, rules }: State, i: number): void {
  if (rules.event[i] === OVER_CHARGE) anchorSoc(estimate, 1);
  if (rules.event[i] === OVER_DISCHARGE) anchorSoc(estimate, 0);
}

function trip(state: State, i: number): void {
  const { events, protection, rules, sensing } = state;
  const now = sensing.sample;
  const before = rules.tripSampleBefore[i]!;
  const thirdInWindow = before > 0 && now - before <= rules.windowSamples[i]!;
  rules.latched[i] = rules.releaseBy[i] === BY_RETRY && thirdInWindow ? 1 : 0;
  rules.tripSampleBefore[i] = rules.tripSample[i]!;
  rules.tripSample[i] = now;
  rules.pending[i] = 0;
  rules.releasing[i] = 0;
  rules.state[i] = TRIPPED;
  protection.trips++;
  events.total++;
  anchor(state, i);
}

function clear({ events, rules }: State, i: number): void {
  rules.state[i] = IDLE;
  rules.pending[i] = 0;
  rules.releasing[i] = 0;
  if (rules.latched[i] !== 0) {
    rules.tripSample[i] = 0;
    rules.tripSampleBefore[i] = 0;
  }
  rules.latched[i] = 0;
  events.total++;
}

function lasts({ rules }: State, i: number, holds: boolean, delay: number): boolean {
  const count = holds ? rules.releasing[i]! + 1 : 0;
  rules.releasing[i] = count;
  return count > delay;
}

/** START is a command, and there are none here. */
function isReleased(state: State, i: number, key: number, delay: number): boolean {
  const { assumed, measured, rules, sensing } = state;
  const by = rules.releaseBy[i]!;
  if (by === BY_SETTING || by === BY_OFFSET) return lasts(state, i, key <= rules.releaseKey[i]!, delay);
  if (by === BY_RETRY) return rules.latched[i] === 0 && sensing.sample - rules.tripSample[i]! >= Math.max(rules.retrySamples[i]!, delay);
  return by === BY_START_OR_CHARGE && lasts(state, i, measured.current_A >= assumed.releasingCharge_A, delay);
}

/** Between P and R the cause has another name. */
function exchangeNames(state: State, i: number, key: number, violating: boolean, delay: number): void {
  const { events, rules } = state;
  if (rules.hold[i] === 0) return;
  const pending = violating ? rules.pending[i]! + 1 : 0;
  rules.pending[i] = pending;
  if (rules.state[i] === TRIPPED && !violating && key > rules.releaseKey[i]!) {
    rules.state[i] = HELD;
    events.total += 2;
  } else if (rules.state[i] === HELD && pending > delay) {
    rules.state[i] = TRIPPED;
    events.total += 2;
    anchor(state, i);
  }
}

/** One rule on one sample; returns the relays that it opens, in the upper bits those that it is about to open, and IN_FORCE. */
function follow(state: State, i: number, delay: number): number {
  const { protection, reading, rules } = state;
  const key = reading[rules.measurand[i]!]! * rules.direction[i]!;
  const violating = key >= rules.trip[i]!;
  if (rules.state[i] === IDLE) {
    const pending = violating ? rules.pending[i]! + 1 : 0;
    rules.pending[i] = pending;
    if (pending > delay) trip(state, i);
  } else if (rules.enabled[i] === 0 || isReleased(state, i, key, delay)) clear(state, i);
  else exchangeNames(state, i, key, violating, delay);
  const idle = rules.state[i] === IDLE;
  if (!idle || rules.pending[i]! > 0) protection.busy++;
  const silent = protection.alarmOnly !== 0 && rules.absolute[i] === 0;
  if (silent) return idle ? 0 : IN_FORCE;
  if (!idle) return rules.opens[i]! | IN_FORCE;
  return rules.pending[i]! > 0 ? rules.opens[i]! << ABOUT_TO_SHIFT : 0;
}

function anyViolated({ reading, bounds: { high, low } }: State): boolean {
  for (let i = 0; i < reading.length; i++) if (reading[i]! >= high[i]! || reading[i]! <= low[i]!) return true;
  return false;
}

/** Runs every rule on this sample and writes the relay orders. */
export function protect(state: State): void {
  const { protection, rules, unit } = state;
  const { charge, discharge } = state.relays;
  let opens = 0;
  if (protection.busy !== 0 || anyViolated(state)) {
    protection.busy = 0;
    const delay = protection.delaySamples;
    for (let i = 0; i < rules.trip.length; i++) opens |= follow(state, i, delay);
  }
  protection.alarm = (opens & IN_FORCE) !== 0 ? 1 : 0;
  let pending = (opens >> ABOUT_TO_SHIFT) & OPEN_BOTH;
  opens &= OPEN_BOTH;
  if (unit.anyAlarmOpensBoth !== 0) {
    if (opens !== 0) opens = OPEN_BOTH;
    if (pending !== 0) pending = OPEN_BOTH;
  }
  // An open relay does not close onto a violation that is about to open it again.
  if (charge.order === 0) opens |= pending & OPEN_CHARGE;
  if (discharge.order === 0) opens |= pending & OPEN_DISCHARGE;
  charge.order = (opens & OPEN_CHARGE) !== 0 ? 0 : 1;
  discharge.order = (opens & OPEN_DISCHARGE) !== 0 ? 0 : 1;
}
