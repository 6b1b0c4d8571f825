/**
 * What flowed since the run began: charge and energy through the terminals, the unit's own, the bleeds'.
 * Energies use the mean voltage over the tick, so they close with the cells' own balance.
 */
import { group, layout, pack, run, total, unit } from '../generated/layout';
import { sumColumn, sumProducts } from '../lane';

const HOURS: f64 = 1.0 / 3600.0;

export function addTotals<T>(bleeding: bool): void {
  const hours = load<f64>(run.tick_s) * HOURS;
  const current = load<f64>(pack.current_A);
  const voltage = load<f64>(pack.meanVoltage_V);
  const charge = current * hours;
  if (current > 0.0) {
    store<f64>(total.chargeIn_Ah, load<f64>(total.chargeIn_Ah) + charge);
    store<f64>(total.energyIn_Wh, load<f64>(total.energyIn_Wh) + charge * voltage);
  } else if (current < 0.0) {
    store<f64>(total.chargeOut_Ah, load<f64>(total.chargeOut_Ah) - charge);
    store<f64>(total.energyOut_Wh, load<f64>(total.energyOut_Wh) - charge * voltage);
  }
  const throughJoints = current - load<f64>(pack.consumption_A);
  store<f64>(pack.squareCharge_A2s, load<f64>(pack.squareCharge_A2s) + throughJoints * throughJoints * load<f64>(run.tick_s));
  const drawn = load<f64>(unit.current_A) * hours;
  store<f64>(total.consumption_Ah, load<f64>(total.consumption_Ah) + drawn);
  store<f64>(total.consumption_Wh, load<f64>(total.consumption_Wh) + drawn * voltage);
  const direct = (load<f64>(pack.consumption_A) - load<f64>(unit.current_A)) * hours * voltage;
  store<f64>(total.parasitic_Wh, load<f64>(total.parasitic_Wh) + direct);
  store<f64>(total.coil_J, load<f64>(total.coil_J) + load<f64>(unit.coilPower_W) * load<f64>(run.tick_s));
  if (!bleeding) return;
  const base = <usize>load<i32>(run.groupBase);
  const stride = <usize>layout.groupChunkBytes;
  const from = base + <usize>group.bleed_A;
  const end = from + <usize>load<i32>(run.groupBytes);
  store<f64>(total.bled_Ah, load<f64>(total.bled_Ah) + sumColumn<T>(from, end, stride) * hours);
  const watts = sumProducts<T>(from, end, stride, base + <usize>group.bledVoltage_V, stride);
  store<f64>(total.bled_J, load<f64>(total.bled_J) + watts * load<f64>(run.tick_s));
}
