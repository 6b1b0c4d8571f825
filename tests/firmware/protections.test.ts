/**
 * Every protection: trips on time and not early, holds, releases, opens what it should and is the only cause named.
 * The stories run through scenario files and the built command line.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventName } from '../../domain/events.ts';
import { PROTECTIONS } from '../../domain/protections.ts';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios } from '../commandline/packbench.ts';
import { asLog, bench, causesOf, firstEvent, logOf, reads, timesOf } from './bench.ts';
import { STORIES, type Story } from './stories.ts';

const stories = Object.entries(STORIES) as [EventName, Story][];
const CLOSED = { charge: 'chargeRelayClosed', discharge: 'dischargeRelayClosed' } as const;

it('every protection of the unit has its story', () => {
  expect(Object.keys(STORIES).sort()).toEqual(PROTECTIONS.map(({ event }) => event).sort());
});

describe('the story of each protection', () => {
  let results: Record<string, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(Object.fromEntries(stories.map(([event, { scenario }]) => [event, scenario])));
  });

  describe.each(stories)('%s', (event, { tale, log, causes, opens, trip }) => {
    it(`when ${tale}, it trips at ${trip.time_s} s: not at the limit's safe side, not after an interrupted violation`, () => {
      expect(timesOf(results[event]!, event)[0]).toBe(trip.time_s);
    });

    it(`opens ${opens.length === 2 ? 'both relays' : `the ${opens[0]} relay alone`}`, () => {
      const opened = (['charge', 'discharge'] as const).filter((relay) =>
        timesOf(results[event]!, CLOSED[relay], false).includes(trip.time_s),
      );
      expect(opened).toEqual(opens);
    });

    it('holds until it may release, and nothing else ever happens', () => {
      expect(logOf(results[event]!)).toEqual(asLog(log));
    });

    it('is the only cause named', () => {
      expect(causesOf(results[event]!)).toEqual(causes);
    });

    it('tells cell, reading, truth, limit and FAQ clauses', () => {
      const told = firstEvent(results[event]!, event);
      expect(told).toMatchObject({ cell: trip.cell, faq: trip.faq });
      expect(told.value).toBeCloseTo(trip.value, 9);
      expect(told.trueValue).toBeCloseTo(trip.trueValue, 4);
      expect(told.limit).toBeCloseTo(trip.limit, 9);
    });
  });
});

describe('finer points of trip and release', () => {
  const longDelay = (cutOffDelay_s: number, tick_s: number, firmware_s: number) => {
    const first = Math.ceil(30 / firmware_s + 1e-9) * firmware_s;
    const trip = first + Math.ceil(cutOffDelay_s / firmware_s - 1e-9) * firmware_s;
    return { cutOffDelay_s, tick_s, trip };
  };
  // Firmware samples every second, or every tick where that is longer.
  const delays = [
    longDelay(1, 1, 1),
    longDelay(1, 0.1, 1),
    longDelay(7, 0.2, 1),
    longDelay(5, 2, 2),
    longDelay(60, 1, 1),
    longDelay(5, 10, 10),
    longDelay(3, 0.25, 1),
  ];
  const scenarios = {
    ...Object.fromEntries(
      delays.map(({ cutOffDelay_s, tick_s }, index) => [
        `delay ${index}`,
        bench({ settings: { cutOffDelay_s }, commands: reads.cell(30, 2, 3.7), scenario: { tick_s } }),
      ]),
    ),
    'between P and R and back': bench({
      commands: [
        ...reads.cell(10, 2, 3.7),
        ...reads.cell(20, 2, 3.6),
        ...reads.cell(40, 2, 3.65),
        ...reads.cell(45, 2, 3.6),
        ...reads.cell(60, 2, 3.65),
      ],
    }),
    'interrupted release': bench({
      commands: [...reads.cell(10, 2, 3.7), ...reads.cell(30, 2, 3.5), ...reads.cell(33, 2, 3.6), ...reads.cell(50, 2, 3.5)],
    }),
    'straight below R': bench({ commands: [...reads.cell(10, 2, 3.7), ...reads.cell(30, 2, 3.5)] }),
    'START does not help a full cell': bench({ commands: [...reads.cell(10, 2, 3.7), { time_s: 40, do: 'start' }] }),
    'START frees a cell difference': bench({
      commands: [...reads.cell(10, 1, 2.9), ...reads.cell(40, 1, 3.3), { time_s: 50, do: 'start' }],
      scenario: { source: [{ constantCurrent_A: -2 }] },
    }),
    'no discharge, no cell difference': bench({
      commands: reads.cell(10, 1, 2.9),
      scenario: { source: [{ constantCurrent_A: -0.9 }] },
    }),
    'trips further apart than 10 min': bench({
      settings: { overChargeCurrent_A: 10 },
      commands: [...reads.current(30, 20), ...reads.current(103, 5), ...reads.current(700, 20)],
      scenario: { duration_s: 1000, source: [{ constantCurrent_A: 5 }] },
    }),
    'a missing cell comes back': bench({
      settings: { lowSoc_fraction: 0 },
      commands: [
        { time_s: 10, set: 'bms.sensing.channels[1].gain_ratio', value: 0 },
        { time_s: 20, set: 'bms.sensing.channels[1].gain_ratio', value: 1 },
        { time_s: 80, do: 'powerOff' },
        { time_s: 90, do: 'powerOn' },
      ],
    }),
    'a settings change at run time': bench({
      commands: [
        ...reads.cell(10, 2, 3.6),
        { time_s: 30, set: 'bms.settings.overChargeReleaseVoltage_V', value: 3.5 },
        { time_s: 30, set: 'bms.settings.overChargeProtectionVoltage_V', value: 3.6 },
      ],
    }),
    'true ambient': bench({ commands: [{ time_s: 20, set: 'ambient_degC', value: 60.5 }], scenario: { slowStep_ticks: 1 } }),
    'ambient with the usual slow step': bench({ commands: [{ time_s: 20, set: 'ambient_degC', value: 60.5 }] }),
  };
  let results: Record<string, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });
  const logFor = (name: keyof typeof scenarios) => logOf(results[name]!);

  it.each(delays.map((row, index) => ({ ...row, index })))(
    'a delay of $cutOffDelay_s s with ticks of $tick_s s trips at $trip s',
    ({ trip, index }) => {
      expect(timesOf(results[`delay ${index}`]!, 'overCharge')[0]).toBeCloseTo(trip, 9);
      expect(timesOf(results[`delay ${index}`]!, 'chargeRelayClosed', false)[0]).toBeCloseTo(trip, 9);
    },
  );

  it('a held pack that reaches P again for the whole delay is called over-charged again, and the relay never moves', () => {
    expect(logFor('between P and R and back')).toEqual(
      asLog(`
        16 overCharge Cell 3
        16 charge relay opens
        21 overCharge ends
        21 overChargeHold Cell 3
        66 overChargeHold ends
        66 overCharge Cell 3`),
    );
  });

  it('no two moves of a relay come closer than the delay: a release that is interrupted starts over', () => {
    expect(logFor('interrupted release').filter((line) => line.includes('relay'))).toEqual([
      '16 charge relay opens',
      '56 charge relay closes',
    ]);
  });

  it('a cell that falls straight below R was never "held over R": that cause is named only where it is true', () => {
    const result = results['straight below R']!;
    expect(logOf(result)).toEqual(asLog('16 overCharge Cell 3\n16 charge relay opens\n36 overCharge ends\n36 charge relay closes'));
  });

  it('START does not close the relay on a cell that is still full', () => {
    expect(logFor('START does not help a full cell')).toEqual(['16 charge relay opens', '16 overCharge Cell 3']);
  });

  it('START frees a cell difference at the next sample', () => {
    expect(logFor('START frees a cell difference')).toEqual(
      asLog('16 cellDifference Cell 2\n16 discharge relay opens\n51 cellDifference ends\n51 discharge relay closes'),
    );
  });

  it("a cell difference below 1 A of discharge is nobody's alarm", () => {
    expect(logFor('no discharge, no cell difference')).toEqual([]);
  });

  it('over-current trips further apart than 10 min are retried; the third within 10 min is not', () => {
    expect(timesOf(results['trips further apart than 10 min']!, 'overChargeCurrent')).toEqual([36, 72, 706, 742, 778]);
    expect(timesOf(results['trips further apart than 10 min']!, 'overChargeCurrent', false)).toEqual([66, 102, 736, 772]);
  });

  it('a cell count alarm stays when the cell is back, until the unit has been off and on', () => {
    const result = results['a missing cell comes back']!;
    expect(timesOf(result, 'cellCount')).toEqual([16]);
    expect(firstEvent(result, 'cellCount')).toMatchObject({ value: 3, trueValue: 4, limit: 4 });
    expect(timesOf(result, 'cellCount', false)).toEqual([80]);
    expect(timesOf(result, 'chargeRelayClosed')).toEqual([91]);
    expect(timesOf(result, 'dischargeRelayClosed')).toEqual([91]);
  });

  it('a setting that is changed while the unit works is obeyed from the next sample', () => {
    expect(logFor('a settings change at run time')).toEqual(['36 charge relay opens', '36 overCharge Cell 3']);
    expect(firstEvent(results['a settings change at run time']!, 'overCharge').limit).toBe(3.6);
  });

  it('cells held at ambient are as hot as it is: both sensors and the truth say 60.5 degC', () => {
    const told = firstEvent(results['true ambient']!, 'highTemperature');
    expect(told).toMatchObject({ time_s: 26, value: 60.5, trueValue: 60.5 });
    expect(causesOf(results['true ambient']!)).toEqual(['highTemperature']);
  });

  it('cells held at ambient follow a change of ambient at the first tick, whatever the slow step', () => {
    expect(firstEvent(results['ambient with the usual slow step']!, 'highTemperature').time_s).toBe(26);
  });
});
