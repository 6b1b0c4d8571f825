/**
 * What surrounds the cells in plain JavaScript: relays, the unit's own consumption, equipment, bleeds and totals.
 * It knows the equipment that the measured cases use, constant currents and profiles of current.
 *
 * Equations in docs/model.md: Thevenin of a tick (11), bleed (12), solving the equipment (13).
 */
import { CONSUMPTION } from '../../domain/device.ts';
import { stepCells } from './cell.ts';
import { profileMean } from './profile.ts';
import type { State } from './state.ts';

const COIL_V = 12;
const CURRENT_PROFILE = 2;
const HOURS = 1 / 3600;
/** A hair before a row's time is on time: n * dt is not exact. */
const SAME_TIME = 1e-6;

function contact(order: number, closed: number, waited: number, openTicks: number, closeTicks: number): number {
  return order !== closed && waited >= (order !== 0 ? closeTicks : openTicks) ? order : closed;
}

export function moveRelays({ relay, run, events }: State): void {
  if (run.hasUnit === 0) return;
  const charge = contact(relay.chargeOrder, relay.chargeClosed, relay.chargeWaited, relay.openTicks, relay.closeTicks);
  if (charge !== relay.chargeClosed) events.total++;
  relay.chargeWaited = charge === relay.chargeOrder ? 0 : relay.chargeWaited + 1;
  relay.chargeClosed = charge;
  relay.chargeCoil_V = relay.chargeOrder !== 0 ? COIL_V : 0;
  const discharge = contact(relay.dischargeOrder, relay.dischargeClosed, relay.dischargeWaited, relay.openTicks, relay.closeTicks);
  if (discharge !== relay.dischargeClosed) events.total++;
  relay.dischargeWaited = discharge === relay.dischargeOrder ? 0 : relay.dischargeWaited + 1;
  relay.dischargeClosed = discharge;
  relay.dischargeCoil_V = relay.dischargeOrder !== 0 ? COIL_V : 0;
}

const TABLE_V = Float64Array.from(CONSUMPTION.packVoltage_V);
const TABLE_W = Float64Array.from(CONSUMPTION.awake_A, (current, index) => current * CONSUMPTION.packVoltage_V[index]!);

export function drawConsumption({ pack, relay, unit }: State): void {
  if (unit.hasConsumption === 0) return;
  const voltage = pack.voltage_V;
  if (unit.switchedOn === 0 || voltage <= 0) {
    pack.consumption_A = 0;
    unit.coilPower_W = 0;
    return;
  }
  let i = 0;
  while (i < TABLE_V.length - 2 && voltage >= TABLE_V[i + 1]!) i++;
  const low = TABLE_V[i]!;
  const along = Math.min(Math.max((voltage - low) / (TABLE_V[i + 1]! - low), 0), 1);
  const awake = TABLE_W[i]! + along * (TABLE_W[i + 1]! - TABLE_W[i]!);
  const coils = (relay.chargeCoil_V > 0 ? 1 : 0) + (relay.dischargeCoil_V > 0 ? 1 : 0);
  unit.coilPower_W = coils * unit.relayPower_W;
  pack.consumption_A = (awake + unit.coilPower_W) / voltage;
}

/** Equation (13) without anything that depends on voltage. */
function equipmentCurrent({ sources, profiles, pack, relay, run }: State): number {
  const { kind, enabled, from_s, until_s, current_A, scale } = sources;
  const dt = run.tick_s;
  const time = run.tick * dt;
  const common = pack.commonPort !== 0;
  const mayCharge = relay.chargeClosed !== 0 && (!common || relay.dischargeClosed !== 0);
  const mayDischarge = relay.dischargeClosed !== 0 && (!common || relay.chargeClosed !== 0);
  const start = time + dt * SAME_TIME;
  let sum = 0;
  for (let i = 0; i < kind.length; i++) {
    let current = 0;
    if (enabled[i] !== 0 && start >= from_s[i]! && start < until_s[i]!) {
      const asked =
        kind[i] === CURRENT_PROFILE ? profileMean(profiles[i]!, sources, i, Math.max(time - from_s[i]!, 0), dt) * scale[i]! : current_A[i]!;
      if (asked > 0 ? mayCharge : mayDischarge) current = asked;
    }
    sum += current;
  }
  return sum;
}

/** Mean conductance of an ordered bleed over this tick, after how much of it lies in the pause before the next sample. */
function bleedConductance({ assumed, balance, run }: State): number {
  const dt = run.tick_s;
  balance.paused_s = Math.min(Math.max(assumed.bleedPause_s - run.firmwareLeft * dt, 0), dt);
  return (balance.bleedConductance_S * (dt - balance.paused_s)) / dt;
}

