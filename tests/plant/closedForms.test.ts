/**
 * The cell against formulas that somebody else can work out on paper: steps, rests, pulses and sines.
 * Every tolerance is that of floating point, because a constant current is integrated exactly.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, csvOf, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';
import { largest, type Pulse, SAMPLE, voltageOf } from './formulas.ts';

const TICK_S = 0.1;
const cell = constantCell({
  capacity_Ah: SAMPLE.capacity_Ah,
  ocv: { soc: [0, 1], voltage_V: [...SAMPLE.ocv_V] },
  seriesResistance_Ohm: SAMPLE.r0_Ohm,
  rc: [...SAMPLE.rc],
});

/** Largest difference between run and formula over all ticks of the pulses. */
async function deviation_V(pulses: Pulse[], duration_s: number, tick_s = TICK_S): Promise<number> {
  const source = pulses.map(({ from_s, until_s, current_A }) => ({ constantCurrent_A: current_A, from_s, until_s }));
  const run = await openRun({ cell, thermal: null, tick_s, duration_s, pack: { initialSoc: SAMPLE.soc }, source });
  const voltage = run.channel('cell.voltage_V[0][0]');
  const deviations: number[] = [];
  while (run.status === 'running') {
    run.advance(run.tick + 1);
    deviations.push(run.value(voltage) - voltageOf(pulses, run.tick * tick_s, tick_s));
  }
  return largest(deviations);
}

describe('the voltage of two RC pairs follows its closed form to 1e-12 V', () => {
  const train = Array.from({ length: 8 }, (_, index) => ({
    from_s: 5 + index * 15,
    until_s: 12 + index * 15,
    current_A: index % 2 === 0 ? -7 : 3,
  }));
  it.each<[string, Pulse[], number]>([
    ['a step of discharge', [{ from_s: 0, until_s: 120, current_A: -5 }], 120],
    ['a step of charge', [{ from_s: 0, until_s: 120, current_A: 5 }], 120],
    ['a discharge and the rest after it', [{ from_s: 0, until_s: 60, current_A: -9 }], 300],
    ['a train of pulses in both directions', train, 140],
    [
      'two loads on top of each other',
      [
        { from_s: 0, until_s: 90, current_A: -3 },
        { from_s: 30, until_s: 60, current_A: -4 },
      ],
      120,
    ],
  ])('%s', async (_, pulses, duration_s) => {
    expect(await deviation_V(pulses, duration_s)).toBeLessThanOrEqual(1e-12);
  });

  it.each([0.001, 0.01, 1, 10, 60])('a step does not care about a tick of %d s', async (tick_s) => {
    const duration_s = Math.min(600, tick_s * 20_000);
    expect(await deviation_V([{ from_s: 0, until_s: 1e6, current_A: -5 }], duration_s, tick_s)).toBeLessThanOrEqual(1e-12);
  });
});

it('after a million ticks the voltage is still on its closed form to 1e-12 V', async () => {
  const current_A = -0.25;
  const run = await openRun({
    cell,
    thermal: null,
    tick_s: 0.01,
    duration_s: 1e4,
    pack: { initialSoc: 0.9 },
    source: { constantCurrent_A: current_A },
  });
  const expected = (time_s: number) => voltageOf([{ from_s: 0, until_s: Infinity, current_A }], time_s, 0.01, 0.9);
  const deviations = Array.from({ length: 100 }, (_, part) => {
    run.advance((part + 1) * 10_000);
    return run.read('cell.voltage_V[0][0]') - expected(run.tick * 0.01);
  });
  expect(run.tick).toBe(1e6);
  expect(largest(deviations)).toBeLessThanOrEqual(1e-12);
});

describe('with the same voltage at every state of charge the cell is linear', () => {
  const flat = constantCell({ ocv: flatOcv(3.3), seriesResistance_Ohm: 0.003, rc: [...SAMPLE.rc] });
  const rows = (f: (time: number) => number) =>
    csvOf(
      'current_A',
      Array.from({ length: 61 }, (_, time) => [time, f(time)]),
    );
  const first = (time: number) => 8 * Math.sin(time / 3) - 2;
  const second = (time: number) => (time % 7 < 3 ? -11 : 6);

  async function overvoltages(f: (time: number) => number): Promise<number[]> {
    const scenario: ScenarioObject = { cell: flat, thermal: null, tick_s: TICK_S, duration_s: 60 };
    const source = { csv: 'p.csv', column: 'current_A', interpolation: 'linear' as const };
    const run = await openRun({ ...scenario, source }, { files: { 'p.csv': rows(f) } });
    const values: number[] = [];
    while (run.status === 'running') {
      run.advance(run.tick + 1);
      values.push(run.read('cell.voltage_V[0][0]') - 3.3);
    }
    return values;
  }

  it('two currents together give the sum of what each gives, to 1e-12 V', async () => {
    const [a, b, both] = [await overvoltages(first), await overvoltages(second), await overvoltages((t) => first(t) + second(t))];
    expect(largest(both)).toBeGreaterThan(0.01);
    expect(largest(both.map((value, tick) => value - a[tick] - b[tick]))).toBeLessThanOrEqual(1e-12);
  });

  it('the opposite current gives the opposite voltage, to 1e-12 V', async () => {
    const [forth, back] = [await overvoltages(first), await overvoltages((t) => -first(t))];
    expect(largest(forth.map((value, tick) => value + back[tick]))).toBeLessThanOrEqual(1e-12);
  });
});
