/**
 * Relations that hold for every fault: none where it has no size, no time or comes too late; order is no matter; truth is not belief;
 * a run with faults can be put away at any tick; and whatever two or three of them do, nothing comes from nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL_NAMES, channelNames, type ChannelRow, CHANNELS } from '../../domain/channels.ts';
import { faultRow, type Severity } from '../../domain/faults/catalogue.ts';
import { FAULT_NAMES, type FaultName } from '../../domain/faults/titles.ts';
import { SLOT_ROW } from '../../domain/memoryEffects.ts';
import { stateBytes } from '../../engine/result.ts';
import type { Run } from '../../engine/run.ts';
import { lineWrites } from '../../engine/serial/line.ts';
import { energyBook } from '../plant/energyBook.ts';
import { constantCell, eventsNamed, finishedRun, openRun, outcomeOf, type ScenarioObject } from '../scenarios.ts';
import { BUSY_FILES, BUSY_PACK } from './busyPack.ts';
import { randomPack } from './randomPack.ts';

type FaultFile = NonNullable<ScenarioObject['faults']>[number];

/** A target for a fault on a pack with so many groups and these sources; undefined where there is none. */
function targetOf(name: FaultName, series: number, place: number): FaultFile['target'] | null {
  switch (faultRow(name).target) {
    case 'wire':
      return place % (series + 1);
    case 'innerWire':
      return series < 3 ? null : 1 + (place % (series - 2));
    case 'endWire':
      return place % 2 === 0 ? 'negative' : 'positive';
    case 'joint':
      return series < 2 ? null : 1 + (place % (series - 1));
    case 'connector':
      return 0;
    case 'cell':
    case 'channel':
      return place % series;
    case 'relay':
      return place % 2 === 0 ? 'charge' : 'discharge';
    case 'sensor':
      return place % 2;
    case 'charger':
    case 'load':
    case 'inverter':
    case 'parallelCell':
      return null;
    case 'none':
      return undefined;
  }
}

function faultOn(name: FaultName, target: FaultFile['target'] | null, more: Partial<FaultFile> = {}): FaultFile {
  return { fault: name, ...(target === undefined || target === null ? {} : { target }), ...more };
}

/** Every fault that the busy pack can have, with its target. Its charger is source 0, its load source 1. */
const ON_BUSY: [FaultName, FaultFile['target']][] = FAULT_NAMES.flatMap((name): [FaultName, FaultFile['target']][] => {
  const kind = faultRow(name).target;
  if (kind === 'charger') return [[name, 0]];
  if (kind === 'load') return [[name, 1]];
  const target = targetOf(name, 5, 2);
  return target === null || name === 'blownFuse' ? [] : [[name, target]];
});

const withFaults = (faults: FaultFile[], parts: Partial<ScenarioObject> = {}): ScenarioObject => ({
  ...BUSY_PACK,
  expect: [],
  ...parts,
  faults,
});

/** All outputs of a run but the faults' own rows: every channel at every tick, what COM3 brings every second, events and indicators. */
async function outputsOf(
  scenario: ScenarioObject,
): Promise<{ trace: Float64Array; line: string; events: unknown[]; indicators: Record<string, number> }> {
  const run = await openRun(scenario, BUSY_FILES);
  const { pack, bms } = run.loaded.scenario;
  const fitted = CHANNEL_NAMES.filter((name) => {
    const row: ChannelRow = CHANNELS[name];
    return row.needs !== 'fuse' && (row.needs !== 'unit' || bms !== null);
  });
  const channels = fitted.flatMap((name) => channelNames(name, pack)).map((name) => run.channel(name));
  const trace = new Float64Array(channels.length * (run.ticks + 1));
  let at = 0;
  const writes: string[] = [];
  const look = () => {
    for (const channel of channels) trace[at++] = run.value(channel);
    if (bms !== null && Number.isInteger(run.time_s)) writes.push(...lineWrites(run, run.time_s).map(({ bytes }) => bytes.join()));
  };
  look();
  while (run.status === 'running') {
    run.advance(run.tick + 1);
    look();
  }
  const { events, indicators } = await run.result();
  const others = events.filter(({ code }) => code !== 'fault');
  return { trace, line: writes.join('\n'), events: others, indicators: { ...indicators, events_count: others.length } };
}

const asBytes = (trace: Float64Array) => Buffer.from(trace.buffer);

