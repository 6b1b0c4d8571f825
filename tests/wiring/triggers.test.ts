/**
 * When a fault begins, acts and ends, and what it leaves behind: nothing but its rows in the log.
 * A forgotten load of 1 A stands for any fault where only the times count: it shows in the pack's own current.
 */
import { describe, expect, it } from 'vitest';
import { faultRow } from '../../domain/faults/catalogue.ts';
import { FAULT_NAMES } from '../../domain/faults/titles.ts';
import { SLOT_ROW } from '../../domain/memoryEffects.ts';
import type { Run } from '../../engine/run.ts';
import { scenarioOf } from '../faults/stories.ts';
import { eventsNamed, everyTick, finishedRun, openRun, outcomeOf, type OpenOptions, type ScenarioObject } from '../scenarios.ts';
import { bench, type CommandFile, type FaultFile } from './bench.ts';

const LOAD: FaultFile = { fault: 'forgottenLoad', severity: 1 };
const acts = (run: Run) => run.read('consumption.current_A') > 0.5;

/** Intervals in s over which the load is there; an open one ends with the run. */
async function intervals(scenario: ScenarioObject, options: OpenOptions = {}): Promise<[number, number][]> {
  const run = await openRun(scenario, options);
  const { tick_s } = scenario as { tick_s: number };
  const found: [number, number][] = [];
  let was = false;
  everyTick(run, (tick) => {
    if (tick === 0) return;
    const is = acts(run);
    if (is && !was) found.push([tick - 1, Infinity]);
    if (!is && was) found.at(-1)![1] = tick - 1;
    was = is;
  });
  return found.map(([from, until]) => [from, until].map((tick) => Math.round(tick * tick_s * 1e6) / 1e6) as [number, number]);
}

const rowsOf = (run: Run) =>
  eventsNamed(run, 'fault')
    .concat(eventsNamed(run, 'fault', false))
    .map(({ time_s, active }) => [Math.round(time_s * 1e6) / 1e6, active]);

describe('by time', () => {
  it.each([
    ['always', {}, [[0, Infinity]]],
    ['from 5 s', { when: { time_s: 5 } }, [[5, Infinity]]],
    ['for 3 s', { when: { time_s: 5 }, for_s: 3 }, [[5, 8]]],
    ['from between two ticks, at the next one', { when: { time_s: 5.04 }, for_s: 0.25 }, [[5.1, 5.4]]],
    ['for no time', { when: { time_s: 5 }, for_s: 0 }, []],
    ['after the end', { when: { time_s: 100 } }, []],
  ] as [string, Partial<FaultFile>, [number, number][]][])('%s', async (_, when, expected) => {
    expect(await intervals(bench({ faults: [{ ...LOAD, ...when }] }))).toEqual(expected);
  });

  it('tells its beginning and its end, a fault without duration both at once, one after the end none', async () => {
    const rows = async (when: Partial<FaultFile>) => rowsOf(await finishedRun(bench({ faults: [{ ...LOAD, ...when }] })));
    expect(await rows({ when: { time_s: 5 }, for_s: 3 })).toEqual([[5, true], [8, false]]); // prettier-ignore
    expect(await rows({ when: { time_s: 5 }, for_s: 0 })).toEqual([[5, true], [5, false]]); // prettier-ignore
    expect(await rows({ when: { time_s: 100 } })).toEqual([]);
  });
});

