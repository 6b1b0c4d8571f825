/**
 * Figures that the vendor does not give are fields: each has a default, a range, and an effect when it is changed.
 * What stands here is a sample of the effects; the defaults' own stories are told in the other files.
 */
import { describe, expect, it } from 'vitest';
import { ASSUMPTION_NAMES, ASSUMPTIONS, type AssumptionName } from '../../domain/assumptions.ts';
import { constantCell, finishedRun, flatOcv, loadObject, openRun, type ScenarioObject } from '../scenarios.ts';

type Unit = NonNullable<ScenarioObject['bms']>;

const unit = (more: Partial<Unit>): Unit => ({ model: '8T', chemistry: 'LiFe', consumption: 'none', ...more });

function pack(bms: Unit, more: Partial<ScenarioObject> = {}): ScenarioObject {
  return {
    cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3) }),
    thermal: null,
    duration_s: 300,
    pack: { series: 4 },
    bms,
    ...more,
  };
}

describe('every assumption', () => {
  it.each(ASSUMPTION_NAMES)('%s has its default in its range and is refused beyond it, by path', async (name) => {
    const { default: value, min, max } = ASSUMPTIONS[name];
    expect(value).toBeGreaterThanOrEqual(min);
    expect(value).toBeLessThanOrEqual(max);
    for (const beyond of [min - 1, max + 1]) {
      const path = `bms.assumptions.${name}`;
      await expect(loadObject(pack(unit({ assumptions: { [name]: beyond } })))).rejects.toMatchObject({ details: { path, value: beyond } });
    }
  });
});

const timesOf = async (assumptions: Partial<Record<AssumptionName, number>>, event: string, more: Partial<ScenarioObject>) => {
  const run = await finishedRun(pack(unit({ assumptions, settings: { batteryCapacity_Ah: 1000, overDischargeCurrent_A: 10 } }), more));
  return run.events.filter(({ code, active }) => code === event && !active).map(({ time_s }) => time_s);
};

it('an over-current retries after the time that is given', async () => {
  const source = { constantCurrent_A: -20, until_s: 20 };
  expect(await timesOf({}, 'overDischargeCurrent', { source })).toEqual([36]);
  expect(await timesOf({ overCurrentRetry_s: 90 }, 'overDischargeCurrent', { source })).toEqual([96]);
});

it('a temperature releases as far inside its limit as is given', async () => {
  const commands = [
    { time_s: 10, set: 'ambient_degC', value: 65 },
    { time_s: 50, set: 'ambient_degC', value: 58 },
    { time_s: 150, set: 'ambient_degC', value: 50 },
  ];
  expect(await timesOf({}, 'highTemperature', { commands })).toEqual([156]);
  expect(await timesOf({ temperatureRelease_K: 1 }, 'highTemperature', { commands })).toEqual([56]);
});

it('without a pause a bleed conducts the whole second', async () => {
  const settings = { batteryCapacity_Ah: 1000, balanceInStorage: true, balanceStartVoltage_V: 3.0 };
  const bleed_A = async (assumptions: Unit['assumptions']) => {
    const cell = constantCell({ capacity_Ah: 1000, ocv: { soc: [0, 1], voltage_V: [3.2, 3.4] }, seriesResistance_Ohm: 0 });
    const run = await openRun(
      pack(unit({ assumptions, settings }), { cell, pack: { series: 4, overrides: [{ group: 1, initialSoc: 0.9 }] } }),
    );
    run.advance(10);
    return run.read('bleed.current_A[1]');
  };
  expect((await bleed_A({})) / (await bleed_A({ bleedPause_s: 0 }))).toBeCloseTo(0.95, 6);
});

it('a case that would resume above where it stops is refused', async () => {
  const path = 'bms.assumptions.balanceResume_degC';
  await expect(loadObject(pack(unit({ assumptions: { balanceResume_degC: 80 } })))).rejects.toMatchObject({
    details: { path, code: 'order' },
  });
});

describe('FAQ 5d: firmware before V1.21 needs its current calibrated', () => {
  const scenario = (firmware: 'before V1.21' | 'V1.21', calibrates: boolean) => ({
    ...pack(unit({ firmware, settings: { batteryCapacity_Ah: 1000 } })),
    source: { constantCurrent_A: -20 },
    commands: calibrates ? [{ time_s: 5, do: 'calibrateCurrent' as const }] : [],
  });

  it('until then it reads 4 % and 0.4 A off, afterwards the truth; V1.21 always does', async () => {
    const read = async (...parts: Parameters<typeof scenario>) => (await finishedRun(scenario(...parts))).read('measured.current_A');
    expect(await read('before V1.21', false)).toBeCloseTo(-20 * 1.04 + 0.4, 9);
    expect(await read('before V1.21', true)).toBe(-20);
    expect(await read('V1.21', false)).toBe(-20);
  });
});
