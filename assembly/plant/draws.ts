/**
 * What leads and internal shorts draw from each group past the terminals, over a tick with its pause for the measurement.
 * Separate from the leads because it knows time: when they are solved, and what the group itself gives way.
 *
 * Equations in docs/model.md: draws (42), giving way (44).
 */
import { cellAt, groupAt } from '../address';
import { assumed, cell, effect, group, harness, layout, pack, run, tap, unit } from '../generated/layout';
import { add, div, mul, splat, sub } from '../lane';
import { refreshReadings } from './group';
import {
  BLEEDING,
  bleedConductance,
  channelDeviation,
  countedElsewhere,
  countedInput,
  drawFromTaps,
  portVoltage,
  QUIET,
  readTaps,
  solveLeads,
  tapAt,
} from './leads';
import { endResistance } from './thevenin';

/** Leads that are described or broken are a circuit; the standard ones have no resistance and leave only the bleeds. */
@inline
function leadsAreCircuit(): bool {
  return load<i32>(harness.fitted) != 0 && (load<i32>(harness.loadsWhenIdle) | load<i32>(harness.abnormal)) != 0;
}

/** Conductance of all internal shorts of a group. */
function shortConductance(g: i32): f64 {
  const positions = load<i32>(run.positionCount);
  let sum = 0.0;
  for (let p = 0; p < positions; p++) sum += load<f64>(cellAt(g) + <usize>p * <usize>load<i32>(run.chunkBytes), cell.short_S);
  return sum;
}

function findShorts(): bool {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) if (shortConductance(g) > 0.0) return true;
  return false;
}

/** Whether some short conducts now: only effects make one, so it is looked up when these have changed. */
function someShortConducts(): bool {
  const version = load<i32>(effect.version);
  if (version != load<i32>(harness.shortsSeen)) {
    store<i32>(harness.shortsSeen, version);
    store<i32>(harness.shorted, load<i32>(run.hasShorts) != 0 && findShorts() ? 1 : 0);
  }
  return load<i32>(harness.shorted) != 0;
}

function isActive(shorted: bool): bool {
  return shorted || load<i32>(harness.bleeding) != 0 || leadsAreCircuit();
}

/** How much of this tick lies in the pause before the next sample; the pause may span several ticks. */
function notePause(): void {
  store<f64>(harness.pausedBefore_s, load<f64>(harness.paused_s));
  if (!load<i32>(harness.bleeding) || !load<i32>(unit.running)) {
    store<f64>(harness.paused_s, 0.0);
    return;
  }
  const dt = load<f64>(run.tick_s);
  const left = <f64>load<i32>(run.firmwareLeft) * dt;
  store<f64>(harness.paused_s, min<f64>(max<f64>(load<f64>(assumed.bleedPause_s) - left, 0.0), dt));
}

/** Resistance of a group between its taps at this moment. */
function promptResistance<T>(c: usize, g: usize): T {
  const parallel = load<i32>(run.positionCount) > 1;
  const own = parallel ? load<T>(g, group.ladderResistance_Ohm) : endResistance<T>(c, false);
  return add<T>(own, load<T>(g, group.link_Ohm));
}

/** What RC pairs and OCV add to it in the mean over a share of the coming tick: half of what they add by its end. */
function slowResistance<T>(c: usize, share: T): T {
  if (load<i32>(run.positionCount) > 1) return splat<T>(0.0);
  const atEnd = endResistance<T>(c, true);
  return mul<T>(mul<T>(splat<T>(0.5), share), sub<T>(atEnd, endResistance<T>(c, false)));
}

/**
 * Equation (44): the leads were solved against the voltage under the last draw. A new draw moves it by R at once, and all
 * current by R' in the mean over the tick. The answer with the group's own conductance |I/U|: exact for a resistor, stable for any.
 */
function givingWay<T>(solved: T, conductance: T, before: T, prompt: T, slow: T): T {
  const through = splat<T>(load<f64>(pack.current_A) - load<f64>(pack.consumption_A));
  const promptGain = mul<T>(conductance, prompt);
  const slowGain = mul<T>(conductance, slow);
  const answered = add<T>(solved, add<T>(mul<T>(promptGain, before), mul<T>(slowGain, through)));
  return div<T>(answered, add<T>(splat<T>(1.0), add<T>(promptGain, slowGain)));
}