describe('by condition, looked at once a second', () => {
  // 20 A in 3…5 s and from 8 s on; at a full second one sees the tick before it.
  const source = [
    { constantCurrent_A: -20, from_s: 3, until_s: 5 },
    { constantCurrent_A: -20, from_s: 8 },
  ];
  const on = (when: object): FaultFile => ({ ...LOAD, when: when as Exclude<FaultFile['when'], undefined> });

  it.each([
    ['at once', { channel: 'pack.current_A', below: -15 }, [[4, Infinity]]],
    ['held for 1 s', { channel: 'pack.current_A', below: -15, for_s: 1 }, [[5, Infinity]]],
    ['held for 2 s: the first time it was interrupted', { channel: 'pack.current_A', below: -15, for_s: 2 }, [[11, Infinity]]],
    ['held for 2.5 s, between two looks', { channel: 'pack.current_A', below: -15, for_s: 2.5 }, [[11.5, Infinity]]],
    ['never met', { channel: 'pack.current_A', below: -25 }, []],
    ['above, not reached', { channel: 'pack.current_A', above: 0 }, []],
    ['above', { channel: 'pack.current_A', above: -1 }, [[0, Infinity]]],
    ['on what the unit reads', { channel: 'measured.current_A', below: -15 }, [[4, Infinity]]],
    ['on a whole number', { channel: 'relay.closed[1]', above: 0.5, for_s: 3 }, [[3, Infinity]]],
    ['before the first tick a cell is not at 0 V', { channel: 'cell.voltage_V[0][0]', below: 2.5 }, []],
    ['in the units of the channel', { channel: 'measuredCell.voltage_V[3]', below: 3.4 }, [[0, Infinity]]],
  ] as [string, object, [number, number][]][])('%s', async (_, when, expected) => {
    expect(await intervals(bench({ source, faults: [on(when)] }))).toEqual(expected);
  });

  it('acts once, for its time', async () => {
    expect(await intervals(bench({ source, faults: [{ ...on({ channel: 'pack.current_A', below: -15 }), for_s: 2 }] }))).toEqual([[4, 6]]);
  });

  it('one fault sets off another', async () => {
    const faults = [
      { ...LOAD, when: { channel: 'measured.current_A', above: 5 } },
      { fault: 'shuntOffset' as const, severity: 8, when: { time_s: 7 } },
    ];
    expect(await intervals(bench({ faults }))).toEqual([[8, Infinity]]);
  });
});

describe('intermittent', () => {
  const TICK_S = 0.01;
  const loose = (parts: Partial<ScenarioObject> = {}) =>
    bench({
      tick_s: TICK_S,
      duration_s: 1500,
      bms: null,
      pack: { series: 2 },
      faults: [{ ...LOAD, intermittent: { on_s: 0.5, off_s: 1 } }],
      ...parts,
    });

  it('has states of the given mean lengths, within three sigma, each an exponential', async () => {
    const found = await intervals(loose());
    expect(found.length).toBeGreaterThan(800);
    const closed = found.slice(0, -1);
    const lengths = {
      on: closed.map(([from, until]) => until - from),
      off: closed.map(([, until], index) => found[index + 1]![0] - until),
    };
    for (const [state, mean_s] of [
      ['on', 0.5],
      ['off', 1],
    ] as const) {
      // prettier-ignore
      const values = lengths[state];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean - mean_s)).toBeLessThan((3 * mean_s) / Math.sqrt(values.length));
      const longer = values.filter((value) => value > mean_s).length / values.length;
      expect(Math.abs(longer - Math.exp(-1))).toBeLessThan(3 * Math.sqrt((Math.exp(-1) * (1 - Math.exp(-1))) / values.length));
      expect(Math.min(...values)).toBeGreaterThanOrEqual(TICK_S - 1e-9);
    }
  });

  it('same seed, same bytes; another seed, other times', async () => {
    const short = (seed: number) => loose({ seed, duration_s: 60 });
    const hash = async (seed: number) => (await outcomeOf(await finishedRun(short(seed)))).resultHash;
    expect(await hash(5)).toBe(await hash(5));
    expect(await intervals(short(5))).toEqual(await intervals(short(5)));
    expect(await intervals(short(6))).not.toEqual(await intervals(short(5)));
  });

  it('keeps its times whatever other faults there are, and two of a kind have times of their own', async () => {
    const own = loose({ duration_s: 60 }).faults![0]!;
    const alone = await intervals(loose({ duration_s: 60 }));
    const other: FaultFile = { fault: 'channelOffset', target: 0, intermittent: { on_s: 0.3, off_s: 0.3 } };
    const unit = { model: '8T', chemistry: 'LiFe', consumption: 'none' } as const;
    expect(await intervals(loose({ duration_s: 60, bms: unit, faults: [other, own] }))).toEqual(alone);
    expect(await intervals(loose({ duration_s: 60, bms: unit, faults: [own, other] }))).toEqual(alone);
    const both = await intervals(loose({ duration_s: 60, faults: [own, own] }));
    expect(both).not.toEqual(alone);
  });

  it('ends with its time, and with its repair', async () => {
    const intermittent = { on_s: 1, off_s: 0.05 };
    const timed = await intervals(bench({ faults: [{ ...LOAD, intermittent, when: { time_s: 2 }, for_s: 6 }] }));
    expect(timed.length).toBeGreaterThan(1);
    expect(timed[0]![0]).toBe(2);
    expect(timed.at(-1)![1]).toBeLessThanOrEqual(8);
    const repaired = await intervals(bench({ faults: [{ ...LOAD, intermittent }], commands: [{ time_s: 9, do: 'repair', fault: 0 }] }));
    expect(repaired.at(-1)![1]).toBeLessThanOrEqual(9);
  });
});

