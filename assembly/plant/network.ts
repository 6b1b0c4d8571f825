/**
 * The pack as one source: what the equipment sees of it, and the current that flows.
 * It is separate from the cells because it knows joints and equipment, and the cells know neither.
 *
 * Equations in docs/model.md: Thevenin of a tick (11), what equipment sees (12), solving the equipment (13).
 */
import { fuse, group, harness, layout, pack, relay, run } from '../generated/layout';
import { add, mul, splat, splatAt, sub, sumChunk, sumColumn } from '../lane';
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

/** Equation (12): resistance of a group as equipment sees it, with its joint. */
@inline
function seenResistance<T>(at: usize, g: usize, parallel: bool, ofTick: bool): T {
  const own = parallel ? load<T>(g, group.ladderResistance_Ohm) : endResistance<T>(at, ofTick);
  return mul<T>(load<T>(g, group.present), add<T>(own, load<T>(g, group.link_Ohm)));
}

/** Equation (12): its source voltage, less what its leads and the unit drop there. */
@inline
function seenVoltage<T>(at: usize, g: usize, parallel: bool, ofTick: bool, resistance: T, consumption: T): T {
  const own = parallel ? load<T>(g, group.ladderVoltage_V) : endVoltage<T>(at, ofTick);
  const drawn = mul<T>(resistance, add<T>(consumption, load<T>(g, group.draw_A)));
  return sub<T>(mul<T>(load<T>(g, group.present), own), drawn);
}

/** Equation (12): all groups as one E + R I. Sums are those of `sumColumn`; lanes are written out, as in the cells. */
@inline
function sumSeen<T>(parallel: bool, ofTick: bool): void {
  const consumption = splatAt<T>(pack.consumption_A);
  let emf0 = splat<T>(0.0);
  let emf1 = emf0;
  let emf2 = emf0;
  let emf3 = emf0;
  let ohm0 = emf0;
  let ohm1 = emf0;
  let ohm2 = emf0;
  let ohm3 = emf0;
  let g = <usize>load<i32>(run.groupBase);
  const end = cellsEnd();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes, g += <usize>layout.groupChunkBytes) {
    const own0 = seenResistance<T>(at, g, parallel, ofTick);
    ohm0 = add<T>(ohm0, own0);
    emf0 = add<T>(emf0, seenVoltage<T>(at, g, parallel, ofTick, own0, consumption));
    const own1 = seenResistance<T>(at + sizeof<T>(), g + sizeof<T>(), parallel, ofTick);
    ohm1 = add<T>(ohm1, own1);
    emf1 = add<T>(emf1, seenVoltage<T>(at + sizeof<T>(), g + sizeof<T>(), parallel, ofTick, own1, consumption));
    if (isVector<T>()) continue;
    const own2 = seenResistance<T>(at + 16, g + 16, parallel, ofTick);
    ohm2 = add<T>(ohm2, own2);
    emf2 = add<T>(emf2, seenVoltage<T>(at + 16, g + 16, parallel, ofTick, own2, consumption));
    const own3 = seenResistance<T>(at + 24, g + 24, parallel, ofTick);
    ohm3 = add<T>(ohm3, own3);
    emf3 = add<T>(emf3, seenVoltage<T>(at + 24, g + 24, parallel, ofTick, own3, consumption));
  }
  store<f64>(pack.source_V, sumChunk<T>(emf0, emf1, emf2, emf3));
  store<f64>(pack.source_Ohm, sumChunk<T>(ohm0, ohm1, ohm2, ohm3) + load<f64>(fuse.resistance_Ohm));
}

/** The pack as equipment sees it over the coming tick, or at this moment; parallel cells have to be swept before. */
function seePack<T>(ofTick: bool): void {
  if (load<i32>(run.positionCount) > 1) sumSeen<T>(true, ofTick);
  else if (ofTick) sumSeen<T>(false, true);
  else sumSeen<T>(false, false);
}

function sumGroups<T>(column: usize): f64 {
  return sumColumn<T>(<usize>load<i32>(run.groupBase) + column, groupsEnd() + column, <usize>layout.groupChunkBytes);
}

/** Resistance of the pack at this moment, for what is faster than a tick. */
function measureMoment<T>(): void {
  factorLadders<T>(false);
  if (load<i32>(run.positionCount) > 1) sweepBackward<T>(false);
  seePack<T>(false);
  store<f64>(pack.momentResistance_Ohm, load<f64>(pack.source_Ohm));
  factorLadders<T>(true);
}

/** Current through the terminals and how it splits in this tick. */
export function solveNetwork<T>(): void {
  if (inverterMeetsPack()) measureMoment<T>();
  const reactive = reactsToVoltage();
  const parallel = load<i32>(run.positionCount) > 1;
  if (parallel) sweepBackward<T>(true);
  if (reactive) seePack<T>(true);
  store<f64>(pack.current_A, solveEquipment(reactive, load<f64>(pack.source_V), load<f64>(pack.source_Ohm)));
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
    factorLadders<T>(false);
    if (parallel) sweepBackward<T>(false);
    seePack<T>(false);
    store<f64>(pack.current_A, equipmentAtStart(load<f64>(pack.source_V), load<f64>(pack.source_Ohm)));
    if (parallel) sweepForward<T>(0.0);
  }
  settleCells<T>();
  factorLadders<T>(true);
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
