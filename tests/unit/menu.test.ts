/**
 * Pages and settings menu of the LCD unit, press by press: every setting is reached, changed within its range and step, kept in order and stored.
 */
import { describe, expect, it } from 'vitest';
import { type Button, LCD_PAGES } from '../../domain/lcd/pages.ts';
import { settingText } from '../../domain/lcd/screen.ts';
import { maximumOf, rowOf, SETTING_NAMES, SETTING_ORDER, type SettingName } from '../../domain/settings.ts';
import { reads } from '../firmware/bench.ts';
import { eventsNamed } from '../scenarios.ts';
import { advanceTo, at, goTo, noticeOf, outputsOf, pageOf, press, presses, screenOf, settingOf, stateOf } from './bench.ts';

const CONTEXT = { chemistry: 'LiFe', currentVersion_A: 100 } as const;

describe('pages', () => {
  const shownAfter = async (...buttons: Button[]) => pageOf(await at(60, { commands: presses(5, ...buttons) }));

  it('DOWN turns them forward and UP back, round and round, and never into the menu', async () => {
    const turned = LCD_PAGES.slice(0, -1);
    for (let count = 0; count <= turned.length; count++) {
      expect(await shownAfter(...Array.from({ length: count }, () => 'down' as const))).toBe(turned[count % turned.length]);
      expect(await shownAfter(...Array.from({ length: count }, () => 'up' as const))).toBe(turned[(turned.length - count) % turned.length]);
    }
  });

  it('a press is answered in the very tick in which it comes, with ticks as long as a period too', async () => {
    expect(pageOf(await at(5.5, { commands: [press(5, 'down')] }))).toBe('cells');
    expect(pageOf(await at(10, { commands: [press(5, 'down')], scenario: { tick_s: 5, duration_s: 60 } }))).toBe('cells');
  });

  it('several presses within one tick are all answered, in their order', async () => {
    const commands = [press(5.1, 'down'), press(5.2, 'down'), press(5.3, 'up'), press(5.4, 'down')];
    expect(pageOf(await at(15, { commands, scenario: { tick_s: 5, duration_s: 60 } }))).toBe('temperatures');
  });

  it('UP and DOWN that are held turn one page', async () => {
    expect(pageOf(await at(30, { commands: [press(5, 'down', 5), press(15, 'down', 1)] }))).toBe('temperatures');
  });

  it('plugged in again it begins on the first page; unplugged nothing is pressed', async () => {
    const commands = [
      press(5, 'down'),
      { time_s: 10, do: 'unplugLcd' as const },
      press(12, 'down'),
      { time_s: 20, do: 'plugLcd' as const },
    ];
    const run = await at(15, { commands });
    expect([run.read('lcd.on'), screenOf(run).lines]).toEqual([0, []]);
    advanceTo(run, 25);
    expect([run.read('lcd.on'), pageOf(run)]).toEqual([1, 'overview']);
  });

  it('unplugged the main unit protects on', async () => {
    const commands = [{ time_s: 5, do: 'unplugLcd' as const }, ...reads.cell(10, 2, 3.9)];
    const run = await at(30, { commands });
    expect(eventsNamed(run, 'overCharge')).toMatchObject([{ time_s: 16, cell: 2 }]);
    expect([run.read('lamp.alarm'), run.read('relay.closed[0]')]).toEqual([1, 0]);
  });

  it('a unit that starts unplugged shows nothing', async () => {
    const run = await at(10, { bms: { lcd: 'unplugged' }, commands: [press(5, 'down')] });
    expect([run.read('lcd.on'), run.read('lcd.lit'), pageOf(run)]).toEqual([0, 0, 'overview']);
  });
});