describe('repair by command', () => {
  it.each([
    ['while it acts', { when: { time_s: 5 } }, 9, [[5, 9]]],
    ['before it begins: it never comes', { when: { time_s: 12 } }, 9, []],
    ['in the very tick in which it would begin', { when: { time_s: 9 } }, 9, []],
    ['after it has ended', { when: { time_s: 5 }, for_s: 1 }, 9, [[5, 6]]],
    ['of a condition that still holds: it stays repaired', { when: { channel: 'pack.current_A', above: -1 } }, 9, [[0, 9]]],
  ] as [string, Partial<FaultFile>, number, [number, number][]][])('%s', async (_, when, time_s, expected) => {
    expect(await intervals(bench({ faults: [{ ...LOAD, ...when }], commands: [{ time_s, do: 'repair', fault: 0 }] }))).toEqual(expected);
  });

  /** Every column that the scenario's faults may change: what it holds now and what it holds by nature. */
  function columns({ compiled: { kernel, scalars } }: Run): { now: number; nominal: number }[] {
    const { slots, slotCount } = scalars.effect;
    return Array.from({ length: slotCount }, (_, index) => {
      const row = slots / 8 + index * SLOT_ROW.length;
      return { now: kernel.f64[kernel.f64[row]! / 8]!, nominal: kernel.f64[row + 1]! };
    });
  }

  it.each(FAULT_NAMES.filter((name) => faultRow(name).ends !== 'impulse'))(
    '%s: its columns change, and come back to the bit',
    async (name) => {
      const { cells, pack, ...story } = scenarioOf(name, 'with', false);
      const slowly = story.tick_s! / 0.5;
      const fault = { ...story.faults![0]!, when: { time_s: 60 * slowly }, for_s: 1000 * slowly };
      const commands: CommandFile[] = [...(story.commands ?? []), { time_s: 100 * slowly, do: 'repair', fault: 0 }];
      const run = await openRun({ ...story, cells: cells!, pack, expect: [], measure: [], commands, faults: [fault] });
      const before = columns(run);
      expect(before.length).toBeGreaterThan(0);
      for (const { now, nominal } of before) expect(now).toBe(nominal);
      let changed = false;
      run.advance(2 * 60);
      while (run.tick < 2 * 80) {
        run.advance(run.tick + 1);
        changed ||= columns(run).some(({ now, nominal }) => now !== nominal);
      }
      expect(changed).toBe(true);
      run.advance(2 * 110);
      expect(columns(run)).toEqual(before);
    },
  );
});

describe('several faults on one column compose in the order of their declaration', () => {
  const offset: FaultFile = { fault: 'shuntOffset', severity: 1 };
  const open: FaultFile = { fault: 'openShuntSense' };
  const late = { when: { time_s: 5 } };
  it.each([
    ['offset, then open', [offset, open], 0],
    ['open, then offset', [open, offset], 1],
    ['open, then offset, whichever begins first', [{ ...open, ...late }, offset], 1],
    ['offset, then open, whichever begins first', [{ ...offset, ...late }, open], 0],
    ['two ratios', [{ fault: 'wrongShunt', severity: 2 }, { fault: 'reversedShunt' }], 60],
    ['the same twice', [offset, offset], -28],
    ['one of two has ended', [{ ...offset, for_s: 3 }, offset], -29],
  ] as [string, FaultFile[], number][])('%s', async (_, faults, expected) => {
    const run = await finishedRun(bench({ source: { constantCurrent_A: -30 }, faults }));
    expect(run.read('measured.current_A')).toBeCloseTo(expected, 9);
  });
});

