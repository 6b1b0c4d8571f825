/**
 * One tick of every cell: charge, polarization, hysteresis, voltage and heat.
 * Reads the parameters that the slow step holds and the currents of the network; writes cell and group columns.
 *
 * Equations in docs/model.md: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
import { cell, group, layout, ocv, pack, run } from '../generated/layout';
import { add, div, magnitude, maximum, minimum, mul, splat, sub, whereGreater } from '../lane';

/** Added to a number in 0…2^31 it rounds it to a whole one and leaves that in the low bits: 2^52. */
const TO_WHOLE: f64 = 4503599627370496.0;

/** Equation (2): OCV, exactly linear between knots, at most one knot inside a bin; stores the slope, returns the value. */
@inline
function openCircuit<T>(at: usize): T {
  const base = <usize>load<i32>(ocv.base);
  const binCount = splat<T>(load<f64>(ocv.binCount));
  const position = mul<T>(load<T>(at, cell.soc), binCount);
  const inRange = minimum<T>(maximum<T>(sub<T>(position, splat<T>(0.5)), splat<T>(0.0)), splat<T>(load<f64>(ocv.lastBin)));
  const rounded = add<T>(inRange, splat<T>(TO_WHOLE));
  const along = sub<T>(position, sub<T>(rounded, splat<T>(TO_WHOLE)));
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
  const open = add<T>(add<T>(value, mul<T>(slope, along)), mul<T>(kink, maximum<T>(beyond, splat<T>(0.0))));
  const slopeHere = add<T>(slope, whereGreater<T>(beyond, splat<T>(0.0), kink, splat<T>(0.0)));
  store<T>(at, mul<T>(mul<T>(slopeHere, binCount), load<T>(at, cell.perCoulomb)), cell.emfPerCoulomb_V);
  return add<T>(open, load<T>(at, cell.shift_V));
}

/** Equation (1): dQ/dt = efficiency * I - leak, as a compensated sum (Kahan, 1965). Returns the charge current stored. */
function moveCharge<T>(at: usize, current: T): T {
  const soc = load<T>(at, cell.soc);
  const efficiency = whereGreater<T>(current, splat<T>(0.0), load<T>(at, cell.efficiency_ratio), splat<T>(1.0));
  const stored = sub<T>(mul<T>(efficiency, current), mul<T>(load<T>(at, cell.leak_A), soc));
  const step = sub<T>(mul<T>(stored, load<T>(at, cell.socPerAmpereTick)), load<T>(at, cell.socCarry));
  const moved = add<T>(soc, step);
  store<T>(at, sub<T>(sub<T>(moved, soc), step), cell.socCarry);
  store<T>(at, moved, cell.soc);
  return stored;
}

/** Equation (4), second order in |I| dt, without overshoot (Plett 2004, eq. 24). */
function moveHysteresis<T>(at: usize, current: T): T {
  const x = mul<T>(load<T>(at, cell.hysteresisPerAmpere), magnitude<T>(current));
  const keep = div<T>(splat<T>(1.0), add<T>(add<T>(splat<T>(1.0), x), mul<T>(mul<T>(splat<T>(0.5), x), x)));
  const limit = load<T>(at, cell.hysteresisLimit_V);
  const target = whereGreater<T>(current, splat<T>(0.0), limit, sub<T>(splat<T>(0.0), limit));
  const next = add<T>(mul<T>(load<T>(at, cell.hysteresis_V), keep), mul<T>(target, sub<T>(splat<T>(1.0), keep)));
  store<T>(at, next, cell.hysteresis_V);
  return next;
}

/** R0 of a tick: the direction is that of the cell's tick before. */
function seriesResistance<T>(at: usize): T {
  const forward = load<T>(at, cell.chargeResistance_Ohm);
  return whereGreater<T>(load<T>(at, cell.current_A), splat<T>(0.0), forward, load<T>(at, cell.dischargeResistance_Ohm));
}