describe('a fault that is none leaves everything as it was, to the bit', () => {
  const plain = outputsOf(withFaults([]));
  const same = async (faults: FaultFile[]) => {
    const [found, expected] = [await outputsOf(withFaults(faults)), await plain];
    expect(asBytes(found.trace).equals(asBytes(expected.trace))).toBe(true);
    expect(found.line).toBe(expected.line);
    expect(found.events).toEqual(expected.events);
    expect(found.indicators).toEqual(expected.indicators);
  };

  it.each([
    ['wrongShunt', 1],
    ['shuntOffset', 0],
    ['longShuntCable', 0],
    ['channelGain', 1],
    ['channelOffset', 0],
    ['referenceDrift', 0],
    ['lostSamples', 0],
    ['wrongSensorType', 1],
    ['capacityMismatch', 1],
    ['capacityLoss', 1],
    ['highImpedance', 1],
    ['blockedCooling', 1],
    ['poorlyCooledCase', 1],
    ['wrongOcvTable', 0],
    ['chargerOverVoltage', 0],
    ['chargerOverCurrent', 0],
    ['loadSurge', 1],
    ['supplyDip', 1],
    ['movedThreshold', 0],
    ['coilSupplySag', 12],
    ['slowRelay', 0.5],
    ['bouncingRelay', 0],
  ] as [FaultName, number][])('%s of severity %d', async (name, severity) => {
    await same([faultOn(name, ON_BUSY.find(([one]) => one === name)![1], { severity, when: { time_s: 30 } })]);
  });

  it.each(ON_BUSY)('%s on %s for no time', async (name, target) => {
    await same([faultOn(name, target, { when: { time_s: 60 }, for_s: 0 })]);
  });

  it('all of them after the end, and on conditions that are never met', async () => {
    const late = ON_BUSY.map(([name, target]) => faultOn(name, target, { when: { time_s: 501 } }));
    const never = ON_BUSY.map(([name, target]) => faultOn(name, target, { when: { channel: 'cell.voltage_V[0][0]', above: 9 } }));
    await same([...late, ...never]);
  });

  it('each of them, given time and size, is seen in some output', async () => {
    const blind: FaultName[] = [];
    for (const [name, target] of ON_BUSY) {
      const { trace, line } = await outputsOf(
        withFaults([faultOn(name, target, { when: { time_s: 60 }, ...(faultRow(name).ends === 'impulse' ? {} : { for_s: 300 }) })]),
      );
      const unseen = await plain;
      if (asBytes(trace).equals(asBytes(unseen.trace)) && line === unseen.line) blind.push(name);
    }
    // What this pack gives no occasion: a bounce of a tick, 50 A, a calibration of SOC, a smart charger, a current through a sleeping unit, an update.
    const NO_OCCASION = [
      'wrongBleed',
      'bouncingRelay',
      'weakContact',
      'currentSaturation',
      'wrongOcvTable',
      'chargerIgnoresStop',
      'blindSleep',
      'silentCharger',
      'brokenUsbCable',
      'mislabelledFirmware',
      'wrongComPort',
      'noisyUsbLink',
    ];
    expect(blind).toEqual(NO_OCCASION);
  });
});

describe('two faults on independent parts commute in the order of their declaration, to the bit', () => {
  const pairs: [FaultName, FaultName][] = [
    ['channelOffset', 'openSensor'],
    ['looseSenseWire', 'highImpedance'],
    ['wrongShunt', 'softShort'],
    ['agedContact', 'forgottenLoad'],
    ['capacityLoss', 'noisyFrontEnd'],
    ['lostSamples', 'looseBusbar'],
    ['bleedStuckOn', 'supplyDip'],
    ['counterJump', 'corrodedSenseWire'],
  ];
  it.each(pairs)('%s and %s', async (one, other) => {
    const target = (name: FaultName) => ON_BUSY.find(([found]) => found === name)![1];
    const a = faultOn(one, target(one), {
      when: { time_s: 40 },
      ...(one === 'looseSenseWire' ? { intermittent: { on_s: 2, off_s: 3 } } : {}),
    });
    const b = faultOn(other, target(other), { when: { time_s: 40 } });
    const [forth, back] = [await outputsOf(withFaults([a, b])), await outputsOf(withFaults([b, a]))];
    expect(asBytes(forth.trace).equals(asBytes(back.trace))).toBe(true);
    expect(forth.events).toEqual(back.events);
    expect(forth.indicators).toEqual(back.indicators);
  });
});

