/**
 * Multimeter, clamp, thermometer and oscilloscope on a pack: what they show, what they refuse, and that they change nothing.
 */
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../engine/instruments.ts';
import { constantCell, finishedRun, flatOcv, openRun, outcomeOf, type ScenarioObject } from '../scenarios.ts';
import { bench, type FaultFile, type MeasureFile, STIFF } from './bench.ts';

const at = (time_s: number, instrument: 'volts' | 'ohms', from: string, to: string): MeasureFile => ({
  time_s,
  instrument,
  between: [from, to],
});

async function measured(scenario: ScenarioObject): Promise<Measurement[]> {
  return (await (await finishedRun(scenario)).result()).measurements;
}

/** What single measurements at 10 s show on a bench with leads. */
async function values(measure: MeasureFile[], parts: Parameters<typeof bench>[0] = {}): Promise<(number | null)[]> {
  const harness = { wire_Ohm: 0.06, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 2.75 };
  return (await measured(bench({ harness, duration_s: 12, ...parts, measure }))).map(({ value }) => value);
}

describe('volts', () => {
  const cell = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(3.3), seriesResistance_Ohm: 0.001 });
  const pack = { link_Ohm: 0.0005 };
  const source = { constantCurrent_A: -20 };
  // Under 20 A a cell holds 3.28 V and a link drops 10 mV; the lowest group has none below it.
  it.each([
    ['tap 4', 'tap 5', 3.27],
    ['tap 5', 'tap 4', 3.27],
    ['tap 0', 'tap 16', 16 * 3.27 + 0.01],
    ['cell 4 +', 'cell 4 -', 3.28],
    ['cell 4 +', 'tap 5', 0],
    ['cell 4 -', 'tap 4', 0.01],
    ['cell 3 +', 'cell 4 -', 0.01],
    ['pack +', 'pack -', 16 * 3.27 + 0.01],
    ['pack +', 'tap 16', 0],
    ['bus +', 'bus -', 16 * 3.27 + 0.01],
    ['bus +', 'pack +', 0],
    ['shunt +', 'shunt -', (20 * 0.075) / 600],
    ['coil charge +', 'coil charge -', 12],
    ['pin 1.5', 'pin 1.6', 3.27],
    ['pin 1.9', 'pin 2.1', 0],
    ['pin 2.1', 'pin 2.2', 3.27],
  ])('between %s and %s: %d V', async (from, to, expected) => {
    const [value] = await values([at(10, 'volts', from, to)], { cell, pack, source });
    expect(value).toBeCloseTo(expected, 5);
  });

  it('behind an open wire shows what the board has, and at the tap what the cell has', async () => {
    const faults: FaultFile[] = [{ fault: 'swappedSenseWires', target: 4 }];
    const [tap, low, middle, high] = await values(
      [
        at(10, 'volts', 'tap 4', 'tap 5'),
        at(10, 'volts', 'pin 1.4', 'pin 1.5'),
        at(10, 'volts', 'pin 1.5', 'pin 1.6'),
        at(10, 'volts', 'pin 1.6', 'pin 1.7'),
      ],
      { faults },
    );
    expect([tap, low, middle, high].map((value) => Math.round(value! * 100) / 100)).toEqual([3.3, 6.6, 3.3, 6.6]);
  });

  it('tells the truth where the display does not', async () => {
    const faults: FaultFile[] = [{ fault: 'channelOffset', target: 4, severity: 0.1 }];
    const run = await finishedRun(bench({ faults, measure: [at(10, 'volts', 'pin 1.5', 'pin 1.6')] }));
    expect((await run.result()).measurements[0]!.value).toBeCloseTo(3.3, 6);
    expect(run.read('measuredCell.voltage_V[4]')).toBeCloseTo(3.4, 9);
  });
});

describe('ohms at a balance port with the battery off', () => {
  it.each([
    ['healthy', [], 100_200],
    ['a leak of 1 kOhm behind the 100 Ohm', [{ fault: 'channelLeak', target: 4, severity: 1000 }], 200 + 1 / (1e-5 + 1e-3)],
    ['a bleed stuck at 10 Ohm', [{ fault: 'bleedStuckOn', target: 4, severity: 10 }], 1 / (0.1 + 1 / 100_200)],
    ['a leak at another port', [{ fault: 'channelLeak', target: 5, severity: 1000 }], 100_200],
    ['an open wire, which is not on the board', [{ fault: 'openSenseWire', target: 4 }], 100_200],
  ] as [string, FaultFile[], number][])('%s', async (_, faults, expected) => {
    const [value] = await values([at(10, 'ohms', 'pin 1.5', 'pin 1.6')], { faults });
    expect(value! / expected).toBeCloseTo(1, 6);
  });

  it('over several ports adds them, between tied pins shows nothing, and to a tap no connection', async () => {
    const shown = await values([
      at(10, 'ohms', 'pin 1.1', 'pin 1.3'),
      at(10, 'ohms', 'pin 1.9', 'pin 2.1'),
      at(10, 'ohms', 'pin 1.1', 'tap 1'),
      at(10, 'ohms', 'coil charge +', 'coil discharge -'),
    ]);
    expect(shown[0]! / 200_200).toBeCloseTo(1, 6);
    expect(shown.slice(1)).toEqual([0, null, null]);
  });
});

