/**
 * What is drawn from the whole pack past shunt and fuse: the unit's own power, and parasitic loads joined there.
 * It is separate because it goes on when every relay is open.
 *
 * Source: the vendor's current tables (domain/device.ts); power between their voltages is linear, outside held.
 */
import { consumption_awake_A, consumption_packVoltage_V, pack, relay, run, source, unit } from '../generated/layout';
import { BEFORE_SHUNT, CONSTANT_POWER, inForce, rowAt } from './equipmentRow';

function awakePower(voltage: f64): f64 {
  const last = consumption_packVoltage_V.length - 1;
  let i = 0;
  while (i < last - 1 && voltage >= consumption_packVoltage_V[i + 1]) i++;
  const low = consumption_packVoltage_V[i];
  const high = consumption_packVoltage_V[i + 1];
  const along = min<f64>(max<f64>((voltage - low) / (high - low), 0.0), 1.0);
  const powerLow = low * consumption_awake_A[i];
  const powerHigh = high * consumption_awake_A[i + 1];
  return powerLow + along * (powerHigh - powerLow);
}

function unitCurrent(voltage: f64): f64 {
  if (load<f64>(unit.switchedOn) == 0.0) {
    store<f64>(unit.coilPower_W, 0.0);
    return 0.0;
  }
  const energised = (load<f64>(relay.chargeCoil_V) > 0.0 ? 1 : 0) + (load<f64>(relay.dischargeCoil_V) > 0.0 ? 1 : 0);
  const coils = <f64>energised * load<f64>(unit.relayPower_W);
  store<f64>(unit.coilPower_W, coils);
  return (awakePower(voltage) + coils) / voltage;
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
  const hasUnit = load<i32>(unit.hasConsumption) != 0;
  const hasDirect = load<i32>(pack.directLoads) != 0;
  if (!hasUnit && !hasDirect) return;
  const voltage = load<f64>(pack.voltage_V);
  const own = hasUnit && voltage > 0.0 ? unitCurrent(voltage) : 0.0;
  store<f64>(unit.current_A, own);
  store<f64>(pack.consumption_A, own + (hasDirect && voltage > 0.0 ? directCurrent(voltage) : 0.0));
}