describe('worse is not later', () => {
  const discharging = (faults: FaultFile[], settings: object = {}): ScenarioObject => ({
    cell: constantCell({
      capacity_Ah: 2,
      ocv: { soc: [0, 0.2, 1], voltage_V: [2.4, 3.2, 3.4] },
      rc: [{ resistance_Ohm: 0.01, timeConstant_s: 20 }],
    }),
    tick_s: 1,
    duration_s: 4000,
    thermal: null,
    pack: { series: 4, initialSoc: 0.9 },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      consumption: 'none',
      settings: { batteryCapacity_Ah: 2, lowSoc_fraction: 0, cellDifference_V: 1, ...settings },
    },
    source: { constantCurrent_A: -2 },
    faults,
  });
  const tripOf = async (scenario: ScenarioObject) => eventsNamed(await finishedRun(scenario), 'overDischarge')[0]?.time_s ?? Infinity;

  it.each([
    ['selfDischarge', [0.01, 0.1, 0.3, 1, 3]],
    ['softShort', [1000, 100, 30, 10]],
    ['hardShort', [1, 0.5, 0.2]],
    ['highImpedance', [1, 2, 5, 10, 20]],
    ['capacityLoss', [1, 0.9, 0.7, 0.4, 0.2]],
    ['capacityMismatch', [1.2, 1, 0.8, 0.5]],
    ['looseBusbar', [1e-4, 1e-3, 1e-2, 5e-2, 0.1]],
    ['bleedStuckOn', [1000, 100, 10, 2]],
    ['forgottenLoad', [0.001, 0.1, 0.5, 2]],
  ] as [FaultName, number[]][])('more %s: over discharge comes earlier or at the same time', async (name, severities) => {
    const times: number[] = [];
    for (const severity of severities) times.push(await tripOf(discharging([faultOn(name, targetOf(name, 4, 1), { severity })])));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times.at(-1)).toBeLessThan(times[0]!);
  });

  it('a tighter limit trips not later, whatever is broken', async () => {
    for (const faults of [[], [faultOn('highImpedance', 1)], [faultOn('softShort', 1, { severity: 10 })]]) {
      const times: number[] = [];
      for (const overDischargeProtectionVoltage_V of [2.5, 2.6, 2.7, 2.75])
        times.push(await tripOf(discharging(faults, { overDischargeProtectionVoltage_V })));
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }
  });
});

describe('faults of the measurement alone never alter truth until an order or the consumption differs', () => {
  const NAMES = [
    'channelGain', 'channelOffset', 'referenceDrift', 'stuckChannel', 'deadChannel', 'wrongChannel', 'silentFrontEnd', 'lostSamples', 'registerDefault', 'noisyFrontEnd',
    'wrongShunt', 'shuntOffset', 'longShuntCable', 'reversedShunt', 'openShuntSense', 'currentSaturation', 'frozenCurrent', 'counterJump',
    'openSensor', 'shortedSensor', 'detachedSensor', 'wrongSensorType', 'wrongOcvTable', 'lostSoc',
  ] as const; // prettier-ignore

  const orders = ({ compiled: { structures, groups, scalars } }: Run) =>
    JSON.stringify([
      structures.relay.map(({ order }) => order),
      [0, 1, 2, 3, 4].map((group) => groups.bleedOrder.get(group)),
      scalars.unit.current_A,
    ]);

  it.each(NAMES)('%s', async (name) => {
    const target = ON_BUSY.find(([one]) => one === name)![1];
    const impulse = faultRow(name).ends === 'impulse';
    const sick = await openRun(
      withFaults([faultOn(name, target, { when: { time_s: 40 }, ...(impulse ? {} : { for_s: 400 }) })]),
      BUSY_FILES,
    );
    const well = await openRun(withFaults([]), BUSY_FILES);
    const truths = CHANNEL_NAMES.filter(
      (channel) => CHANNELS[channel].world === 'truth' && !('needs' in CHANNELS[channel] && CHANNELS[channel].needs === 'fuse'),
    );
    const channels = truths.flatMap((channel) => channelNames(channel, sick.loaded.scenario.pack)).map((channel) => sick.channel(channel));
    let alike = 0;
    while (sick.status === 'running' && orders(sick) === orders(well)) {
      sick.advance(sick.tick + 1);
      well.advance(well.tick + 1);
      alike++;
      for (const channel of channels)
        if (!Object.is(sick.value(channel), well.value(channel))) throw new Error(`${channel.name} at ${sick.time_s} s`);
    }
    expect(alike).toBeGreaterThan(80);
  });
});