describe('the clamp', () => {
  const stepping = [
    { constantCurrent_A: -30, until_s: 15 },
    { constantCurrent_A: 10, from_s: 15 },
  ];
  const clamp = (more: object): MeasureFile => ({ time_s: 10, instrument: 'clamp', ...more });

  it.each([
    [{}, -30],
    [{ around: 'discharge' }, -30],
    [{ around: 'charge' }, 0],
    [{ for_s: 10 }, -10],
    [{ for_s: 10, around: 'charge' }, 5],
    [{ for_s: 10, reads: 'rms' }, Math.sqrt((900 + 100) / 2)],
  ])('%j shows %d A', async (more, expected) => {
    const [{ value, unit }] = (await measured(bench({ duration_s: 25, source: stepping, measure: [clamp(more)] }))) as [Measurement];
    expect(value).toBeCloseTo(expected, 9);
    expect(unit).toBe('A');
  });

  it.each([
    ['separatePorts', 'charge', 0],
    ['separatePorts', 'discharge', Math.sqrt(1.5)],
    ['commonPort', 'charge', Math.sqrt(1.5)],
  ] as const)('around a relay sees the ripple that passes it: %s, %s', async (topology, around, expected) => {
    const source = { inverter: { outputPower_W: 528, efficiency_ratio: 1, ripple_ratio: 1 } };
    const [{ value }] = (await measured(bench({ source, unit: { topology }, measure: [clamp({ around, reads: 'rms' })] }))) as [
      Measurement,
    ];
    expect(value! / 10).toBeCloseTo(expected, 9);
  });
});

describe('thermometer and oscilloscope', () => {
  it('measure every place', async () => {
    const places = ['ambient', 'cell 0', 'cell 3', 'cell 15.1', 'case', 'relay charge', 'relay discharge'];
    const shown = await measured(
      bench({
        duration_s: 1000,
        tick_s: 1,
        ambient_degC: 10,
        thermal: { heatCapacity_J_per_K: 1000, toAmbient_W_per_K: 0.5, initialTemperature_degC: 40 },
        pack: { parallel: 2, tab_Ohm: 0.001 },
        unit: { relays: { rating_A: 100 } },
        measure: places.map((place) => ({ time_s: 992, instrument: 'thermometer' as const, at: place })),
      }),
    );
    expect(shown.map((one) => one.at)).toEqual(places);
    const [ambient, cell0, cell3, cell15, inCase, charge, discharge] = shown.map(({ value }) => value!);
    expect(ambient).toBe(10);
    expect(cell0).toBeCloseTo(10 + 30 * Math.exp(-0.496), 9);
    expect([cell3, cell15]).toEqual([cell0, cell0]);
    expect(inCase).toBe(10);
    expect(charge).toBeCloseTo(10 + (9.3 / 0.35) * -Math.expm1((-0.35 * 992) / 250), 9);
    expect(discharge).toBe(charge);
  });

  it.each([
    ['minimum', -30],
    ['maximum', 10],
    ['peakToPeak', 40],
    ['mean', (51 * -30 + 50 * 10) / 101],
  ] as const)('the oscilloscope shows the %s of a channel', async (reads, expected) => {
    const source = [
      { constantCurrent_A: -30, until_s: 15 },
      { constantCurrent_A: 10, from_s: 15 },
    ];
    const measure = [{ time_s: 10, instrument: 'oscilloscope' as const, channel: 'pack.current_A', for_s: 10, reads }];
    const [{ value }] = (await measured(bench({ duration_s: 25, source, measure }))) as [Measurement];
    expect(value).toBeCloseTo(expected, 9);
  });

  it('show nothing where the run does not get', async () => {
    const [{ value }] = (await measured(bench({ measure: [at(100, 'volts', 'tap 0', 'tap 1')] }))) as [Measurement];
    expect(value).toBeNull();
  });
});

