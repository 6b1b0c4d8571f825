/**
 * The balance harness as a circuit: leads and contacts, pin resistors, channel inputs, leaks, bleeds, the unit's supply.
 * Unknowns are the distances of board and converter nodes from their tap's voltage, so small currents stay exact.
 *
 * Equations in docs/model.md: board nodes (41), draws (42), readings (43).
 */
import { groupAt } from '../address';
import { balance, bleedingNode as node, group, harness, pin, quietNode, run, tap, unit } from '../generated/layout';
import { worldVersion } from '../time/version';
import { addTo, clearRows, factor, join, solve } from './bandSolver';

/** A lead without resistance would have an infinite conductance. */
const LEAST_OHM: f64 = 1e-7;
const NODE: usize = <usize>node.bytes;

export const BLEEDING: usize = <usize>node.base;
export const QUIET: usize = <usize>quietNode.base;

export function boardNode(system: usize, tapIndex: i32): usize {
  return system + <usize>(2 * tapIndex) * NODE;
}

export function converterNode(system: usize, tapIndex: i32): usize {
  return system + <usize>(2 * tapIndex + 1) * NODE;
}

function pinAt(index: i32): usize {
  return <usize>pin.base + <usize>index * <usize>pin.bytes;
}

export function tapAt(index: i32): usize {
  return <usize>tap.base + <usize>index * <usize>tap.bytes;
}

function leadConductance(row: usize): f64 {
  return load<f64>(row, pin.tap) < 0.0 ? 0.0 : 1.0 / max<f64>(load<f64>(row, pin.resistance_Ohm), LEAST_OHM);
}

function isOrdered(g: i32): f64 {
  const from = groupAt(<i32>load<f64>(groupAt(g), group.bleedSource));
  return max<f64>(load<f64>(from, group.bleedOrder), load<f64>(from, group.bleedOrdered));
}

/** Conductance of a group's bleed path in a system: what is ordered and works, and what is stuck. */
export function bleedConductance(system: usize, g: i32): f64 {
  const at = groupAt(g);
  const stuck = load<f64>(at, group.bleedStuck_S);
  if (system == QUIET) return stuck;
  return stuck + isOrdered(g) * load<f64>(at, group.bleedEnabled) * load<f64>(balance.bleedConductance_S);
}

function inputConductance(g: i32): f64 {
  return load<f64>(harness.inputConductance_S) + load<f64>(groupAt(g), group.inputLeak_S);
}

function assemble(system: usize): void {
  const groups = load<i32>(run.groupCount);
  const count = 2 * (groups + 1);
  clearRows(system, count);
  const pins = load<i32>(harness.pinCount);
  for (let p = 0; p < pins; p++) addTo(boardNode(system, load<i32>(pinAt(p), pin.node)), <usize>node.pivot, leadConductance(pinAt(p)));
  for (let t = 0; t <= groups; t++) join(boardNode(system, t), 1, load<f64>(harness.pinConductance_S));
  for (let g = 0; g < groups; g++) {
    join(boardNode(system, g), 2, bleedConductance(system, g));
    join(converterNode(system, g), 2, inputConductance(g));
  }
  factor(system, count);
}

function pinIsAsBuilt(row: usize): bool {
  return load<f64>(row, pin.resistance_Ohm) == load<f64>(row, pin.nominal_Ohm) && load<f64>(row, pin.tap) == load<f64>(row, pin.nominalTap);
}

function isAsBuilt(): bool {
  const pins = load<i32>(harness.pinCount);
  for (let p = 0; p < pins; p++) {
    if (!pinIsAsBuilt(pinAt(p))) return false;
  }
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    if (load<f64>(groupAt(g), group.bleedStuck_S) != 0.0 || load<f64>(groupAt(g), group.inputLeak_S) != 0.0) return false;
  }
  return true;
}

/** Resistance of all leads of a node side by side. */
function leadsOf(tapIndex: i32): f64 {
  const pins = load<i32>(harness.pinCount);
  let conductance = 0.0;
  for (let p = 0; p < pins; p++) {
    if (load<i32>(pinAt(p), pin.node) == tapIndex) conductance += leadConductance(pinAt(p));
  }
  return conductance > 0.0 ? 1.0 / conductance : Infinity;
}

function someBleedIsOrdered(): bool {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    if (bleedConductance(BLEEDING, g) > bleedConductance(QUIET, g)) return true;
  }
  return false;
}

/** Factors both systems anew where something conducts differently than before; their draws are due then. */
@inline
export function refreshLeads(): void {
  if (!load<i32>(harness.fitted)) return;
  const version = worldVersion() + load<i32>(balance.orders);
  if (version != load<i32>(harness.versionSeen)) formLeads(version);
}

