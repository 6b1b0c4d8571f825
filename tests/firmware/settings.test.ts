/**
 * The unit's settings: defaults and ranges as the manual's table has them, refusal of anything else, and changes at run time.
 * The table here is written out by hand from the documents; it is not derived from the program's own rows.
 */
import { describe, expect, it } from 'vitest';
import type { Chemistry } from '../../domain/chemistries.ts';
import { InputError, type InputErrorDetails } from '../../domain/errors.ts';
import { readScenario, settingsOf } from '../../domain/scenario/read.ts';
import { SETTING_NAMES, type SettingName } from '../../domain/settings.ts';
import { runScenarios } from '../commandline/packbench.ts';
import { openRun, traceOf } from '../scenarios.ts';
import { bench, reads, type SettingsFile, timesOf } from './bench.ts';

type PerChemistry = [LiFe: number, LiPo: number, LiTO: number];
type Row = [name: SettingName, defaults: number | PerChemistry, least: number, most: number, step: number, special?: number];

const NONE = 0;
const ALWAYS_ON = -1;
// Of the settings without a documented range (absolute limits, bar graph) only the defaults stand here.
const TABLE: Row[] = [
  ['batteryCapacity_Ah', 1, 0.1, 1000, 0.1],
  ['overChargeProtectionVoltage_V', [3.65, 4.2, 2.75], 1.5, 4.5, 0.01],
  ['overChargeReleaseVoltage_V', [3.55, 4.1, 2.65], 1.0, 4.5, 0.01],
  ['overDischargeProtectionVoltage_V', [2.5, 3.0, 1.8], 1.0, 3.8, 0.01],
  ['overDischargeReleaseVoltage_V', [2.8, 3.3, 2.0], 1.0, 4.5, 0.01],
  ['overChargeCurrent_A', 100, 1, 100, 1],
  ['overDischargeCurrent_A', 100, 1, 100, 1],
  ['highTemperatureCutoff_degC', 60, 20, 90, 1],
  ['lowTemperatureCutoffCharge_degC', 2, -20, 20, 1],
  ['lowTemperatureCutoffDischarge_degC', -10, -20, 20, 1],
  ['temperatureDifference_K', 10, 1, 40, 1],
  ['cellDifference_V', 0.3, 0.01, 1, 0.01],
  ['lowSoc_fraction', 0.1, 0, 0.5, 0.01],
  ['cutOffDelay_s', 5, 1, 60, 1, NONE],
  ['balanceStartVoltage_V', [3.4, 3.8, 2.3], 1.5, 4.5, 0.01],
  ['balanceStartDifference_V', 0.01, 0.005, 0.2, 0.001],
  ['lcdBacklightTime_s', 30, 0, 600, 1, ALWAYS_ON],
];
const WITHOUT_RANGE: [SettingName, PerChemistry][] = [
  ['absoluteOverChargeVoltage_V', [3.8, 4.3, 2.9]],
  ['absoluteOverDischargeVoltage_V', [2.0, 2.5, 1.5]],
  ['cellEmptyVoltage_V', [2.5, 3.0, 1.8]],
  ['cellFullVoltage_V', [3.65, 4.2, 2.75]],
];
const SWITCHES: [SettingName, boolean][] = [
  ['temperatureAlarm', true],
  ['balanceInStorage', false],
  ['balanceInCharge', false],
  ['balanceInDischarge', false],
];
const CHEMISTRIES: Chemistry[] = ['LiFe', 'LiPo', 'LiTO'];

const scenarioWith = (settings: SettingsFile, bms: object = {}) => {
  const scenario = bench({ bms });
  return JSON.stringify({ ...scenario, bms: { ...scenario.bms, settings } }, null, 1);
};

function refusal(text: string): InputErrorDetails {
  try {
    readScenario(text);
  } catch (error) {
    if (error instanceof InputError) return error.details;
    throw error;
  }
  throw new Error('the scenario was accepted');
}

/** Partners that keep P and R, empty and full in order while one of them stands at an end of its range. */
function partners(name: SettingName, value: number): SettingsFile {
  const low = { overDischargeProtectionVoltage_V: 1, overDischargeReleaseVoltage_V: 1.01, cellEmptyVoltage_V: 0.5 };
  const rows: Partial<Record<SettingName, SettingsFile>> = {
    overChargeProtectionVoltage_V: { ...low, overChargeReleaseVoltage_V: value > 1.5 ? 1.5 : 1.49, cellFullVoltage_V: 4 },
    overChargeReleaseVoltage_V: { ...low, overChargeProtectionVoltage_V: 4.5 },
    overDischargeProtectionVoltage_V: { overDischargeReleaseVoltage_V: value < 3.8 ? 3.8 : 3.81, overChargeProtectionVoltage_V: 4.5 },
    overDischargeReleaseVoltage_V: { overDischargeProtectionVoltage_V: 1 },
  };
  return rows[name] ?? {};
}

