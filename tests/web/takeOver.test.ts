/**
 * What is done to a live run takes over its present state, and comes to the byte to what its document gives from the start.
 * Every kind of command, every fault, and stories by chance, at times by chance: state, events, recording and what is seen again of the past.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../domain/errors.ts';
import { FAULT_NAMES } from '../../domain/faults/titles.ts';
import type { Json } from '../../domain/scenario/json.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { completeScenario } from '../../engine/load.ts';
import { Recorder } from '../../engine/recorder.ts';
import { Rewind } from '../../engine/rewind.ts';
import { Run } from '../../engine/run.ts';
import type { JsonObject } from '../../web/document.ts';
import { edit } from '../../web/history.ts';
import { breaks, type LiveChange, orders, repairs } from '../../web/live.ts';
import { newFault } from '../../web/panels/faults/catalogue.ts';
import { BUSY_FILES, BUSY_PACK } from '../properties/busyPack.ts';
import { firstDifference, kernelModule, outcomeOf, readerOf, scenarioText } from '../scenarios.ts';
import { changed } from './site.ts';

const SEED = 20_261_128;
const second = { ...changed('second-hand-pack', { expect: [], duration_s: 5000 }) } as JsonObject;

/** Harness, parallel cells, an inverter, instruments, and faults that wait for a condition or come and go. */
const wired: Json = JSON.parse(
  scenarioText({
    cell: BUSY_PACK.cell!,
    cells: {},
    seed: 5,
    tick_s: 0.5,
    duration_s: 800,
    thermal: { heatCapacity_J_per_K: 40, toAmbient_W_per_K: 0.2, initialTemperature_degC: 21 },
    pack: {
      series: 8,
      parallel: 2,
      initialSoc: 0.6,
      tab_Ohm: 0.002,
      spread: { capacity_ratio: 0.05 },
      fuse: { rating_A: 100, i2t_A2s: 20_000, breakingCapacity_A: 10_000 },
    },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      settings: { batteryCapacity_Ah: 4, balanceInStorage: true, balanceInCharge: true, balanceStartVoltage_V: 3.1, cutOffDelay_s: 3 },
    },
    harness: { wire_Ohm: 0.06, input_Ohm: 100_000 },
    source: [
      { charger: { current_A: 3, voltage_V: 27.4, endCurrent_A: 1 }, until_s: 300 },
      {
        inverter: {
          outputPower_W: 60,
          lowVoltageCutOff_V: 24,
          reconnect_V: 25,
          busCapacitance_F: 0.01,
          precharge: { resistance_Ohm: 30, time_s: 2 },
        },
        from_s: 310,
      },
    ],
    faults: [
      { fault: 'openSenseWire', target: 3, when: { time_s: 20 }, intermittent: { on_s: 3, off_s: 9 } },
      { fault: 'highImpedance', target: 2, severity: 4, when: { channel: 'pack.current_A', below: -1, for_s: 5 }, for_s: 40 },
    ],
    commands: [
      { time_s: 60, do: 'press', button: 'down', for_s: 3 },
      { time_s: 500, do: 'repair', fault: 0 },
      { time_s: 700, do: 'press', button: 'up' },
    ],
    measure: [{ time_s: 100, instrument: 'clamp', around: 'pack', for_s: 300, reads: 'rms' }],
  } as Parameters<typeof scenarioText>[0]),
) as Json;

const bare: Json = { ...(wired as JsonObject), bms: null, faults: [], commands: [], measure: [] };
const busy = JSON.parse(scenarioText(BUSY_PACK)) as Json;

async function rewindOf(document: Json): Promise<Rewind> {
  const kernel = await kernelModule();
  const loaded = await completeScenario(checkScenario(document), readerOf(BUSY_FILES.files, 'scenarios'));
  return new Rewind(await Run.open(loaded, kernel, { recording: {} }), kernel);
}

/** Every bucket of every level, whole and in part. */
function recorded(run: Run): number[] {
  return new Recorder(run).levels().flatMap((level) =>
    Array.from({ length: level.endRow - level.firstRow }, (_, index) => level.firstRow + index).flatMap((row) => {
      const thirds = [0, 1, 2].flatMap((third) => level.places.map((place) => level.values[level.at(row) + third * level.third + place]!));
      return [level.endTick(row), ...thirds];
    }),
  );
}

interface Played {
  rewind: Rewind;
  document: Json;
  /** For each change whether its state was taken over. */
  taken: boolean[];
}

