/**
 * What is kept of every tick in plain JavaScript: extremes of the run, and how long each cell was beyond its limits.
 * Both look at the cells only and change nothing that another stage reads.
 */
import type { State } from './state.ts';

/**
 * One look at every cell of this tick; returns whether some cell is beyond a limit of voltage or current.
 * Voltages: the kernel without levels of detail keeps no more of them than this.
 */
export function record({ cells, limit, groupCount }: State): boolean {
  const { voltage_V, current_A, lowest_V, highest_V } = cells;
  const { maximumVoltage_V, minimumVoltage_V, chargeCurrent_A, dischargeCurrent_A } = limit;
  let beyond = false;
  for (let i = 0; i < groupCount; i++) {
    const voltage = voltage_V[i]!;
    const current = current_A[i]!;
    if (voltage < lowest_V[i]!) lowest_V[i] = voltage;
    if (voltage > highest_V[i]!) highest_V[i] = voltage;
    if (voltage > maximumVoltage_V || voltage < minimumVoltage_V || current > chargeCurrent_A || current < dischargeCurrent_A)
      beyond = true;
  }
  return beyond;
}

export function recordTemperatures({ cells, groupCount }: State): void {
  const { temperature_degC, coldest_degC, hottest_degC } = cells;
  for (let i = 0; i < groupCount; i++) {
    const temperature = temperature_degC[i]!;
    if (temperature < coldest_degC[i]!) coldest_degC[i] = temperature;
    if (temperature > hottest_degC[i]!) hottest_degC[i] = temperature;
  }
}

/** Each cell by itself, on a tick on which some cell is beyond its limits. */
export function exposeCells({ cells, limit, run, groupCount }: State): void {
  const { voltage_V, current_A, overVoltage_s, underVoltage_s } = cells;
  const { overChargeCurrent_s, overDischargeCurrent_s, worstCharge_A, worstDischarge_A } = cells;
  const { maximumVoltage_V, minimumVoltage_V, chargeCurrent_A, dischargeCurrent_A } = limit;
  const dt = run.tick_s;
  for (let i = 0; i < groupCount; i++) {
    const voltage = voltage_V[i]!;
    const current = current_A[i]!;
    if (voltage > maximumVoltage_V) overVoltage_s[i]! += dt;
    if (voltage < minimumVoltage_V) underVoltage_s[i]! += dt;
    if (current > chargeCurrent_A) {
      overChargeCurrent_s[i]! += dt;
      if (current > worstCharge_A[i]!) worstCharge_A[i] = current;
    }
    if (current < dischargeCurrent_A) {
      overDischargeCurrent_s[i]! += dt;
      if (current < worstDischarge_A[i]!) worstDischarge_A[i] = current;
    }
  }
}

/** Temperature of every cell on this slow step. */
export function exposeTemperatures({ cells, limit, run, groupCount }: State): void {
  const { temperature_degC, current_A, overTemperature_s, underTemperature_s, coldCharge_s } = cells;
  const seconds = run.slow_s;
  for (let i = 0; i < groupCount; i++) {
    const temperature = temperature_degC[i]!;
    if (temperature > limit.maximumTemperature_degC) overTemperature_s[i]! += seconds;
    if (temperature < limit.minimumTemperature_degC) underTemperature_s[i]! += seconds;
    if (temperature < limit.chargeTemperature_degC && current_A[i]! > 0) coldCharge_s[i]! += seconds;
  }
}
