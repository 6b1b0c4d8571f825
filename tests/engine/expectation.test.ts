/**
 * Expectations as a scenario writes them: two measurements together, a channel at one time, and what is refused.
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { ExpectationResult } from '../../engine/expectation.ts';
import { finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, type MeasureFile } from '../wiring/bench.ts';

type ExpectFile = NonNullable<ScenarioFile['expect']>[number];

const ramp = {
  cell: { capacity_Ah: 1, ocv: { soc: [0, 1], voltage_V: [3, 4] }, seriesResistance_Ohm: 0 },
  source: { constantCurrent_A: 36 },
};
const scope = (channel: string, time_s: number): MeasureFile => ({ time_s, instrument: 'oscilloscope', channel, for_s: 0, reads: 'mean' });
/** Cell 1 at 10 s and at 20 s: 36 A on 1 Ah are 10 mV a second; a voltmeter at a coil; an ohmmeter that finds no connection. */
const MEASURE: MeasureFile[] = [
  scope('cell.voltage_V[0][0]', 10),
  scope('cell.voltage_V[0][0]', 20),
  { time_s: 10, instrument: 'volts', between: ['coil charge +', 'coil charge -'] },
  { time_s: 10, instrument: 'ohms', between: ['pin 1.1', 'tap 1'] },
];
const scenario = (expected: ExpectFile[]): ScenarioObject =>
  bench({ ...ramp, tick_s: 0.5, duration_s: 30, unit: { settings: { cutOffDelay_s: 60 } }, measure: MEASURE, expect: expected });

async function judged(expected: ExpectFile): Promise<ExpectationResult> {
  return (await (await finishedRun(scenario([expected]))).result()).expectations[0]!;
}

describe('two measurements together', () => {
  it.each([
    [{ measurement: 1, minus: 0, atLeast: 0.0999, atMost: 0.1001 }, 'pass', 0.1],
    [{ measurement: 1, minus: 0, atLeast: 0.11 }, 'fail', 0.1],
    [{ measurement: 0, plus: 1, atMost: 7.31 }, 'pass', 7.3],
    [{ measurement: 0, plus: 1, atMost: 7.29 }, 'fail', 7.3],
    [{ measurement: 1, over: 0, atLeast: 1.02 }, 'pass', 3.7 / 3.6],
    [{ measurement: 1, over: 0, atMost: 1.02 }, 'fail', 3.7 / 3.6],
    [{ measurement: 2, over: 3, atMost: 100 }, 'fail', null],
  ] as [ExpectFile, string, number | null][])('%j: %s', async (expected, status, value) => {
    const found = await judged(expected);
    expect(found.status).toBe(status);
    if (value === null) expect(found.value).toBeNull();
    else expect(found.value).toBeCloseTo(value, 9);
  });

  it('a ratio has no unit, a difference has theirs', async () => {
    expect(await judged({ measurement: 1, over: 0, atMost: 2 })).toMatchObject({ unit: 'ratio', expected: 'at most 2' });
    expect(await judged({ measurement: 1, minus: 0, atMost: 2 })).toMatchObject({ unit: 'V', expected: 'at most 2 V' });
  });
});

describe('a channel at one time', () => {
  it.each([
    [10, { atLeast: 3.5999, atMost: 3.6001 }, 'pass', 3.6],
    [10.2, { atLeast: 3.6049, atMost: 3.6051 }, 'pass', 3.605],
    [10, { atLeast: 3.61 }, 'fail', 3.6],
    [40, { atLeast: 0 }, 'fail', null],
  ] as const)('at %d s %j: %s', async (at_s, limits, status, value) => {
    const found = await judged({ channel: 'cell.voltage_V[0][0]', at_s, ...limits });
    expect(found.status).toBe(status);
    if (value === null) expect(found.value).toBeNull();
    else expect(found.value).toBeCloseTo(value, 9);
  });

  it('of a window the value is the one that is farthest out', async () => {
    const channel = 'cell.voltage_V[0][0]';
    expect((await judged({ channel, within_s: [10, 20], atLeast: 3.55 })).value).toBeCloseTo(3.6, 9);
    expect((await judged({ channel, within_s: [10, 20], atMost: 3.75 })).value).toBeCloseTo(3.7, 9);
    expect((await judged({ channel, within_s: [10, 20], atLeast: 3.55, atMost: 3.69 })).value).toBeCloseTo(3.7, 9);
  });
});

describe('is refused', () => {
  it.each([
    [{ measurement: 0, minus: 9, atMost: 1 }, 'expect[0].minus', 'a measurement from 0 to 3'],
    [{ measurement: 0, plus: 3, atMost: 1 }, 'expect[0].plus', 'a measurement in V'],
    [{ measurement: 0, plus: 1, over: 1, atMost: 1 }, 'expect[0].over', 'one of `plus`, `minus` and `over`'],
    [{ measurement: 0 }, 'expect[0].atLeast', '`atLeast`, `atMost` or both'],
    [{ channel: 'pack.voltage_V' }, 'expect[0].atLeast', '`atLeast`, `atMost` or both'],
    [{ channel: 'pack.voltage_V', at_s: 1, within_s: [0, 2], atMost: 1 }, 'expect[0].at_s', 'one of `within_s` and `at_s`'],
  ] as [ExpectFile, string, string][])('%j', async (expected, path, allowed) => {
    await expect(openRun(scenario([expected]))).rejects.toMatchObject({ details: { path, allowed } });
  });
});
