/**
 * Cells in parallel on two bars: how a group's current splits, by one backward and one forward sweep.
 * Unknowns are the cumulative currents C_i along the bars; no matrix and no iteration, cost O(P).
 *
 * Equations in docs/model.md: bus ladder (16), held factors (17). Lanes are groups; a layer holds one position.
 */
import { cell, group, layout, pack, run } from '../generated/layout';
import { add, div, mul, splat, sub } from '../lane';
import { endResistance, endVoltage, meanResistance, meanVoltage } from './thevenin';

function layerBytes(): usize {
  return <usize>load<i32>(run.chunkBytes);
}

/** Equation (17): factors of one column of cells, from the last pair to the first. They depend on resistances alone. */
function factorLanes<T>(first: usize, g: usize, positions: i32, ofTick: bool): void {
  const layer = layerBytes();
  const segment = splat<T>(load<f64>(pack.busSegment_Ohm));
  const sides = load<f64>(pack.terminalSides);
  const beside = mul<T>(splat<T>(sides), segment);
  const across = mul<T>(splat<T>(2.0), segment);
  const last = first + <usize>(positions - 1) * layer;
  for (let at = first; at <= last; at += layer) store<T>(at, meanResistance<T>(at, ofTick), cell.resistance_Ohm);
  let nextShare = splat<T>(0.0);
  let nextGain = splat<T>(1.0);
  let weight = splat<T>(1.0);
  let barGain = splat<T>(0.0);
  for (let at = last - layer; at >= first; at -= layer) {
    const here = load<T>(at, cell.resistance_Ohm);
    const next = load<T>(at + layer, cell.resistance_Ohm);
    const diagonal = sub<T>(add<T>(add<T>(here, next), across), mul<T>(next, nextShare));
    const pivot = div<T>(splat<T>(1.0), diagonal);
    const gain = mul<T>(add<T>(mul<T>(next, nextGain), beside), pivot);
    nextShare = mul<T>(here, pivot);
    nextGain = gain;
    store<T>(at, pivot, cell.ladderPivot_S);
    store<T>(at, nextShare, cell.ladderShare);
    store<T>(at, gain, cell.ladderGain);
    store<T>(at, weight, cell.ladderWeight);
    barGain = add<T>(barGain, mul<T>(gain, weight));
    weight = add<T>(splat<T>(1.0), mul<T>(nextShare, weight));
  }
  shareLanes<T>(first, g, last, layer);
  const bars = mul<T>(splat<T>(sides == 1.0 ? 1.0 : 0.0), segment);
  const resistance = endResistance<T>(first, ofTick);
  store<T>(g, resistance, group.firstResistance_Ohm);
  store<T>(g, add<T>(mul<T>(resistance, nextGain), mul<T>(bars, barGain)), group.ladderResistance_Ohm);
}

/** What the bars carry, squared, between one cell and the next: all beyond on the plus bar, all before or beyond on the minus bar. */
@inline
function barSquares<T>(current: T, cumulative: T, sides: f64): T {
  const onPlusBar = sub<T>(current, cumulative);
  const onMinusBar = sides == 1.0 ? cumulative : onPlusBar;
  return add<T>(mul<T>(onPlusBar, onPlusBar), mul<T>(onMinusBar, onMinusBar));
}

/** Own current of each cell per unit of group current, and what the bars make of such a split. */
function shareLanes<T>(first: usize, g: usize, last: usize, layer: usize): void {
  const sides = load<f64>(pack.terminalSides);
  let squares = splat<T>(0.0);
  let before = splat<T>(0.0);
  for (let at = first; at < last; at += layer) {
    const cumulative = add<T>(mul<T>(load<T>(at, cell.ladderShare), before), load<T>(at, cell.ladderGain));
    store<T>(at, sub<T>(cumulative, before), cell.ladderFraction);
    squares = add<T>(squares, barSquares<T>(splat<T>(1.0), cumulative, sides));
    before = cumulative;
  }
  store<T>(g, mul<T>(splat<T>(load<f64>(pack.busSegment_Ohm)), squares), group.barResistance_Ohm);
  store<T>(last, sub<T>(splat<T>(1.0), before), cell.ladderFraction);
}