/** The same for a single group, by the conductance that it meets. */
function givingWayAt(g: i32, solved: f64, before: f64, share: f64): f64 {
  const voltage = load<f64>(groupAt(g), group.tapVoltage_V);
  const conductance = voltage == 0.0 ? 0.0 : abs<f64>(solved / voltage);
  return givingWay<f64>(solved, conductance, before, promptResistance<f64>(cellAt(g), groupAt(g)), slowResistance<f64>(cellAt(g), share));
}

/** Draws of one system, each group's for a share of the tick. */
function addSystem(system: usize, share: f64): void {
  solveLeads(system);
  drawFromTaps(system);
  const groups = load<i32>(run.groupCount);
  const elsewhere = countedElsewhere();
  let above = 0.0;
  let bleedPower = 0.0;
  let power = 0.0;
  for (let g = groups - 1; g >= 0; g--) {
    above += load<f64>(tapAt(g + 1), tap.draw_A);
    const at = groupAt(g);
    const voltage = load<f64>(at, group.tapVoltage_V);
    const solved = above - elsewhere - countedInput(system, g);
    const drawn = givingWayAt(g, solved, load<f64>(at, group.drawBefore_A), share);
    const conductance = bleedConductance(system, g);
    const bled = conductance > 0.0 ? conductance * portVoltage(system, g) + (drawn - solved) : 0.0;
    if (conductance > 0.0) bleedPower += (bled * bled) / conductance;
    power += drawn * voltage;
    store<f64>(at, load<f64>(at, group.bleed_A) + share * bled, group.bleed_A);
    store<f64>(at, load<f64>(at, group.draw_A) + share * drawn, group.draw_A);
    store<f64>(at, load<f64>(at, group.draw_A) - drawn, group.returning_A);
  }
  const inBleeds = power > bleedPower ? bleedPower / power : 1.0;
  store<f64>(harness.bleedShare_ratio, load<f64>(harness.bleedShare_ratio) + share * inBleeds);
}

/** What every group gave at the end of the last tick is kept; the new tick starts from nothing. */
function beginDraws<T>(): void {
  const start = <usize>load<i32>(run.groupBase);
  const end = start + <usize>load<i32>(run.groupBytes);
  for (let first = start; first < end; first += <usize>layout.groupChunkBytes) {
    for (let g = first; g < first + 32; g += sizeof<T>()) {
      const atEnd = sub<T>(sub<T>(load<T>(g, group.draw_A), load<T>(g, group.returning_A)), load<T>(g, group.short_A));
      store<T>(g, atEnd, group.drawBefore_A);
      store<T>(g, splat<T>(0.0), group.draw_A);
      store<T>(g, splat<T>(0.0), group.returning_A);
      store<T>(g, splat<T>(0.0), group.bleed_A);
    }
  }
  store<f64>(harness.bleedShare_ratio, 0.0);
}

/** Leads without resistance: every bleed lies across its own group. */
function drawIdealLanes<T>(c: usize, g: usize, share: T, pauses: T): void {
  const conductance = load<T>(g, group.bleed_S);
  const solved = mul<T>(conductance, load<T>(g, group.tapVoltage_V));
  const drawn = givingWay<T>(solved, conductance, load<T>(g, group.drawBefore_A), promptResistance<T>(c, g), slowResistance<T>(c, share));
  const mean = mul<T>(share, drawn);
  store<T>(g, mean, group.bleed_A);
  store<T>(g, mean, group.draw_A);
  store<T>(g, mul<T>(pauses, mean), group.returning_A);
}

function drawIdeal<T>(paused: f64): void {
  const share = splat<T>(1.0 - paused);
  const pauses = splat<T>(paused > 0.0 ? 1.0 : 0.0);
  let c = <usize>layout.cellBase;
  const end = <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) drawIdealLanes<T>(c + lane, g + lane, share, pauses);
    c += <usize>layout.cellChunkBytes;
  }
  store<f64>(harness.bleedShare_ratio, 1.0);
}