describe('a wrong point is refused by its path, with what is allowed', () => {
  const bare = { bms: null };
  it.each([
    [at(1, 'volts', 'tap 17', 'tap 0'), {}, 'measure[0].between[0]', 'tap 0 to tap 16'],
    [at(1, 'volts', 'tap 0', 'cell 16 +'), {}, 'measure[0].between[1]', 'cell 0 to cell 15'],
    [at(1, 'ohms', 'pin 3.1', 'pin 1.1'), {}, 'measure[0].between[0]', 'a pin of a connector that is there'],
    [at(1, 'ohms', 'pin 1.0', 'pin 1.1'), {}, 'measure[0].between[0]', 'a pin of a connector that is there'],
    [at(1, 'volts', 'pin 1.1', 'pin 1.2'), { harness: null }, 'measure[0].between[0]', 'a pin of a connector that is there'],
    [at(1, 'volts', 'coil charge +', 'pack -'), bare, 'measure[0].between[0]', 'points of the plant: there is no BMS'],
    [
      at(1, 'volts', 'pack', 'pack -'),
      {},
      'measure[0].between[0]',
      'tap N, pin C.P, cell N + or -, coil charge|discharge + or -, shunt, bus or pack + or -',
    ],
    [
      { time_s: 1, instrument: 'thermometer', at: 'cell 16' },
      {},
      'measure[0].at',
      'ambient, cell N, cell N.P, and with a BMS: case, relay charge, relay discharge',
    ],
    [
      { time_s: 1, instrument: 'thermometer', at: 'case' },
      bare,
      'measure[0].at',
      'ambient, cell N, cell N.P, and with a BMS: case, relay charge, relay discharge',
    ],
    [
      { time_s: 1, instrument: 'oscilloscope', channel: 'measured.current_A', for_s: 1 },
      bare,
      'measure[0].channel',
      'channels that do not need a BMS',
    ],
    [
      { time_s: 1, instrument: 'oscilloscope', channel: 'cell.voltage_V[16][0]', for_s: 1 },
      {},
      'measure[0].channel',
      'cell.voltage_V[0…15][0…0]',
    ],
  ] as [MeasureFile, Partial<ScenarioObject>, string, string][])('%j', async (measure, parts, path, allowed) => {
    // prettier-ignore
    await expect(openRun({ ...bench({ measure: [measure] }), ...parts })).rejects.toMatchObject({ details: { path, allowed } });
  });
});

describe('measuring changes nothing and depends on nothing', () => {
  const source = [{ csv: 'p.csv', column: 'power_W', interpolation: 'linear' as const }];
  const files = { 'p.csv': 'time_s,power_W\n0,0\n7,-900\n13,400\n20,-100\n' };
  const measure: MeasureFile[] = [
    at(0, 'volts', 'pack +', 'pack -'),
    at(7.3, 'volts', 'tap 1', 'pin 1.3'),
    { time_s: 3, instrument: 'clamp', reads: 'rms', for_s: 9 },
    { time_s: 2.05, instrument: 'oscilloscope', channel: 'measured.current_A', for_s: 15 },
    { time_s: 20, instrument: 'thermometer', at: 'relay discharge' },
  ];
  const scenario = (own: MeasureFile[] = measure) =>
    bench({
      cell: { ...STIFF, seriesResistance_Ohm: 0.002 },
      harness: { wire_Ohm: 0.06, bleed_Ohm: 2.75 },
      source,
      measure: own,
      unit: { consumption: 'vendor' },
    });

  it('the run has the same state with and without instruments', async () => {
    const [looked, blind] = [await finishedRun(scenario(), { files }), await finishedRun(scenario([]), { files })];
    expect((await outcomeOf(looked)).state).toBe((await outcomeOf(blind)).state);
  });

  it('slices, snapshots and both kernels give the same measurements', async () => {
    const expected = (await (await finishedRun(scenario(), { files })).result()).measurements;
    expect(expected.every(({ value }) => value !== null)).toBe(true);
    for (const slice of [1, 7, 64]) {
      let run = await openRun(scenario(), { files });
      while (run.status === 'running') {
        run.advance(run.tick + slice);
        if (run.status !== 'running' || slice === 1) continue;
        const snapshot = await run.snapshot();
        run = await openRun(scenario(), { files });
        await run.restore(snapshot);
      }
      expect((await run.result()).measurements).toEqual(expected);
    }
    expect((await (await finishedRun(scenario(), { files, kernel: 'scalar' })).result()).measurements).toEqual(expected);
  });
});

describe('expect on a measurement', () => {
  const judged = async (limits: object, time_s = 10) => {
    const run = await finishedRun(bench({ measure: [at(time_s, 'volts', 'tap 4', 'tap 5')], expect: [{ measurement: 0, ...limits }] }));
    return (await run.result()).expectations[0]!.status;
  };
  it.each([
    [{ atLeast: 3.29, atMost: 3.31 }, 10, 'pass'],
    [{ atLeast: 3.31 }, 10, 'fail'],
    [{ atMost: 3.29 }, 10, 'fail'],
    [{ atMost: 4 }, 100, 'fail'],
  ])('%j at %d s: %s', async (limits, time_s, expected) => {
    expect(await judged(limits, time_s)).toBe(expected);
  });

  it('of a measurement that is not there is refused', async () => {
    await expect(openRun(bench({ measure: [at(1, 'volts', 'tap 0', 'tap 1')], expect: [{ measurement: 1 }] }))).rejects.toMatchObject({
      details: { path: 'expect[0].measurement', value: 1, allowed: 'a measurement from 0 to 0' },
    });
  });
});
