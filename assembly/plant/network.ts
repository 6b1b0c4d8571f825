/**
 * The pack as one source: what the equipment sees of it, and the current that flows.
 * It is separate from the cells because it knows joints and equipment, and the cells know neither.
 *
 * Equations in docs/model.md: Thevenin of a tick (11), what equipment sees (12), solving the equipment (13).
 */
import { fuse, group, harness, layout, pack, relay, run } from '../generated/layout';
import { add, mul, splat, splatAt, sub, sumColumn } from '../lane';
import { heatByRipple, settleCells, stepCells } from './cell';
import { drawConsumption } from './consumption';
import { readPins, stepDraws } from './draws';
import { equipmentAtStart, reactsToVoltage, solveEquipment } from './equipment';
import { dischargeContact_Ohm, mayDischarge } from './equipmentRow';
import { fuseIsOpen } from './fuse';
import { busOfInverters, inverterMeetsPack } from './inverter';
import { factorLadders, sweepBackward, sweepForward } from './ladder';
import { refreshLeads } from './leads';
import { DISCHARGE_RELAY } from './relay';
import { endResistance, endVoltage } from './thevenin';

function groupsEnd(): usize {
  return <usize>load<i32>(run.groupBase) + <usize>load<i32>(run.groupBytes);
}

function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.chunkBytes);
}

/** Equation (12): what equipment sees of a group that is E + R I, with its joint, its leads and the unit's own current. */
function seenLanes<T>(g: usize, source: T, resistance: T, consumption: T): void {
  const present = load<T>(g, group.present);
  const seen = mul<T>(present, add<T>(resistance, load<T>(g, group.link_Ohm)));
  const drawn = mul<T>(seen, add<T>(consumption, load<T>(g, group.draw_A)));
  store<T>(g, sub<T>(mul<T>(present, source), drawn), group.theveninVoltage_V);
  store<T>(g, seen, group.theveninResistance_Ohm);
}

/** `endOfTick` 1: at the end of the coming tick; 0: at this moment. */
function stepThevenin<T>(endOfTick: f64): void {
  const share = splat<T>(endOfTick);
  const parallel = load<i32>(run.positionCount) > 1;
  if (parallel) sweepBackward<T>(endOfTick);
  const seconds = splat<T>(endOfTick * load<f64>(run.tick_s));
  const consumption = splatAt<T>(pack.consumption_A);
  let g = <usize>load<i32>(run.groupBase);
  const end = cellsEnd();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const c = at + lane;
      const source = parallel ? load<T>(g + lane, group.ladderVoltage_V) : endVoltage<T>(c, share);
      const resistance = parallel ? load<T>(g + lane, group.ladderResistance_Ohm) : endResistance<T>(c, seconds, share);
      seenLanes<T>(g + lane, source, resistance, consumption);
    }
    g += <usize>layout.groupChunkBytes;
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

/** Current through the terminals and how it splits in this tick. */
export function solveNetwork<T>(): void {
  if (inverterMeetsPack()) measureMoment<T>();
  const reactive = reactsToVoltage();
  const parallel = load<i32>(run.positionCount) > 1;
  if (reactive || parallel) stepThevenin<T>(1.0);
  const emf = reactive ? sumGroups<T>(<usize>group.theveninVoltage_V) : 0.0;
  const resistance = reactive ? sumResistances<T>() : 0.0;
  store<f64>(pack.current_A, solveEquipment(reactive, emf, resistance));
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
  const voltage = sumGroups<T>(<usize>group.tapVoltage_V);
  storeVoltages(voltage, sumGroups<T>(<usize>group.meanVoltage_V));
}

/** The unit's draw and R0's direction need a first answer, what leads and shorts draw some more. */
const PASSES: i32 = 2;
const PASSES_WITH_DRAWS: i32 = 6;

/** Current and voltages at this moment, before the first tick. */
export function settlePack<T>(): void {
  const parallel = load<i32>(run.positionCount) > 1;
  const passes = load<i32>(harness.fitted) != 0 || load<i32>(run.hasShorts) != 0 ? PASSES_WITH_DRAWS : PASSES;
  for (let pass = 0; pass < passes; pass++) {
    settleCells<T>();
    store<f64>(pack.voltage_V, sumGroups<T>(<usize>group.tapVoltage_V));
    refreshLeads();
    drawConsumption();
    stepDraws<T>();
    readPins<T>();
    factorLadders<T>(0.0);
    stepThevenin<T>(0.0);
    const emf = sumGroups<T>(<usize>group.theveninVoltage_V);
    store<f64>(pack.current_A, equipmentAtStart(emf, sumResistances<T>()));
    if (parallel) sweepForward<T>(0.0);
  }
  settleCells<T>();
  factorLadders<T>(1.0);
  const voltage = sumGroups<T>(<usize>group.tapVoltage_V);
  storeVoltages(voltage, voltage);
}

function storeVoltages(voltage: f64, mean: f64): void {
  store<f64>(pack.voltage_V, voltage);
  store<f64>(pack.meanVoltage_V, mean);
  const pastFuse = voltage + load<f64>(fuse.resistance_Ohm) * load<f64>(pack.current_A);
  const drop = dischargeContact_Ohm() * load<f64>(DISCHARGE_RELAY, relay.current_A);
  const joined = mayDischarge() && !fuseIsOpen() ? pastFuse + drop : 0.0;
  store<f64>(pack.busVoltage_V, load<i32>(pack.hasInverter) ? busOfInverters(joined) : joined);
}
