/**
 * How long and how far cells were beyond their limits: from truth, whatever the BMS believes.
 * Times are known from straight lines: 10 Ah, 3 to 4 V, 10 mOhm.
 */
import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../engine/result.ts';
import { type CellFile, constantCell, finishedRun, flatOcv, type ScenarioObject } from '../scenarios.ts';

const SLOW_STEP_s = 16;

async function exposureOf(scenario: ScenarioObject): Promise<Exposure[]> {
  return (await (await finishedRun({ thermal: null, ...scenario })).result()).exposure;
}

function limited(limits: NonNullable<CellFile['limits']>): CellFile {
  return constantCell({ limits });
}

describe('voltage', () => {
  it('a cell charged at 10 A is above 3.8 V from 720 s, and no more once the current ends at 900 s', async () => {
    const [one, ...others] = await exposureOf({
      cell: limited({ maximumVoltage_V: 3.8, minimumVoltage_V: 3.2 }),
      duration_s: 1200,
      source: { constantCurrent_A: 10, until_s: 900 },
    });
    expect(others).toEqual([]);
    expect(Object.keys(one!).sort()).toEqual(['group', 'highestVoltage_V', 'overVoltage_s', 'position']);
    expect(Math.abs(one!['overVoltage_s']! - 180)).toBeLessThanOrEqual(1);
    expect(one!['highestVoltage_V']).toBeCloseTo(3.5 + 0.25 + 0.1, 9);
  });

  it('a cell discharged at 10 A is below 3.2 V from 720 s, and no more once the current ends at 900 s', async () => {
    const [one, ...others] = await exposureOf({
      cell: limited({ maximumVoltage_V: 3.8, minimumVoltage_V: 3.2 }),
      duration_s: 1200,
      source: { constantCurrent_A: -10, until_s: 900 },
    });
    expect(others).toEqual([]);
    expect(Object.keys(one!).sort()).toEqual(['group', 'lowestVoltage_V', 'position', 'underVoltage_s']);
    expect(Math.abs(one!['underVoltage_s']! - 180)).toBeLessThanOrEqual(1);
    expect(one!['lowestVoltage_V']).toBeCloseTo(3.5 - 0.25 - 0.1, 9);
  });

  it('of many cells only the fuller one is named, by group and position', async () => {
    const exposed = await exposureOf({
      cell: limited({ maximumVoltage_V: 3.6 }),
      duration_s: 100,
      pack: { series: 6, parallel: 2, tab_Ohm: 0.01, overrides: [{ group: 5, position: 1, initialSoc: 0.7 }] },
    });
    expect(exposed.map(({ group, position }) => [group, position])).toEqual([[5, 1]]);
  });
});

describe('current', () => {
  it.each([
    [12, { overChargeCurrent_s: 50, highestCurrent_A: 12 }],
    [-25, { overDischargeCurrent_s: 50, lowestCurrent_A: -25 }],
  ])('%d A for 50 s where 10 A may go in and 20 A out', async (constantCurrent_A, beyond) => {
    const exposed = await exposureOf({
      cell: limited({ chargeCurrent_A: 10, dischargeCurrent_A: 20 }),
      duration_s: 100,
      source: { constantCurrent_A, from_s: 10, until_s: 60 },
    });
    expect(exposed).toEqual([{ group: 0, position: 0, ...beyond }]);
  });

  it('exactly the rated current is not beyond it', async () => {
    const cell = limited({ chargeCurrent_A: 10, dischargeCurrent_A: 20 });
    expect(await exposureOf({ cell, duration_s: 100, source: { constantCurrent_A: 10 } })).toEqual([]);
    expect(await exposureOf({ cell, duration_s: 100, source: { constantCurrent_A: -20 } })).toEqual([]);
  });

  it('in a group of two the one of half the resistance takes two thirds and is beyond its rating alone', async () => {
    const exposed = await exposureOf({
      cell: { ...limited({ dischargeCurrent_A: 18 }), ocv: flatOcv(3.7) },
      duration_s: 40,
      pack: { series: 1, parallel: 2, overrides: [{ group: 0, position: 1, seriesResistance_Ohm: 0.005 }] },
      source: { constantCurrent_A: -30 },
    });
    expect(exposed).toHaveLength(1);
    expect(exposed[0]).toMatchObject({ group: 0, position: 1, overDischargeCurrent_s: 40 });
    expect(exposed[0]!['lowestCurrent_A']).toBeCloseTo(-20, 9);
  });
});