/** Equations (11) and (12): each group as a source behind a resistance at the end of the tick, with its bleed across it. */
function stepThevenin(state: State, conductance: number): void {
  const { cells, groups, pack, run, groupCount } = state;
  const { rc1_V, rc1Step, rc1Resistance_Ohm, rc2_V, rc2Step, rc2Resistance_Ohm, emf_V, emfPerCoulomb_V } = cells;
  const { current_A, chargeResistance_Ohm, dischargeResistance_Ohm, tab_Ohm } = cells;
  const { bleedOrder, link_Ohm, theveninVoltage_V, theveninResistance_Ohm } = groups;
  const dt = run.tick_s;
  const consumption = pack.consumption_A;
  for (let i = 0; i < groupCount; i++) {
    const pairs = rc1_V[i]! - rc1Step[i]! * rc1_V[i]! + (rc2_V[i]! - rc2Step[i]! * rc2_V[i]!);
    const r0 = (current_A[i]! > 0 ? chargeResistance_Ohm[i]! : dischargeResistance_Ohm[i]!) + tab_Ohm[i]!;
    const gain = rc1Resistance_Ohm[i]! * rc1Step[i]! + rc2Resistance_Ohm[i]! * rc2Step[i]!;
    const resistance = r0 + gain + emfPerCoulomb_V[i]! * dt;
    const divisor = 1 / (1 + resistance * (conductance * bleedOrder[i]!));
    const seen = resistance * divisor + link_Ohm[i]!;
    theveninVoltage_V[i] = (emf_V[i]! + pairs) * divisor - seen * consumption;
    theveninResistance_Ohm[i] = seen;
  }
}

function stepBleeds({ groups, pack, groupCount }: State, conductance: number): void {
  const { bleed_A, bleedOrder, theveninVoltage_V, theveninResistance_Ohm, link_Ohm } = groups;
  const current = pack.current_A;
  const throughPack = current - pack.consumption_A;
  for (let i = 0; i < groupCount; i++) {
    const voltage = theveninVoltage_V[i]! + theveninResistance_Ohm[i]! * current - link_Ohm[i]! * throughPack;
    bleed_A[i] = conductance * bleedOrder[i]! * voltage;
  }
}

export function solveNetwork(state: State, bleeding: boolean): void {
  const { balance, groups } = state;
  const conductance = bleeding ? bleedConductance(state) : 0;
  if (bleeding) stepThevenin(state, conductance);
  state.pack.current_A = equipmentCurrent(state);
  if (bleeding) stepBleeds(state, conductance);
  else if (balance.flowing !== 0) groups.bleed_A.fill(0);
  balance.flowing = bleeding ? 1 : 0;
}

/** Cells over the tick, then the pack's voltages from them. */
export function stepPack(state: State): void {
  stepCells(state);
  const { pack, relay, groupCount } = state;
  const { afeVoltage_V, meanVoltage_V } = state.groups;
  let voltage = 0;
  let mean = 0;
  for (let i = 0; i < groupCount; i++) {
    voltage += afeVoltage_V[i]!;
    mean += meanVoltage_V[i]!;
  }
  pack.voltage_V = voltage;
  pack.meanVoltage_V = mean;
  const toLoad = relay.dischargeClosed !== 0 && (pack.commonPort === 0 || relay.chargeClosed !== 0);
  pack.busVoltage_V = toLoad ? voltage : 0;
}

export function addTotals({ total, pack, run, unit, groups, groupCount }: State, bleeding: boolean): void {
  const hours = run.tick_s * HOURS;
  const voltage = pack.meanVoltage_V;
  const charge = pack.current_A * hours;
  if (charge > 0) {
    total.chargeIn_Ah += charge;
    total.energyIn_Wh += charge * voltage;
  } else if (charge < 0) {
    total.chargeOut_Ah -= charge;
    total.energyOut_Wh -= charge * voltage;
  }
  const throughJoints = pack.current_A - pack.consumption_A;
  pack.squareCharge_A2s += throughJoints * throughJoints * run.tick_s;
  const drawn = pack.consumption_A * hours;
  total.consumption_Ah += drawn;
  total.consumption_Wh += drawn * voltage;
  total.coil_J += unit.coilPower_W * run.tick_s;
  if (!bleeding) return;
  const { bleed_A, bledVoltage_V } = groups;
  let bled = 0;
  let watts = 0;
  for (let i = 0; i < groupCount; i++) {
    bled += bleed_A[i]!;
    watts += bleed_A[i]! * bledVoltage_V[i]!;
  }
  total.bled_Ah += bled * hours;
  total.bled_J += watts * run.tick_s;
}