@inline
function stepLanes<T>(at: usize, current: T, returning: T): void {
  const dt = splat<T>(load<f64>(run.tick_s));
  const r0 = seriesResistance<T>(at);
  const stored = moveCharge<T>(at, current);
  const hysteresisBefore = load<T>(at, cell.hysteresis_V);
  const hysteresis = load<i32>(run.hasHysteresis) ? moveHysteresis<T>(at, current) : splat<T>(0.0);

  // Equation (3): u(t) = U + D exp(-t/tau), U = R I, D = u0 - U; mean and square over the tick in closed form.
  const level1 = mul<T>(load<T>(at, cell.rc1Resistance_Ohm), current);
  const start1 = load<T>(at, cell.rc1_V);
  const away1 = sub<T>(start1, level1);
  const end1 = sub<T>(start1, mul<T>(load<T>(at, cell.rc1Step), away1));
  const mean1 = add<T>(level1, mul<T>(load<T>(at, cell.rc1Mean), away1));
  const level2 = mul<T>(load<T>(at, cell.rc2Resistance_Ohm), current);
  const start2 = load<T>(at, cell.rc2_V);
  const away2 = sub<T>(start2, level2);
  const end2 = sub<T>(start2, mul<T>(load<T>(at, cell.rc2Step), away2));
  const mean2 = add<T>(level2, mul<T>(load<T>(at, cell.rc2Mean), away2));
  store<T>(at, end1, cell.rc1_V);
  store<T>(at, end2, cell.rc2_V);

  const before = load<T>(at, cell.emf_V);
  const open = openCircuit<T>(at);
  const emf = add<T>(open, hysteresis);
  store<T>(at, emf, cell.emf_V);

  // Equation (5), at the end of the tick; a bleed that pauses for the measurement gives its current back.
  const currentAtEnd = add<T>(current, returning);
  const emfMean = mul<T>(splat<T>(0.5), add<T>(before, emf));
  store<T>(at, currentAtEnd, cell.currentAtEnd_A);
  store<T>(at, add<T>(add<T>(emf, add<T>(end1, end2)), mul<T>(r0, currentAtEnd)), cell.voltage_V);
  store<T>(at, add<T>(add<T>(emfMean, add<T>(mean1, mean2)), mul<T>(r0, current)), cell.meanVoltage_V);
  store<T>(at, current, cell.current_A);

  // Equation (6): ohmic, hysteresis and lost charge; RC pairs as a sum of squares, so never negative.
  const hysteresisMean = mul<T>(splat<T>(0.5), add<T>(hysteresisBefore, hysteresis));
  const power = mul<T>(current, add<T>(mul<T>(r0, current), hysteresisMean));
  const lost = mul<T>(sub<T>(current, stored), sub<T>(emfMean, hysteresisMean));
  const square1 = add<T>(mul<T>(dt, mul<T>(mean1, mean1)), mul<T>(load<T>(at, cell.rc1Spread_s), mul<T>(away1, away1)));
  const square2 = add<T>(mul<T>(dt, mul<T>(mean2, mean2)), mul<T>(load<T>(at, cell.rc2Spread_s), mul<T>(away2, away2)));
  const pairs = add<T>(mul<T>(load<T>(at, cell.rc1Conductance_S), square1), mul<T>(load<T>(at, cell.rc2Conductance_S), square2));
  const heat = add<T>(mul<T>(dt, add<T>(power, lost)), pairs);
  store<T>(at, add<T>(load<T>(at, cell.heat_J), heat), cell.heat_J);
  const chemical = mul<T>(stored, sub<T>(emfMean, hysteresisMean));
  const kept = sub<T>(mul<T>(dt, add<T>(chemical, mul<T>(current, add<T>(mean1, mean2)))), pairs);
  const moved = mul<T>(dt, current);
  store<T>(at, add<T>(load<T>(at, cell.storedEnergy_J), kept), cell.storedEnergy_J);
  store<T>(at, add<T>(load<T>(at, cell.movedCharge_C), moved), cell.movedCharge_C);
  store<T>(at, add<T>(load<T>(at, cell.tabHeat_J), mul<T>(mul<T>(load<T>(at, cell.tab_Ohm), current), moved)), cell.tabHeat_J);
}

/** What a group shows to the outside, from its voltage at its terminals at the tick's end and over it: the joint below leads to the taps. */
@inline
function showGroup<T>(g: usize, through: T, voltage: T, mean: T): void {
  const present = load<T>(g, group.present);
  const link = load<T>(g, group.link_Ohm);
  // At the tick's end a paused bleed no longer flows through the joint.
  const jointAtEnd = mul<T>(link, add<T>(through, load<T>(g, group.returning_A)));
  const betweenTaps = mul<T>(present, add<T>(voltage, jointAtEnd));
  store<T>(g, voltage, group.voltage_V);
  store<T>(g, betweenTaps, group.tapVoltage_V);
  store<T>(g, add<T>(betweenTaps, load<T>(g, group.pinDeviation_V)), group.afeVoltage_V);
  store<T>(g, mul<T>(present, add<T>(mean, mul<T>(link, through))), group.meanVoltage_V);
}

/**
 * Voltages of a group. Its cells see it through tab and bars, each with the lag of its own share of the current;
 * weighted by the shares the lags cancel (reciprocity of the resistive network).
 */