/** Leads a run through changes, each at a tick; where a state cannot be taken over, the past is repeated. */
async function played(start: Json, changes: readonly (readonly [tick: number, change: LiveChange])[]): Promise<Played> {
  let document = start;
  let rewind = await rewindOf(document);
  const taken: boolean[] = [];
  for (const [tick, change] of changes) {
    rewind.advance(tick);
    document = change(document, rewind.run.time_s);
    const next = await rewindOf(document);
    taken.push(next.takeOver(rewind));
    next.advance(tick);
    rewind = next;
  }
  rewind.advance();
  return { rewind, document, taken };
}

async function expectAsFromStart({ rewind, document }: Played): Promise<void> {
  const plain = await rewindOf(document);
  plain.advance();
  expect(await outcomeOf(rewind.run)).toEqual(await outcomeOf(plain.run));
  expect(firstDifference(recorded(rewind.run), recorded(plain.run))).toBeUndefined();
}

const tickLength = (document: Json) => Number((document as JsonObject)['tick_s']);
const ticksOf = (document: Json) => Number((document as JsonObject)['duration_s']) / tickLength(document);
/** A tick within the run for each name, the same at every run of the tests. */
function tickFor(name: string, document: Json): number {
  const hash = [...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619) >>> 0, SEED);
  return 2 + (hash % (ticksOf(document) - 4));
}

type Command = NonNullable<ScenarioFile['commands']>[number];
type Bare<T> = T extends unknown ? Omit<T, 'time_s'> : never;
const COMMANDS: readonly Bare<Command>[] = [
  { do: 'start' },
  { do: 'press', button: 'down' },
  { do: 'press', button: 'start', for_s: 4 },
  { do: 'press', button: 'up', for_s: 9 },
  { do: 'press', button: 'stop' },
  { do: 'unplugLcd' },
  { do: 'plugLcd' },
  { do: 'powerOff' },
  { do: 'powerOn' },
  { do: 'sourceOff', source: 1 },
  { do: 'sourceOn', source: 0 },
  { do: 'calibrateCurrent' },
  { do: 'calibrateChannel' },
  { do: 'calibrateChannel', channel: 1 },
  { do: 'repair', fault: 0 },
  { do: 'repair', fault: 1 },
  { do: 'connectUsb', unit: 'main' },
  { do: 'startUpdateTool', version: 'v1.03' },
  { set: 'ambient_degC', value: 31 },
  { set: 'bms.settings.overDischargeProtectionVoltage_V', value: 2.7 },
  { set: 'bms.settings.balanceInCharge', value: false },
  { set: 'bms.sensing.channels[2].gain_ratio', value: 1.01 },
  { set: 'bms.sensing.channels[2].offset_V', value: 0.01 },
  { set: 'bms.sensing.channels[2].noise_V', value: 0.004 },
  { set: 'bms.sensing.current.gain_ratio', value: 1.05 },
  { set: 'bms.sensing.current.offset_A', value: 0.3 },
  { set: 'bms.sensing.current.filterTime_s', value: 4 },
  { set: 'bms.sensing.temperature[0].offset_K', value: 12 },
  { set: 'source[0].charger.current_A', value: 2 },
  { set: 'source[0].charger.voltage_V', value: 27 },
  { set: 'source[1].inverter.outputPower_W', value: 20 },
];
/** For packs that somebody else balances. */
const BLEED: Bare<Command> = { set: 'bleed.ordered[4]', value: 1 };

it('every kind of command goes on from the present state', async () => {
  for (const command of [...COMMANDS, BLEED]) {
    const design = command === BLEED ? bare : wired;
    const story = await played(design, [[tickFor(JSON.stringify(command), design), orders(command as JsonObject)]]);
    expect([command, story.taken]).toEqual([command, [true]]);
    await expectAsFromStart(story);
  }
});

