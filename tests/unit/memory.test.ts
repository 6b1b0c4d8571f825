/**
 * The unit's memory: SOC lost and found again (FAQ 3a), settings lost and set again.
 */
import { describe, expect, it } from 'vitest';
import { reads } from '../firmware/bench.ts';
import { eventsNamed } from '../scenarios.ts';
import { advanceTo, at, goTo, press, presses, settingOf } from './bench.ts';

const lostAt = (time_s: number) => ({ faults: [{ fault: 'lostSoc' as const, when: { time_s } }] });
const cycle = (time_s: number) => [
  { time_s, do: 'powerOff' as const },
  { time_s: time_s + 1, do: 'powerOn' as const },
];

describe('a lost SOC (FAQ 3a)', () => {
  it('shows 0 and stays 0, whatever flows; switched off and on the unit shows what it showed before', async () => {
    const source = [{ constantCurrent_A: 50, from_s: 30, until_s: 50 }];
    const settings = { batteryCapacity_Ah: 10, lowSoc_fraction: 0 };
    const run = await at(30, { settings, commands: cycle(60), scenario: { ...lostAt(10), source } });
    expect(run.read('estimate.soc')).toBe(0);
    advanceTo(run, 59);
    expect(run.read('estimate.soc')).toBe(0);
    advanceTo(run, 65);
    expect(run.read('estimate.soc')).toBe(0.5);
  });

  it('opens the discharge relay by low SOC, and the restart closes it', async () => {
    const run = await at(50, { commands: cycle(40), scenario: lostAt(10) });
    expect(eventsNamed(run, 'lowSoc')).toMatchObject([{ time_s: 16, value: 0 }]);
    expect([run.read('relay.closed[1]'), run.read('estimate.soc')]).toEqual([1, 0.5]);
  });

  it('without the restart it stays 0, and no sleep and no anchor at P helps', async () => {
    const commands = [press(30, 'stop'), press(40, 'up'), ...reads.cell(50, 2, 3.9)];
    const run = await at(100, { commands, scenario: lostAt(10) });
    expect(eventsNamed(run, 'overCharge')).toHaveLength(1);
    expect(run.read('estimate.soc')).toBe(0);
  });

  it('what it had counted up to the loss comes back, not what it started from', async () => {
    const scenario = { ...lostAt(40), source: [{ constantCurrent_A: -36, until_s: 30 }] };
    const run = await at(39, { settings: { batteryCapacity_Ah: 10 }, commands: cycle(60), scenario });
    const before = run.read('estimate.soc');
    expect(before).toBeCloseTo(0.5 - 0.03, 3);
    advanceTo(run, 70);
    expect(run.read('estimate.soc')).toBe(before);
  });

  it('a restart without a loss changes nothing', async () => {
    const run = await at(70, { commands: cycle(60), bms: { initialSoc: 0.123456789 } });
    expect(run.read('estimate.soc')).toBe(0.123456789);
  });

  it('lost again it is restored again', async () => {
    const faults = [10, 40].map((time_s) => ({ fault: 'lostSoc' as const, when: { time_s } }));
    const run = await at(42, { settings: { lowSoc_fraction: 0 }, commands: [...cycle(20), ...cycle(60)], scenario: { faults } });
    expect(run.read('estimate.soc')).toBe(0);
    advanceTo(run, 70);
    expect(run.read('estimate.soc')).toBe(0.5);
  });
});

describe('lost settings', () => {
  it('stand as they leave the factory until the menu stores them again', async () => {
    const faults = [{ fault: 'lostSettings' as const, when: { time_s: 10 } }];
    const { commands, ready_s } = goTo(20, 'batteryCapacity_Ah');
    const keys = [press(ready_s, 'start'), press(ready_s + 0.5, 'up', 10), ...presses(ready_s + 15, 'start')];
    const settings = { balanceInStorage: true, cutOffDelay_s: 2, lowSoc_fraction: 0 };
    const run = await at(15, { settings, commands: [...commands, ...keys], scenario: { faults } });
    expect([settingOf(run, 'batteryCapacity_Ah'), settingOf(run, 'balanceInStorage'), settingOf(run, 'cutOffDelay_s')]).toEqual([1, 0, 5]);
    advanceTo(run, ready_s + 16);
    // 1.0 Ah, one step for the press itself, then ten steps at each of the repeats from 2 s to 10 s.
    expect(settingOf(run, 'batteryCapacity_Ah')).toBe(1 + 0.1 + 41);
    expect(settingOf(run, 'overChargeProtectionVoltage_V')).toBe(3.65);
  });
});
