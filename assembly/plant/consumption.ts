/**
 * What is drawn from the whole pack past shunt and fuse: the unit's own power, and parasitic loads joined there.
 * It is separate because it goes on when every relay is open.
 *
 * Source: the vendor's current tables (domain/device.ts); power between their voltages is linear, outside held.
 */
import {
  assumed,
  consumption_asleep_A,
  consumption_awake_A,
  consumption_packVoltage_V,
  eventCode,
  harness,
  pack,
  run,
  source,
  unit,
  unitState,
} from '../generated/layout';
import { report } from '../time/events';
import { BEFORE_SHUNT, CONSTANT_POWER, inForce, rowAt } from './equipmentRow';
import { CHARGE_RELAY, coilPower, DISCHARGE_RELAY } from './relay';

const NO_CELL: i32 = -1;

/** By the vendor's row for what the unit is doing. */
function statedCurrent(i: i32): f64 {
  return load<i32>(unit.state) == unitState.asleep ? consumption_asleep_A[i] : consumption_awake_A[i];
}

function ownPower(voltage: f64): f64 {
  const last = consumption_packVoltage_V.length - 1;
  let i = 0;
  while (i < last - 1 && voltage >= consumption_packVoltage_V[i + 1]) i++;
  const low = consumption_packVoltage_V[i];
  const high = consumption_packVoltage_V[i + 1];
  const along = min<f64>(max<f64>((voltage - low) / (high - low), 0.0), 1.0);
  const powerLow = low * statedCurrent(i);
  const powerHigh = high * statedCurrent(i + 1);
  return powerLow + along * (powerHigh - powerLow);
}

/** Equation (48): voltage behind the leads that feed the unit while it draws a power; 0 where they cannot carry it. */
function behindLeads(voltage: f64, power: f64): f64 {
  const path = load<f64>(harness.supplyPath_Ohm);
  if (path == 0.0) return voltage;
  const square = voltage * voltage - 4.0 * power * path;
  return square < 0.0 ? 0.0 : 0.5 * (voltage + sqrt<f64>(square));
}

/** Whether the unit has the voltage to run, with a hysteresis of its own. */
function follow(voltage: f64): void {
  const was = load<i32>(unit.supplied) != 0;
  const least = was ? load<f64>(assumed.brownOut_V) : load<f64>(assumed.brownOutRelease_V);
  const is = voltage >= least;
  if (is == was) return;
  store<i32>(unit.supplied, is ? 1 : 0);
  report(eventCode.brownOut, was, NO_CELL, voltage, voltage, least);
}

/** A unit whose consumption is left out is fed by the pack too, and loads neither it nor the leads. */
function unitCurrent(voltage: f64): f64 {
  const ratio = load<f64>(unit.supply_ratio);
  if (!load<i32>(unit.hasConsumption)) {
    follow(voltage * ratio);
    return 0.0;
  }
  const on = load<f64>(unit.switchedOn) != 0.0;
  const coils = on ? coilPower(CHARGE_RELAY) + coilPower(DISCHARGE_RELAY) : 0.0;
  const wanted = on ? ownPower(voltage) + coils + load<f64>(unit.extra_W) : 0.0;
  const atUnit = behindLeads(voltage, wanted);
  follow(atUnit * ratio);
  const runs = on && load<i32>(unit.supplied) != 0;
  store<f64>(unit.coilPower_W, runs ? coils : 0.0);
  return runs && atUnit > 0.0 ? wanted / atUnit : 0.0;
}

/** Parasitic loads before the shunt; their rows hold negative values, as all that discharges. */
function directCurrent(voltage: f64): f64 {
  const count = load<i32>(pack.sourceCount);
  const time = <f64>load<i32>(run.tick) * load<f64>(run.tick_s);
  let sum = 0.0;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    if (load<i32>(row, source.place) != BEFORE_SHUNT || !inForce(row, time)) continue;
    sum -= load<i32>(row, source.kind) == CONSTANT_POWER ? load<f64>(row, source.power_W) / voltage : load<f64>(row, source.current_A);
  }
  return sum;
}

/** Current at the pack's last voltage. */
export function drawConsumption(): void {
  const hasUnit = load<i32>(run.hasUnit) != 0;
  const hasDirect = load<i32>(pack.directLoads) != 0;
  const forgotten = load<f64>(pack.parasitic_A);
  if (!hasUnit && !hasDirect && forgotten == 0.0 && load<f64>(pack.consumption_A) == 0.0) return;
  const voltage = load<f64>(pack.voltage_V);
  const own = hasUnit ? unitCurrent(max<f64>(voltage, 0.0)) : 0.0;
  store<f64>(unit.current_A, own);
  store<f64>(pack.consumption_A, own + forgotten + (hasDirect && voltage > 0.0 ? directCurrent(voltage) : 0.0));
}
