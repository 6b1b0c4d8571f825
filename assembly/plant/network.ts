/**
 * The pack as one source: what the equipment sees of it, the current that flows, and the bleeds' share.
 * It is separate from the cells because it knows joints and equipment, and the cells know neither.
 *
 * Equations in docs/model.md: Thevenin of a tick (11), bleed (12), solving the equipment (13).
 */
import { assumed, balance, fuse, group, layout, pack, relay, run } from '../generated/layout';
import { add, div, mul, splat, sub, sumColumn } from '../lane';
import { heatByRipple, settleCells, stepCells } from './cell';
import { drawConsumption } from './consumption';
import { equipmentAtStart, solveEquipment } from './equipment';
import { fuseIsOpen } from './fuse';
import { inverterMeetsPack } from './inverter';
import { factorLadders, sweepBackward, sweepForward } from './ladder';
import { endResistance, endVoltage } from './thevenin';

function groupsEnd(): usize {
  return <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
}

function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.chunkBytes);
}

/** Equation (12): what equipment sees of a group that is E + R I, with its bleed, its joint and the unit's own current. */
function seenLanes<T>(g: usize, source: T, resistance: T, conductance: T, consumption: T): void {
  const ordered = mul<T>(conductance, load<T>(g, group.bleedOrder));
  const present = load<T>(g, group.present);
  const divisor = div<T>(present, add<T>(splat<T>(1.0), mul<T>(resistance, ordered)));
  const seen = add<T>(mul<T>(resistance, divisor), mul<T>(present, load<T>(g, group.link_Ohm)));
  store<T>(g, sub<T>(mul<T>(source, divisor), mul<T>(seen, consumption)), group.theveninVoltage_V);
  store<T>(g, seen, group.theveninResistance_Ohm);
}

/** `endOfTick` 1: at the end of the coming tick; 0: at this moment. */
function stepThevenin<T>(endOfTick: f64): void {
  const share = splat<T>(endOfTick);
  const parallel = load<i32>(run.positionCount) > 1;
  if (parallel) sweepBackward<T>(endOfTick);
  const dt = splat<T>(load<f64>(run.tick_s));
  const conductance = splat<T>(bleedConductance());
  const consumption = splat<T>(load<f64>(pack.consumption_A));
  let g = <usize>load<i32>(run.groupBase);
  const end = cellsEnd();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const c = at + lane;
      const source = parallel ? load<T>(g + lane, group.ladderVoltage_V) : endVoltage<T>(c, share);
      const resistance = parallel ? load<T>(g + lane, group.ladderResistance_Ohm) : endResistance<T>(c, dt, share);
      seenLanes<T>(g + lane, source, resistance, conductance, consumption);
    }
    g += <usize>layout.groupChunkBytes;
  }
}

/** How much of this tick lies in the pause before the next sample; the pause may span several ticks. */
function notePause(): void {
  const dt = load<f64>(run.tick_s);
  const left = <f64>load<i32>(run.firmwareLeft) * dt;
  store<f64>(balance.paused_s, min<f64>(max<f64>(load<f64>(assumed.bleedPause_s) - left, 0.0), dt));
}

/** Mean conductance of an ordered bleed over this tick. */
function bleedConductance(): f64 {
  const dt = load<f64>(run.tick_s);
  return (load<f64>(balance.bleedConductance_S) * (dt - load<f64>(balance.paused_s))) / dt;
}

/** The bleed lies across the group alone: the joint's share, of both currents, is taken out again. */
function bleedLanes<T>(g: usize, conductance: T, current: T, consumption: T): void {
  const link = load<T>(g, group.link_Ohm);
  const withJoint = add<T>(load<T>(g, group.theveninVoltage_V), mul<T>(load<T>(g, group.theveninResistance_Ohm), current));
  const voltage = sub<T>(withJoint, mul<T>(link, sub<T>(current, consumption)));
  store<T>(g, mul<T>(mul<T>(conductance, load<T>(g, group.bleedOrder)), voltage), group.bleed_A);
}