function drawLeads<T>(): void {
  const dt = load<f64>(run.tick_s);
  const paused = dt > 0.0 ? load<f64>(harness.paused_s) / dt : 0.0;
  if (!leadsAreCircuit()) {
    drawIdeal<T>(paused);
    return;
  }
  readTaps();
  // The pause is the last part of the tick, so it comes last here too: what returns is counted from it.
  if (paused < 1.0) addSystem(BLEEDING, 1.0 - paused);
  if (paused > 0.0) addSystem(QUIET, paused);
}

function drawShorts(): void {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const conductance = shortConductance(g);
    const drawn =
      conductance == 0.0 ? 0.0 : givingWayAt(g, conductance * load<f64>(at, group.tapVoltage_V), load<f64>(at, group.short_A), 1.0);
    store<f64>(at, drawn, group.short_A);
    store<f64>(at, load<f64>(at, group.draw_A) + drawn, group.draw_A);
  }
}

/** Nothing draws any more: every column back to 0, once. */
function endDraws(): void {
  if (!load<i32>(harness.flowing)) return;
  store<i32>(harness.flowing, 0);
  store<f64>(harness.paused_s, 0.0);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    store<f64>(at, 0.0, group.draw_A);
    store<f64>(at, 0.0, group.returning_A);
    store<f64>(at, 0.0, group.bleed_A);
    store<f64>(at, 0.0, group.short_A);
    store<f64>(at, 0.0, group.pinDeviation_V);
  }
}

/** Nothing draws, nothing did in the last tick, and no effect has touched the shorts since. */
@inline
function isIdle(): bool {
  if ((load<i32>(harness.shorted) | load<i32>(harness.bleeding) | load<i32>(harness.flowing)) != 0) return false;
  return load<i32>(effect.version) == load<i32>(harness.shortsSeen) && !leadsAreCircuit();
}

/** At a tick's start, after `refreshLeads`. */
@inline
export function stepDraws<T>(): void {
  if (!isIdle()) solveDraws<T>();
}

/** Draws of the coming tick, where anything has changed since they were last solved. */
function solveDraws<T>(): void {
  const shorted = someShortConducts();
  if (!isActive(shorted)) {
    endDraws();
    return;
  }
  notePause();
  const pauses = load<f64>(harness.paused_s) > 0.0 || load<f64>(harness.pausedBefore_s) > 0.0;
  const cheap = !leadsAreCircuit() || shorted;
  const changed = load<i32>(harness.factored) != load<i32>(harness.factoredSeen);
  const due = changed || pauses || load<i32>(harness.due) != 0 || cheap;
  if (!due) return;
  store<i32>(harness.due, 0);
  store<i32>(harness.factoredSeen, load<i32>(harness.factored));
  store<i32>(harness.flowing, 1);
  beginDraws<T>();
  if (load<i32>(harness.fitted)) drawLeads<T>();
  if (load<i32>(run.hasShorts)) drawShorts();
}

/** The converter looks when the unit measures; without a unit somebody else may look at every tick. */
export function pinsAreDue(slow: bool): bool {
  return slow || load<i32>(run.measuring) != 0 || !load<i32>(run.hasUnit);
}

/** At a tick's end: the converter's nodes as they stand, bleeds paused where the unit is measuring. */
@inline
export function readPins<T>(): void {
  store<i32>(harness.due, 1);
  if (leadsAreCircuit()) readCircuit<T>();
}

function readCircuit<T>(): void {
  const system = load<f64>(harness.paused_s) > 0.0 ? QUIET : BLEEDING;
  readTaps();
  solveLeads(system);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) store<f64>(groupAt(g), channelDeviation(system, g), group.pinDeviation_V);
  refreshReadings<T>();
}

/** Heat of the internal shorts of this tick, each in its own cell. */
export function heatShorts(): void {
  if (!load<i32>(harness.shorted)) return;
  const groups = load<i32>(run.groupCount);
  const positions = load<i32>(run.positionCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const conductance = shortConductance(g);
    if (conductance == 0.0) continue;
    const energy = load<f64>(at, group.short_A) * load<f64>(at, group.meanVoltage_V) * load<f64>(run.tick_s);
    for (let p = 0; p < positions; p++) {
      const c = cellAt(g) + <usize>p * <usize>load<i32>(run.chunkBytes);
      const share = load<f64>(c, cell.short_S) / conductance;
      store<f64>(c, load<f64>(c, cell.shortHeat_J) + share * energy, cell.shortHeat_J);
    }
  }
}
