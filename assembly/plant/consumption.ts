/**
 * What is drawn from the whole pack past shunt and fuse: the unit's own power, and parasitic loads joined there.
 * It is separate because it goes on when every relay is open.
 *
 * Source: the vendor's current tables (domain/device.ts); power between their voltages is linear, outside held.
 */
import {
  assumed,
  consumption_asleep_W,
  consumption_asleepSlope_A,
  consumption_awake_W,
  consumption_awakeSlope_A,
  consumption_packVoltage_V,
  consumption_rows,
  eventCode,
  harness,
  pack,
  relay,
  run,
  source,
  unit,
  unitState,
} from '../generated/layout';
import { maximum, minimum } from '../lane';
import { report } from '../time/events';
import { BEFORE_SHUNT, CONSTANT_POWER, inForce, rowAt } from './equipmentRow';
import { CHARGE_RELAY, DISCHARGE_RELAY } from './relay';

const NO_CELL: i32 = -1;
/** From a row of the vendor's table to the next, and its last row but one. */
const NEXT: usize = 8;
const LAST_PIECE: usize = 8 * (consumption_rows - 2);

/** By the vendor's row for what the unit is doing; the search begins where it ended last. */
function ownPower(voltage: f64): f64 {
  let at = <usize>load<i32>(unit.consumptionRow);
  while (at > 0 && voltage < load<f64>(consumption_packVoltage_V + at)) at -= NEXT;
  while (at < LAST_PIECE && voltage >= load<f64>(consumption_packVoltage_V + at, NEXT)) at += NEXT;
  store<i32>(unit.consumptionRow, <i32>at);
  const asleep = load<i32>(unit.state) == unitState.asleep;
  const power = load<f64>((asleep ? consumption_asleep_W : consumption_awake_W) + at);
  const slope = load<f64>((asleep ? consumption_asleepSlope_A : consumption_awakeSlope_A) + at);
  const held = minimum<f64>(
    maximum<f64>(voltage, load<f64>(consumption_packVoltage_V)),
    load<f64>(consumption_packVoltage_V + LAST_PIECE, NEXT),
  );
  return power + (held - load<f64>(consumption_packVoltage_V + at)) * slope;
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
  const coils = on ? load<f64>(CHARGE_RELAY, relay.coilPower_W) + load<f64>(DISCHARGE_RELAY, relay.coilPower_W) : 0.0;
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
  const own = hasUnit ? unitCurrent(maximum<f64>(voltage, 0.0)) : 0.0;
  store<f64>(unit.current_A, own);
  store<f64>(pack.consumption_A, own + forgotten + (hasDirect && voltage > 0.0 ? directCurrent(voltage) : 0.0));
}
