/**
 * What flowed since the run began: charge and energy through the terminals, the unit's own, the bleeds'.
 * Energies use the mean voltage over the tick and what goes beyond it (25, 30), so they close with the cells' own balance.
 */
import { fuse, group, layout, pack, run, total, unit } from '../generated/layout';
import { sumColumn, sumProducts } from '../lane';

const HOURS: f64 = 1.0 / 3600.0;

export function addTotals<T>(bleeding: bool): void {
  const hours = load<f64>(run.tick_s) * HOURS;
  const current = load<f64>(pack.current_A);
  const voltage = load<f64>(pack.meanVoltage_V);
  const charge = current * hours;
  const terminal = voltage + load<f64>(fuse.resistance_Ohm) * current;
  const energy = charge * terminal + (load<f64>(pack.ripplePower_W) + load<f64>(pack.driftPower_W)) * hours;
  if (current < 0.0) {
    store<f64>(total.chargeOut_Ah, load<f64>(total.chargeOut_Ah) - charge);
    store<f64>(total.energyOut_Wh, load<f64>(total.energyOut_Wh) - energy);
  } else {
    store<f64>(total.chargeIn_Ah, load<f64>(total.chargeIn_Ah) + charge);
    store<f64>(total.energyIn_Wh, load<f64>(total.energyIn_Wh) + energy);
  }
  const throughJoints = current - load<f64>(pack.consumption_A);
  const square = throughJoints * throughJoints + load<f64>(pack.rippleSquare_A2);
  store<f64>(pack.squareCharge_A2s, load<f64>(pack.squareCharge_A2s) + square * load<f64>(run.tick_s));
  const drawn = load<f64>(unit.current_A) * hours;
  store<f64>(total.consumption_Ah, load<f64>(total.consumption_Ah) + drawn);
  store<f64>(total.consumption_Wh, load<f64>(total.consumption_Wh) + drawn * voltage);
  const direct = (load<f64>(pack.consumption_A) - load<f64>(unit.current_A)) * hours * voltage;
  store<f64>(total.parasitic_Wh, load<f64>(total.parasitic_Wh) + direct);
  store<f64>(total.coil_J, load<f64>(total.coil_J) + load<f64>(unit.coilPower_W) * load<f64>(run.tick_s));
  if (!bleeding) return;
  const from = <usize>load<i32>(run.groupBase) + <usize>group.bleed_A;
  const bled = sumColumn<T>(from, from + <usize>load<i32>(run.groupBytes), <usize>layout.groupChunkBytes);
  store<f64>(total.bled_Ah, load<f64>(total.bled_Ah) + bled * hours);
  const watts = sumProducts<T>(
    from,
    from + <usize>load<i32>(run.groupBytes),
    <usize>layout.groupChunkBytes,
    <usize>(group.bledVoltage_V - group.bleed_A),
  );
  store<f64>(total.bled_J, load<f64>(total.bled_J) + watts * load<f64>(run.tick_s));
}
