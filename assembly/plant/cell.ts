/**
 * One tick of every cell: charge, polarization, hysteresis, voltage and heat.
 * Reads the parameters that the slow step holds and the currents of the network; writes cell and group columns.
 *
 * Equations in docs/model.md: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
import { cell, group, harness, layout, ocv, pack, run } from '../generated/layout';
import { add, div, half, magnitude, maximum, minimum, mul, ONE, splat, splatAt, sub, whereGreater, wherePositive, withSign } from '../lane';
import { groupLanes, showGroup } from './group';

/** Added to a number in 0…2^31 it rounds it to a whole one and leaves that in the low bits: 2^52. */
const TO_WHOLE: usize = memory.data<f64>([4503599627370496.0]);

/** Equation (2): OCV, exactly linear between knots, at most one knot inside a bin; stores the slope, returns the value. */
@inline
function openCircuit<T>(at: usize, base: usize): T {
  const position = mul<T>(load<T>(at, cell.soc), splatAt<T>(ocv.binCount));
  const inRange = minimum<T>(maximum<T>(sub<T>(position, half<T>()), splat<T>(0.0)), splatAt<T>(ocv.lastBin));
  const toWhole = splatAt<T>(TO_WHOLE);
  const rounded = add<T>(inRange, toWhole);
  const along = sub<T>(position, sub<T>(rounded, toWhole));
  let value: T;
  let slope: T;
  let kink: T;
  let place: T;
  if (isVector<T>()) {
    const first = base + ((<usize>i32x4.extract_lane(rounded, 0)) << 5);
    const second = base + ((<usize>i32x4.extract_lane(rounded, 2)) << 5);
    const line0 = v128.load(first);
    const line1 = v128.load(second);
    const bend0 = v128.load(first, 16);
    const bend1 = v128.load(second, 16);
    value = v128.shuffle<f64>(line0, line1, 0, 2);
    slope = v128.shuffle<f64>(line0, line1, 1, 3);
    kink = v128.shuffle<f64>(bend0, bend1, 0, 2);
    place = v128.shuffle<f64>(bend0, bend1, 1, 3);
  } else {
    const row = base + (((<usize>reinterpret<i64>(rounded)) & 0xffff) << 5);
    value = load<f64>(row) as T;
    slope = load<f64>(row, 8) as T;
    kink = load<f64>(row, 16) as T;
    place = load<f64>(row, 24) as T;
  }
  const beyond = sub<T>(along, place);
  store<T>(at, add<T>(slope, wherePositive<T>(beyond, kink)), cell.emfPerBin_V);
  const open = add<T>(add<T>(value, mul<T>(slope, along)), mul<T>(kink, maximum<T>(beyond, splat<T>(0.0))));
  return add<T>(open, load<T>(at, cell.shift_V));
}

/** Equation (1): dQ/dt = efficiency * I - leak. */
@inline
function storedCurrent<T>(at: usize, current: T, soc: T): T {
  const zero = splat<T>(0.0);
  const charging = mul<T>(load<T>(at, cell.efficiency_ratio), maximum<T>(current, zero));
  return sub<T>(add<T>(charging, minimum<T>(current, zero)), mul<T>(load<T>(at, cell.leak_A), soc));
}

/** Moves the charge by a compensated sum (Kahan, 1965). */
@inline
function moveCharge<T>(at: usize, soc: T, stored: T): void {
  const step = sub<T>(mul<T>(stored, load<T>(at, cell.socPerAmpereTick)), load<T>(at, cell.socCarry));
  const moved = add<T>(soc, step);
  store<T>(at, sub<T>(sub<T>(moved, soc), step), cell.socCarry);
  store<T>(at, moved, cell.soc);
}

/** Equation (4), second order in |I| dt, without overshoot (Plett 2004, eq. 24). */
@inline
function moveHysteresis<T>(at: usize, current: T): void {
  const one = splatAt<T>(ONE);
  const before = load<T>(at, cell.hysteresis_V);
  const x = mul<T>(load<T>(at, cell.hysteresisPerAmpere), magnitude<T>(current));
  const keep = div<T>(one, add<T>(one, add<T>(x, mul<T>(mul<T>(half<T>(), x), x))));
  const target = withSign<T>(load<T>(at, cell.hysteresisLimit_V), current);
  // U = target + (u0 - target) keep
  const after = add<T>(target, mul<T>(sub<T>(before, target), keep));
  store<T>(at, after, cell.hysteresis_V);
  store<T>(at, mul<T>(half<T>(), add<T>(before, after)), cell.hysteresisMean_V);
}

