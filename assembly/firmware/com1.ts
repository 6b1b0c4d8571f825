/**
 * What the unit tells a smart charger on COM1: how far its highest reading is from Over charge P.
 * It is separate because it is belief that leaves the unit; a charger never sees a cell.
 */
import { measured, setting, unit } from '../generated/layout';

export function tellCharger(): void {
  const headroom = load<f64>(setting.overChargeProtectionVoltage_V) - load<f64>(measured.highest_mV) / 1000.0;
  // A charger that hears nothing takes it for no headroom.
  store<f64>(unit.chargeHeadroom_V, load<f64>(unit.com1Silent) == 0.0 ? headroom : 0.0);
}