/** Equation (16) backward: what each cumulative current is without group current, and the group's own source voltage. */
function backwardLanes<T>(first: usize, g: usize, positions: i32, ofTick: bool): void {
  const layer = layerBytes();
  const last = first + <usize>(positions - 1) * layer;
  let nextOffset = splat<T>(0.0);
  let bar = splat<T>(0.0);
  let nextVoltage = meanVoltage<T>(last, ofTick);
  for (let at = last - layer; at >= first; at -= layer) {
    const voltage = meanVoltage<T>(at, ofTick);
    const drop = mul<T>(load<T>(at + layer, cell.resistance_Ohm), nextOffset);
    nextOffset = mul<T>(add<T>(drop, sub<T>(nextVoltage, voltage)), load<T>(at, cell.ladderPivot_S));
    nextVoltage = voltage;
    store<T>(at, nextOffset, cell.ladderOffset_A);
    bar = add<T>(bar, mul<T>(nextOffset, load<T>(at, cell.ladderWeight)));
  }
  const bars = splat<T>(load<f64>(pack.terminalSides) == 1.0 ? load<f64>(pack.busSegment_Ohm) : 0.0);
  // The first cell's voltage at the tick's end stands for the group's: its current is affine in the group's.
  const source = add<T>(endVoltage<T>(first, ofTick), mul<T>(load<T>(g, group.firstResistance_Ohm), nextOffset));
  store<T>(g, add<T>(source, mul<T>(bars, bar)), group.ladderVoltage_V);
}

/** Equation (16) forward: every cell's current from the group's. */
function forwardLanes<T>(first: usize, g: usize, positions: i32, current: T, seconds: f64): void {
  const layer = layerBytes();
  const last = first + <usize>(positions - 1) * layer;
  const sides = load<f64>(pack.terminalSides);
  const plusWeight = splat<T>(sides);
  const minusWeight = splat<T>(2.0 - sides);
  let before = splat<T>(0.0);
  let share = splat<T>(0.0);
  let bar = splat<T>(0.0);
  let squares = splat<T>(0.0);
  for (let at = first; at < last; at += layer) {
    const fromGroup = add<T>(load<T>(at, cell.ladderOffset_A), mul<T>(load<T>(at, cell.ladderGain), current));
    const cumulative = add<T>(mul<T>(load<T>(at, cell.ladderShare), before), fromGroup);
    store<T>(at, sub<T>(cumulative, before), cell.drive_A);
    const onPlusBar = sub<T>(current, cumulative);
    squares = add<T>(squares, barSquares<T>(current, cumulative, sides));
    share = add<T>(share, load<T>(at, cell.ladderFraction));
    const beyond = mul<T>(mul<T>(plusWeight, onPlusBar), sub<T>(splat<T>(1.0), share));
    bar = add<T>(bar, add<T>(beyond, mul<T>(mul<T>(minusWeight, cumulative), share)));
    before = cumulative;
  }
  store<T>(last, sub<T>(current, before), cell.drive_A);
  const segment = load<f64>(pack.busSegment_Ohm);
  const power = mul<T>(splat<T>(segment), squares);
  const ripple = mul<T>(splat<T>(load<f64>(pack.rippleSquare_A2)), load<T>(g, group.barResistance_Ohm));
  const joules = mul<T>(splat<T>(seconds), add<T>(power, ripple));
  store<T>(g, power, group.busPower_W);
  store<T>(g, add<T>(load<T>(g, group.busHeat_J), joules), group.busHeat_J);
  store<T>(g, mul<T>(splat<T>(segment), bar), group.busDrop_V);
}

/** Factors of every group, over a tick or at this moment; due when a resistance changed. */
export function factorLadders<T>(ofTick: bool): void {
  const positions = load<i32>(run.positionCount);
  if (positions < 2) return;
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layerBytes();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) factorLanes<T>(at + lane, g + lane, positions, ofTick);
    g += <usize>layout.groupChunkBytes;
  }
}

export function sweepBackward<T>(ofTick: bool): void {
  const positions = load<i32>(run.positionCount);
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layerBytes();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) backwardLanes<T>(at + lane, g + lane, positions, ofTick);
    g += <usize>layout.groupChunkBytes;
  }
}

/** `seconds` is how long the currents flow: 0 where only their split is asked for. */
export function sweepForward<T>(seconds: f64): void {
  const positions = load<i32>(run.positionCount);
  const through = splat<T>(load<f64>(pack.current_A) - load<f64>(pack.consumption_A));
  let g = <usize>load<i32>(run.groupBase);
  const end = <usize>layout.cellBase + layerBytes();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const current = sub<T>(through, load<T>(g + lane, group.draw_A));
      forwardLanes<T>(at + lane, g + lane, positions, current, seconds);
    }
    g += <usize>layout.groupChunkBytes;
  }
}