/** R0 of a tick: the direction is that of the cell's tick before. */
@inline
export function seriesResistance<T>(at: usize): T {
  const forward = load<T>(at, cell.chargeResistance_Ohm);
  return whereGreater<T>(load<T>(at, cell.current_A), splat<T>(0.0), forward, load<T>(at, cell.dischargeResistance_Ohm));
}

/** Charge over a tick. */
@inline
function chargeLanes<T>(at: usize, current: T): void {
  const soc = load<T>(at, cell.soc);
  const stored = storedCurrent<T>(at, current, soc);
  moveCharge<T>(at, soc, stored);
  store<T>(at, stored, cell.stored_A);
}

/** The OCV that the charge has led to; charge moves against the mean of the OCV before and after. */
@inline
function openLanes<T>(at: usize, table: usize): void {
  const open = openCircuit<T>(at, table);
  store<T>(at, mul<T>(half<T>(), add<T>(load<T>(at, cell.open_V), open)), cell.openMean_V);
  store<T>(at, open, cell.open_V);
}

/** Equation (3): u(t) = U + D exp(-t/tau), U = R I, D = u0 - U; mean and square over the tick in closed form. */
@inline
function polarizeLanes<T>(at: usize, current: T): void {
  const level1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), current);
  const start1 = load<T>(at, cell.rc1_V);
  const away1 = sub<T>(start1, level1);
  const end1 = sub<T>(start1, mul<T>(load<T>(at, cell.rc1Step), away1));
  store<T>(at, end1, cell.rc1_V);
  const mean1 = add<T>(level1, mul<T>(load<T>(at, cell.rc1Mean), away1));
  const square1 = mul<T>(load<T>(at, cell.rc1MeanHeat_J_per_V2), mul<T>(mean1, mean1));
  const spread1 = mul<T>(load<T>(at, cell.rc1SpreadHeat_J_per_V2), mul<T>(away1, away1));
  const level2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), current);
  const start2 = load<T>(at, cell.rc2_V);
  const away2 = sub<T>(start2, level2);
  const end2 = sub<T>(start2, mul<T>(load<T>(at, cell.rc2Step), away2));
  store<T>(at, end2, cell.rc2_V);
  const mean2 = add<T>(level2, mul<T>(load<T>(at, cell.rc2Mean), away2));
  const square2 = mul<T>(load<T>(at, cell.rc2MeanHeat_J_per_V2), mul<T>(mean2, mean2));
  const spread2 = mul<T>(load<T>(at, cell.rc2SpreadHeat_J_per_V2), mul<T>(away2, away2));
  store<T>(at, add<T>(end1, end2), cell.pairs_V);
  store<T>(at, add<T>(mean1, mean2), cell.pairsMean_V);
  store<T>(at, add<T>(add<T>(square1, spread1), add<T>(square2, spread2)), cell.pairsHeat_J);
}

/** Equation (5), at the end of the tick. */
@inline
function voltageAtEnd<T>(at: usize, r0: T, currentAtEnd: T): T {
  const emf = add<T>(load<T>(at, cell.open_V), load<T>(at, cell.hysteresis_V));
  return add<T>(add<T>(emf, load<T>(at, cell.pairs_V)), mul<T>(r0, currentAtEnd));
}

/** Equation (5), over the tick; `taken` is what R0 and hysteresis take. */
@inline
function voltageOverTick<T>(at: usize, taken: T): T {
  return add<T>(add<T>(load<T>(at, cell.openMean_V), load<T>(at, cell.pairsMean_V)), taken);
}

