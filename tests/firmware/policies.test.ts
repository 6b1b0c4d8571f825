/**
 * How the same alarm acts under other policies: FAQ 1d, a common port, cut-off delay NO, temperature alarm OFF, slow relays.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios } from '../commandline/packbench.ts';
import { asLog, bench, causesOf, logOf, reads, timesOf } from './bench.ts';

const relaysOf = (result: RunResult) => logOf(result).filter((line) => line.includes('relay'));
const failed = (result: RunResult) => result.expectations.filter(({ status }) => status === 'fail').map(({ text }) => text);
const full = reads.cell(30, 2, 3.65);
const empty = reads.cell(30, 2, 2.5);
const cold = reads.temperatures(30, 2, 1);

/** Nothing flows from the trip on; before it the current does. */
const stopsAt36 = (current_A: number) => [
  { channel: 'pack.current_A', atLeast: current_A, atMost: current_A, within_s: [1, 36] as [number, number] },
  { channel: 'pack.current_A', atLeast: 0, atMost: 0, within_s: [36.5, 120] as [number, number] },
];
const flowsOn = (current_A: number) => [{ channel: 'pack.current_A', atLeast: current_A, atMost: current_A }];

describe('relay policies', () => {
  const scenarios = {
    'any alarm, full cell': bench({ bms: { policy: 'anyAlarmOpensBoth' }, commands: full }),
    'any alarm, cold': bench({ bms: { policy: 'anyAlarmOpensBoth' }, commands: cold }),
    'any alarm, none': bench({ bms: { policy: 'anyAlarmOpensBoth' } }),
    'any alarm, NO': bench({ bms: { policy: 'anyAlarmOpensBoth' }, settings: { cutOffDelay_s: 0 }, commands: full }),
    'separate ports, full cell, load': bench({
      commands: full,
      scenario: { source: [{ constantCurrent_A: -5 }], expect: flowsOn(-5) },
      settings: { cellDifference_V: 1 },
    }),
    'separate ports, full cell, charger': bench({ commands: full, scenario: { source: [{ constantCurrent_A: 5 }], expect: stopsAt36(5) } }),
    'common port, full cell, load': bench({
      bms: { topology: 'commonPort' },
      settings: { cellDifference_V: 1 },
      commands: full,
      scenario: { source: [{ constantCurrent_A: -5 }], expect: stopsAt36(-5) },
    }),
    'common port, empty cell, charger': bench({
      bms: { topology: 'commonPort' },
      settings: { lowSoc_fraction: 0 },
      commands: empty,
      scenario: { source: [{ constantCurrent_A: 5 }], expect: stopsAt36(5) },
    }),
    'separate ports, empty cell, charger': bench({
      settings: { lowSoc_fraction: 0 },
      commands: empty,
      scenario: { source: [{ constantCurrent_A: 5 }], expect: flowsOn(5) },
    }),
    'a second cause while the first one ends': bench({
      commands: [...full, ...reads.cell(60, 2, 3.5), ...reads.temperatures(61, 2, 1)],
    }),
    'two causes': bench({
      commands: [
        ...full,
        ...reads.temperatures(50, 2, 1),
        ...reads.cell(60, 2, 3.6),
        ...reads.cell(65, 2, 3.5),
        ...reads.temperatures(80, 25, 25),
      ],
    }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it.each(['any alarm, full cell', 'any alarm, cold'] as const)('under the policy of FAQ 1d any alarm opens both relays: %s', (name) => {
    expect(relaysOf(results[name])).toEqual(['36 charge relay opens', '36 discharge relay opens']);
  });

  it('without any alarm the relays stay closed for the whole run, FAQ 1e', () => {
    expect(logOf(results['any alarm, none'])).toEqual([]);
  });

  it('with cut-off delay NO even that policy opens nothing', () => {
    expect(logOf(results['any alarm, NO'])).toEqual(['31 overCharge Cell 3']);
  });

  it('with separate ports a full cell stops the charger and leaves the load on', () => {
    expect(failed(results['separate ports, full cell, load'])).toEqual([]);
    expect(failed(results['separate ports, full cell, charger'])).toEqual([]);
  });

  it('with separate ports an empty cell lets the charger on', () => {
    expect(failed(results['separate ports, empty cell, charger'])).toEqual([]);
  });

  it('with a common port either relay stops both directions, and only the one of the cause opens', () => {
    expect(failed(results['common port, full cell, load'])).toEqual([]);
    expect(failed(results['common port, empty cell, charger'])).toEqual([]);
    expect(relaysOf(results['common port, full cell, load'])).toEqual(['36 charge relay opens']);
    expect(relaysOf(results['common port, empty cell, charger'])).toEqual(['36 discharge relay opens']);
  });

  it('a cause that comes while another one ends does not make the relay close for a moment', () => {
    const result = results['a second cause while the first one ends'];
    expect(causesOf(result)).toContain('lowTemperatureCharge');
    const moves = result.events.filter(({ code }) => code === 'chargeRelayClosed').map(({ time_s }) => time_s);
    const gaps = moves.slice(1).map((time, index) => time - moves[index]!);
    expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(5);
  });

  it('with two causes the relay closes when the last one is gone, and both are named', () => {
    expect(logOf(results['two causes'])).toEqual(
      asLog(`
        36 overCharge Cell 3
        36 charge relay opens
        56 lowTemperatureCharge Cell 3
        61 overCharge ends
        61 overChargeHold Cell 3
        71 overChargeHold ends
        86 lowTemperatureCharge ends
        86 charge relay closes`),
    );
  });
});

describe('cut-off delay NO', () => {
  const no = { cutOffDelay_s: 0, lowSoc_fraction: 0 };
  const alarms = {
    overCharge: bench({ settings: no, commands: full }),
    overDischarge: bench({ settings: no, commands: empty }),
    highTemperature: bench({ settings: no, commands: reads.temperatures(30, 61, 61) }),
    lowTemperatureCharge: bench({ settings: no, commands: cold }),
    temperatureDifference: bench({ settings: no, commands: reads.temperatures(30, 40, 25) }),
    overChargeCurrent: bench({
      settings: { ...no, overChargeCurrent_A: 4 },
      commands: reads.current(30, 5),
      scenario: { source: [{ constantCurrent_A: 2 }] },
    }),
    cellCount: bench({ settings: no, bms: { learntCellCount: 6 } }),
  };
  const beyond = {
    'full beyond 3.80 V': bench({ settings: no, commands: reads.cell(30, 2, 3.8) }),
    'empty beyond 2.00 V': bench({ settings: no, commands: reads.cell(30, 2, 2) }),
    'delay 5 s and 3.80 V': bench({ commands: reads.cell(30, 2, 3.8) }),
  };
  let results: Record<string, RunResult>;
  beforeAll(async () => {
    results = await runScenarios({ ...alarms, ...beyond } as Record<string, (typeof alarms)['overCharge']>);
  });

  it.each(Object.keys(alarms))('%s is told at the first sample and opens nothing', (event) => {
    expect(causesOf(results[event]!)).toEqual([event]);
    expect(timesOf(results[event]!, event)[0]).toBe(event === 'cellCount' ? 1 : 31);
    expect(relaysOf(results[event]!)).toEqual([]);
  });

  it('beyond the absolute limits the relay of the cause opens at once', () => {
    expect(relaysOf(results['full beyond 3.80 V']!)).toEqual(['31 charge relay opens']);
    expect(relaysOf(results['empty beyond 2.00 V']!)).toEqual(['31 discharge relay opens']);
  });

  it('with a delay set, the absolute limit is no shortcut around it', () => {
    expect(logOf(results['delay 5 s and 3.80 V']!)).toEqual(['36 charge relay opens', '36 overCharge Cell 3']);
  });
});

describe('temperature alarm and relays that take time', () => {
  const off = { temperatureAlarm: false };
  const scenarios = {
    hot: bench({ settings: off, commands: reads.temperatures(10, 90, 90) }),
    cold: bench({ settings: off, commands: reads.temperatures(10, -30, -30) }),
    apart: bench({ settings: off, commands: reads.temperatures(10, 60, 25) }),
    'switched off while tripped': bench({
      commands: [...reads.temperatures(10, 61, 61), { time_s: 50, set: 'bms.settings.temperatureAlarm', value: false }],
    }),
    'slow relays': bench({
      bms: { relays: { openDelay_s: 0.3, closeDelay_s: 0.7 } },
      commands: [...full, ...reads.cell(60, 2, 3.5)],
      scenario: { tick_s: 0.1 },
    }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it.each(['hot', 'cold', 'apart'] as const)('with the temperature alarm OFF nothing happens when the pack is %s', (name) => {
    expect(logOf(results[name])).toEqual([]);
  });

  it('switching the temperature alarm OFF releases what it held', () => {
    expect(logOf(results['switched off while tripped'])).toEqual(
      asLog(`
        16 highTemperature Cell 1
        16 charge relay opens
        16 discharge relay opens
        51 highTemperature ends
        51 charge relay closes
        51 discharge relay closes`),
    );
  });

  it('a contact follows its coil after its own opening and closing time', () => {
    expect(timesOf(results['slow relays'], 'overCharge')[0]).toBeCloseTo(36, 9);
    expect(timesOf(results['slow relays'], 'chargeRelayClosed', false)[0]).toBeCloseTo(36.3, 9);
    expect(timesOf(results['slow relays'], 'chargeRelayClosed')[0]).toBeCloseTo(66.7, 9);
  });
});