/** The busy pack with faults that wait, act, come and go, and have ended, at any time of a shorter run. */
const TROUBLED = withFaults(
  [
    { fault: 'looseSenseWire', target: 3, intermittent: { on_s: 2, off_s: 3 } },
    { fault: 'wrongShunt', severity: 0.8, when: { time_s: 20 }, for_s: 60 },
    { fault: 'agedContact', target: 'discharge', severity: 0.01, when: { channel: 'cell.voltage_V[3][0]', above: 3.55, for_s: 5 } },
    { fault: 'heavyCoil', severity: 1.5, when: { time_s: 100 }, for_s: 10 },
    { fault: 'hardShort', target: 1, severity: 0.5, when: { time_s: 70 }, for_s: 15 },
    { fault: 'capacityLoss', target: 2, severity: 0.8, when: { time_s: 30 }, for_s: 70 },
    { fault: 'supplyDip', when: { time_s: 120 } },
    { fault: 'noisyFrontEnd', severity: 0.003, when: { time_s: 5 } },
    { fault: 'bleedStuckOn', target: 0, when: { time_s: 50 }, intermittent: { on_s: 5, off_s: 4 } },
  ],
  {
    duration_s: 150,
    commands: [
      { time_s: 60, do: 'repair', fault: 0 },
      { time_s: 90, set: 'bms.sensing.current.gain_ratio', value: 0.9 },
      { time_s: 95, do: 'calibrateCurrent' },
      { time_s: 96, do: 'calibrateChannel' },
    ],
    harness: { wire_Ohm: 0.05, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 2.75 },
  },
);

describe('a troubled run', () => {
  it('taken up again at every tick ends in the same bytes, events and verdicts', async () => {
    const expected = await outcomeOf(await finishedRun(TROUBLED, BUSY_FILES));
    expect(eventsNamed(await finishedRun(TROUBLED, BUSY_FILES), 'fault')).toHaveLength(9);
    const source = await openRun(TROUBLED, BUSY_FILES);
    const target = await openRun(TROUBLED, BUSY_FILES);
    for (let tick = 0; tick <= source.ticks; tick++) {
      source.advance(tick);
      await target.restore(await source.snapshot());
      target.advance();
      const outcome = await outcomeOf(target);
      if (outcome.state !== expected.state || outcome.resultHash !== expected.resultHash) throw new Error(`taken up at tick ${tick}`);
    }
  });

  it('has the same bytes in both builds of the kernel, after every tick', async () => {
    const [simd, scalar] = [await openRun(TROUBLED, BUSY_FILES), await openRun(TROUBLED, { ...BUSY_FILES, kernel: 'scalar' })];
    for (let tick = 0; tick <= simd.ticks; tick++) {
      simd.advance(tick);
      scalar.advance(tick);
      if (Buffer.compare(stateBytes(scalar.compiled), stateBytes(simd.compiled)) !== 0) throw new Error(`tick ${tick}`);
    }
  });
});

const EPSILON = 2.2e-16;

