/**
 * How long and how far each cell was beyond its limits, from truth: what the BMS believed plays no part.
 * The recorder's look at every cell tells when it is called for.
 */
import { cell, layout, limit, run } from '../generated/layout';
import { anyOutside, splat, splatAt } from '../lane';

function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
}

function addTime(at: usize, column: usize, seconds: f64): void {
  store<f64>(at + column, load<f64>(at + column) + seconds);
}

function expose(at: usize, dt: f64): void {
  const voltage = load<f64>(at, cell.voltage_V);
  const current = load<f64>(at, cell.current_A);
  if (voltage > load<f64>(limit.maximumVoltage_V)) addTime(at, <usize>cell.overVoltage_s, dt);
  if (voltage < load<f64>(limit.minimumVoltage_V)) addTime(at, <usize>cell.underVoltage_s, dt);
  if (current > load<f64>(limit.chargeCurrent_A)) {
    addTime(at, <usize>cell.overChargeCurrent_s, dt);
    store<f64>(at, max<f64>(load<f64>(at, cell.worstCharge_A), current), cell.worstCharge_A);
  }
  if (current < load<f64>(limit.dischargeCurrent_A)) {
    addTime(at, <usize>cell.overDischargeCurrent_s, dt);
    store<f64>(at, min<f64>(load<f64>(at, cell.worstDischarge_A), current), cell.worstDischarge_A);
  }
}

/** Each cell by itself, on a tick on which some cell is beyond its limits. */
export function exposeCells(): void {
  const dt = load<f64>(run.tick_s);
  const end = cellsEnd();
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += 8) expose(at + lane, dt);
  }
}

function exposeTemperature(c: usize, seconds: f64): void {
  const temperature = load<f64>(c, cell.temperature_degC);
  if (temperature > load<f64>(limit.maximumTemperature_degC)) addTime(c, <usize>cell.overTemperature_s, seconds);
  if (temperature < load<f64>(limit.minimumTemperature_degC)) addTime(c, <usize>cell.underTemperature_s, seconds);
  if (temperature < load<f64>(limit.chargeTemperature_degC) && load<f64>(c, cell.current_A) > 0.0)
    addTime(c, <usize>cell.coldCharge_s, seconds);
}

/** Temperature of every cell on this slow step. */
export function exposeTemperatures<T>(): void {
  const seconds = load<f64>(run.slow_s);
  const low = splat<T>(max<f64>(load<f64>(limit.minimumTemperature_degC), load<f64>(limit.chargeTemperature_degC)));
  const high = splatAt<T>(limit.maximumTemperature_degC);
  const end = cellsEnd();
  for (let chunk = <usize>layout.cellBase; chunk < end; chunk += <usize>layout.cellChunkBytes) {
    for (let at = chunk; at < chunk + 32; at += sizeof<T>()) {
      if (!anyOutside<T>(load<T>(at, cell.temperature_degC), low, high)) continue;
      for (let own = at; own < at + sizeof<T>(); own += 8) exposeTemperature(own, seconds);
    }
  }
}