/** Equation (6): ohmic, hysteresis and lost charge; RC pairs as a sum of squares, so never negative. */
@inline
function heatLanes<T>(at: usize, moved: T, taken: T): void {
  const movedIn = mul<T>(splatAt<T>(run.tick_s), load<T>(at, cell.stored_A));
  const open = load<T>(at, cell.openMean_V);
  const pairs = load<T>(at, cell.pairsHeat_J);
  const lost = mul<T>(sub<T>(moved, movedIn), open);
  const heat = add<T>(add<T>(mul<T>(moved, taken), lost), pairs);
  store<T>(at, add<T>(load<T>(at, cell.heat_J), heat), cell.heat_J);
  const kept = sub<T>(add<T>(mul<T>(movedIn, open), mul<T>(moved, load<T>(at, cell.pairsMean_V))), pairs);
  store<T>(at, add<T>(load<T>(at, cell.storedEnergy_J), kept), cell.storedEnergy_J);
}

/** What a cell has moved, and its tabs with it, of a current of its own. */
@inline
function countLanes<T>(at: usize, current: T, moved: T): void {
  store<T>(at, add<T>(load<T>(at, cell.movedCharge_C), moved), cell.movedCharge_C);
  const heat = mul<T>(load<T>(at, cell.tab_Ohm), mul<T>(current, moved));
  store<T>(at, add<T>(load<T>(at, cell.tabHeat_J), heat), cell.tabHeat_J);
}

/** Current of a group that is one cell; `alike` where nothing is drawn beside the pack's own. */
@inline
function currentOf<T>(g: usize, throughPack: T, alike: bool): T {
  return alike ? throughPack : sub<T>(throughPack, load<T>(g, group.draw_A));
}

/** Voltages and heat of a group that is one cell. */
@inline
function showAlone<T>(at: usize, g: usize, throughPack: T, alike: bool): void {
  const current = currentOf<T>(g, throughPack, alike);
  const atEnd = alike ? current : add<T>(current, load<T>(g, group.returning_A));
  const moved = mul<T>(splatAt<T>(run.tick_s), current);
  const r0 = seriesResistance<T>(at);
  const taken = add<T>(mul<T>(r0, current), load<T>(at, cell.hysteresisMean_V));
  const voltage = voltageAtEnd<T>(at, r0, atEnd);
  const mean = voltageOverTick<T>(at, taken);
  store<T>(at, current, cell.current_A);
  store<T>(at, voltage, cell.voltage_V);
  store<T>(at, mean, cell.meanVoltage_V);
  const tab = load<T>(at, cell.tab_Ohm);
  showGroup<T>(g, current, add<T>(voltage, mul<T>(tab, atEnd)), add<T>(mean, mul<T>(tab, current)), alike);
  heatLanes<T>(at, moved, taken);
  if (!alike) countLanes<T>(at, current, moved);
}

/** Charge of a group that is one cell, and what lags behind its current. */
@inline
function moveAlone<T>(at: usize, g: usize, throughPack: T, alike: bool, hysteretic: bool): void {
  const current = currentOf<T>(g, throughPack, alike);
  chargeLanes<T>(at, current);
  polarizeLanes<T>(at, current);
  if (hysteretic) moveHysteresis<T>(at, current);
}

/**
 * Groups of one cell, which takes all their current.
 * Three loops: in each the processor works on several cells at once, where one long one would wait for the table of a single cell.
 * The lanes of a chunk are written out: turns of a loop are a tenth of the instructions otherwise.
 */
@inline
function stepAlone<T>(throughPack: T, alike: bool): void {
  const hysteretic = load<i32>(run.hasHysteresis) != 0;
  const table = <usize>load<i32>(ocv.base);
  const groups = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + <usize>load<i32>(run.chunkBytes);
  let g = groups;
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes, g += <usize>layout.groupChunkBytes) {
    moveAlone<T>(at, g, throughPack, alike, hysteretic);
    moveAlone<T>(at + sizeof<T>(), g + sizeof<T>(), throughPack, alike, hysteretic);
    if (isVector<T>()) continue;
    moveAlone<T>(at + 16, g + 16, throughPack, alike, hysteretic);
    moveAlone<T>(at + 24, g + 24, throughPack, alike, hysteretic);
  }
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    openLanes<T>(at, table);
    openLanes<T>(at + sizeof<T>(), table);
    if (isVector<T>()) continue;
    openLanes<T>(at + 16, table);
    openLanes<T>(at + 24, table);
  }
  g = groups;
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes, g += <usize>layout.groupChunkBytes) {
    showAlone<T>(at, g, throughPack, alike);
    showAlone<T>(at + sizeof<T>(), g + sizeof<T>(), throughPack, alike);
    if (isVector<T>()) continue;
    showAlone<T>(at + 16, g + 16, throughPack, alike);
    showAlone<T>(at + 24, g + 24, throughPack, alike);
  }
}

