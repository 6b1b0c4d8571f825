/**
 * One loop over all protections: compare, delay, trip, hold, release, and the relay orders that follow.
 * Levels are compiled from the settings when these change; a quiet pack costs one vector comparison.
 */
import {
  assumed,
  command,
  effect,
  eventCode,
  layout,
  lcd,
  measurand,
  measured,
  protection,
  relay,
  rule,
  run,
  sensing,
  sensor,
  setting,
  unit,
  vector,
} from '../generated/layout';
import { isAny, reachesEither, splat } from '../lane';
import { report } from '../time/events';
import { trueValueOf } from '../time/truth';
import { anchorSoc } from './soc';

const IDLE: i32 = 0;
const TRIPPED: i32 = 1;
const HELD: i32 = 2;

const BY_SETTING: i32 = 0;
const BY_OFFSET: i32 = 1;
const BY_RETRY: i32 = 2;
const BY_START_OR_CHARGE: i32 = 3;

/** Outputs of the two relays. */
const CHARGE: usize = <usize>relay.base;
const DISCHARGE: usize = <usize>relay.base + <usize>relay.bytes;
const OPEN_CHARGE: i32 = 1;
const OPEN_DISCHARGE: i32 = 2;
const OPEN_BOTH: i32 = 3;
/** Bits of the relays that a rule is about to open, beside those that it opens. */
const ABOUT_TO_SHIFT: i32 = 2;
/** Beyond both: the rule is in force, whatever it opens. */
const IN_FORCE: i32 = 16;

function rowAt(index: i32): usize {
  return <usize>rule.base + <usize>index * <usize>rule.bytes;
}

/** Changes whenever a command, the menu or an effect may have written a setting. */
function settingsVersion(): i32 {
  return load<i32>(command.settingsWritten) + load<i32>(lcd.settingsStored) + load<i32>(effect.version);
}

/** Levels in the rules' integer units from the settings in physical units. */
function compileLevels(): void {
  const count = load<i32>(protection.ruleCount);
  const delay = load<f64>(setting.cutOffDelay_s);
  const period = <f64>load<i32>(run.firmwareTicks) * load<f64>(run.tick_s);
  store<i32>(protection.alarmOnly, delay == 0.0 ? 1 : 0);
  store<i32>(protection.delaySamples, <i32>ceil<f64>(delay / period - 1e-9));
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const from = load<i32>(row, rule.threshold);
    const level = from != 0 ? load<f64>(from) : load<f64>(row, rule.level);
    const direction = load<f64>(row, rule.direction);
    const perUnit = load<f64>(row, rule.perUnit);
    const key = direction * nearest<f64>(level * perUnit);
    const released = load<i32>(row, rule.releaseSetting);
    const byOffset = max<f64>(
      key - nearest<f64>(load<f64>(row, rule.releaseOffset) * perUnit),
      load<f64>(row, rule.releaseLeast) * perUnit,
    );
    const releaseKey = released != 0 ? direction * nearest<f64>(load<f64>(released) * perUnit) : byOffset;
    const enabledBy = load<i32>(row, rule.enabledBy);
    const switched = enabledBy == 0 || load<f64>(enabledBy) != 0.0;
    const enabled = switched && (load<i32>(row, rule.absolute) == 0 || delay == 0.0);
    store<f64>(<usize>vector.ruleTrip + ((<usize>i) << 3), enabled ? key + load<f64>(row, rule.strict) : Infinity);
    store<f64>(row, releaseKey, rule.releaseKey);
    store<i32>(row, enabled ? 1 : 0, rule.enabled);
  }
  compileBounds();
  store<i32>(protection.settingsUsed, settingsVersion());
}

/** The tightest levels of all rules on a measurand: while each stays between its two no rule is violated. */
function compileBounds(): void {
  for (let which: usize = 0; which < <usize>layout.ruleLanes; which++) {
    store<f64>(<usize>vector.readingHigh + (which << 3), Infinity);
    store<f64>(<usize>vector.readingLow + (which << 3), -Infinity);
  }
  const count = load<i32>(protection.ruleCount);
  for (let i = 0; i < count; i++) {
    const trip = load<f64>(<usize>vector.ruleTrip + ((<usize>i) << 3));
    const lane = (<usize>load<i32>(rowAt(i), rule.measurand)) << 3;
    if (load<f64>(rowAt(i), rule.direction) > 0.0) {
      const high = <usize>vector.readingHigh + lane;
      store<f64>(high, min<f64>(load<f64>(high), trip));
    } else {
      const low = <usize>vector.readingLow + lane;
      store<f64>(low, max<f64>(load<f64>(low), -trip));
    }
  }
}

