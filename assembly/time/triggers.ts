/**
 * When effects are in force: by time or by a condition that holds, for a while or until they are repaired, steady or intermittent.
 * One comparison a tick while nothing is due; conditions are looked at once a period of the firmware.
 */
import { command, effect, eventCode, run, sensing, triggerRow } from '../generated/layout';
import { factorLadders } from '../plant/ladder';
import { stepParameters } from '../plant/parameters';
import { recompose, strike } from './effects';
import { report } from './events';
import { uniform } from './random';

const WAITS: f64 = 0.0;
const ACTS: f64 = 1.0;
const ENDED: f64 = 2.0;

function rowAt(index: i32): usize {
  return <usize>load<i32>(effect.triggers) + <usize>index * <usize>triggerRow.bytes;
}

function seed(): u64 {
  return ((<u64>(<u32>load<i32>(sensing.seedHigh))) << 32) | (<u64>(<u32>load<i32>(sensing.seedLow)));
}

/** Length of the next state of an intermittent one, exponential about its mean, at least a tick. */
function drawTicks(row: usize, mean: f64): f64 {
  const count = load<f64>(row, triggerRow.draws);
  store<f64>(row + triggerRow.draws, count + 1.0);
  const drawn = uniform(seed(), <u32>load<f64>(row, triggerRow.stream), <u32>count);
  return max<f64>(nearest<f64>(-mean * Math.log(drawn)), 1.0);
}

function tell(row: usize, active: bool): void {
  const severity = load<f64>(row, triggerRow.severity);
  report(eventCode.fault, active, <i32>load<f64>(row, triggerRow.cell), severity, severity, load<f64>(row, triggerRow.index));
}

function isMet(row: usize): bool {
  const address = <usize>load<f64>(row, triggerRow.address);
  const raw = load<f64>(row, triggerRow.isInteger) != 0.0 ? <f64>load<i32>(address) : load<f64>(address);
  const value = raw / load<f64>(row, triggerRow.perUnit);
  return load<f64>(row, triggerRow.direction) > 0.0 ? value > load<f64>(row, triggerRow.level) : value < load<f64>(row, triggerRow.level);
}

/** A condition sets the tick at which its trigger begins, once it has been met for as long as it must hold. */
function lookAtConditions(tick: f64): void {
  const count = load<i32>(effect.triggerCount);
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (load<f64>(row, triggerRow.address) == 0.0 || load<f64>(row, triggerRow.state) != WAITS) continue;
    if (!isMet(row)) store<f64>(row + triggerRow.fromTick, Infinity);
    else if (load<f64>(row, triggerRow.fromTick) == Infinity)
      store<f64>(row + triggerRow.fromTick, tick + load<f64>(row, triggerRow.holdTicks));
  }
}

function begin(row: usize, tick: f64): void {
  tell(row, true);
  const duration = load<f64>(row, triggerRow.durationTicks);
  if (duration <= 0.0) {
    store<f64>(row + triggerRow.state, ENDED);
    tell(row, false);
    return;
  }
  store<f64>(row + triggerRow.state, ACTS);
  store<f64>(row + triggerRow.on, 1.0);
  store<f64>(row + triggerRow.endTick, tick + duration);
  const mean = load<f64>(row, triggerRow.onTicks);
  store<f64>(row + triggerRow.turnTick, mean > 0.0 ? tick + drawTicks(row, mean) : Infinity);
  strike(row);
}

function turn(row: usize, tick: f64): void {
  const on = load<f64>(row, triggerRow.on) == 0.0;
  store<f64>(row + triggerRow.on, on ? 1.0 : 0.0);
  store<f64>(
    row + triggerRow.turnTick,
    tick + drawTicks(row, on ? load<f64>(row, triggerRow.onTicks) : load<f64>(row, triggerRow.offTicks)),
  );
}

/** Moves one trigger on; returns the tick at which it wants to be looked at again. */
function follow(row: usize, tick: f64): f64 {
  if (load<f64>(row, triggerRow.state) == WAITS) {
    if (load<f64>(row, triggerRow.repaired) != 0.0) {
      store<f64>(row + triggerRow.state, ENDED);
      return Infinity;
    }
    if (tick < load<f64>(row, triggerRow.fromTick)) return load<f64>(row, triggerRow.fromTick);
    begin(row, tick);
  }
  if (load<f64>(row, triggerRow.state) == ENDED) return Infinity;
  if (tick >= load<f64>(row, triggerRow.endTick) || load<f64>(row, triggerRow.repaired) != 0.0) {
    store<f64>(row + triggerRow.state, ENDED);
    store<f64>(row + triggerRow.on, 0.0);
    tell(row, false);
    return Infinity;
  }
  if (tick >= load<f64>(row, triggerRow.turnTick)) turn(row, tick);
  return min<f64>(load<f64>(row, triggerRow.endTick), load<f64>(row, triggerRow.turnTick));
}

function look<T>(count: i32, settled: bool): void {
  const tick = <f64>load<i32>(run.tick);
  const looks = settled && load<i32>(effect.conditionCount) > 0 && load<i32>(run.tick) % load<i32>(run.firmwareTicks) == 0;
  const commanded = load<i32>(command.next) != load<i32>(effect.commandsSeen);
  if (!looks && !commanded && tick < load<f64>(effect.nextTick)) return;
  if (looks) lookAtConditions(tick);
  store<i32>(effect.commandsSeen, load<i32>(command.next));
  let next = Infinity;
  for (let i = 0; i < count; i++) next = min<f64>(next, follow(rowAt(i), tick));
  store<f64>(effect.nextTick, next);
  if (recompose() && settled) {
    stepParameters<T>();
    factorLadders<T>(true);
  }
}

/** Nobody has done anything, no condition has to be looked at, and no trigger is due. */
@inline
function allWait(): bool {
  if (load<i32>(effect.conditionCount) > 0 || load<i32>(command.next) != load<i32>(effect.commandsSeen)) return false;
  return <f64>load<i32>(run.tick) < load<f64>(effect.nextTick);
}

/** At a tick's start, after the commands. Before the first one (`settled` false) there is nothing yet that a condition could look at. */
@inline
export function followTriggers<T>(settled: bool): void {
  const count = load<i32>(effect.triggerCount);
  if (count > 0 && !allWait()) look<T>(count, settled);
}
