/**
 * What the unit draws from the whole pack, past the shunt: constant power by state, voltage and closed relays.
 * It is separate because it goes on when every relay is open.
 *
 * Source: the vendor's current tables (domain/device.ts); power between their voltages is linear, outside held.
 */
import { consumption_awake_A, consumption_packVoltage_V, pack, relay, unit } from '../generated/layout';

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

/** Current at the pack's last voltage; none while the unit is off. */
export function drawConsumption(): void {
  if (!load<i32>(unit.hasConsumption)) return;
  const voltage = load<f64>(pack.voltage_V);
  if (load<f64>(unit.switchedOn) == 0.0 || voltage <= 0.0) {
    store<f64>(pack.consumption_A, 0.0);
    store<f64>(unit.coilPower_W, 0.0);
    return;
  }
  const energised = (load<f64>(relay.chargeCoil_V) > 0.0 ? 1 : 0) + (load<f64>(relay.dischargeCoil_V) > 0.0 ? 1 : 0);
  const coils = <f64>energised * load<f64>(unit.relayPower_W);
  store<f64>(unit.coilPower_W, coils);
  store<f64>(pack.consumption_A, (awakePower(voltage) + coils) / voltage);
}