/** Whether a design has what a fault needs: an inverter, a fuse, cells in parallel. */
async function takes(design: Json, fault: JsonObject): Promise<boolean> {
  try {
    await rewindOf(breaks(fault)(design, 0));
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

it.each(FAULT_NAMES)('%s, struck by hand and repaired, goes on from the present state', async (name) => {
  let stories = 0;
  for (const design of [second, wired] as const) {
    const fault = newFault(name, checkScenario(design));
    if (!(await takes(design, fault))) continue;
    const tick = Math.ceil(tickFor(name, design) / 2);
    const struck = { ...fault, when: { time_s: tick * tickLength(design) } };
    const story = await played(design, [
      [tick, breaks(fault)],
      [Math.ceil(tick * 1.5), repairs(struck)],
    ]);
    expect(story.taken).toEqual([true, true]);
    await expectAsFromStart(story);
    stories++;
  }
  expect(stories).toBeGreaterThan(0);
});

const FAULTS: readonly JsonObject[] = [
  { fault: 'openSenseWire', target: 2 },
  { fault: 'openSenseWire', target: 4, intermittent: { on_s: 4, off_s: 6 } },
  { fault: 'softShort', target: 1 },
  { fault: 'highImpedance', target: 3, severity: 3 },
  { fault: 'capacityLoss', target: 0, for_s: 30 },
  { fault: 'weldedContact', target: 'discharge' },
  { fault: 'channelOffset', target: 1 },
  { fault: 'lostSoc' },
  { fault: 'externalShort', for_s: 5 },
];
const PRESENT = COMMANDS.filter((command) => !('fault' in command) && !JSON.stringify(command).includes('source[1]'));

it('stories by chance come to what their documents give, however their states went on', { timeout: 240_000 }, async () => {
  const act = fc.oneof(
    fc.constantFrom(...PRESENT).map((command) => orders(command as JsonObject)),
    fc.constantFrom(...FAULTS).map(breaks),
    fc.nat(3).map(
      (fault): LiveChange =>
        (document, time_s) =>
          orders({ do: 'repair', fault })(document, time_s),
    ),
  );
  const story = fc.record({
    design: fc.constantFrom(second, wired, busy),
    acts: fc.array(fc.tuple(fc.double({ min: 0.01, max: 0.95, noNaN: true }), act), { minLength: 2, maxLength: 7 }),
  });
  let taken = 0;
  let all = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ design, acts }) => {
      const placed = acts.map(([share, change]) => [Math.floor(share * ticksOf(design)), change] as const).sort((a, b) => a[0] - b[0]);
      // A repair needs its fault, and settings their order: what a document refuses is no story.
      try {
        for (let count = 1; count <= placed.length; count++)
          await rewindOf(placed.slice(0, count).reduce((document, [tick, change]) => change(document, tick * tickLength(design)), design));
      } catch (error) {
        if (error instanceof InputError) return;
        throw error;
      }
      const found = await played(design, placed);
      await expectAsFromStart(found);
      taken += found.taken.filter(Boolean).length;
      all += found.taken.length;
    }),
    { seed: SEED, numRuns: 60 },
  );
  // Only where faults meet on a column or react is the past repeated.
  expect(taken / all).toBeGreaterThan(0.8);
});

it('a run that is over goes on longer, with its recording, even where that needs a level more', async () => {
  for (const duration_s of [5000, 60_000, 70_000]) {
    const over = edit(second, 'duration_s', duration_s).document;
    const longer: LiveChange = (document, time_s) =>
      edit(orders({ do: 'powerOff' })(document, time_s), 'duration_s', duration_s * 1.1).document;
    const story = await played(over, [[duration_s, longer]]);
    expect(story.taken).toEqual([true]);
    await expectAsFromStart(story);
  }
});

it('the past is seen again after an action as it was', async () => {
  const { rewind, document } = await played(second, [
    [2000, breaks({ fault: 'openSenseWire', target: 5 })],
    [3000, orders({ do: 'powerOff' })],
  ]);
  const plain = await rewindOf(document);
  plain.advance();
  for (const [from, until] of [[1000, 1400] as const, [1900, 2300] as const, [3500, 3600] as const]) {
    const rows = async (of: Rewind) => {
      const [level] = (await of.rerunWindow(from, until)).levels();
      return level!.values.slice(level!.at(level!.firstRow), level!.at(level!.endRow - 1) + 3 * level!.third);
    };
    expect(firstDifference([...(await rows(rewind))], [...(await rows(plain))])).toBeUndefined();
  }
});

describe('the past is repeated', () => {
  const fixed = edit(second, 'source', [{ constantCurrent_A: -20, from_s: 600 }]).document;
  const drift = 'bms.sensing.current.gain_ratio';
  it.each<[string, Json, readonly (readonly [number, LiveChange])[]]>([
    [
      'for a fault on what a command has set',
      second,
      [
        [900, orders({ set: drift, value: 1.1 })],
        [1000, breaks({ fault: 'wrongShunt' })],
      ],
    ],
    ['for a fault that reacts to voltage after others have acted', fixed, [[1000, breaks({ fault: 'externalShort' })]]],
    ['for a command in the past', second, [[1000, (document) => orders({ do: 'powerOff' })(document, 700)]]],
    ['for another design', second, [[1000, (document) => edit(document, 'pack.initialSoc', 0.7).document]]],
    ['for a fault that is gone', second, [[1000, (document) => edit(document, 'faults', []).document]]],
    ['for what was struck at the start', second, [[0, breaks({ fault: 'blindSleep' })]]],
  ])('%s', async (_, design, changes) => {
    const story = await played(design, changes);
    expect(story.taken.at(-1)).toBe(false);
    await expectAsFromStart(story);
  });
});