function sensorGroup(index: usize): i32 {
  return load<i32>(<usize>sensor.base + index * <usize>sensor.bytes, sensor.group);
}

/** Group that a measurand speaks of, -1 for none. */
function cellOf(which: i32): i32 {
  if (which == measurand.cellVoltageMax) return load<i32>(measured.highestCell);
  if (which == measurand.cellVoltageMin || which == measurand.cellDifferenceInDischarge) return load<i32>(measured.lowestCell);
  const firstIsHotter = load<f64>(measured.temperature1_degC) >= load<f64>(measured.temperature2_degC);
  if (which == measurand.temperatureMax) return sensorGroup(firstIsHotter ? 0 : 1);
  if (which == measurand.temperatureMin) return sensorGroup(firstIsHotter ? 1 : 0);
  return -1;
}

function tell(row: usize, code: i32, active: bool): void {
  const which = load<i32>(row, rule.measurand);
  const perUnit = load<f64>(row, rule.perUnit);
  const cell = cellOf(which);
  const held = code == load<i32>(row, rule.hold) ? load<i32>(row, rule.releaseSetting) : 0;
  const from = held != 0 ? held : load<i32>(row, rule.threshold);
  if (which == measurand.cellCountMismatch) {
    report(code, active, -1, <f64>load<i32>(measured.cellCount), trueValueOf(which, -1), <f64>load<i32>(unit.cellsLearnt));
    return;
  }
  const value = load<f64>(<usize>vector.reading + ((<usize>which) << 3)) / perUnit;
  report(code, active, cell, value, trueValueOf(which, cell), from != 0 ? load<f64>(from) : load<f64>(row, rule.level));
}

/** FAQ 4: reaching P sets the estimate to full or empty. */
function anchor(code: i32): void {
  if (code == eventCode.overCharge) anchorSoc(1.0);
  if (code == eventCode.overDischarge) anchorSoc(0.0);
}

function trip(row: usize): void {
  const now = load<i32>(sensing.sample);
  const before = load<i32>(row, rule.tripSampleBefore);
  const thirdInWindow = before > 0 && now - before <= load<i32>(row, rule.windowSamples);
  store<i32>(row, load<i32>(row, rule.releaseBy) == BY_RETRY && thirdInWindow ? 1 : 0, rule.latched);
  store<i32>(row, load<i32>(row, rule.tripSample), rule.tripSampleBefore);
  store<i32>(row, now, rule.tripSample);
  store<i32>(row, 0, rule.pending);
  store<i32>(row, 0, rule.releasing);
  store<i32>(row, TRIPPED, rule.state);
  store<i32>(protection.trips, load<i32>(protection.trips) + 1);
  tell(row, load<i32>(row, rule.event), true);
  anchor(load<i32>(row, rule.event));
}

/** START after a latch begins a new count. */
function forgetTrips(row: usize): void {
  store<i32>(row, 0, rule.tripSample);
  store<i32>(row, 0, rule.tripSampleBefore);
}

function clear(row: usize): void {
  const held = load<i32>(row, rule.state) == HELD;
  store<i32>(row, IDLE, rule.state);
  store<i32>(row, 0, rule.pending);
  store<i32>(row, 0, rule.releasing);
  if (load<i32>(row, rule.latched)) forgetTrips(row);
  store<i32>(row, 0, rule.latched);
  tell(row, held ? load<i32>(row, rule.hold) : load<i32>(row, rule.event), false);
}

/** Counts samples in a row for which something holds; true when they span the delay. */
function lasts(holds: bool, row: usize, delay: i32): bool {
  const count = holds ? load<i32>(row, rule.releasing) + 1 : 0;
  store<i32>(row, count, rule.releasing);
  return count > delay;
}

function isReleased(row: usize, key: f64, delay: i32, startPressed: bool): bool {
  const by = load<i32>(row, rule.releaseBy);
  if (by == BY_SETTING || by == BY_OFFSET) return lasts(key <= load<f64>(row, rule.releaseKey), row, delay);
  if (by == BY_RETRY) {
    if (load<i32>(row, rule.latched)) return startPressed;
    return load<i32>(sensing.sample) - load<i32>(row, rule.tripSample) >= max<i32>(load<i32>(row, rule.retrySamples), delay);
  }
  if (by == BY_START_OR_CHARGE)
    return startPressed || lasts(load<f64>(measured.current_A) >= load<f64>(assumed.releasingCharge_A), row, delay);
  return false;
}