/** Kirchhoff's current law at every node of the board: what is missing over what relation 2 allows; read where the pins were just solved. */
function worstNode({ compiled: { scalars, structures, groups } }: Run, series: number): number {
  const { harness, unit } = scalars;
  const quiet = harness.paused_s > 0;
  const nodes = quiet ? structures.quietNode : structures.bleedingNode;
  const tapV = (tap: number) => structures.tap[tap]!.voltage_V;
  const deviation = (tap: number, converter: 0 | 1) => nodes[2 * tap + converter]!.deviation_V;
  let worst = 0;
  const balance = (currents: number[], conductance: number, volts: number) => {
    const sum = currents.reduce((all, current) => all + current, 0);
    const largest = Math.max(...currents.map(Math.abs));
    worst = Math.max(worst, Math.abs(sum) / (1e-12 * largest + 4 * EPSILON * volts * conductance + 1e-15));
  };
  for (let tap = 0; tap <= series; tap++) {
    const currents = [harness.pinConductance_S * (deviation(tap, 1) - deviation(tap, 0))];
    const conductances = [harness.pinConductance_S];
    for (const pin of structures.pin.slice(0, harness.pinCount)) {
      if (pin.node !== tap || pin.tap < 0) continue;
      const lead = 1 / Math.max(pin.resistance_Ohm, 1e-7);
      currents.push(lead * (tapV(pin.tap) - tapV(tap) - deviation(tap, 0)));
      conductances.push(lead);
    }
    const inputs = [harness.pinConductance_S * (deviation(tap, 0) - deviation(tap, 1))];
    const inputConductances = [harness.pinConductance_S];
    for (const [group, sign] of [
      [tap - 1, -1],
      [tap, 1],
    ] as const) {
      // prettier-ignore
      if (group < 0 || group >= series) continue;
      const across = (converter: 0 | 1) => groups.tapVoltage_V.get(group) + deviation(group + 1, converter) - deviation(group, converter);
      const bleed = quiet ? groups.bleedStuck_S.get(group) : groups.bleed_S.get(group);
      const input = harness.inputConductance_S + groups.inputLeak_S.get(group);
      currents.push(sign * bleed * across(0));
      conductances.push(bleed);
      inputs.push(sign * input * across(1));
      inputConductances.push(input);
    }
    const supply = harness.supplyOnEndWires !== 0 ? unit.current_A : 0;
    if (tap === 0) currents.push(supply);
    if (tap === series) currents.push(-supply);
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
    balance(currents, sum(conductances), Math.abs(tapV(series)));
    balance(inputs, sum(inputConductances), Math.abs(tapV(series)));
  }
  return worst;
}

/** Current of every group against pack, consumption and what its leads draw; charge of every cell against its current. */
class CellBooks {
  private soc: number[];
  worst = 0;

  constructor(
    private readonly run: Run,
    private readonly series: number,
    private readonly parallel: number,
  ) {
    this.soc = this.held();
  }

  private held(): number[] {
    const { soc } = this.run.compiled.cells;
    return this.each((group, position) => soc.get(group, position));
  }

  private each<T>(make: (group: number, position: number) => T): T[] {
    return Array.from({ length: this.series * this.parallel }, (_, index) => make(index % this.series, Math.floor(index / this.series)));
  }

  addTick(tick_s: number, struck: boolean): void {
    const { cells, groups, scalars } = this.run.compiled;
    const before = this.soc;
    this.soc = this.held();
    for (let group = 0; group < this.series; group++) {
      const own = Array.from({ length: this.parallel }, (_, position) => cells.current_A.get(group, position));
      const terms = [...own, -scalars.pack.current_A, scalars.pack.consumption_A, groups.draw_A.get(group)];
      const missing = Math.abs(terms.reduce((sum, value) => sum + value, 0));
      const most = Math.max(...terms.map(Math.abs));
      this.worst = Math.max(this.worst, missing / (1e-12 * most + 1e-15));
    }
    if (struck) return;
    this.each((group, position) => {
      const index = position * this.series + group;
      const current = cells.current_A.get(group, position);
      const stored =
        ((current > 0 ? cells.efficiency_ratio.get(group, position) : 1) * current - cells.leak_A.get(group, position) * before[index]!) *
        tick_s;
      const found = 3600 * cells.capacity_Ah.get(group, position) * (this.soc[index]! - before[index]!);
      // A tick's own rounding: SOC is a number near 1, its rest is carried on.
      const least = 4 * EPSILON * 3600 * cells.capacity_Ah.get(group, position) * Math.max(1, Math.abs(before[index]!));
      this.worst = Math.max(this.worst, Math.abs(found - stored) / (1e-12 * Math.abs(stored) + least));
    });
  }
}

function nominalColumns({ compiled: { kernel, scalars } }: Run): boolean {
  const { slots, slotCount } = scalars.effect;
  return Array.from({ length: slotCount }, (_, index) => slots / 8 + index * SLOT_ROW.length).every(
    (row) => kernel.f64[kernel.f64[row]! / 8] === kernel.f64[row + 1],
  );
}

interface Trouble {
  name: FaultName;
  place: number;
  size: number;
  from: number;
  ticks: number;
  comesAndGoes: boolean;
}