/** Bleed currents of the tick; when the last bleed ends they are set to 0 once. */
function stepBleeds<T>(bleeding: bool): void {
  if (!bleeding && !load<i32>(balance.flowing)) return;
  store<i32>(balance.flowing, bleeding ? 1 : 0);
  const conductance = splat<T>(bleeding ? bleedConductance() : 0.0);
  const current = splat<T>(load<f64>(pack.current_A));
  const consumption = splat<T>(load<f64>(pack.consumption_A));
  const end = groupsEnd();
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) bleedLanes<T>(g + lane, conductance, current, consumption);
  }
}

/** What stands between open circuit and terminals: the groups as they are seen, and the main fuse. */
function sumResistances<T>(): f64 {
  return sumGroups<T>(<usize>group.theveninResistance_Ohm) + load<f64>(fuse.resistance_Ohm);
}

function sumGroups<T>(column: usize): f64 {
  return sumColumn<T>(<usize>load<i32>(run.groupBase) + column, groupsEnd() + column, <usize>layout.groupChunkBytes);
}

/** Resistance of the pack at this moment, for what is faster than a tick. */
function measureMoment<T>(): void {
  factorLadders<T>(0.0);
  stepThevenin<T>(0.0);
  store<f64>(pack.momentResistance_Ohm, sumResistances<T>());
  factorLadders<T>(1.0);
}

/** Current through the terminals and bleed currents of this tick. */
export function solveNetwork<T>(bleeding: bool): void {
  if (bleeding) notePause();
  if (inverterMeetsPack()) measureMoment<T>();
  const reactive = load<i32>(pack.needsThevenin) != 0;
  const parallel = load<i32>(run.positionCount) > 1;
  if (reactive || bleeding || parallel) stepThevenin<T>(1.0);
  const emf = reactive ? sumGroups<T>(<usize>group.theveninVoltage_V) : 0.0;
  const resistance = reactive ? sumResistances<T>() : 0.0;
  store<f64>(pack.current_A, solveEquipment(emf, resistance));
  stepBleeds<T>(bleeding);
  if (parallel) sweepForward<T>(load<f64>(run.tick_s));
}

/** What ripple and inrush heat inside the pack; that power comes through the terminals beside mean current times mean voltage. */
function ripplePower<T>(): f64 {
  const square = load<f64>(pack.rippleSquare_A2);
  if (square == 0.0) return 0.0;
  heatByRipple<T>(square);
  return square * (sumGroups<T>(<usize>group.rippleResistance_Ohm) + load<f64>(fuse.resistance_Ohm));
}

/** Cells over the tick, then the pack's voltages from them. */
export function stepPack<T>(): void {
  store<f64>(pack.ripplePower_W, ripplePower<T>());
  stepCells<T>();
  if (load<i32>(run.positionCount) > 1) store<f64>(pack.driftPower_W, sumGroups<T>(<usize>group.driftPower_W));
  const voltage = sumGroups<T>(<usize>group.afeVoltage_V);
  storeVoltages(voltage, sumGroups<T>(<usize>group.meanVoltage_V));
}

/** Current and voltages at this moment, before the first tick. Two passes: the unit's draw and R0's direction need a first answer. */
export function settlePack<T>(): void {
  const parallel = load<i32>(run.positionCount) > 1;
  for (let pass = 0; pass < 2; pass++) {
    settleCells<T>();
    store<f64>(pack.voltage_V, sumGroups<T>(<usize>group.afeVoltage_V));
    drawConsumption();
    factorLadders<T>(0.0);
    stepThevenin<T>(0.0);
    const emf = sumGroups<T>(<usize>group.theveninVoltage_V);
    store<f64>(pack.current_A, equipmentAtStart(emf, sumResistances<T>()));
    if (parallel) sweepForward<T>(0.0);
  }
  settleCells<T>();
  factorLadders<T>(1.0);
  const voltage = sumGroups<T>(<usize>group.afeVoltage_V);
  storeVoltages(voltage, voltage);
}

function storeVoltages(voltage: f64, mean: f64): void {
  store<f64>(pack.voltage_V, voltage);
  store<f64>(pack.meanVoltage_V, mean);
  const toLoad = load<i32>(relay.dischargeClosed) != 0 && (load<i32>(pack.commonPort) == 0 || load<i32>(relay.chargeClosed) != 0);
  const pastFuse = voltage + load<f64>(fuse.resistance_Ohm) * load<f64>(pack.current_A);
  store<f64>(pack.busVoltage_V, toLoad && !fuseIsOpen() ? pastFuse : 0.0);
}