describe('the settings menu', () => {
  it('is entered by holding START and left by STOP, which then puts nothing to sleep', async () => {
    const run = await at(8, { commands: [press(5, 'start', 2), press(10, 'stop'), press(15, 'stop')] });
    expect(pageOf(run)).toBe('settings');
    advanceTo(run, 12);
    expect([pageOf(run), stateOf(run)]).toEqual(['overview', 'running']);
    advanceTo(run, 16);
    expect(stateOf(run)).toBe('asleep');
  });

  it('START held shorter is a plain START', async () => {
    expect(pageOf(await at(8, { commands: [press(5, 'start', 1.9)] }))).toBe('overview');
    expect(pageOf(await at(8, { commands: [press(5, 'start', 1.9)], bms: { assumptions: { longPress_s: 1 } } }))).toBe('settings');
  });

  it.each(SETTING_NAMES)(
    '%s: its row is reached, one step up and down are its step, both are stored, and STOP stores nothing',
    async (name) => {
      const row = rowOf(name);
      const { commands, ready_s } = goTo(5, name);
      const before = settingOf(await at(0), name);
      const up = before + row.step <= maximumOf(row, CONTEXT);
      const [there, back]: [Button, Button] = up ? ['up', 'down'] : ['down', 'up'];
      const keys = presses(ready_s, 'start', there, 'start', 'start', back, 'start', 'start', there, 'stop');
      const run = await at(ready_s, { commands: [...commands, ...keys] });
      expect(screenOf(run).lines).toContain(`> ${row.label}  ${settingText(name, before)}`);
      const changed = Math.round((before + (up ? row.step : -row.step)) / row.step) / Math.round(1 / row.step);
      advanceTo(run, ready_s + 1);
      expect(screenOf(run).lines).toContain(`> ${row.label}  [${settingText(name, changed)}]`);
      expect(settingOf(run, name)).toBe(before);
      advanceTo(run, ready_s + 1.5);
      expect([settingOf(run, name), noticeOf(run)]).toEqual([changed, 'stored']);
      advanceTo(run, ready_s + 3);
      expect(settingOf(run, name)).toBe(before);
      advanceTo(run, ready_s + 5);
      expect([settingOf(run, name), pageOf(run)]).toEqual([before, 'settings']);
      expect(eventsNamed(run, 'settingStored')).toMatchObject([
        { setting: name, value: changed },
        { setting: name, value: before },
      ]);
    },
  );

  it.each(SETTING_NAMES)('%s: held, UP and DOWN end at the ends of its range', async (name) => {
    const row = rowOf(name);
    const { commands, ready_s } = goTo(5, name);
    const long_s = 250;
    const keys = [press(ready_s, 'start'), press(ready_s + 0.5, 'up', long_s), press(ready_s + 260, 'down', long_s)];
    const run = await at(ready_s + 255, { commands: [...commands, ...keys], scenario: { duration_s: 700 } });
    const edited = () => run.compiled.scalars.lcd.editValue;
    expect(edited()).toBe(maximumOf(row, CONTEXT));
    advanceTo(run, ready_s + 515);
    expect(edited()).toBe(row.special?.value ?? row.min);
  });

  it.each([
    ['cutOffDelay_s', 1, 0],
    ['lcdBacklightTime_s', 0, -1],
  ] as const)('%s: below %d stands %d with a meaning of its own, and UP comes back', async (name, least, special) => {
    const { commands, ready_s } = goTo(5, name);
    const keys = presses(ready_s, 'start', 'down', 'start', 'start', 'up', 'start');
    const run = await at(ready_s + 1.5, { settings: { [name]: least }, commands: [...commands, ...keys] });
    expect(settingOf(run, name)).toBe(special);
    expect(screenOf(run).lines.some((line) => line.includes(rowOf(name).special!.meaning.split(':')[0]!))).toBe(true);
    advanceTo(run, ready_s + 3);
    expect(settingOf(run, name)).toBe(least);
  });

  it.each([
    [3.655, 'up', 3.66],
    [3.655, 'down', 3.65],
    [3.65, 'up', 3.66],
  ] as const)('a value off the grid, %f V, goes to the next of it: %s to %f V', async (from, button, to) => {
    const name = 'overChargeProtectionVoltage_V';
    const { commands, ready_s } = goTo(5, name);
    const run = await at(ready_s + 2, {
      settings: { [name]: from },
      commands: [...commands, ...presses(ready_s, 'start', button, 'start')],
    });
    expect(settingOf(run, name)).toBe(to);
  });

  it.each(SETTING_ORDER)('%s is never stored at or above %s', async (lower, upper) => {
    const meeting = { overChargeReleaseVoltage_V: 3.5, overChargeProtectionVoltage_V: 3.51, overDischargeProtectionVoltage_V: 2.5, overDischargeReleaseVoltage_V: 2.51, cellEmptyVoltage_V: 3, cellFullVoltage_V: 3.01 }; // prettier-ignore
    const crossing = { overDischargeProtectionVoltage_V: 3.5, overDischargeReleaseVoltage_V: 3.9, overChargeProtectionVoltage_V: 3.51, overChargeReleaseVoltage_V: 3.4 }; // prettier-ignore
    const settings = upper === 'overChargeProtectionVoltage_V' && lower === 'overDischargeProtectionVoltage_V' ? crossing : meeting;
    for (const [name, button] of [
      [lower, 'up'],
      [upper, 'down'],
    ] as [SettingName, Button][]) {
      // prettier-ignore
      const { commands, ready_s } = goTo(5, name);
      const run = await at(ready_s + 2, { settings, commands: [...commands, ...presses(ready_s, 'start', button, 'start')] });
      expect([settingOf(run, lower), settingOf(run, upper)]).toEqual([settings[lower as 'overChargeProtectionVoltage_V'], settings[upper as 'overChargeProtectionVoltage_V']]); // prettier-ignore
      expect([noticeOf(run), run.compiled.scalars.lcd.editing]).toEqual(['wrongOrder', 1]);
      expect(screenOf(run).lines.at(-1)).toBe('Not stored: P and R out of order');
    }
  });

  it('a stored setting acts from the next sample, as one that a command sets', async () => {
    const { commands, ready_s } = goTo(5, 'overChargeProtectionVoltage_V');
    const keys = [press(ready_s, 'start'), ...Array.from({ length: 33 }, (_, index) => press(ready_s + 0.5 + index / 100, 'down')), press(ready_s + 2, 'start')]; // prettier-ignore
    const run = await at(ready_s + 12, { settings: { overChargeReleaseVoltage_V: 3.2 }, commands: [...commands, ...keys] });
    expect(settingOf(run, 'overChargeProtectionVoltage_V')).toBe(3.32);
    expect(eventsNamed(run, 'overCharge')).toEqual([]);
    const lower = [...commands, ...keys.slice(0, -1), ...presses(ready_s + 1, 'down', 'down', 'start')];
    const tripped = await at(ready_s + 12, { settings: { overChargeReleaseVoltage_V: 3.2 }, commands: lower });
    expect(settingOf(tripped, 'overChargeProtectionVoltage_V')).toBe(3.3);
    // Stored at ready + 2 s; the first sample that sees it comes within a second, and the trip a delay of 5 s after it.
    expect(eventsNamed(tripped, 'overCharge')[0]!.time_s).toBe(Math.floor(ready_s + 2) + 6);
    expect(outputsOf(tripped)[0]).toBe(0);
  });

  it('while the menu is open START releases no latch; on a page it does', async () => {
    const latched = {
      settings: { cellDifference_V: 0.05, cutOffDelay_s: 1 },
      scenario: { source: [{ constantCurrent_A: -5, until_s: 9 }] },
    };
    const trip = [...reads.cell(5, 2, 3.4), ...reads.cell(10, 2, 3.3)];
    const inMenu = await at(40, { ...latched, commands: [...trip, press(15, 'start', 2), ...presses(20, 'start', 'start', 'stop')] });
    expect(eventsNamed(inMenu, 'cellDifference', false)).toEqual([]);
    const onPage = await at(40, { ...latched, commands: [...trip, press(20, 'start')] });
    expect(eventsNamed(onPage, 'cellDifference', false)).toMatchObject([{ time_s: 21 }]);
  });

  it('`start` is a press of START, and the scenario says the same of both', async () => {
    const latched = {
      settings: { cellDifference_V: 0.05, cutOffDelay_s: 1 },
      scenario: { source: [{ constantCurrent_A: -5, until_s: 9 }] },
    };
    const trip = [...reads.cell(5, 2, 3.4), ...reads.cell(10, 2, 3.3)];
    const [alias, plain] = await Promise.all(
      [{ time_s: 20, do: 'start' as const }, press(20, 'start')].map((command) => at(40, { ...latched, commands: [...trip, command] })),
    );
    expect(alias!.events).toEqual(plain!.events);
    expect(eventsNamed(alias!, 'cellDifference', false)).toHaveLength(1);
  });
});

