/**
 * The two relays and the driver of their coils as rows of the kernel's memory.
 */
import * as device from '../domain/device.ts';
import type { Bms, Scenario } from '../domain/scenario/schema.ts';
import type { ScalarViews, StructureViews } from './kernel.ts';

const NEVER_A = 1e300;

type Row = StructureViews['relay'][number];

function writeRelay(row: Row, bms: Bms, own: Bms['relays']['charge'], tick_s: number): void {
  const { relays } = bms;
  const rating = (relays.rating_A ?? device.RELAY_FOR_VERSION[bms.currentVersion_A]) as device.RelayRating;
  const current_A = own.coilCurrent_A ?? device.COIL_CURRENT_A[rating];
  row.coilResistance_Ohm = own.coilVoltage_V / current_A;
  row.pullIn_V = own.pullIn_ratio * own.coilVoltage_V;
  row.dropOut_V = own.dropOut_ratio * own.coilVoltage_V;
  row.contact_Ohm = relays.contact_Ohm;
  row.weldsAbove_A = own.weldsAbove_A ?? NEVER_A;
  const vendor_W = device.COIL_V * device.COIL_CURRENT_A[rating];
  row.coilDraw_ratio = own.coilCurrent_A === undefined ? device.RELAY_COIL_POWER_W[rating] / vendor_W : 1;
  row.openTicks = Math.ceil(relays.openDelay_s / tick_s - 1e-9);
  row.closeTicks = Math.ceil(relays.closeDelay_s / tick_s - 1e-9);
  row.bounce_s = relays.bounce_s;
  row.bounceTicks = Math.floor(relays.bounce_s / tick_s + 1e-9);
  const on = bms.switchedOn && device.COIL_V >= row.pullIn_V ? 1 : 0;
  row.order = bms.switchedOn ? 1 : 0;
  row.coil_V = bms.switchedOn ? device.COIL_V : 0;
  row.pulled = on;
  row.closed = on;
}

/** Without a unit both paths are closed. */
export function writeRelays(structures: StructureViews, scalars: ScalarViews, { bms, tick_s }: Scenario): void {
  const [charge, discharge] = structures.relay as readonly [Row, Row];
  for (const row of [charge, discharge]) {
    row.toAmbient_W_per_K = device.RELAY_HEAT.toAmbient_W_per_K;
    row.heatCapacity_J_per_K = device.RELAY_HEAT.heatCapacity_J_per_K;
    row.closed = 1;
  }
  if (bms === null) return;
  writeRelay(charge, bms, bms.relays.charge, tick_s);
  writeRelay(discharge, bms, bms.relays.discharge, tick_s);
  scalars.driver.output_V = device.COIL_V;
  scalars.driver.eachLimit_A = bms.assumptions.driverEach_A;
  scalars.driver.limit_A = bms.assumptions.driverTogether_A;
  scalars.driver.retryTicks = Math.max(1, Math.ceil(bms.assumptions.driverRetry_s / tick_s - 1e-9));
}
