/**
 * Updates by chance: right and wrong steps, plugs, switch, presses and faults in any order. At every tick what must never be is not,
 * and when nobody touches anything any more the unit protects with a whole image.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODEL_NAMES, UNIT_STATES } from '../../domain/device.ts';
import { FIRMWARES } from '../../domain/firmwares.ts';
import { UPDATE_ENDINGS, UPDATE_UNITS } from '../../domain/update.ts';
import type { Run } from '../../engine/run.ts';
import { everyTick, eventsNamed, openRun, outcomeOf, type ScenarioObject } from '../scenarios.ts';
import { bench, STEP_NAMES, stepsBut, TICK_s } from './steps.ts';

type Command = NonNullable<ScenarioObject['commands']>[number];
type Fault = NonNullable<ScenarioObject['faults']>[number];

const SEED = 20_260_808;
const BUSY_s = 60;
/** Longer than an image and both waits of the tool. */
const QUIET_s = 40;
const IDLE_s = 15;
const UPDATING = UNIT_STATES.indexOf('updating');
const RUNNING = UNIT_STATES.indexOf('running');

const time_s = fc.integer({ min: 1, max: BUSY_s / TICK_s }).map((tick) => tick * TICK_s);
const unit = fc.constantFrom(...UPDATE_UNITS);
const firmware = fc.constantFrom(...FIRMWARES);

/** A whole update, one step a tick: right, or with something wrong or left out. */
const update = fc
  .record({
    time_s,
    unit,
    firmware,
    model: fc.constantFrom('8T', '8T', '8T', ...MODEL_NAMES),
    version: fc.constantFrom('v1.03', 'v1.03', 'v1.03', 'v1.02'),
    leaveOut: fc.constantFrom(undefined, undefined, undefined, ...STEP_NAMES),
  })
  .map((drawn): Command[] => {
    const { leaveOut, version, model } = drawn;
    const right = { file: { firmware: drawn.firmware, model }, tool: { version } };
    const steps = stepsBut(drawn.unit, leaveOut === undefined ? right : { ...right, [leaveOut]: null });
    return steps.map((one, index) => ({ ...one, time_s: drawn.time_s + index * TICK_s }));
  });

const step = fc
  .record({
    time_s,
    what: fc.oneof(
      fc
        .constantFrom('powerOff', 'powerOn', 'powerOn', 'unplugLcd', 'plugLcd', 'start', 'openPort', 'update')
        .map((name) => ({ do: name })),
      fc.record({ do: fc.constantFrom('connectUsb', 'disconnectUsb'), unit }),
      fc.record({ do: fc.constant('press'), button: fc.constantFrom('up', 'down', 'start', 'stop') }),
      fc.record({ do: fc.constant('startUpdateTool'), version: fc.constantFrom('v1.02', 'v1.03', 'v2.00') }),
      fc.record({ do: fc.constant('openFile'), model: fc.constantFrom(...MODEL_NAMES), for: unit, firmware }),
    ),
  })
  .map(({ time_s: at, what }): Command[] => [{ time_s: at, ...what } as Command]);

const fault = fc.record({
  fault: fc.constantFrom<Fault['fault']>(
    ...([
      'brokenUsbCable',
      'mislabelledFirmware',
      'wrongComPort',
      'wrongComPort',
      'wrongComPort',
      'noisyUsbLink',
      'supplyDip',
      'haltedLoop',
      'deadLcd',
    ] as const),
  ),
  when: fc.record({ time_s: fc.integer({ min: 1, max: BUSY_s / 2 }) }),
  for_s: fc.double({ min: TICK_s, max: BUSY_s / 2, noNaN: true }),
});