describe('temperature, to a slow step', () => {
  const swing = (from: number, to: number) => ({ time_s: [0, 800, 1600], temperature_degC: [from, to, from] });
  const limits = { minimumTemperature_degC: -20, maximumTemperature_degC: 60, minimumChargeTemperature_degC: 0 };

  it('hotter than 60 degC for half of a swing from 20 to 100 degC', async () => {
    const [one] = await exposureOf({ cell: limited(limits), duration_s: 1600, ambientProfile: swing(20, 100) });
    expect(Math.abs(one!['overTemperature_s']! - 800)).toBeLessThanOrEqual(SLOW_STEP_s);
    expect(Math.abs(one!['highestTemperature_degC']! - 100)).toBeLessThanOrEqual(1);
    expect(one).not.toHaveProperty('underTemperature_s');
  });

  it('colder than -20 degC for half of a swing from 0 to -40 degC, which harms no cell that is not charged', async () => {
    const [one] = await exposureOf({ cell: limited(limits), duration_s: 1600, ambientProfile: swing(0, -40) });
    expect(Math.abs(one!['underTemperature_s']! - 800)).toBeLessThanOrEqual(SLOW_STEP_s);
    expect(Math.abs(one!['lowestTemperature_degC']! + 40)).toBeLessThanOrEqual(1);
    expect(one).not.toHaveProperty('coldCharge_s');
  });

  it.each([
    ['charged at -5 degC for 320 s', -5, 5, 320],
    ['discharged at -5 degC', -5, -5, undefined],
    ['charged at +5 degC', 5, 5, undefined],
  ])('a cell %s', async (_, ambient_degC, constantCurrent_A, coldCharge_s) => {
    const source = { constantCurrent_A, from_s: 160, until_s: 480 };
    const exposed = await exposureOf({ cell: limited(limits), duration_s: 800, ambient_degC, source });
    if (coldCharge_s === undefined) expect(exposed).toEqual([]);
    else expect(exposed).toEqual([{ group: 0, position: 0, coldCharge_s, lowestTemperature_degC: -5 }]);
  });
});

describe('what the BMS believes', () => {
  const charged = (bms: Partial<NonNullable<ScenarioObject['bms']>>): ScenarioObject => ({
    cell: limited({ maximumVoltage_V: 3.8, chargeCurrent_A: 9 }),
    duration_s: 900,
    pack: { series: 4 },
    bms: { model: '8T', chemistry: 'LiPo', consumption: 'none', ...bms },
    source: { constantCurrent_A: 10 },
  });
  const lies = {
    channels: [{ group: 1, offset_V: -0.3 }],
    current: { gain_ratio: 0.5 },
    temperature: [
      { group: 0, offset_K: 3 },
      { group: 2, offset_K: -3 },
    ],
  };

  it('changes no figure of the exposure, as long as the unit does the same', async () => {
    const settings = { overChargeProtectionVoltage_V: 4.2, overChargeReleaseVoltage_V: 4.1, batteryCapacity_Ah: 10 };
    const honest = await exposureOf(charged({ settings }));
    const lying = await exposureOf(charged({ settings, sensing: lies }));
    expect(honest).toHaveLength(4);
    expect(honest[0]).toMatchObject({ overChargeCurrent_s: 900, highestCurrent_A: 10 });
    expect(lying).toEqual(honest);
  });

  it('lets a cell go beyond its limit unseen: the list tells it all the same', async () => {
    const settings = { overChargeProtectionVoltage_V: 3.75, overChargeReleaseVoltage_V: 3.65, batteryCapacity_Ah: 10 };
    const low = (offset_V: number) => ({ channels: [0, 1, 2, 3].map((group) => ({ group, offset_V })) });
    const seen = await exposureOf(charged({ settings }));
    const unseen = await exposureOf(charged({ settings, sensing: low(-0.3) }));
    expect(seen.every((cell) => !('overVoltage_s' in cell))).toBe(true);
    expect(unseen.map((cell) => Math.abs(cell['overVoltage_s']! - 180) <= 1)).toEqual([true, true, true, true]);
  });
});

describe('the list is empty', () => {
  const source = { constantCurrent_A: 10, until_s: 600 };
  it('where nothing was beyond a limit', async () => {
    const limits = {
      minimumVoltage_V: 3,
      maximumVoltage_V: 4,
      chargeCurrent_A: 20,
      dischargeCurrent_A: 20,
      minimumTemperature_degC: 0,
      maximumTemperature_degC: 60,
      minimumChargeTemperature_degC: 5,
    };
    expect(await exposureOf({ cell: limited(limits), duration_s: 900, pack: { series: 5 }, source })).toEqual([]);
  });

  it('where the cell names no limits', async () => {
    expect(await exposureOf({ cell: constantCell(), duration_s: 900, ambient_degC: 100, source })).toEqual([]);
  });
});