describe('a command on a column under an effect', () => {
  const repair: CommandFile = { time_s: 12, do: 'repair', fault: 0 };
  it.each([
    [
      'an ambient',
      { fault: 'coldAmbient', severity: -10 },
      { set: 'ambient_degC', value: 31 },
      'cell.temperature_degC[0][0]',
      [25, -10, -10, 31],
    ],
    [
      'an offset',
      { fault: 'channelOffset', target: 3, severity: 0.1 },
      { set: 'bms.sensing.channels[3].offset_V', value: 0.02 },
      'measuredCell.voltage_V[3]',
      [3.3, 3.4, 3.42, 3.32],
    ],
    [
      'a gain',
      { fault: 'wrongShunt', severity: 2 },
      { set: 'bms.sensing.current.gain_ratio', value: 1.5 },
      'measured.current_A',
      [-10, -20, -30, -15],
    ],
    [
      'a load',
      { fault: 'loadSurge', target: 0, severity: 3, for_s: 100 },
      { set: 'source[0].constantCurrent_A', value: -20 },
      'pack.current_A',
      [-10, -30, -60, -20],
    ],
  ] as [string, FaultFile, { set: string; value: number }, string, number[]][])(
    'acts beneath it and stays after the repair: %s',
    async (_, fault, command, channel, expected) => {
      // prettier-ignore
      const run = await openRun(
      bench({ source: { constantCurrent_A: -10 }, faults: [{ ...fault, when: { time_s: 4 } }], commands: [{ time_s: 8, ...command }, repair] }),
    );
      const seen = [39, 75, 115, 195].map((tick) => {
        run.advance(tick);
        return run.read(channel);
      });
      expect(seen).toEqual(expected.map((value) => expect.closeTo(value, 9)));
    },
  );

  it('is obeyed by the protections: a moved threshold follows the menu, then the menu alone counts', async () => {
    const offset = (time_s: number, value: number): CommandFile => ({ time_s, set: 'bms.sensing.channels[2].offset_V', value });
    const trips = async (reading_V: number, time_s: number) => {
      const run = await finishedRun(
        bench({
          unit: { settings: { cutOffDelay_s: 1 } },
          faults: [{ fault: 'movedThreshold', severity: 0.3 }],
          commands: [
            { time_s: 3, set: 'bms.settings.overChargeProtectionVoltage_V', value: 3.6 },
            repair,
            offset(time_s, reading_V - 3.3),
            offset(time_s + 4, 0),
          ],
        }),
      );
      return eventsNamed(run, 'overCharge').length;
    };
    expect([await trips(3.89, 5), await trips(3.9, 5), await trips(3.59, 13), await trips(3.6, 13)]).toEqual([0, 1, 0, 1]);
  });
});