const walk = fc
  .record({
    commands: fc.array(fc.oneof({ arbitrary: update, weight: 2 }, { arbitrary: step, weight: 3 }), { minLength: 1, maxLength: 12 }),
    faults: fc.array(fault, { maxLength: 3 }),
  })
  .map(({ commands, faults }) => {
    const end: Command[] = [{ time_s: BUSY_s + 6, do: 'powerOn' }, { time_s: BUSY_s + 30, do: 'press', button: 'up' }]; // prettier-ignore
    const plugged: Command = { time_s: BUSY_s + 6, do: 'plugLcd' };
    return bench(
      [...commands.flat(), plugged, ...end],
      { firmware: 'V1.22', assumptions: { updateIdle_s: IDLE_s } },
      { faults, duration_s: BUSY_s + QUIET_s },
    );
  });

/** What is wrong at this tick; undefined where nothing is. Both versions must be those of whole images. */
function complaint(run: Run): string | undefined {
  const { update: tool, unit: main, serial, lcd } = run.compiled.scalars;
  const { image, relay } = run.compiled.structures;
  const isUpdating = main.state === UPDATING;
  const [mainSlot, lcdSlot] = [image[tool.mainSlot]!, image[2 + tool.lcdSlot]!];
  if ((tool.holdsMain === 1) !== isUpdating) return 'the main unit takes an image and does not, at once';
  if (isUpdating && relay.some(({ closed, coil_V, order }) => closed !== 0 || coil_V !== 0 || order !== 0)) return 'a relay is closed';
  if (isUpdating && (serial.sends !== 0 || lcd.on !== 0)) return 'it speaks';
  if (mainSlot.whole !== 1 || lcdSlot.whole !== 1) return 'a torn image would boot';
  if (main.firmware !== mainSlot.firmware || tool.lcdFirmware !== lcdSlot.firmware) return 'another version runs than would boot';
  return tool.progress_ratio >= 0 && tool.progress_ratio <= 1 ? undefined : 'progress beyond its range';
}

const versionsOf = ({ compiled: { scalars } }: Run) => `${scalars.unit.firmware} ${scalars.update.lcdFirmware}`;

/** Runs to the end and looks at every tick; a version may change only where an update is done. */
function walkThrough(run: Run): void {
  let versions = versionsOf(run);
  let told = 0;
  everyTick(run, (tick) => {
    const wrong = complaint(run);
    if (wrong !== undefined) throw new Error(`tick ${tick}: ${wrong}`);
    const isDone = run.events.slice(told).some(({ code }) => code === 'updateDone');
    if (!isDone && versionsOf(run) !== versions) throw new Error(`tick ${tick}: a version changed without an update`);
    versions = versionsOf(run);
    told = run.events.length;
  });
}

describe('updates by chance', () => {
  it('never close a relay, never run a torn image, change a version only where one is done, and end', async () => {
    const met = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(walk, async (scenario) => {
        const run = await openRun(scenario);
        walkThrough(run);
        const causes = run.events.filter(({ code }) => Object.hasOwn(UPDATE_ENDINGS, code));
        for (const { code } of [...causes, ...eventsNamed(run, 'updateDone')]) met.set(code, (met.get(code) ?? 0) + 1);
        const shown = [...eventsNamed(run, 'updateTimeout'), ...eventsNamed(run, 'updateRefused')];
        expect(shown.length).toBe(causes.length);
        expect([run.read('update.state'), run.read('unit.state'), run.read('lcd.on')]).toEqual([0, RUNNING, 1]);
        expect([run.read('relay.closed[0]'), run.read('relay.closed[1]')]).toEqual([1, 1]);
      }),
      { seed: SEED, numRuns: 300 },
    );
    // A walk that never met an ending would say nothing about it.
    expect([...met.keys()].sort()).toEqual([...Object.keys(UPDATE_ENDINGS), 'updateDone'].sort());
  });

  it('give the same bytes in both builds of the kernel', async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (scenario) => {
        const [simd, scalar] = [await openRun(scenario), await openRun(scenario, { kernel: 'scalar' })];
        simd.advance();
        scalar.advance();
        const [a, b] = [await outcomeOf(simd), await outcomeOf(scalar)];
        expect([b.state, b.resultHash]).toEqual([a.state, a.resultHash]);
      }),
      { seed: SEED, numRuns: 30 },
    );
  });
});