/** Ends of a range that no partner can stand beyond: R above P, or P at the very end of R's range. */
const IMPOSSIBLE: Partial<Record<SettingName, number>> = {
  overChargeReleaseVoltage_V: 4.5,
  overDischargeReleaseVoltage_V: 1.0,
};

describe('the table of settings', () => {
  it('names every setting of the unit', () => {
    const named = [...TABLE.map(([name]) => name), ...WITHOUT_RANGE.map(([name]) => name), ...SWITCHES.map(([name]) => name)];
    expect(named.sort()).toEqual([...SETTING_NAMES].sort());
  });

  it.each(CHEMISTRIES.map((chemistry, index) => ({ chemistry, index })))(
    'a $chemistry unit leaves the factory as the table says',
    ({ chemistry, index }) => {
      const settings = settingsOf(readScenario(scenarioWith({}, { chemistry })).bms!);
      const expected = [...TABLE, ...WITHOUT_RANGE].map(([name, value]) => [name, Array.isArray(value) ? value[index] : value]);
      expect(Object.fromEntries(expected)).toEqual(Object.fromEntries(expected.map(([name]) => [name, settings[name as SettingName]])));
      for (const [name, on] of SWITCHES) expect([name, settings[name]]).toEqual([name, on ? 1 : 0]);
    },
  );

  it.each([100, 300, 600] as const)('the %i A version allows and starts with its own current', (currentVersion_A) => {
    const settings = settingsOf(readScenario(scenarioWith({}, { currentVersion_A })).bms!);
    expect([settings.overChargeCurrent_A, settings.overDischargeCurrent_A]).toEqual([currentVersion_A, currentVersion_A]);
    for (const name of ['overChargeCurrent_A', 'overDischargeCurrent_A'] as const) {
      const refused = refusal(scenarioWith({ [name]: currentVersion_A + 1 }, { currentVersion_A }));
      expect(refused).toMatchObject({ path: `bms.settings.${name}`, value: currentVersion_A + 1 });
      expect(refused.allowed).toContain(String(currentVersion_A));
    }
  });

  it.each(TABLE)('%s: both ends of its range are taken', (name, _defaults, least, most, _step, special) => {
    for (const value of [least, most, ...(special === undefined ? [] : [special])]) {
      if (IMPOSSIBLE[name] === value) continue;
      const settings = settingsOf(readScenario(scenarioWith({ ...partners(name, value), [name]: value })).bms!);
      expect(settings[name]).toBe(value);
    }
  });

  it.each(TABLE)(
    '%s: one step beyond either end is refused by path, value, line and range',
    (name, _defaults, least, most, step, special) => {
      for (const value of [least - step, most + step, -1e9, 1e9].map((x) => Math.round(x * 1e6) / 1e6)) {
        if (value === special) continue;
        const refused = refusal(scenarioWith({ [name]: value }));
        expect(refused).toMatchObject({ code: 'range', path: `bms.settings.${name}`, value });
        expect(refused.allowed).toContain(String(least));
        expect(refused.allowed).toContain(String(most));
        expect(refused.line).toBeGreaterThan(1);
      }
    },
  );

  it.each(SETTING_NAMES)('%s: what is no value of its kind is refused by its path', (name) => {
    for (const value of ['1', null, [1], {}] as unknown as number[])
      expect(refusal(scenarioWith({ [name]: value })).path).toBe(`bms.settings.${name}`);
  });

  it.each<[string, SettingsFile, string[]]>([
    ['Over charge R at P', { overChargeReleaseVoltage_V: 3.65 }, ['overChargeReleaseVoltage_V', 'overChargeProtectionVoltage_V']],
    ['Over charge R above P', { overChargeProtectionVoltage_V: 3.5 }, ['overChargeReleaseVoltage_V', 'overChargeProtectionVoltage_V']],
    [
      'Over discharge R at P',
      { overDischargeReleaseVoltage_V: 2.5 },
      ['overDischargeReleaseVoltage_V', 'overDischargeProtectionVoltage_V'],
    ],
    [
      'Over charge P below Over discharge P',
      {
        overChargeProtectionVoltage_V: 2.9,
        overChargeReleaseVoltage_V: 2.8,
        overDischargeProtectionVoltage_V: 3,
        overDischargeReleaseVoltage_V: 3.2,
      },
      ['overChargeProtectionVoltage_V', 'overDischargeProtectionVoltage_V'],
    ],
  ])('%s is refused, and both settings are named', (_what, settings, names) => {
    const refused = refusal(scenarioWith(settings));
    expect(refused.path).toMatch(/^bms\.settings\./);
    for (const name of names) expect(`${refused.message} ${refused.allowed}`).toContain(name);
  });

  it('a setting that does not exist is refused by its name, and the existing ones are listed', () => {
    const refused = refusal(scenarioWith({ overChargeVoltage_V: 3.6 } as SettingsFile));
    expect(refused).toMatchObject({ code: 'unknown_key', path: 'bms.settings.overChargeVoltage_V' });
    expect(refused.allowed).toContain('overChargeProtectionVoltage_V');
  });
});

