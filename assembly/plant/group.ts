/**
 * Voltages of a group, from those of its cells: at its own terminals, between its taps, and at the converter.
 * It is separate because a group has joints and bars, and its cells know neither.
 */
import { cell, group, layout, run } from '../generated/layout';
import { add, mul, splat, sub } from '../lane';

/**
 * What a group shows to the outside, from its voltage at its terminals at the tick's end and over it: the joint below leads to the taps.
 * `alike`: nothing flows past the joints.
 */
@inline
export function showGroup<T>(g: usize, through: T, voltage: T, mean: T, alike: bool): void {
  const present = load<T>(g, group.present);
  const joint = mul<T>(load<T>(g, group.link_Ohm), through);
  // At the tick's end a paused bleed no longer flows through the joint.
  const atEnd = alike ? joint : add<T>(joint, mul<T>(load<T>(g, group.link_Ohm), load<T>(g, group.returning_A)));
  const betweenTaps = mul<T>(present, add<T>(voltage, atEnd));
  store<T>(g, voltage, group.voltage_V);
  store<T>(g, betweenTaps, group.tapVoltage_V);
  store<T>(g, alike ? betweenTaps : add<T>(betweenTaps, load<T>(g, group.pinDeviation_V)), group.afeVoltage_V);
  store<T>(g, mul<T>(present, add<T>(mean, joint)), group.meanVoltage_V);
}

/**
 * Voltages of a group. Its cells see it through tab and bars, each with the lag of its own share of the current;
 * weighted by the shares the lags cancel (reciprocity of the resistive network).
 */
export function groupLanes<T>(first: usize, g: usize, positions: i32, layer: usize, through: T): void {
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
  showGroup<T>(g, through, voltage, mean, false);
  // Equation (30): the lags cancel in the voltage, not in the energy of currents that are not in the shares' proportions.
  if (positions > 1) store<T>(g, mul<T>(load<T>(g, group.present), sub<T>(power, mul<T>(current, mean))), group.driftPower_W);
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