function formLeads(version: i32): void {
  store<i32>(harness.versionSeen, version);
  store<i32>(harness.abnormal, isAsBuilt() ? 0 : 1);
  store<i32>(harness.bleeding, someBleedIsOrdered() ? 1 : 0);
  const fed = load<i32>(harness.supplyOnEndWires) != 0;
  store<f64>(harness.supplyPath_Ohm, fed ? leadsOf(0) + leadsOf(load<i32>(run.groupCount)) : 0.0);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) store<f64>(groupAt(g), bleedConductance(BLEEDING, g), group.bleed_S);
  if (load<i32>(harness.loadsWhenIdle) | load<i32>(harness.abnormal)) {
    assemble(QUIET);
    assemble(BLEEDING);
  }
  store<i32>(harness.factored, load<i32>(harness.factored) + 1);
}

/** Tap voltages against pack negative, from the voltages between the taps. */
export function readTaps(): void {
  const groups = load<i32>(run.groupCount);
  let voltage = 0.0;
  store<f64>(tapAt(0), 0.0, tap.voltage_V);
  for (let g = 0; g < groups; g++) {
    voltage += load<f64>(groupAt(g), group.tapVoltage_V);
    store<f64>(tapAt(g + 1), voltage, tap.voltage_V);
  }
}

/** How far the tap that a lead reaches lies above the node's own. */
function offsetOf(row: usize): f64 {
  const reached = <i32>load<f64>(row, pin.tap);
  if (reached < 0) return 0.0;
  return load<f64>(tapAt(reached), tap.voltage_V) - load<f64>(tapAt(load<i32>(row, pin.node)), tap.voltage_V);
}

function suppliedCurrent(): f64 {
  return load<i32>(harness.supplyOnEndWires) ? load<f64>(unit.current_A) : 0.0;
}

/** Equation (41): node voltages of a system from the tap voltages. */
export function solveLeads(system: usize): void {
  const groups = load<i32>(run.groupCount);
  const count = 2 * (groups + 1);
  for (let i = 0; i < count; i++) store<f64>(system + <usize>i * NODE, 0.0, node.deviation_V);
  const pins = load<i32>(harness.pinCount);
  for (let p = 0; p < pins; p++) {
    const row = pinAt(p);
    addTo(boardNode(system, load<i32>(row, pin.node)), <usize>node.deviation_V, leadConductance(row) * offsetOf(row));
  }
  for (let g = 0; g < groups; g++) {
    const voltage = load<f64>(groupAt(g), group.tapVoltage_V);
    const bled = bleedConductance(system, g) * voltage;
    addTo(boardNode(system, g), <usize>node.deviation_V, bled);
    addTo(boardNode(system, g + 1), <usize>node.deviation_V, -bled);
    const input = inputConductance(g) * voltage;
    addTo(converterNode(system, g), <usize>node.deviation_V, input);
    addTo(converterNode(system, g + 1), <usize>node.deviation_V, -input);
  }
  const supply = suppliedCurrent();
  addTo(boardNode(system, 0), <usize>node.deviation_V, supply);
  addTo(boardNode(system, groups), <usize>node.deviation_V, -supply);
  solve(system, count);
}

/** Equation (42): what leaves every tap through its leads. */
export function drawFromTaps(system: usize): void {
  const groups = load<i32>(run.groupCount);
  for (let t = 0; t <= groups; t++) store<f64>(tapAt(t), 0.0, tap.draw_A);
  const pins = load<i32>(harness.pinCount);
  for (let p = 0; p < pins; p++) {
    const row = pinAt(p);
    const reached = <i32>load<f64>(row, pin.tap);
    if (reached < 0) continue;
    const deviation = load<f64>(boardNode(system, load<i32>(row, pin.node)), node.deviation_V);
    const current = leadConductance(row) * (offsetOf(row) - deviation);
    store<f64>(tapAt(reached), load<f64>(tapAt(reached), tap.draw_A) + current, tap.draw_A);
  }
}

/** Idle inputs of the standard harness are part of the unit's consumption. */
export function countedInput(system: usize, g: i32): f64 {
  if (load<i32>(harness.loadsWhenIdle)) return 0.0;
  const above = load<f64>(converterNode(system, g + 1), node.deviation_V) - load<f64>(converterNode(system, g), node.deviation_V);
  return load<f64>(harness.inputConductance_S) * (load<f64>(groupAt(g), group.tapVoltage_V) + above);
}

/** The unit's own current is drawn with the leads but counted with its consumption. */
export function countedElsewhere(): f64 {
  return suppliedCurrent();
}

/** Voltage between the board nodes of a group, across its bleed. */
export function portVoltage(system: usize, g: i32): f64 {
  const above = load<f64>(boardNode(system, g + 1), node.deviation_V) - load<f64>(boardNode(system, g), node.deviation_V);
  return load<f64>(groupAt(g), group.tapVoltage_V) + above;
}

/** Equation (43): what a channel reads beyond the voltage between its taps. */
export function channelDeviation(system: usize, g: i32): f64 {
  const above = load<f64>(converterNode(system, g + 1), node.deviation_V) - load<f64>(converterNode(system, g), node.deviation_V);
  return above + load<f64>(groupAt(g), group.trim_ratio) * load<f64>(groupAt(g), group.tapVoltage_V);
}