describe('a bad fault is refused by its path', () => {
  const source = [{ constantCurrent_A: -1 }, { charger: { current_A: 5, voltage_V: 60, endCurrent_A: 0 } }];
  it.each([
    [{ fault: 'openSenseWire', target: 17 }, {}, 'target', 'a wire: 0, 1, 2, 3, 4, 5, 6, 7, 8, 8b, 9, 10, 11, 12, 13, 14, 15, 16'],
    [{ fault: 'openSenseWire', target: '16b' }, {}, 'target', 'a wire: 0, 1, 2, 3, 4, 5, 6, 7, 8, 8b, 9, 10, 11, 12, 13, 14, 15, 16'],
    [{ fault: 'looseSenseWire', target: 0 }, {}, 'target', 'a wire: 1, 2, 3, 4, 5, 6, 7, 8, 8b, 9, 10, 11, 12, 13, 14, 15'],
    [{ fault: 'openSenseWire' }, {}, 'target', 'a wire: 0, 1, 2, 3, 4, 5, 6, 7, 8, 8b, 9, 10, 11, 12, 13, 14, 15, 16'],
    [{ fault: 'weldedContact', target: 'main' }, {}, 'target', '"charge" or "discharge"'],
    [{ fault: 'channelGain', target: 16 }, {}, 'target', 'a group from 0 to 15'],
    [{ fault: 'softShort', target: [3, 1] }, {}, 'target', 'a group from 0 to 15'],
    [{ fault: 'openParallelCell', target: [3, 0] }, {}, 'target', '[group, position] of a pack with cells in parallel'],
    [{ fault: 'looseBusbar', target: 0 }, {}, 'target', 'the group above the joint, from 1 to 15'],
    [{ fault: 'shiftedConnector', target: 2 }, {}, 'target', 'a connector from 0 to 1'],
    [{ fault: 'openSensor', target: 2 }, {}, 'target', '0 for T1 or 1 for T2'],
    [{ fault: 'chargerOverVoltage', target: 0 }, {}, 'target', 'the index of a charger in `source`'],
    [{ fault: 'leakyBus', target: 0 }, {}, 'target', 'the index of an inverter in `source`'],
    [{ fault: 'forgottenLoad', target: 3 }, {}, 'target', 'no target'],
    [{ fault: 'softShort', target: 3, severity: 1 }, {}, 'severity', 'a number from 10 to 1000000 (Ohm)'],
    [{ fault: 'openCoil', target: 'charge', severity: 1 }, {}, 'severity', 'left out: this fault has none'],
    [{ fault: 'weldedContact', target: 'charge' }, { bms: null }, 'fault', 'a scenario with a BMS'],
    [{ fault: 'channelGain', target: 0 }, { bms: null }, 'fault', 'a scenario with a BMS'],
    [{ fault: 'openSenseWire', target: 0 }, { harness: null }, 'fault', 'a scenario with a harness'],
    [{ fault: 'blownFuse' }, {}, 'fault', 'a pack with a main fuse'],
    [
      { fault: 'coldAmbient' },
      { ambientProfile: { time_s: [0, 1], temperature_degC: [1, 2] } },
      'fault',
      'ambient_degC in place of ambientProfile',
    ],
    [
      { fault: 'forgottenLoad', when: { channel: 'measured.current_A', above: 1 } },
      { bms: null },
      'when.channel',
      'channels that do not need a BMS',
    ],
    [{ fault: 'forgottenLoad', when: { channel: 'cell.soc[16][0]', above: 1 } }, {}, 'when.channel', 'cell.soc[0…15][0…0]'],
  ] as [FaultFile, Partial<ScenarioObject>, string, string][])('%j', async (fault, parts, path, allowed) => {
    // prettier-ignore
    const faults = [LOAD, fault];
    await expect(openRun({ ...bench({ source, faults }), ...parts })).rejects.toMatchObject({
      details: { path: `faults[1].${path}`, allowed },
    });
  });

  it.each([
    [{ ...LOAD, fault: 'nonsense' }, 'faults[0].fault'],
    [{ ...LOAD, when: { channel: 'pack.current_A', above: 1, below: 2 } }, 'faults[0].when'],
    [{ ...LOAD, for_s: -1 }, 'faults[0].for_s'],
    [{ ...LOAD, intermittent: { on_s: 0, off_s: 1 } }, 'faults[0].intermittent.on_s'],
  ])('%j', async (fault, path) => {
    const refused = await openRun(bench({ faults: [fault as FaultFile] })).catch(
      (error: unknown) => error as { details: { path: string } },
    );
    expect((refused as { details: { path: string } }).details.path.startsWith(path)).toBe(true);
  });

  it('a channel that is none is refused with what there is', async () => {
    await expect(openRun(bench({ faults: [{ ...LOAD, when: { channel: 'cell.mood[0][0]', above: 1 } }] }))).rejects.toMatchObject({
      details: { path: 'faults[0].when.channel', allowed: expect.stringContaining('cell.voltage_V') },
    });
  });

  it('to repair a fault that is not there is refused', async () => {
    await expect(openRun(bench({ faults: [LOAD], commands: [{ time_s: 1, do: 'repair', fault: 1 }] }))).rejects.toMatchObject({
      details: { path: 'commands[0].fault', allowed: 'the index of a fault in `faults`' },
    });
  });
});