describe('timed commands', () => {
  it.each([
    [1.0, 0.4, 1.2],
    [0.8, 0.4, 0.8],
    [0.3, 0.1, 0.3],
    [0.7, 0.1, 0.7],
    [0.71, 0.1, 0.8],
    [0, 0.1, 0],
    [9.99, 0.5, 10],
  ])('a command at %f s acts, with ticks of %f s, in the tick that starts at %f s', async (time_s, tick_s, acts_s) => {
    const scenario = bench({
      commands: reads.current(time_s, 7),
      scenario: { tick_s, duration_s: 12, source: [{ constantCurrent_A: 3 }] },
    });
    const current = traceOf(await openRun(scenario), 'pack.current_A');
    const first = Math.round(acts_s / tick_s) + 1; // row n is the end of tick n - 1
    expect(current.slice(1).map((_, index) => (index + 1 < first ? 3 : 7))).toEqual(current.slice(1));
  });

  it.each([
    ['true for a temperature', 'bms.settings.highTemperatureCutoff_degC', true],
    ['true for a capacity', 'bms.settings.batteryCapacity_Ah', true],
    ['true for an ambient', 'ambient_degC', true],
    ['half a switch', 'bms.settings.balanceInCharge', 0.5],
    ['half a stop that is ignored', 'source[0].charger.ignoresStop', 0.5],
  ])('%s is refused', async (_what, set, value) => {
    const charger = { charger: { current_A: 1, voltage_V: 14, endCurrent_A: 0.1 } };
    const scenario = bench({ commands: [{ time_s: 1, set, value }], scenario: { source: [charger] } });
    await expect(openRun(scenario)).rejects.toMatchObject({ details: { code: 'value', path: 'commands[0].value', value } });
  });

  it('settings, sensors, ambient and sources follow their commands, in order of time whatever the order of the list', async () => {
    const results = await runScenarios({
      setting: bench({
        commands: [...reads.cell(0, 2, 3.6), { time_s: 40, set: 'bms.settings.overChargeProtectionVoltage_V', value: 3.6 }],
      }),
      'list in any order': bench({ commands: [...reads.cell(60, 2, 3.3), ...reads.cell(10, 2, 3.7)] }),
      'at one time in the order of the list': bench({ commands: [...reads.cell(10, 2, 3.7), ...reads.cell(10, 2, 3.3)] }),
      'after the end': bench({ commands: reads.cell(1000, 2, 3.7) }),
      'source off and on': bench({
        commands: [
          { time_s: 20, do: 'sourceOff', source: 1 },
          { time_s: 40, do: 'sourceOn', source: 1 },
        ],
        scenario: {
          source: [{ constantCurrent_A: 2 }, { constantCurrent_A: 5 }],
          expect: [
            { channel: 'pack.current_A', atLeast: 7, atMost: 7, within_s: [1, 20] },
            { channel: 'pack.current_A', atLeast: 2, atMost: 2, within_s: [20.5, 40] },
            { channel: 'pack.current_A', atLeast: 7, atMost: 7, within_s: [40.5, 120] },
          ],
        },
      }),
    });
    expect(timesOf(results.setting, 'overCharge')).toEqual([46]);
    expect(timesOf(results['list in any order'], 'overCharge')).toEqual([16]);
    expect(timesOf(results['at one time in the order of the list'], 'overCharge')).toEqual([]);
    expect(results['after the end'].events).toEqual([]);
    expect(results['source off and on'].expectations.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  });
});