/** Between P and R the cause has another name, FAQ 9b and 10b. */
function exchangeNames(row: usize, violating: bool, released: bool, delay: i32): void {
  const hold = load<i32>(row, rule.hold);
  if (hold == 0) return;
  const state = load<i32>(row, rule.state);
  const pending = violating ? load<i32>(row, rule.pending) + 1 : 0;
  store<i32>(row, pending, rule.pending);
  if (state == TRIPPED && !violating && !released) {
    store<i32>(row, HELD, rule.state);
    tell(row, load<i32>(row, rule.event), false);
    tell(row, hold, true);
  } else if (state == HELD && pending > delay) {
    store<i32>(row, TRIPPED, rule.state);
    tell(row, hold, false);
    tell(row, load<i32>(row, rule.event), true);
    anchor(load<i32>(row, rule.event));
  }
}

/** One rule on one sample; returns the relays that it opens, in the upper bits those that it is about to open, and IN_FORCE. */
function follow(index: i32, delay: i32, startPressed: bool): i32 {
  const row = rowAt(index);
  const reading = load<f64>(<usize>vector.reading + ((<usize>load<i32>(row, rule.measurand)) << 3));
  const key = reading * load<f64>(row, rule.direction);
  const violating = key >= load<f64>(<usize>vector.ruleTrip + ((<usize>index) << 3));
  if (load<i32>(row, rule.state) == IDLE) {
    const pending = violating ? load<i32>(row, rule.pending) + 1 : 0;
    store<i32>(row, pending, rule.pending);
    if (pending > delay) trip(row);
  } else if (!load<i32>(row, rule.enabled) || isReleased(row, key, delay, startPressed)) clear(row);
  else exchangeNames(row, violating, key <= load<f64>(row, rule.releaseKey), delay);

  const state = load<i32>(row, rule.state);
  if (state != IDLE || load<i32>(row, rule.pending) > 0) store<i32>(protection.busy, load<i32>(protection.busy) + 1);
  const silent = load<i32>(protection.alarmOnly) != 0 && !load<i32>(row, rule.absolute);
  if (silent) return state != IDLE ? IN_FORCE : 0;
  if (state != IDLE) return load<i32>(row, rule.opens) | IN_FORCE;
  return load<i32>(row, rule.pending) > 0 ? load<i32>(row, rule.opens) << ABOUT_TO_SHIFT : 0;
}

function anyViolated<T>(): bool {
  let violated = splat<T>(0.0);
  for (let at: usize = 0; at < <usize>layout.measurandBytes; at += sizeof<T>()) {
    const low = load<T>(<usize>vector.readingLow + at);
    violated = reachesEither<T>(load<T>(<usize>vector.reading + at), low, load<T>(<usize>vector.readingHigh + at), violated);
  }
  return isAny<T>(violated);
}

/** Runs every rule on this sample and writes the relay orders. */
export function protect<T>(startPressed: bool): void {
  if (load<i32>(protection.settingsUsed) != settingsVersion()) compileLevels();
  let opens = 0;
  if (load<i32>(protection.busy) != 0 || anyViolated<T>()) {
    store<i32>(protection.busy, 0);
    const count = load<i32>(protection.ruleCount);
    const delay = load<i32>(protection.delaySamples);
    for (let i = 0; i < count; i++) opens |= follow(i, delay, startPressed);
  }
  store<i32>(protection.alarm, opens & IN_FORCE ? 1 : 0);
  let pending = (opens >> ABOUT_TO_SHIFT) & OPEN_BOTH;
  opens &= OPEN_BOTH;
  if (load<i32>(unit.anyAlarmOpensBoth)) {
    if (opens != 0) opens = OPEN_BOTH;
    if (pending != 0) pending = OPEN_BOTH;
  }
  // An open relay does not close onto a violation that is about to open it again.
  if (!load<i32>(CHARGE, relay.order)) opens |= pending & OPEN_CHARGE;
  if (!load<i32>(DISCHARGE, relay.order)) opens |= pending & OPEN_DISCHARGE;
  store<i32>(CHARGE, opens & OPEN_CHARGE ? 0 : 1, relay.order);
  store<i32>(DISCHARGE, opens & OPEN_DISCHARGE ? 0 : 1, relay.order);
}

/** Off or asleep: outputs fall to 0 V and every timer and latch is forgotten; what was active ends. */
export function forgetProtections(): void {
  const count = load<i32>(protection.ruleCount);
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (load<i32>(row, rule.state) != IDLE) clear(row);
    store<i32>(row, 0, rule.pending);
    store<i32>(row, 0, rule.tripSample);
    store<i32>(row, 0, rule.tripSampleBefore);
  }
  store<i32>(protection.busy, 0);
  store<i32>(protection.alarm, 0);
  store<i32>(CHARGE, 0, relay.order);
  store<i32>(DISCHARGE, 0, relay.order);
}
