/**
 * Heat of the pack: ambient, joints, every cell's balance, exchange between neighbours, and the main unit's case.
 * The first part of the slow step; parameters follow at the temperatures that it leaves.
 *
 * Equations in docs/model.md: heat balance (7), joints (18), neighbours (19).
 */
import { cellAt, groupAt } from '../address';
import { assumed, cell, effect, group, heat, layout, pack, relay, run, total } from '../generated/layout';
import { add, decayed, div, mul, ONE, splat, splatAt, sub, whereGreater } from '../lane';
import { profileAtStart, profileMean } from './profile';
import { stepReactions } from './reaction';

const KELVIN: f64 = 273.15;
const EDGE_BYTES: usize = 24;

function readAmbient(): void {
  const row = <usize>load<i32>(heat.ambientRow);
  if (row == 0) {
    store<f64>(pack.ambientNow_degC, load<f64>(pack.ambient_degC));
    return;
  }
  const seconds = load<f64>(run.slow_s);
  const end = <f64>load<i32>(run.tick) * load<f64>(run.tick_s);
  store<f64>(pack.ambientNow_degC, profileMean(row, max<f64>(end - seconds, 0.0), seconds));
}

/** Heat of the joint below a group since the last slow step; one that has changed since then has kept what it made before (time/totals). */
@inline
function linkHeat(g: usize, squares: f64): f64 {
  const extra = load<f64>(g, group.linkExtra_J) - load<f64>(g, group.slowLinkExtra_J);
  const now = load<f64>(g, group.link_Ohm);
  const before = load<f64>(g, group.slowLink_Ohm);
  if (now == before) return now * squares + extra;
  return now * squares + extra + (now - before) * (load<f64>(pack.squareCharge_A2s) - squares);
}

/** Equation (18): a joint's heat goes to the groups on its two sides by halves, a bar's to its own group. From the last group, which has no joint above. */
function spreadJointHeat(): void {
  const squares = load<f64>(pack.squareCharge_A2s) - load<f64>(heat.squareSeen_A2s);
  store<f64>(heat.squareSeen_A2s, load<f64>(pack.squareCharge_A2s));
  const positions = load<i32>(run.positionCount);
  let above = 0.0;
  for (let i = load<i32>(run.groupCount) - 1; i >= 0; i--) {
    const g = groupAt(i);
    const below = linkHeat(g, squares);
    store<f64>(g, load<f64>(g, group.linkExtra_J), group.slowLinkExtra_J);
    store<f64>(g, load<f64>(g, group.link_Ohm), group.slowLink_Ohm);
    let each = 0.5 * (below + above);
    above = below;
    if (positions > 1) {
      each = (each + (load<f64>(g, group.busHeat_J) - load<f64>(g, group.slowBusHeat_J))) / <f64>positions;
      store<f64>(g, load<f64>(g, group.busHeat_J), group.slowBusHeat_J);
    }
    for (let p = 0; p < positions; p++) {
      const at = cellAt(i) + <usize>p * <usize>load<i32>(run.chunkBytes);
      store<f64>(at, load<f64>(at, cell.jointHeat_J) + each, cell.jointHeat_J);
    }
  }
}

/** Equation (7): C dT/dt = P - G (T - ambient) with P constant over the slow step, solved exactly. */
@inline
function warm<T>(at: usize, ambient: T): void {
  const before = load<T>(at, cell.temperature_degC);
  const charge = sub<T>(load<T>(at, cell.movedCharge_C), load<T>(at, cell.slowCharge_C));
  const reversible = mul<T>(mul<T>(charge, add<T>(before, splat<T>(KELVIN))), load<T>(at, cell.entropic_V_per_K));
  const foreign = add<T>(load<T>(at, cell.shortHeat_J), load<T>(at, cell.foreignHeat_J));
  const joints = add<T>(add<T>(load<T>(at, cell.tabHeat_J), load<T>(at, cell.jointHeat_J)), foreign);
  const fresh = add<T>(sub<T>(load<T>(at, cell.heat_J), load<T>(at, cell.slowHeat_J)), sub<T>(joints, load<T>(at, cell.slowJointHeat_J)));
  const gained = add<T>(fresh, reversible);
  const cooled = mul<T>(load<T>(at, cell.cooled_ratio), sub<T>(before, ambient));
  const rise = sub<T>(mul<T>(gained, load<T>(at, cell.warmed_K_per_J)), cooled);
  store<T>(at, add<T>(before, rise), cell.temperature_degC);
  const kept = mul<T>(load<T>(at, cell.heatCapacity_J_per_K), rise);
  store<T>(at, add<T>(load<T>(at, cell.lostHeat_J), sub<T>(gained, kept)), cell.lostHeat_J);
  store<T>(at, add<T>(load<T>(at, cell.reversibleHeat_J), reversible), cell.reversibleHeat_J);
  store<T>(at, load<T>(at, cell.heat_J), cell.slowHeat_J);
  store<T>(at, joints, cell.slowJointHeat_J);
  store<T>(at, load<T>(at, cell.movedCharge_C), cell.slowCharge_C);
}

/** What a slow step does to a cell, from x = G t / C: the shares of its heat and of its distance from ambient. */
@inline
function holdShares<T>(at: usize, seconds: T): void {
  const capacity = load<T>(at, cell.heatCapacity_J_per_K);
  const x = div<T>(mul<T>(load<T>(at, cell.toAmbient_W_per_K), seconds), capacity);
  const cooled = decayed<T>(x);
  const share = whereGreater<T>(x, splat<T>(0.0), div<T>(cooled, x), splatAt<T>(ONE));
  store<T>(at, cooled, cell.cooled_ratio);
  store<T>(at, div<T>(share, capacity), cell.warmed_K_per_J);
}

