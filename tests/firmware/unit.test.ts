/**
 * The main unit itself: its switch, what it learns, START, and what it draws from the pack.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';
import { runScenarios, runWithCsv } from '../commandline/packbench.ts';
import { asLog, bench, causesOf, firstEvent, logOf, reads, timesOf } from './bench.ts';

const failed = (result: RunResult) => result.expectations.filter(({ status }) => status === 'fail').map(({ text }) => text);
const always = (channel: string, value: number, within_s: [number, number]) => ({ channel, atLeast: value, atMost: value, within_s });

describe('off and on', () => {
  const gainOfCell2 = (time_s: number, value: number) => ({ time_s, set: 'bms.sensing.channels[1].gain_ratio', value });
  const scenarios = {
    'off and on': bench({
      commands: [
        { time_s: 20, do: 'powerOff' },
        { time_s: 60, do: 'powerOn' },
      ],
      scenario: {
        source: [{ constantCurrent_A: 5 }, { constantCurrent_A: -2, from_s: 40 }],
        expect: [
          always('pack.current_A', 5, [1, 20]),
          always('pack.current_A', 0, [20.5, 61]),
          always('pack.current_A', 3, [61.5, 120]),
          always('relay.coilVoltage_V[0]', 12, [0, 20]),
          always('relay.coilVoltage_V[0]', 0, [20.5, 61]),
          always('relay.coilVoltage_V[1]', 0, [20.5, 61]),
          always('relay.coilVoltage_V[1]', 12, [61.5, 120]),
        ],
      },
    }),
    'off while a cell is full': bench({
      commands: [{ time_s: 20, do: 'powerOff' }, ...reads.cell(22, 2, 3.9), ...reads.cell(50, 2, 3.3), { time_s: 60, do: 'powerOn' }],
    }),
    'on while a cell is full': bench({
      commands: [...reads.cell(10, 2, 3.9), { time_s: 20, do: 'powerOff' }, { time_s: 60, do: 'powerOn' }],
    }),
    'off from the start': bench({
      bms: { switchedOn: false },
      commands: [{ time_s: 30, do: 'powerOn' }],
      scenario: {
        source: [{ constantCurrent_A: -5 }],
        expect: [always('pack.current_A', 0, [0, 31]), always('pack.current_A', -5, [31.5, 120])],
      },
    }),
    'on at a broken second': bench({
      bms: { switchedOn: false },
      commands: [{ time_s: 30.3, do: 'powerOn' }],
      scenario: { tick_s: 0.1 },
    }),
    'START for nothing': bench({ commands: [{ time_s: 30, do: 'start' }] }),
    'switched on while on': bench({ commands: [{ time_s: 30, do: 'powerOn' }] }),
    // Learnt with a channel dead, the cell that comes back is the mismatch.
    'learns at the first power-on': bench({
      bms: { switchedOn: false },
      settings: { lowSoc_fraction: 0, overDischargeProtectionVoltage_V: 1, cutOffDelay_s: 2 },
      commands: [gainOfCell2(0, 0), { time_s: 10, do: 'powerOn' }, gainOfCell2(40, 1)],
    }),
    'does not learn again': bench({
      settings: { lowSoc_fraction: 0 },
      commands: [{ time_s: 20, do: 'powerOff' }, gainOfCell2(30, 0), { time_s: 60, do: 'powerOn' }],
    }),
    'protects from the first sample': bench({ commands: reads.cell(0, 2, 3.7), settings: { cutOffDelay_s: 1 } }),
  };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(scenarios);
  });

  it('switched off both outputs fall to 0 V at once; switched on they close after the first sample', () => {
    expect(logOf(results['off and on'])).toEqual(
      asLog(`
        20 unitOn ends
        20 charge relay opens
        20 discharge relay opens
        60 unitOn
        61 charge relay closes
        61 discharge relay closes`),
    );
    expect(failed(results['off and on'])).toEqual([]);
  });

  it('while it is off it measures nothing and protects nothing', () => {
    expect(causesOf(results['off while a cell is full'])).toEqual([]);
  });

  it('a power cycle forgets the alarm and its timers; the charge relay does not close onto the cell that is still full', () => {
    expect(logOf(results['on while a cell is full'])).toEqual(
      asLog(`
        16 overCharge Cell 3
        16 charge relay opens
        20 overCharge ends
        20 unitOn ends
        20 discharge relay opens
        60 unitOn
        61 discharge relay closes
        66 overCharge Cell 3`),
    );
  });

  it('a unit that is off at the start lets nothing through until it is switched on', () => {
    expect(failed(results['off from the start'])).toEqual([]);
    expect(timesOf(results['off from the start'], 'chargeRelayClosed')).toEqual([31]);
  });

  it('its clock starts when it is switched on: at 30.3 s, so the first sample is at 31.3 s', () => {
    expect(firstEvent(results['on at a broken second'], 'chargeRelayClosed').time_s).toBeCloseTo(31.3, 9);
  });

  it('START or switching on without any alarm changes nothing', () => {
    expect(logOf(results['START for nothing'])).toEqual([]);
    expect(logOf(results['switched on while on'])).toEqual([]);
  });

  it('the cell count is learnt at the first power-on and compared from then on', () => {
    const told = firstEvent(results['learns at the first power-on'], 'cellCount');
    expect(told).toMatchObject({ time_s: 43, value: 4, limit: 3 });
  });

  it('a later power-on does not learn again: a cell lost meanwhile is an alarm', () => {
    expect(firstEvent(results['does not learn again'], 'cellCount')).toMatchObject({ time_s: 66, value: 3, limit: 4 });
  });

  it('a pack that is wrong from the start trips one delay after the first sample', () => {
    expect(firstEvent(results['protects from the first sample'], 'overCharge').time_s).toBe(2);
  });
});

describe('consumption', () => {
  // Sixteen cells that stay at exactly 3 V: 48 V.
  const at48V = (parts: NonNullable<ScenarioFile['bms']>['relays'], commands: ScenarioFile['commands'] = [], more = {}): ScenarioFile => ({
    formatVersion: 1,
    name: '48 V',
    duration_s: 86_400,
    tick_s: 60,
    thermal: null,
    cells: { flat: { capacity_Ah: 100, ocv: { soc: [0, 1], voltage_V: [3, 3] }, seriesResistance_Ohm: 0 } },
    pack: { series: 16, cell: 'flat', initialSoc: 0.9 },
    bms: {
      model: '16T',
      chemistry: 'LiFe',
      settings: { batteryCapacity_Ah: 100 },
      ...(parts === undefined ? {} : { relays: parts }),
      ...more,
    },
    commands,
  });
  // One relay: T1 at 1 degC opens the charge relay. None: T1 at 65 degC. The difference of T1 and T2 is set out of the way.
  const t1 = (offset_K: number) => [{ time_s: 0, set: 'bms.sensing.temperature[0].offset_K', value: offset_K }];
  const scenarios = {
    'both 100 A relays': at48V({ rating_A: 100 }),
    'one 100 A relay': at48V({ rating_A: 100 }, t1(-24)),
    'one 200 A relay': at48V({ rating_A: 200 }, t1(-24)),
    'one 400 A relay': at48V({ rating_A: 400 }, t1(-24)),
    'one 600 A relay': at48V({ rating_A: 600 }, t1(-24)),
    'no relay': at48V({ rating_A: 100 }, t1(40)),
    'switched off': at48V({ rating_A: 100 }, [{ time_s: 0, do: 'powerOff' }]),
    'none asked for': at48V(undefined, [], { consumption: 'none' }),
  };
  for (const scenario of Object.values(scenarios)) scenario.bms!.settings = { ...scenario.bms!.settings, temperatureDifference_K: 40 };
  let results: Record<keyof typeof scenarios, RunResult>;
  beforeAll(async () => {
    results = await runScenarios(
      Object.fromEntries(
        Object.entries(scenarios).map(([name, scenario]) => [
          name,
          {
            ...scenario,
            expect: [
              { channel: 'measured.current_A', atLeast: 0, atMost: 0 },
              { channel: 'pack.current_A', atLeast: 0, atMost: 0 },
            ],
          },
        ]),
      ) as typeof scenarios,
    );
  });

  it.each([
    ['both 100 A relays', 0.44],
    ['one 100 A relay', 0.2475],
    ['one 200 A relay', 0.28],
    ['one 400 A relay', 0.37],
    ['one 600 A relay', 0.445],
    ['no relay', 0.055],
  ] as const)('at 48 V with %s the unit takes %f A, within 1.5 %', (name, current_A) => {
    const mean_A = results[name].indicators['consumption_Ah']! / 24;
    expect(Math.abs(mean_A / current_A - 1)).toBeLessThan(0.015);
  });

  it('that is 10.6 Ah a day with both relays and 5.9 Ah with one, and the cells lose it', () => {
    expect(results['both 100 A relays'].indicators['consumption_Ah']).toBeCloseTo(10.6, 1);
    expect(results['one 100 A relay'].indicators['consumption_Ah']).toBeCloseTo(5.95, 1);
    expect((0.9 - results['both 100 A relays'].indicators['finalSocMean_soc']!) * 100).toBeCloseTo(10.6, 1);
  });

  it('the shunt never sees it, and so the gauge does not', () => {
    for (const result of Object.values(results)) expect(failed(result)).toEqual([]);
    expect(results['both 100 A relays'].indicators['finalEstimate_soc']).toBe(0.9);
  });

  it('switched off it takes nothing', () => {
    expect(results['switched off'].indicators['consumption_Ah']).toBe(0);
    expect(results['none asked for'].indicators['consumption_Ah']).toBe(0);
  });

  it('after an over-discharge trip the unit and the charge coil go on emptying the pack', async () => {
    const scenario = at48V({ rating_A: 100 }, [{ time_s: 3600, set: 'bms.sensing.channels[3].offset_V', value: -0.6 }]);
    const { columns } = await runWithCsv({ ...scenario, duration_s: 7200 }, 'consumption.current_A,relay.closed,cell.current_A[0][0]');
    const last = columns['time_s']!.length - 1;
    expect([columns['relay.closed[0]']![last], columns['relay.closed[1]']![last]]).toEqual([1, 0]);
    expect(Math.abs(columns['consumption.current_A']![last]! / 0.2475 - 1)).toBeLessThan(0.015);
    expect(columns['cell.current_A[0][0]']![last]).toBeCloseTo(-columns['consumption.current_A']![last]!, 12);
  });
});
