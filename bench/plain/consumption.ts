/**
 * What the unit draws for itself in plain JavaScript: electronics by the vendor's table, and the coils that are energised.
 * A unit that loses its supply goes off in the kernel and stays on here: the check of agreement would find such a case.
 *
 * Equation in docs/model.md: supply behind its leads (48).
 */
import { CONSUMPTION } from '../../domain/device.ts';
import type { State } from './state.ts';

const TABLE_V = Float64Array.from(CONSUMPTION.packVoltage_V);
const TABLE_W = Float64Array.from(CONSUMPTION.awake_A, (current, index) => current * CONSUMPTION.packVoltage_V[index]!);
const LAST = TABLE_V.length - 1;
const SLOPE_A = TABLE_W.slice(1).map((power, index) => (power - TABLE_W[index]!) / (TABLE_V[index + 1]! - TABLE_V[index]!));
/** Of the kernel's row, which is an offset in bytes. */
const ROW_BYTES = TABLE_V.BYTES_PER_ELEMENT;

/** The search begins where it ended last. */
function awakePower({ unit }: State, voltage: number): number {
  let i = unit.consumptionRow / ROW_BYTES;
  while (i > 0 && voltage < TABLE_V[i]!) i--;
  while (i < LAST - 1 && voltage >= TABLE_V[i + 1]!) i++;
  unit.consumptionRow = i * ROW_BYTES;
  const held = Math.min(Math.max(voltage, TABLE_V[0]!), TABLE_V[LAST]!);
  return TABLE_W[i]! + (held - TABLE_V[i]!) * SLOPE_A[i]!;
}

/** Equation (48): voltage behind the leads that feed the unit while it draws a power; 0 where they cannot carry it. */
function behindLeads({ harness }: State, voltage: number, power: number): number {
  const path = harness.supplyPath_Ohm;
  if (path === 0) return voltage;
  const square = voltage * voltage - 4 * power * path;
  return square < 0 ? 0 : 0.5 * (voltage + Math.sqrt(square));
}

/** Whether the unit has the voltage to run, with a hysteresis of its own. */
function followSupply({ assumed, events, unit }: State, voltage: number): void {
  const is = voltage >= (unit.supplied !== 0 ? assumed.brownOut_V : assumed.brownOutRelease_V) ? 1 : 0;
  if (is === unit.supplied) return;
  unit.supplied = is;
  events.total++;
}

/** A unit whose consumption is left out is fed by the pack too, and loads neither it nor the leads. */
function unitCurrent(state: State, voltage: number): number {
  const { relays, unit } = state;
  if (unit.hasConsumption === 0) {
    followSupply(state, voltage * unit.supply_ratio);
    return 0;
  }
  const on = unit.switchedOn !== 0;
  const coils = on ? relays.charge.coilPower_W + relays.discharge.coilPower_W : 0;
  const wanted = on ? awakePower(state, voltage) + coils + unit.extra_W : 0;
  const atUnit = behindLeads(state, voltage, wanted);
  followSupply(state, atUnit * unit.supply_ratio);
  const runs = on && unit.supplied !== 0;
  unit.coilPower_W = runs ? coils : 0;
  return runs && atUnit > 0 ? wanted / atUnit : 0;
}

/** Current at the pack's last voltage. */
export function drawConsumption(state: State): void {
  const { pack, run, unit } = state;
  if (run.hasUnit === 0) return;
  unit.current_A = unitCurrent(state, Math.max(pack.voltage_V, 0));
  pack.consumption_A = unit.current_A;
}