/** Any fault that does not need a fuse or equipment of its kind, with any severity of its range. */
const trouble: fc.Arbitrary<Trouble> = fc.record({
  name: fc.constantFrom(...FAULT_NAMES.filter((name) => targetOf(name, 3, 0) !== null && name !== 'blownFuse')),
  place: fc.nat(1000),
  size: fc.double({ min: 0, max: 1, noNaN: true }),
  from: fc.integer({ min: 0, max: 150 }),
  ticks: fc.integer({ min: 1, max: 120 }),
  comesAndGoes: fc.boolean(),
});

/** From the least severity by its default to the largest. */
function severityAt({ min, max, default: usual }: Severity, size: number): number {
  return size < 0.5 ? min + 2 * size * (usual - min) : usual + (2 * size - 1) * (max - usual);
}

function faultOf({ name, place, size, from, ticks, comesAndGoes }: Trouble, series: number, tick_s: number): FaultFile[] {
  const target = targetOf(name, series, place);
  const row = faultRow(name);
  if (target === null) return [];
  const { severity } = row;
  const chosen = severity === undefined ? {} : { severity: severityAt(severity, size) };
  const times = { when: { time_s: from * tick_s }, ...(row.ends === 'impulse' ? {} : { for_s: ticks * tick_s }) };
  return [
    faultOn(name, target, { ...chosen, ...times, ...(comesAndGoes ? { intermittent: { on_s: 7 * tick_s, off_s: 5 * tick_s } } : {}) }),
  ];
}

describe('two and three faults at a time, by chance, on packs by chance', () => {
  it.each([2, 3])(
    '%d of them: finite, Kirchhoff at every node and tap, books closed, repaired to the bit, both builds alike',
    async (count) => {
      await fc.assert(
        fc.asyncProperty(
          randomPack,
          fc.array(trouble, { minLength: count, maxLength: count }),
          fc.constantFrom(0, 0.06),
          async ({ scenario, files }, troubles, wire_Ohm) => {
            const { series = 1, parallel = 1 } = scenario.pack!;
            const tick_s = scenario.tick_s!;
            const unit: ScenarioObject['bms'] = scenario.bms ?? { model: '24T', chemistry: 'LiFe' };
            const harness = wire_Ohm === 0 ? {} : { harness: { wire_Ohm, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 2.75 } };
            const faults = troubles.flatMap((one) => faultOf(one, series, tick_s));
            const whole: ScenarioObject = { ...scenario, bms: unit, ...harness, faults };
            const run = await openRun(whole, { files });
            const books = new CellBooks(run, series, parallel);
            let nodes = 0;
            while (run.status === 'running') {
              const seen = run.events.length;
              run.advance(run.tick + 1);
              const struck = run.events.slice(seen).some(({ fault }) => fault !== undefined && faultRow(fault).ends === 'impulse');
              books.addTick(tick_s, struck);
              const { harness: board, run: clock } = run.compiled.scalars;
              const isCircuit = board.fitted !== 0 && (board.loadsWhenIdle !== 0 || board.abnormal !== 0);
              if (isCircuit && clock.measuring !== 0) nodes = Math.max(nodes, worstNode(run, series));
            }
            if (run.status !== 'completed') throw new Error(`${(await run.result()).failure ?? ''} with ${JSON.stringify(faults)}`);
            expect(stateBytes(run.compiled).length).toBeGreaterThan(0);
            expect(nodes).toBeLessThanOrEqual(1);
            expect(books.worst).toBeLessThanOrEqual(1);
            const { indicators } = await run.result();
            expect(Object.values(indicators).every(Number.isFinite)).toBe(true);
            const { missing_Wh } = energyBook(indicators);
            // A reversed pack gives energy while it is charged, so every part counts without its sign.
            const moved_Wh = ['energyIn_Wh', 'energyOut_Wh', 'storedEnergy_Wh', 'cellLoss_Wh'].reduce(
              (sum, name) => sum + Math.abs(indicators[name]!),
              0,
            );
            expect(Math.abs(missing_Wh)).toBeLessThanOrEqual(1e-9 * moved_Wh + 1e-15);
            expect(nominalColumns(run)).toBe(true);
            const scalar = await finishedRun(whole, { files, kernel: 'scalar' });
            expect(stateBytes(scalar.compiled)).toEqual(stateBytes(run.compiled));
          },
        ),
        { seed: 2430 + count, numRuns: 30 },
      );
    },
  );
});
