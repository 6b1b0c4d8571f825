/**
 * What stands on the display: numbers in the resolution of the device, lines of text, and the instrument that reads them.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../domain/errors.ts';
import { LCD_NUMBER_NAMES, lcdNumberRow, shownNumber } from '../../domain/lcd/numbers.ts';
import { LCD_PAGES } from '../../domain/lcd/pages.ts';
import type { LcdReading } from '../../domain/lcd/reading.ts';
import { lcdLines } from '../../domain/lcd/screen.ts';
import { defaultSettings } from '../../domain/settings.ts';
import { reads } from '../firmware/bench.ts';
import { processorTime } from '../patience.ts';
import { openRun } from '../scenarios.ts';
import { at, bench, press, presses, screenOf } from './bench.ts';

const CONTEXT = { chemistry: 'LiFe', currentVersion_A: 100 } as const;
const READING: LcdReading = {
  on: true,
  lit: true,
  page: 'overview',
  notice: 'none',
  mode: 'discharge',
  cells: [3.3214, 3.3, 3.4567].map((voltage_V, cell) => ({ voltage_V, indicator: cell === 2, impedance_Ohm: cell / 1e4 })),
  highestCell: 2,
  lowestCell: 1,
  packVoltage_V: 10.0781,
  current_A: -12.3,
  soc_fraction: 0.5678,
  temperatures_degC: [24.9, -22.3],
  case_degC: 31,
  balancing: true,
  hasIndicators: true,
  closed: { charge: true, discharge: false },
  alarms: ['overDischargeHold', 'lowSoc'],
  settings: { ...defaultSettings(CONTEXT), batteryCapacity_Ah: 280 },
  context: CONTEXT,
  menu: { cursor: 1, editing: false, value: 0 },
};
const linesOf = (changes: Partial<LcdReading>) => lcdLines({ ...READING, ...changes }).lines;

describe('numbers', () => {
  it.each([
    ['cellVoltage', 3.321, { cell: 0 }],
    ['packVoltage', 10.08, {}],
    ['cellDifference', 0.157, {}],
    ['current', -12.3, {}],
    ['soc', 0.57, {}],
    ['temperature', -22.3, { sensor: 1 }],
    ['capacity', 159, {}],
    ['impedance', 2e-4, { cell: 2 }],
    ['balancing', 1, { cell: 2 }],
    ['page', 0, {}],
    ['light', 1, {}],
  ] as const)('%s stands there as %d', (name, value, place) => {
    expect(shownNumber(READING, name, place)).toBe(value);
    expect(shownNumber({ ...READING, on: false }, name, place)).toBeNull();
  });

  it('every number has its step, and a zero has no sign', () => {
    for (const name of LCD_NUMBER_NAMES) expect(Number.isInteger(Math.log10(lcdNumberRow(name).perUnit))).toBe(true);
    expect(Object.is(shownNumber({ ...READING, current_A: -0.04 }, 'current'), 0)).toBe(true);
    expect(shownNumber({ ...READING, cells: [{ ...READING.cells[0]!, impedance_Ohm: null }] }, 'impedance')).toBeNull();
  });
});

describe('lines', () => {
  it('overview', () => {
    expect(linesOf({})).toEqual([
      ...['OVERVIEW', '10.08 V  Discharge', '-12.3 A  57 %', 'High 3.457 V  Cell 3', 'Low 3.300 V  Cell 2', 'Diff 157 mV', '159.0 Ah of 280.0 Ah'],
    ]); // prettier-ignore
  });

  it('cells, with bars from Cell empty to Cell full voltage', () => {
    expect(linesOf({ page: 'cells' })).toEqual(['CELLS', ' 1 3.321 V ████░   2 3.300 V ███░░', ' 3 3.457 V ████░']);
    const settings = { ...READING.settings, cellEmptyVoltage_V: 3.4, cellFullVoltage_V: 3.45 };
    expect(linesOf({ page: 'cells', settings })).toEqual(['CELLS', ' 1 3.321 V ░░░░░   2 3.300 V ░░░░░', ' 3 3.457 V █████']);
  });

  it('temperatures and relays', () => {
    expect(linesOf({ page: 'temperatures' })).toEqual(['TEMPERATURES AND RELAYS', 'T1 24.9 °C  T2 -22.3 °C', 'Case 31.0 °C', 'Charge relay closed', 'Discharge relay open']); // prettier-ignore
  });

  it('balance, with the cells that have a yellow indicator', () => {
    const lines = ['Diff 157 mV', 'above 3.40 V, from 0.010 V', 'in storage OFF, in charge OFF, in discharge OFF'];
    expect(linesOf({ page: 'balance' })).toEqual(['BALANCE', 'Balancing', 'Cell 3', ...lines]);
    expect(linesOf({ page: 'balance', hasIndicators: false })).toEqual(['BALANCE', 'Balancing', ...lines]);
  });

  it('impedance, or that there is none yet', () => {
    expect(linesOf({ page: 'impedance' })).toEqual(['IMPEDANCE', ' 1 0.0 mΩ   2 0.1 mΩ', ' 3 0.2 mΩ']);
    const cells = READING.cells.map((cell) => ({ ...cell, impedance_Ohm: null }));
    expect(linesOf({ page: 'impedance', cells })).toEqual(['IMPEDANCE', 'No change between charge and discharge yet']);
  });

  it('alarms by their causes', () => {
    expect(linesOf({ page: 'alarms' })).toEqual(['ALARMS', 'Held after over discharge: lowest cell still under R', 'Low state of charge']);
    expect(linesOf({ page: 'alarms', alarms: [] })).toEqual(['ALARMS', 'No alarm']);
  });

  it('the settings menu around its cursor, and the value that is being changed in brackets', () => {
    const menu = { cursor: 1, editing: true, value: 3.6 };
    expect(linesOf({ page: 'settings', menu }).slice(0, 4)).toEqual(['SETTINGS', '  Battery capacity  280.0 Ah', '> Over charge P  [3.60 V]', '  Over charge R  3.55 V']); // prettier-ignore
    const last = linesOf({ page: 'settings', menu: { cursor: 24, editing: false, value: 0 }, notice: 'stored' });
    expect(last.slice(-4)).toEqual([
      '  LCD back-light time  30 s',
      '  Cell empty voltage  2.50 V',
      '> Cell full voltage  3.65 V',
      'Stored',
    ]);
  });

  it('a display that is dead has none, on whichever page', () => {
    for (const page of LCD_PAGES) expect(lcdLines({ ...READING, page, on: false }).lines).toEqual([]);
  });

  it('no page of a 24S pack is longer than a screen, and no line wider', () => {
    const cells = Array.from({ length: 24 }, () => ({ voltage_V: 3.456, indicator: true, impedance_Ohm: 0.0123 }));
    for (const page of LCD_PAGES) {
      const lines = linesOf({ page, cells, notice: 'wrongOrder' }).filter((line) => !line.startsWith('Cell 1,'));
      expect(lines.length).toBeLessThanOrEqual(14);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(52);
    }
  });

  it('of a run: what the unit believes, page by page', async () => {
    const run = await at(30, { commands: [...reads.cell(5, 2, 3.9), ...presses(20, 'down', 'down', 'down', 'down', 'down')] });
    expect(screenOf(run)).toMatchObject({ on: true, lit: true, page: 'alarms', lines: ['ALARMS', 'Over charge'] });
  });
});

describe('the instrument', () => {
  const seen = async (measure: object[], parts = {}) => {
    const run = await openRun({ ...bench(parts), measure: measure as never });
    run.advance();
    return (await run.result()).measurements;
  };

  it('reads the number that stands on the display at its time', async () => {
    const measure = [
      { time_s: 20, instrument: 'lcd', shows: 'cellVoltage', cell: 2 },
      { time_s: 4, instrument: 'lcd', shows: 'cellVoltage', cell: 2 },
      { time_s: 20, instrument: 'lcd', shows: 'current' },
      { time_s: 20, instrument: 'lcd', shows: 'temperature', sensor: 1 },
      { time_s: 20, instrument: 'lcd', shows: 'soc' },
      { time_s: 20, instrument: 'lcd', shows: 'capacity' },
      { time_s: 20, instrument: 'lcd', shows: 'page' },
      { time_s: 20, instrument: 'lcd', shows: 'light' },
      { time_s: 20, instrument: 'lcd', shows: 'impedance', cell: 1 },
    ];
    const parts = {
      commands: [...reads.cell(5, 2, 3.345), ...reads.temperatures(5, 25, 31.42), press(10, 'down')],
      scenario: { source: [{ constantCurrent_A: -7.77 }] },
    };
    const found = await seen(measure, parts);
    expect(found.map(({ value, unit }) => [value, unit])).toEqual([
      ...[[3.345, 'V'], [3.3, 'V'], [-7.8, 'A'], [31.4, 'degC'], [0.5, 'fraction'], [500, 'Ah'], [1, 'index'], [1, 'count'], [null, 'Ohm']],
    ]); // prettier-ignore
    expect(found[0]!.at).toBe('cellVoltage of Cell 3');
  });

  it.each([
    ['unplugged', [{ time_s: 5, do: 'unplugLcd' }]],
    ['off', [{ time_s: 5, do: 'powerOff' }]],
    ['asleep', [press(5, 'stop')]],
  ])('of a display that is %s it reads nothing, and an expectation on it fails', async (_, commands) => {
    const measure = [{ time_s: 10, instrument: 'lcd', shows: 'soc' }];
    const run = await openRun({
      ...bench({ commands: commands as never }),
      measure: measure as never,
      expect: [{ measurement: 0, atLeast: 0 }],
    });
    run.advance();
    const { measurements, expectations } = await run.result();
    expect([measurements[0]!.value, expectations[0]!.status]).toEqual([null, 'fail']);
  });

  it.each([
    [{ shows: 'cellVoltage', cell: 4 }, 'measure[0].cell'],
    [{ shows: 'current', cell: 1 }, 'measure[0].cell'],
    [{ shows: 'soc', sensor: 1 }, 'measure[0].sensor'],
    [{ shows: 'mood' }, 'measure[0].shows'],
  ])('%o is refused by its path', async (given, path) => {
    const refused = seen([{ time_s: 1, instrument: 'lcd', ...given }]);
    await expect(refused).rejects.toThrow(InputError);
    await refused.catch((error: InputError) => expect(error.details.path).toBe(path));
  });

  it('needs a BMS', async () => {
    const scenario = { ...bench(), bms: null, commands: [], measure: [{ time_s: 1, instrument: 'lcd' as const, shows: 'soc' as const }] };
    await expect(openRun(scenario)).rejects.toMatchObject({ details: { path: 'measure[0].instrument' } });
  });

  it('thousands of buttons that are held at once are refused before millions of presses are made of them', async () => {
    const held = Array.from({ length: 10_000 }, () => ({ time_s: 1, do: 'press' as const, button: 'up' as const, for_s: 3600 }));
    const elapsed_ms = processorTime();
    await expect(openRun(bench({ commands: held, scenario: { duration_s: 4000 } }))).rejects.toMatchObject({
      details: { path: 'commands[27]', code: 'range' },
    });
    expect(elapsed_ms()).toBeLessThan(5000);
  });

  it('a press without its button is refused by its path', async () => {
    await expect(openRun(bench({ commands: [{ time_s: 1, do: 'press' }] }))).rejects.toMatchObject({
      details: { path: 'commands[0].button' },
    });
  });
});
