/**
 * Builds and tidies curves of open-circuit voltage over SOC.
 * It is separate because every cell needs the same three steps: a base shape from a slow discharge, an inverse, and a strictly rising table.
 */
import { interpolate } from './cell.ts';
import type { Curve } from './fit.ts';
import type { Series } from './series.ts';

/** SOC knots 0, 1/count, ... 1. */
export function evenSoc(count: number): number[] {
  return Array.from({ length: count + 1 }, (_, k) => k / count);
}

/** Voltage over SOC of the discharging part of a slow run, SOC 1 at its first and 0 at its last discharging sample. */
export function slowDischarge(series: Series, leastCurrentA: number, count = 200): Curve & { chargeAh: number } {
  const drawnAh: number[] = [0];
  const voltageV: number[] = [series.voltageV[0]];
  let drawn = 0;
  for (let k = 1; k < series.count; k++) {
    if (series.currentA[k] > -leastCurrentA) continue;
    drawn -= (series.currentA[k] * (series.timeS[k] - series.timeS[k - 1])) / 3600;
    if (Number.isNaN(series.voltageV[k]) || drawn <= drawnAh[drawnAh.length - 1]) continue;
    drawnAh.push(drawn);
    voltageV.push(series.voltageV[k]);
  }
  voltageV[0] = voltageV[1];
  const soc = evenSoc(count);
  return { soc, value: soc.map((s) => interpolate(drawnAh, voltageV, (1 - s) * drawn)), chargeAh: drawn };
}

/** SOC at which a rising curve reaches a voltage, 0 or 1 when it lies outside. */
export function socAt(curve: Curve, voltageV: number): number {
  return interpolate(rising(curve, 1e-6).value, curve.soc, voltageV);
}

/** The closest non-decreasing curve (pool adjacent violators), then raised so that each knot is at least `leastStepV` above the one before. */
export function rising(curve: Curve, leastStepV: number): Curve {
  const level: number[] = [];
  const length: number[] = [];
  for (const value of curve.value) {
    level.push(value);
    length.push(1);
    while (level.length > 1 && level[level.length - 2] > level[level.length - 1]) {
      const [a, b] = level.splice(-2);
      const [n, m] = length.splice(-2);
      level.push((a * n + b * m) / (n + m));
      length.push(n + m);
    }
  }
  const value = level.flatMap((v, k) => new Array<number>(length[k]).fill(v));
  for (let k = 1; k < value.length; k++) value[k] = Math.max(value[k], value[k - 1] + leastStepV);
  return { soc: curve.soc, value };
}
