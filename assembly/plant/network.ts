/**
 * The pack as one source: what the equipment sees of it, the current that flows, and the bleeds' share.
 * It is separate from the cells because parallel groups will change the network and not the cell.
 *
 * Equations in docs/model.md: Thevenin of a tick (11), bleed (12), solving the equipment (13).
 */
import { balance, cell, group, layout, pack, relay, run } from '../generated/layout';
import { add, div, mul, splat, sub, sumColumn } from '../lane';
import { settleCells, stepCells } from './cell';
import { drawConsumption } from './consumption';
import { equipmentAtStart, solveEquipment } from './equipment';

function groupsEnd(): usize {
  return <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
}

function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.chunkBytes);
}

/** Equation (11): voltage at the end of the tick as E + R I, RC gain and OCV slope inside R, so large ticks stay stable. */
function theveninLanes<T>(at: usize, g: usize, dt: T, share: T, conductance: T, consumption: T): void {
  const step1 = mul<T>(share, load<T>(at, cell.rc1Step));
  const step2 = mul<T>(share, load<T>(at, cell.rc2Step));
  const start1 = load<T>(at, cell.rc1_V);
  const start2 = load<T>(at, cell.rc2_V);
  const pairs = add<T>(sub<T>(start1, mul<T>(step1, start1)), sub<T>(start2, mul<T>(step2, start2)));
  const source = add<T>(load<T>(at, cell.emf_V), pairs);
  const r0 = add<T>(directionalResistance<T>(at), load<T>(at, cell.tab_Ohm));
  const gain = add<T>(mul<T>(load<T>(at, cell.rc1Resistance_Ohm), step1), mul<T>(load<T>(at, cell.rc2Resistance_Ohm), step2));
  const resistance = add<T>(add<T>(r0, gain), mul<T>(load<T>(at, cell.emfPerCoulomb_V), mul<T>(share, dt)));
  // Equation (12): a bleed across the cell divides both by 1 + R G.
  const ordered = mul<T>(conductance, load<T>(g, group.bleedOrder));
  const divisor = div<T>(load<T>(g, group.present), add<T>(splat<T>(1.0), mul<T>(resistance, ordered)));
  const link = mul<T>(load<T>(g, group.present), load<T>(g, group.link_Ohm));
  const seen = add<T>(mul<T>(resistance, divisor), link);
  store<T>(g, sub<T>(mul<T>(source, divisor), mul<T>(seen, consumption)), group.theveninVoltage_V);
  store<T>(g, seen, group.theveninResistance_Ohm);
}

function directionalResistance<T>(at: usize): T {
  const forward = load<T>(at, cell.chargeResistance_Ohm);
  const backward = load<T>(at, cell.dischargeResistance_Ohm);
  if (isVector<T>()) return v128.bitselect(forward, backward, f64x2.gt(load<T>(at, cell.current_A), f64x2.splat(0.0)));
  else return load<f64>(at, cell.current_A) > 0.0 ? forward : backward;
}

/** `endOfTick` 1: at the end of the coming tick; 0: at this moment. */
function stepThevenin<T>(endOfTick: f64): void {
  const share = splat<T>(endOfTick);
  const dt = splat<T>(load<f64>(run.tick_s));
  const conductance = splat<T>(bleedConductance());
  const consumption = splat<T>(load<f64>(pack.consumption_A));
  let g = <usize>load<i32>(run.groupBase);
  const end = cellsEnd();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) theveninLanes<T>(at + lane, g + lane, dt, share, conductance, consumption);
    g += <usize>layout.groupChunkBytes;
  }
}

/** Mean conductance of an ordered bleed over this tick: it pauses while the firmware samples. */
function bleedConductance(): f64 {
  const full = load<f64>(balance.bleedConductance_S);
  if (!load<i32>(run.measuring)) return full;
  const dt = load<f64>(run.tick_s);
  return (full * max<f64>(dt - load<f64>(balance.pause_s), 0.0)) / dt;
}

function bleedLanes<T>(g: usize, conductance: T, current: T): void {
  const resistance = sub<T>(load<T>(g, group.theveninResistance_Ohm), load<T>(g, group.link_Ohm));
  const voltage = add<T>(load<T>(g, group.theveninVoltage_V), mul<T>(resistance, current));
  store<T>(g, mul<T>(mul<T>(conductance, load<T>(g, group.bleedOrder)), voltage), group.bleed_A);
}

/** Bleed currents of the tick; when the last bleed ends they are set to 0 once. */
function stepBleeds<T>(bleeding: bool): void {
  if (!bleeding && !load<i32>(balance.flowing)) return;
  store<i32>(balance.flowing, bleeding ? 1 : 0);
  const conductance = splat<T>(bleeding ? bleedConductance() : 0.0);
  const current = splat<T>(load<f64>(pack.current_A));
  const end = groupsEnd();
  for (let g = <usize>load<i32>(run.groupBase); g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) bleedLanes<T>(g + lane, conductance, current);
  }
}

function sumGroups<T>(column: usize): f64 {
  return sumColumn<T>(<usize>load<i32>(run.groupBase) + column, groupsEnd() + column, <usize>layout.groupChunkBytes);
}

/** Current through the terminals and bleed currents of this tick. */
export function solveNetwork<T>(bleeding: bool): void {
  const reactive = load<i32>(pack.needsThevenin) != 0;
  if (reactive || bleeding) stepThevenin<T>(1.0);
  const emf = reactive ? sumGroups<T>(<usize>group.theveninVoltage_V) : 0.0;
  const resistance = reactive ? sumGroups<T>(<usize>group.theveninResistance_Ohm) : 0.0;
  store<f64>(pack.current_A, solveEquipment(emf, resistance));
  stepBleeds<T>(bleeding);
}

/** Cells over the tick, then the pack's voltages from them. */
export function stepPack<T>(): void {
  stepCells<T>();
  const voltage = sumGroups<T>(<usize>group.afeVoltage_V);
  const column = <usize>cell.meanVoltage_V;
  const mean = sumColumn<T>(<usize>layout.cellBase + column, cellsEnd() + column, <usize>layout.cellChunkBytes);
  storeVoltages(voltage, mean);
}

/** Current and voltages at this moment, before the first tick. */
export function settlePack<T>(): void {
  settleCells<T>();
  store<f64>(pack.voltage_V, sumGroups<T>(<usize>group.afeVoltage_V));
  drawConsumption();
  stepThevenin<T>(0.0);
  const emf = sumGroups<T>(<usize>group.theveninVoltage_V);
  store<f64>(pack.current_A, equipmentAtStart(emf, sumGroups<T>(<usize>group.theveninResistance_Ohm)));
  settleCells<T>();
  const voltage = sumGroups<T>(<usize>group.afeVoltage_V);
  storeVoltages(voltage, voltage);
}

function storeVoltages(voltage: f64, mean: f64): void {
  store<f64>(pack.voltage_V, voltage);
  store<f64>(pack.meanVoltage_V, mean);
  const toLoad = load<i32>(relay.dischargeClosed) != 0 && (load<i32>(pack.commonPort) == 0 || load<i32>(relay.chargeClosed) != 0);
  store<f64>(pack.busVoltage_V, toLoad ? voltage : 0.0);
}
