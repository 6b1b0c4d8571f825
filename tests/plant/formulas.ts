/**
 * Closed forms of a cell with constant parameters, written down without any code of the product.
 * Positive current charges; times of pulses are whole ticks.
 */

/** A cell with a straight OCV and two RC pairs. */
export const SAMPLE = {
  capacity_Ah: 2.9,
  ocv_V: [3.1, 4.15],
  soc: 0.55,
  r0_Ohm: 0.023,
  rc: [
    { resistance_Ohm: 0.011, timeConstant_s: 1.7 },
    { resistance_Ohm: 0.019, timeConstant_s: 43 },
  ],
} as const;

export interface Pulse {
  from_s: number;
  until_s: number;
  current_A: number;
}

/** Charge over resistance: what a step of 1 A that began `age_s` ago has built up in a pair of 1 Ohm. */
function built(age_s: number, tau_s: number): number {
  return age_s > 0 ? -Math.expm1(-age_s / tau_s) : 0;
}

/** v(t) = OCV(s) + sum of pairs + R0 I over the tick that ends at t, from rest. */
export function voltageOf(pulses: readonly Pulse[], time_s: number, tick_s: number, initialSoc: number = SAMPLE.soc): number {
  let charge_C = 0;
  let pairs_V = 0;
  let current_A = 0;
  for (const pulse of pulses) {
    const since = Math.max(time_s - pulse.from_s, 0);
    const over = Math.max(time_s - pulse.until_s, 0);
    charge_C += pulse.current_A * (since - over);
    const middle = time_s - tick_s / 2;
    if (middle > pulse.from_s && middle < pulse.until_s) current_A += pulse.current_A;
    for (const { resistance_Ohm, timeConstant_s } of SAMPLE.rc)
      pairs_V += pulse.current_A * resistance_Ohm * (built(since, timeConstant_s) - built(over, timeConstant_s));
  }
  const soc = initialSoc + charge_C / (3600 * SAMPLE.capacity_Ah);
  return SAMPLE.ocv_V[0] + (SAMPLE.ocv_V[1] - SAMPLE.ocv_V[0]) * soc + pairs_V + SAMPLE.r0_Ohm * current_A;
}

/** Largest magnitude. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Slope of log error over log step: the observed order of a method. */
export function observedOrder(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map(Math.log2);
  const y = errors.map((error) => Math.log2(Math.abs(error)));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const above = x.reduce((sum, value, index) => sum + (value - mx) * (y[index] - my), 0);
  return above / x.reduce((sum, value) => sum + (value - mx) * (value - mx), 0);
}

/** Sum without the rounding of each step (Neumaier, 1974). */
export function compensatedSum(values: readonly number[]): number {
  let sum = 0;
  let low = 0;
  for (const value of values) {
    const next = sum + value;
    low += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + low;
}
