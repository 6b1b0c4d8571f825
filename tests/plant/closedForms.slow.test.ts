/**
 * A hundred million ticks: nothing adds up that should not.
 */
import { expect, it } from 'vitest';
import { constantCell, openRun } from '../scenarios.ts';
import { SAMPLE, voltageOf } from './formulas.ts';

const TICKS = 1e8;
const TICK_S = 0.01;

it('after 1e8 ticks the charge is right to 1e-10 of the throughput and the voltage to 1e-11 V', async () => {
  const current_A = -0.001;
  const run = await openRun({
    cell: constantCell({
      capacity_Ah: SAMPLE.capacity_Ah,
      ocv: { soc: [0, 1], voltage_V: [...SAMPLE.ocv_V] },
      seriesResistance_Ohm: SAMPLE.r0_Ohm,
      rc: [...SAMPLE.rc],
    }),
    thermal: null,
    tick_s: TICK_S,
    duration_s: TICKS * TICK_S,
    pack: { initialSoc: 0.9 },
    source: { constantCurrent_A: current_A },
  });
  const expected = (time_s: number) => voltageOf([{ from_s: 0, until_s: Infinity, current_A }], time_s, TICK_S, 0.9);
  for (let part = 1; part <= 20; part++) {
    run.advance((TICKS / 20) * part);
    const time_s = run.tick * TICK_S;
    const throughput_C = Math.abs(current_A) * time_s;
    const held_C = (run.read('cell.soc[0][0]') - 0.9) * 3600 * SAMPLE.capacity_Ah;
    expect(Math.abs(held_C + throughput_C) / throughput_C).toBeLessThanOrEqual(1e-10);
    expect(Math.abs(run.read('cell.voltage_V[0][0]') - expected(time_s))).toBeLessThanOrEqual(1e-11);
  }
  expect(run.tick).toBe(TICKS);
}, 300_000);