describe('a setting under a fault', () => {
  const name = 'overChargeProtectionVoltage_V';

  it('keeps the fault on top of what is stored: the threshold stays moved, and repaired it is what was entered', async () => {
    const { commands, ready_s } = goTo(5, name);
    const faults = [{ fault: 'movedThreshold' as const, severity: 0.3, when: { time_s: 1 }, for_s: 60 }];
    const keys = presses(ready_s, 'start', 'down', 'start');
    const run = await at(ready_s - 1, { commands: [...commands, ...keys], scenario: { faults } });
    expect(settingOf(run, name)).toBe(3.65 + 0.3);
    advanceTo(run, ready_s + 2);
    expect(settingOf(run, name)).toBeCloseTo(3.94 + 0.3, 12);
    advanceTo(run, 70);
    expect(settingOf(run, name)).toBe(3.94);
  });

  it('what the menu would not take is not stored again either', async () => {
    const { commands, ready_s } = goTo(5, name);
    const faults = [{ fault: 'movedThreshold' as const, severity: 2, when: { time_s: 1 } }];
    const run = await at(ready_s + 1, { commands: [...commands, ...presses(ready_s, 'start', 'start')], scenario: { faults } });
    expect(noticeOf(run)).toBe('outOfRange');
    expect(eventsNamed(run, 'settingStored')).toEqual([]);
  });
});