/** The shares change with effects and with the length of the slow step. */
function refreshShares<T>(): void {
  const seconds = load<f64>(run.slow_s);
  const effects = load<i32>(effect.version);
  if (seconds == load<f64>(heat.sharesFor_s) && effects == load<i32>(heat.effectsSeen)) return;
  store<f64>(heat.sharesFor_s, seconds);
  store<i32>(heat.effectsSeen, effects);
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) holdShares<T>(at + lane, splat<T>(seconds));
  }
}

function warmCells<T>(): void {
  const ambient = splat<T>(load<f64>(pack.ambientNow_degC));
  const isothermal = load<i32>(run.isothermal) != 0;
  if (!isothermal) refreshShares<T>();
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      if (isothermal) store<T>(at + lane, ambient, cell.temperature_degC);
      else warm<T>(at + lane, ambient);
    }
  }
}

/** One substep of equation (19): what flows along every edge, from the temperatures before it; then all at once. */
function exchangeOnce(seconds: f64): void {
  const first = <usize>load<i32>(heat.edges);
  const end = first + <usize>load<i32>(heat.edgeCount) * EDGE_BYTES;
  for (let edge = first; edge < end; edge += EDGE_BYTES) {
    const a = <usize>load<f64>(edge);
    const b = <usize>load<f64>(edge, 8);
    const joules = load<f64>(edge, 16) * seconds * (load<f64>(b, cell.temperature_degC) - load<f64>(a, cell.temperature_degC));
    store<f64>(a, load<f64>(a, cell.exchange_K) + joules / load<f64>(a, cell.heatCapacity_J_per_K), cell.exchange_K);
    store<f64>(b, load<f64>(b, cell.exchange_K) - joules / load<f64>(b, cell.heatCapacity_J_per_K), cell.exchange_K);
  }
}

function applyExchange<T>(): void {
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const c = at + lane;
      store<T>(c, add<T>(load<T>(c, cell.temperature_degC), load<T>(c, cell.exchange_K)), cell.temperature_degC);
      store<T>(c, splat<T>(0.0), cell.exchange_K);
    }
  }
}

function exchangeBetweenNeighbours<T>(): void {
  if (load<i32>(heat.edgeCount) == 0 || load<i32>(run.isothermal)) return;
  const substeps = load<i32>(heat.substeps);
  const seconds = load<f64>(run.slow_s) / <f64>substeps;
  for (let i = 0; i < substeps; i++) {
    exchangeOnce(seconds);
    applyExchange<T>();
  }
}

/** The case takes what bleeds and electronics turn to heat; the coils sit elsewhere. */
function warmCase(): void {
  const made = load<f64>(total.bled_J) + 3600.0 * load<f64>(total.consumption_Wh) - load<f64>(total.coil_J);
  const seconds = load<f64>(run.slow_s);
  const power = (made - load<f64>(heat.caseSeen_J)) / seconds;
  const conductance = load<f64>(assumed.caseToAmbient_W_per_K);
  const settled = load<f64>(pack.ambientNow_degC) + power / conductance;
  const step = decayed<f64>((conductance * seconds) / load<f64>(assumed.caseHeatCapacity_J_per_K));
  const before = load<f64>(heat.case_degC);
  store<f64>(heat.case_degC, before + step * (settled - before));
  store<f64>(heat.caseSeen_J, made);
}

/** Contact and coil warm a relay as one body. */
function warmRelays(): void {
  const seconds = load<f64>(run.slow_s);
  for (let k: usize = 0; k < 2; k++) {
    const row = <usize>relay.base + k * <usize>relay.bytes;
    const made = load<f64>(row, relay.heat_J) + load<f64>(row, relay.coilHeat_J);
    const power = (made - load<f64>(row, relay.slowHeat_J)) / seconds;
    const conductance = load<f64>(row, relay.toAmbient_W_per_K);
    const settled = load<f64>(pack.ambientNow_degC) + power / conductance;
    const step = decayed<f64>((conductance * seconds) / load<f64>(row, relay.heatCapacity_J_per_K));
    const before = load<f64>(row, relay.temperature_degC);
    store<f64>(row, before + step * (settled - before), relay.temperature_degC);
    store<f64>(row, made, relay.slowHeat_J);
  }
}

export function stepThermal<T>(): void {
  readAmbient();
  spreadJointHeat();
  if (load<i32>(run.hasReactions)) stepReactions();
  warmCells<T>();
  exchangeBetweenNeighbours<T>();
  if (!load<i32>(run.hasUnit)) return;
  warmCase();
  warmRelays();
}

/** Ambient before the first tick; nothing has warmed yet. */
export function settleThermal<T>(): void {
  const row = <usize>load<i32>(heat.ambientRow);
  store<f64>(pack.ambientNow_degC, row == 0 ? load<f64>(pack.ambient_degC) : profileAtStart(row));
  store<f64>(heat.case_degC, load<f64>(pack.ambientNow_degC));
  for (let k: usize = 0; k < 2; k++)
    store<f64>(<usize>relay.base + k * <usize>relay.bytes, load<f64>(pack.ambientNow_degC), relay.temperature_degC);
  if (load<i32>(run.isothermal)) warmCells<T>();
  else refreshShares<T>();
}