function stepApart<T>(throughPack: T): void {
  stepAlone<T>(throughPack, false);
}

/** What every cell moves is kept once for all, until the slow step gives it to each. */
function stepAlike<T>(throughPack: T): void {
  stepAlone<T>(throughPack, true);
  const current = load<f64>(pack.current_A) - load<f64>(pack.consumption_A);
  const moved = load<f64>(run.tick_s) * current;
  store<f64>(pack.alikeCharge_C, load<f64>(pack.alikeCharge_C) + moved);
  store<f64>(pack.alikeSquare_A2s, load<f64>(pack.alikeSquare_A2s) + current * moved);
}

/** A column of parallel cells, then their group. In one loop: a column of many cells is larger than the nearest cache. */
@inline
function parallelLanes<T>(first: usize, g: usize, positions: i32, layer: usize, throughPack: T): void {
  const hysteretic = load<i32>(run.hasHysteresis) != 0;
  const returning = load<T>(g, group.returning_A);
  const end = first + <usize>positions * layer;
  for (let at = first; at < end; at += layer) {
    const current = load<T>(at, cell.drive_A);
    const atEnd = add<T>(current, mul<T>(returning, load<T>(at, cell.ladderFraction)));
    const moved = mul<T>(splatAt<T>(run.tick_s), current);
    chargeLanes<T>(at, current);
    polarizeLanes<T>(at, current);
    if (hysteretic) moveHysteresis<T>(at, current);
    openLanes<T>(at, <usize>load<i32>(ocv.base));
    store<T>(at, atEnd, cell.currentAtEnd_A);
    const r0 = seriesResistance<T>(at);
    const taken = add<T>(mul<T>(r0, current), load<T>(at, cell.hysteresisMean_V));
    store<T>(at, current, cell.current_A);
    store<T>(at, voltageAtEnd<T>(at, r0, atEnd), cell.voltage_V);
    store<T>(at, voltageOverTick<T>(at, taken), cell.meanVoltage_V);
    heatLanes<T>(at, moved, taken);
    countLanes<T>(at, current, moved);
  }
  groupLanes<T>(first, g, positions, layer, sub<T>(throughPack, load<T>(g, group.draw_A)));
}

function stepParallel<T>(throughPack: T): void {
  const positions = load<i32>(run.positionCount);
  const layer = <usize>load<i32>(run.chunkBytes);
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layer;
  for (let first = <usize>layout.cellBase; first < end; first += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) parallelLanes<T>(first + lane, g + lane, positions, layer, throughPack);
    g += <usize>layout.groupChunkBytes;
  }
}

export function stepCells<T>(): void {
  const throughPack = splat<T>(load<f64>(pack.current_A) - load<f64>(pack.consumption_A));
  if (load<i32>(run.positionCount) > 1) stepParallel<T>(throughPack);
  else if (load<i32>(harness.flowing)) stepApart<T>(throughPack);
  else stepAlike<T>(throughPack);
}

/** Equation (25): cells and tabs of a group are heated by the shares' squares; nothing faster than a tick reaches RC pairs or OCV. */
function rippleLanes<T>(first: usize, g: usize, positions: i32, layer: usize, joulesPerOhm: T): void {
  let resistance = load<T>(g, group.barResistance_Ohm);
  const end = first + <usize>positions * layer;
  for (let at = first; at < end; at += layer) {
    const fraction = load<T>(at, cell.ladderFraction);
    const own = mul<T>(seriesResistance<T>(at), mul<T>(fraction, fraction));
    const tabs = mul<T>(load<T>(at, cell.tab_Ohm), mul<T>(fraction, fraction));
    store<T>(at, add<T>(load<T>(at, cell.heat_J), mul<T>(joulesPerOhm, own)), cell.heat_J);
    store<T>(at, add<T>(load<T>(at, cell.tabHeat_J), mul<T>(joulesPerOhm, tabs)), cell.tabHeat_J);
    resistance = add<T>(resistance, add<T>(own, tabs));
  }
  store<T>(g, mul<T>(load<T>(g, group.present), add<T>(resistance, load<T>(g, group.link_Ohm))), group.rippleResistance_Ohm);
}

