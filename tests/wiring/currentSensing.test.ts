/**
 * Inverter ripple, filter, cable, calibration and range: what the display makes of a current, and what a clamp shows beside it.
 * Expected figures are those of i = I (1 - cos), sampled where the converter's clock falls.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { everyTick, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, type BmsFile, type FaultFile, PACK_V, runTo } from './bench.ts';

const LOAD_A = 100;
type CurrentFile = NonNullable<NonNullable<BmsFile['sensing']>['current']>;

/** An inverter that draws 100 A of ripple 1 at twice 50 Hz; the unit samples every second. */
function rippling(current: CurrentFile = {}, parts: Partial<ScenarioObject> = {}): ScenarioObject {
  return bench({
    tick_s: 1,
    source: { inverter: { outputPower_W: LOAD_A * PACK_V, efficiency_ratio: 1, ripple_ratio: 1 } },
    unit: { sensing: { current } },
    ...parts,
  });
}

const displayed = (run: Run) => run.read('measured.current_A');

async function samples(scenario: ScenarioObject): Promise<number[]> {
  const run = await openRun(scenario);
  const values: number[] = [];
  everyTick(run, (tick) => {
    if (tick > 0) values.push(displayed(run));
  });
  return values;
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

describe('ripple of an inverter at 50 Hz mains', () => {
  it('under a free-running clock: mean I, standard deviation 0.71 I, between 0 and 2 I', async () => {
    // A clock that is off by 0.0317 % turns by 0.0317 of a cycle each sample: 10 000 of them see every phase alike.
    const values = await samples(rippling({ clock_ratio: 1.000317 }, { duration_s: 10_000 }));
    const { mean, deviation } = momentsOf(values);
    expect(mean / -LOAD_A).toBeCloseTo(1, 3);
    expect(deviation / LOAD_A).toBeCloseTo(Math.SQRT1_2, 3);
    expect(Math.max(...values)).toBeCloseTo(0, 1);
    expect(Math.min(...values)).toBeCloseTo(-2 * LOAD_A, 0);
  });

  it.each([1, 2, 3])('with the clock that seed %d draws the display wanders just so', async (seed) => {
    const { mean, deviation } = momentsOf(await samples(rippling({}, { seed, duration_s: 20_000 })));
    expect(mean / -LOAD_A).toBeCloseTo(1, 1);
    expect(Math.abs(deviation / LOAD_A - 0.71)).toBeLessThan(0.05);
  });

  it.each([0, 0.125, 0.25, 0.4, 0.5, 0.75, 1])(
    'under a clock of exactly 1 s reads one wrong value for ever (phase %d)',
    async (ripplePhase_cycles) => {
      const values = await samples(rippling({ clock_ratio: 1, ripplePhase_cycles }, { duration_s: 200 }));
      expect(new Set(values).size).toBe(1);
      // The amplitude is added to a negative current: -I - A cos.
      expect(values[0]).toBeCloseTo(-LOAD_A * (1 + Math.cos(2 * Math.PI * ripplePhase_cycles)), 1);
    },
  );

  it.each([
    [0.01, 0.157],
    [0.1, 0.0159],
  ])('a filter of %d s leaves %d of it', async (filterTime_s, left) => {
    const { mean, deviation } = momentsOf(await samples(rippling({ clock_ratio: 1.000317, filterTime_s }, { duration_s: 10_000 })));
    expect(left).toBeCloseTo(1 / Math.hypot(1, 2 * Math.PI * 100 * filterTime_s), 3);
    expect(mean / -LOAD_A).toBeCloseTo(1, 3);
    expect(Math.abs(deviation / (LOAD_A * Math.SQRT1_2) - left)).toBeLessThan(1e-3);
  });

  it('by a clamp: mean I, RMS 1.22 I', async () => {
    const clamp = (reads: 'mean' | 'rms') => ({ time_s: 20, instrument: 'clamp' as const, reads, for_s: 10 });
    const run = await finishedRun(rippling({}, { duration_s: 40, measure: [clamp('mean'), clamp('rms')] }));
    const [mean, rms] = (await run.result()).measurements.map(({ value }) => value!);
    expect(mean).toBeCloseTo(-LOAD_A, 9);
    expect(rms! / LOAD_A).toBeCloseTo(Math.sqrt(1.5), 9);
  });

  it('ends with the inverter', async () => {
    const scenario = rippling({ clock_ratio: 1.000317 }, { duration_s: 60 });
    const values = await samples({ ...scenario, commands: [{ time_s: 30, set: 'source[0].inverter.outputPower_W', value: 0 }] });
    expect(new Set(values.slice(0, 29)).size).toBeGreaterThan(10);
    expect(values.slice(31).every((value) => Math.abs(value) === 0)).toBe(true);
  });
});

describe('the filter', () => {
  it('follows a step of the current with its time constant, exactly in any tick', async () => {
    for (const tick_s of [0.1, 0.5]) {
      const run = await runTo(
        bench({ tick_s, source: { constantCurrent_A: -LOAD_A, from_s: 5 }, unit: { sensing: { current: { filterTime_s: 2 } } } }),
        10,
      );
      expect(run.compiled.scalars.sensing.filtered_A).toBeCloseTo(LOAD_A * Math.expm1(-5 / 2), 9);
      expect(displayed(run)).toBeCloseTo(LOAD_A * Math.expm1(-5 / 2), 1);
    }
  });
});

describe('a long cable between shunt and battery negative', () => {
  const SHUNT_OHM = 0.075 / 600;
  const REJECTION = 0.001;

  it('of 1 uH/m carries 63 mV/m at 100 A of 100 Hz, and the display moves by that figure over shunt and rejection', async () => {
    const perMetre_V = LOAD_A * 2 * Math.PI * 100 * 1e-6;
    expect(perMetre_V).toBeCloseTo(0.063, 3);
    const metres = 100;
    // Long filter: of the ripple itself nothing is left to see, but the cable's voltage does not pass it.
    const current = { clock_ratio: 1.000317, filterTime_s: 60, cableLength_m: metres, commonModeRejection_ratio: REJECTION };
    const { mean, deviation } = momentsOf(await samples(rippling(current, { duration_s: 10_000 })));
    const resistive_V = 0.35e-3 * metres * LOAD_A;
    expect(deviation).toBeCloseTo((Math.hypot(perMetre_V * metres, resistive_V) / SHUNT_OHM) * REJECTION * Math.SQRT1_2, 1);
    expect(mean).toBeCloseTo(-LOAD_A - (resistive_V / SHUNT_OHM) * REJECTION, 1);
  });

  it.each([0, 10, 50])('of %d m changes nothing where the front end rejects everything', async (cableLength_m) => {
    const values = (metres: number) =>
      samples(rippling({ clock_ratio: 1.0002, cableLength_m: metres, commonModeRejection_ratio: 0 }, { duration_s: 50 }));
    expect(await values(cableLength_m)).toEqual(await values(0));
  });

  it('makes the display more unstable the longer it is, and the fault of that name adds to it', async () => {
    const deviation = async (cableLength_m: number, faults: FaultFile[] = []) =>
      momentsOf(
        await samples(rippling({ clock_ratio: 1.000317, cableLength_m, commonModeRejection_ratio: 0.05 }, { duration_s: 2000, faults })),
      ).deviation;
    const [short, long] = [await deviation(1), await deviation(11)];
    expect(long).toBeGreaterThan(short * 1.1);
    expect(await deviation(1, [{ fault: 'longShuntCable', severity: 10 }])).toBe(long);
  });
});

describe('steady errors', () => {
  const steady = (unit: Partial<BmsFile>, parts: Partial<ScenarioObject> = {}) =>
    bench({ tick_s: 1, duration_s: 40, source: { constantCurrent_A: -30 }, unit, ...parts });
  const calibrate = [{ time_s: 20, do: 'calibrateCurrent' as const }];

  it.each([
    ['another shunt', [{ fault: 'wrongShunt', severity: 2 / 3 }], -20, -30],
    ['an offset', [{ fault: 'shuntOffset', severity: 0.5 }], -29.5, -30],
    [
      'both',
      [
        { fault: 'wrongShunt', severity: 2 },
        { fault: 'shuntOffset', severity: -1 },
      ],
      -61,
      -30,
    ],
    ['a reversed shunt', [{ fault: 'reversedShunt' }], 30, -30],
    ['an open sense lead, which calibration cannot help', [{ fault: 'openShuntSense' }], 0, 0],
  ] as [string, FaultFile[], number, number][])('%s: wrong by its figure until it is calibrated', async (_, faults, before, after) => {
    const run = await openRun(steady({}, { faults, commands: calibrate }));
    run.advance(20);
    expect(displayed(run)).toBeCloseTo(before, 9);
    run.advance();
    expect(displayed(run)).toBeCloseTo(after, 9);
    expect(run.read('pack.current_A')).toBe(-30);
  });

  it('calibrated with the wrong shunt, and the right one put back: now the right one is wrong', async () => {
    const faults: FaultFile[] = [{ fault: 'wrongShunt', severity: 2 / 3, for_s: 30 }];
    const run = await finishedRun(steady({}, { faults, commands: calibrate }));
    expect(displayed(run)).toBeCloseTo(-45, 9);
  });

  it.each([
    ['V1.21', -30],
    ['before V1.21', -30.8],
  ] as const)('firmware %s shows %d A until it is calibrated', async (firmware, expected) => {
    const run = await openRun(steady({ firmware }, { commands: calibrate }));
    run.advance(20);
    expect(displayed(run)).toBeCloseTo(expected, 9);
    run.advance();
    expect(displayed(run)).toBeCloseTo(-30, 9);
  });

  it.each([
    [{}, -500, -500],
    [{ range_A: 50 }, -500, -50],
    [{ range_A: 50 }, 70, 50],
    [{ range_A: 50 }, -49.96, -50],
  ])('a range of %j shows %d A as %d A', async (current, constantCurrent_A, expected) => {
    const run = await finishedRun(steady({ sensing: { current } }, { source: { constantCurrent_A } }));
    expect(displayed(run)).toBe(expected);
  });

  it('a frozen reading keeps its value while the current moves, and comes back', async () => {
    const faults: FaultFile[] = [{ fault: 'frozenCurrent', when: { time_s: 10 }, for_s: 20 }];
    const commands = [{ time_s: 15, set: 'source[0].constantCurrent_A', value: -60 }];
    const run = await openRun(steady({}, { faults, commands }));
    run.advance(29);
    expect([displayed(run), run.read('pack.current_A')]).toEqual([-30, -60]);
    run.advance();
    expect(displayed(run)).toBe(-60);
  });
});