function groupLanes<T>(first: usize, g: usize, positions: i32, layer: usize, through: T): void {
  let voltage = load<T>(g, group.busDrop_V);
  let mean = voltage;
  let current = splat<T>(0.0);
  let power = load<T>(g, group.busPower_W);
  const end = first + <usize>positions * layer;
  for (let at = first; at < end; at += layer) {
    const share = load<T>(at, cell.ladderFraction);
    const tab = load<T>(at, cell.tab_Ohm);
    const own = load<T>(at, cell.current_A);
    const atEnd = add<T>(load<T>(at, cell.voltage_V), mul<T>(tab, load<T>(at, cell.currentAtEnd_A)));
    const overTick = add<T>(load<T>(at, cell.meanVoltage_V), mul<T>(tab, own));
    voltage = add<T>(voltage, mul<T>(share, atEnd));
    mean = add<T>(mean, mul<T>(share, overTick));
    current = add<T>(current, own);
    power = add<T>(power, mul<T>(own, overTick));
  }
  showGroup<T>(g, through, voltage, mean);
  // Equation (30): the lags cancel in the voltage, not in the energy of currents that are not in the shares' proportions.
  if (positions > 1) store<T>(g, mul<T>(load<T>(g, group.present), sub<T>(power, mul<T>(current, mean))), group.driftPower_W);
}

/** Groups of one cell, which takes all their current: first every cell, then what its group shows. */
function stepAlone<T>(throughPack: T): void {
  const groups = <usize>load<i32>(run.groupBase);
  const end = groups + <usize>load<i32>(run.groupBytes);
  let c = <usize>layout.cellBase;
  for (let g = groups; g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const through = sub<T>(throughPack, load<T>(g + lane, group.draw_A));
      stepLanes<T>(c + lane, through, load<T>(g + lane, group.returning_A));
    }
    c += <usize>layout.cellChunkBytes;
  }
  c = <usize>layout.cellBase;
  for (let g = groups; g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const at = c + lane;
      const tab = load<T>(at, cell.tab_Ohm);
      const voltage = add<T>(load<T>(at, cell.voltage_V), mul<T>(tab, load<T>(at, cell.currentAtEnd_A)));
      const mean = add<T>(load<T>(at, cell.meanVoltage_V), mul<T>(tab, load<T>(at, cell.current_A)));
      showGroup<T>(g + lane, sub<T>(throughPack, load<T>(g + lane, group.draw_A)), voltage, mean);
    }
    c += <usize>layout.cellChunkBytes;
  }
}

function stepParallel<T>(throughPack: T): void {
  const positions = load<i32>(run.positionCount);
  const layer = <usize>load<i32>(run.chunkBytes);
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layer;
  for (let first = <usize>layout.cellBase; first < end; first += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const at = first + lane;
      const returning = load<T>(g + lane, group.returning_A);
      const last = at + <usize>positions * layer;
      for (let c = at; c < last; c += layer) {
        const own = mul<T>(returning, load<T>(c, cell.ladderFraction));
        stepLanes<T>(c, load<T>(c, cell.drive_A), own);
      }
      groupLanes<T>(at, g + lane, positions, layer, sub<T>(throughPack, load<T>(g + lane, group.draw_A)));
    }
    g += <usize>layout.groupChunkBytes;
  }
}

export function stepCells<T>(): void {
  const throughPack = splat<T>(load<f64>(pack.current_A) - load<f64>(pack.consumption_A));
  if (load<i32>(run.positionCount) == 1) stepAlone<T>(throughPack);
  else stepParallel<T>(throughPack);
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
  const open = openCircuit<T>(at);
  const emf = add<T>(open, load<T>(at, cell.hysteresis_V));
  const voltage = add<T>(add<T>(emf, add<T>(load<T>(at, cell.rc1_V), load<T>(at, cell.rc2_V))), mul<T>(r0, current));
  store<T>(at, emf, cell.emf_V);
  store<T>(at, voltage, cell.voltage_V);
  store<T>(at, voltage, cell.meanVoltage_V);
  store<T>(at, current, cell.current_A);
  store<T>(at, current, cell.currentAtEnd_A);
}

/** The converter's voltages anew, where its nodes have moved at the end of the tick. */
export function refreshReadings<T>(): void {
  const start = <usize>load<i32>(run.groupBase);
  const end = start + <usize>load<i32>(run.groupBytes);
  for (let g = start; g < end; g += <usize>layout.groupChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const seen = add<T>(load<T>(g + lane, group.tapVoltage_V), load<T>(g + lane, group.pinDeviation_V));
      store<T>(g + lane, seen, group.afeVoltage_V);
    }
  }
}

/** Voltages this small are none: left alone they decay into numbers that the processor handles twenty times slower. */
const NOTHING_V: f64 = 1e-30;

function settledToNothing<T>(u: T): T {
  return whereGreater<T>(magnitude<T>(u), splat<T>(NOTHING_V), u, splat<T>(0.0));
}

/** Ends decays that have long ended; due on the slow step. */
export function quietCells<T>(): void {
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      store<T>(at + lane, settledToNothing<T>(load<T>(at + lane, cell.rc1_V)), cell.rc1_V);
      store<T>(at + lane, settledToNothing<T>(load<T>(at + lane, cell.rc2_V)), cell.rc2_V);
    }
  }
}
