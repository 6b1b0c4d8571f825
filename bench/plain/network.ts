/**
 * What surrounds the cells in plain JavaScript: equipment behind the contacts, and the pack's voltages.
 * It knows the equipment that the measured cases use, constant currents and profiles of current.
 *
 * Equation in docs/model.md: solving the equipment (13).
 */
import { stepCells } from './cell.ts';
import { profileMean } from './profile.ts';
import { dischargeContact_Ohm, mayCharge, mayDischarge } from './relay.ts';
import type { State } from './state.ts';

const CURRENT_PROFILE = 2;
/** A hair before a row's time is on time: n * dt is not exact. */
const SAME_TIME = 1e-6;

/** What passed which contact over the tick. */
function noteContacts({ pack, relays }: State, charging: number, discharging: number): void {
  const common = pack.commonPort !== 0;
  relays.charge.current_A = common ? charging + discharging : charging;
  relays.discharge.current_A = common ? charging + discharging : discharging;
}

/** Equation (13) without anything that depends on voltage. */
export function solveNetwork(state: State): void {
  const { sources, profiles, pack, run } = state;
  const { kind, enabled, from_s, until_s, current_A, scale } = sources;
  const dt = run.tick_s;
  const time = run.tick * dt;
  const start = time + dt * SAME_TIME;
  const charges = mayCharge(state);
  const discharges = mayDischarge(state);
  let charging = 0;
  let discharging = 0;
  for (let i = 0; i < kind.length; i++) {
    if (enabled[i] === 0 || start < from_s[i]! || start >= until_s[i]!) continue;
    const asked =
      kind[i] === CURRENT_PROFILE ? profileMean(profiles[i]!, sources, i, Math.max(time - from_s[i]!, 0), dt) * scale[i]! : current_A[i]!;
    if (asked > 0) charging += charges ? asked : 0;
    else discharging += discharges ? asked : 0;
  }
  noteContacts(state, charging, discharging);
  pack.current_A = charging + discharging;
}

/** Cells over the tick, then the pack's voltages from them. */
export function stepPack(state: State): void {
  stepCells(state);
  const { pack, relays, groupCount } = state;
  const { tapVoltage_V, meanVoltage_V } = state.groups;
  let voltage = 0;
  let mean = 0;
  for (let i = 0; i < groupCount; i++) {
    voltage += tapVoltage_V[i]!;
    mean += meanVoltage_V[i]!;
  }
  pack.voltage_V = voltage;
  pack.meanVoltage_V = mean;
  pack.busVoltage_V = mayDischarge(state) ? voltage + dischargeContact_Ohm(state) * relays.discharge.current_A : 0;
}