/** Heat of the tick's ripple, before the cells take their step: R0 is that of the step. */
export function heatByRipple<T>(square: f64): void {
  const joulesPerOhm = splat<T>(square * load<f64>(run.tick_s));
  const positions = load<i32>(run.positionCount);
  const layer = <usize>load<i32>(run.chunkBytes);
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layer;
  for (let first = <usize>layout.cellBase; first < end; first += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) rippleLanes<T>(first + lane, g + lane, positions, layer, joulesPerOhm);
    g += <usize>layout.groupChunkBytes;
  }
}

/** Writes emf and voltage of every cell at the present state, for the moment before the first tick. */
export function settleCells<T>(): void {
  const throughPack = splat<T>(load<f64>(pack.current_A) - load<f64>(pack.consumption_A));
  const positions = load<i32>(run.positionCount);
  const layer = <usize>load<i32>(run.chunkBytes);
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layer;
  for (let first = <usize>layout.cellBase; first < end; first += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const at = first + lane;
      const alone = sub<T>(throughPack, load<T>(g + lane, group.draw_A));
      const last = at + <usize>positions * layer;
      for (let c = at; c < last; c += layer) settleLanes<T>(c, positions == 1 ? alone : load<T>(c, cell.drive_A));
      groupLanes<T>(at, g + lane, positions, layer, alone);
    }
    g += <usize>layout.groupChunkBytes;
  }
}

function settleLanes<T>(at: usize, current: T): void {
  const r0 = whereGreater<T>(current, splat<T>(0.0), load<T>(at, cell.chargeResistance_Ohm), load<T>(at, cell.dischargeResistance_Ohm));
  const open = openCircuit<T>(at, <usize>load<i32>(ocv.base));
  const emf = add<T>(open, load<T>(at, cell.hysteresis_V));
  store<T>(at, open, cell.open_V);
  store<T>(at, open, cell.openMean_V);
  const voltage = add<T>(add<T>(emf, add<T>(load<T>(at, cell.rc1_V), load<T>(at, cell.rc2_V))), mul<T>(r0, current));
  store<T>(at, voltage, cell.voltage_V);
  store<T>(at, voltage, cell.meanVoltage_V);
  store<T>(at, current, cell.current_A);
  store<T>(at, current, cell.currentAtEnd_A);
}

/** Voltages this small are none: left alone they decay into numbers that the processor handles twenty times slower. */
const NOTHING_V: f64 = 1e-30;

function settledToNothing<T>(u: T): T {
  return whereGreater<T>(magnitude<T>(u), splat<T>(NOTHING_V), u, splat<T>(0.0));
}

/** On the slow step: each cell gets what all have moved alike, and decays that have long ended end. */
export function settleSums<T>(): void {
  const charge = splatAt<T>(pack.alikeCharge_C);
  const square = splatAt<T>(pack.alikeSquare_A2s);
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let chunk = <usize>layout.cellBase; chunk < end; chunk += <usize>layout.cellChunkBytes) {
    for (let at = chunk; at < chunk + 32; at += sizeof<T>()) {
      store<T>(at, add<T>(load<T>(at, cell.movedCharge_C), charge), cell.movedCharge_C);
      store<T>(at, add<T>(load<T>(at, cell.tabHeat_J), mul<T>(load<T>(at, cell.tab_Ohm), square)), cell.tabHeat_J);
      store<T>(at, settledToNothing<T>(load<T>(at, cell.rc1_V)), cell.rc1_V);
      store<T>(at, settledToNothing<T>(load<T>(at, cell.rc2_V)), cell.rc2_V);
    }
  }
  store<f64>(pack.alikeCharge_C, 0.0);
  store<f64>(pack.alikeSquare_A2s, 0.0);
}
