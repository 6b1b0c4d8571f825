/**
 * What flowed since the run began: charge and energy through the terminals, the unit's own, the bleeds'.
 * Energies use the mean voltage over the tick and what goes beyond it (25, 30), so they close with the cells' own balance.
 */
import { groupAt } from '../address';
import { effect, fuse, group, harness, layout, pack, relay, run, total, unit } from '../generated/layout';
import { sumColumn, sumProducts } from '../lane';

const HOURS: f64 = 1.0 / 3600.0;

/** Charge and energy past the terminals: bleeds, leads, shorts, and what the joints carry less than the others. */
function addDraws<T>(hours: f64, throughJoints: f64): void {
  const bytes = <usize>load<i32>(run.groupBytes);
  const first = <usize>load<i32>(run.groupBase);
  const dt = load<f64>(run.tick_s);
  const bleeds = first + <usize>group.bleed_A;
  const stride = <usize>layout.groupChunkBytes;
  const voltages = first + <usize>group.meanVoltage_V;
  const bled = sumColumn<T>(bleeds, bleeds + bytes, stride);
  store<f64>(total.bled_Ah, load<f64>(total.bled_Ah) + bled * hours);
  const draws = first + <usize>group.draw_A;
  const drawn = sumProducts<T>(draws, draws + bytes, stride, voltages, stride);
  const shorts = first + <usize>group.short_A;
  const shorted = sumProducts<T>(shorts, shorts + bytes, stride, voltages, stride);
  const inLeads = (drawn - shorted) * dt;
  const inBleeds = inLeads * load<f64>(harness.bleedShare_ratio);
  store<f64>(total.bled_J, load<f64>(total.bled_J) + inBleeds);
  store<f64>(total.harness_J, load<f64>(total.harness_J) + (inLeads - inBleeds));
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const own = throughJoints - load<f64>(at, group.draw_A);
    const extra = load<f64>(at, group.link_Ohm) * (own * own - throughJoints * throughJoints) * dt;
    store<f64>(at, load<f64>(at, group.linkExtra_J) + extra, group.linkExtra_J);
  }
}

/** A joint that has changed: its heat so far stays what it was. */
function keepLinkHeat(): void {
  const version = load<i32>(effect.version);
  if (version == load<i32>(total.effectsSeen)) return;
  store<i32>(total.effectsSeen, version);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const before = load<f64>(at, group.linkCounted_Ohm);
    const now = load<f64>(at, group.link_Ohm);
    store<f64>(at, now, group.linkCounted_Ohm);
    const kept = (before - now) * load<f64>(pack.squareCharge_A2s);
    store<f64>(at, load<f64>(at, group.linkExtra_J) + kept, group.linkExtra_J);
  }
}

/** Heat of coils and contacts of both relays. */
function addRelays(dt: f64): void {
  for (let k: usize = 0; k < 2; k++) {
    const row = <usize>relay.base + k * <usize>relay.bytes;
    const current = load<f64>(row, relay.current_A);
    const heat = load<f64>(row, relay.contact_Ohm) * current * current * dt;
    if (heat != 0.0) {
      store<f64>(row, load<f64>(row, relay.heat_J) + heat, relay.heat_J);
      store<f64>(total.contact_J, load<f64>(total.contact_J) + heat);
    }
    store<f64>(row, load<f64>(row, relay.coilHeat_J) + load<f64>(row, relay.coilPower_W) * dt, relay.coilHeat_J);
  }
}

export function addTotals<T>(): void {
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
  keepLinkHeat();
  const throughJoints = current - load<f64>(pack.consumption_A);
  const square = throughJoints * throughJoints + load<f64>(pack.rippleSquare_A2);
  store<f64>(pack.squareCharge_A2s, load<f64>(pack.squareCharge_A2s) + square * load<f64>(run.tick_s));
  const drawn = load<f64>(unit.current_A) * hours;
  store<f64>(total.consumption_Ah, load<f64>(total.consumption_Ah) + drawn);
  store<f64>(total.consumption_Wh, load<f64>(total.consumption_Wh) + drawn * voltage);
  const direct = (load<f64>(pack.consumption_A) - load<f64>(unit.current_A)) * hours * voltage;
  store<f64>(total.parasitic_Wh, load<f64>(total.parasitic_Wh) + direct);
  store<f64>(total.coil_J, load<f64>(total.coil_J) + load<f64>(unit.coilPower_W) * load<f64>(run.tick_s));
  if (load<i32>(run.hasUnit)) addRelays(load<f64>(run.tick_s));
  if (load<i32>(harness.flowing)) addDraws<T>(hours, throughJoints);
}
