/**
 * An update that is cut at any byte: the old image boots, and while the image was sent both relays were open.
 */
import { describe, expect, it } from 'vitest';
import { FIRMWARES } from '../../domain/firmwares.ts';
import { UNIT_STATES } from '../../domain/device.ts';
import type { Run } from '../../engine/run.ts';
import { everyTick, eventsNamed, openRun, outcomeOf, type ScenarioObject } from '../scenarios.ts';
import { bench, BLOCKS, PRESS_s, stepsBut, TICK_s } from './steps.ts';

const OLD = FIRMWARES.indexOf('V1.25');
const NEW = FIRMWARES.indexOf('V1.26');
const UPDATING = UNIT_STATES.indexOf('updating');
const RUNNING = UNIT_STATES.indexOf('running');
const SENDING = 2;
const START_TICK = Math.round(PRESS_s / TICK_s);

type Commands = NonNullable<ScenarioObject['commands']>;

/** What cuts a transfer at a time, and what a person does some seconds later. */
const CUTS: Record<string, (time_s: number, unit: 'main' | 'lcd') => Pick<ScenarioObject, 'commands' | 'faults'>> = {
  'the cable is pulled out': (time_s, unit) => ({ commands: [{ time_s, do: 'disconnectUsb', unit }] }),
  'the cable breaks': (time_s) => ({ faults: [{ fault: 'brokenUsbCable', when: { time_s } }] }),
  'the main unit is switched off': (time_s) => ({
    commands: [{ time_s, do: 'powerOff' }, { time_s: time_s + 3, do: 'powerOn' }], // prettier-ignore
  }),
  // The unit follows its supply from the next tick on.
  'the supply dips for half a second': (time_s) => ({ faults: [{ fault: 'supplyDip', when: { time_s: time_s - TICK_s }, for_s: 0.5 }] }),
  'the tool is started anew': (time_s) => ({ commands: [{ time_s, do: 'startUpdateTool', version: 'v1.04' }] }),
};

const closed = (run: Run) => run.read('relay.closed[0]') + run.read('relay.closed[1]');
const coils_V = (run: Run) => run.read('relay.coilVoltage_V[0]') + run.read('relay.coilVoltage_V[1]');

/** A tick shows the states of its beginning and the contacts of its end, so a contact is open from the first tick of an update on. */
function expectOpenWhileUpdating(run: Run): void {
  if (run.read('unit.state') !== UPDATING) return;
  expect([run.tick, closed(run), coils_V(run)]).toEqual([run.tick, 0, 0]);
}

async function cutAt(block: number, cut: string, unit: 'main' | 'lcd'): Promise<Run> {
  const { commands = [], faults = [] } = CUTS[cut]!((START_TICK + block) * TICK_s, unit);
  return openRun(bench([...stepsBut(unit), ...(commands as Commands)], {}, { faults }));
}

/** Every position of the first and the last blocks, and some between them. */
const ALL = Array.from({ length: BLOCKS }, (_, block) => block + 1);

describe.each(Object.keys(CUTS))('of the main unit: %s', (cut) => {
  it('at each of 64 positions, the first and the last included: the old image boots, the relays were open, then it protects again', async () => {
    for (const block of ALL) {
      const run = await cutAt(block, cut, 'main');
      let updated = 0;
      let torn = 0;
      everyTick(run, () => {
        expectOpenWhileUpdating(run);
        if (run.read('unit.state') === UPDATING) updated++;
        if (run.read('update.state') === SENDING) torn = run.compiled.structures.image[1]!.arrived_count;
      });
      expect(updated).toBeGreaterThanOrEqual(block);
      expect(torn).toBe(100 * (block - 1));
      expect(run.compiled.structures.image.map(({ whole }) => whole)).toEqual([1, 0, 1, 0]);
      expect([run.read('unit.firmware_index'), run.read('unit.state'), closed(run)]).toEqual([OLD, RUNNING, 2]);
      expect(eventsNamed(run, 'updateDone')).toEqual([]);
      expect(eventsNamed(run, 'updateInterrupted')).toEqual([expect.objectContaining({ value: torn, limit: 6400 })]);
      expect(eventsNamed(run, 'updateTimeout').length).toBe(1);
    }
  });
});

describe('of the main unit, one tick behind the last byte', () => {
  it.each(Object.keys(CUTS))('%s: the new image is whole, and it boots', async (cut) => {
    const run = await cutAt(BLOCKS + 1, cut, 'main');
    everyTick(run, () => expectOpenWhileUpdating(run));
    expect([run.read('unit.firmware_index'), run.read('unit.state'), closed(run)]).toEqual([NEW, RUNNING, 2]);
  });
});

describe.each(Object.keys(CUTS))('of the LCD unit: %s', (cut) => {
  it.each([1, 2, 31, 63, 64])('at block %d: its old image boots', async (block) => {
    const run = await cutAt(block, cut, 'lcd');
    everyTick(run, () => expect(run.read('unit.state')).not.toBe(UPDATING));
    expect(run.compiled.structures.image.map(({ whole }) => whole)).toEqual([1, 0, 1, 0]);
    expect([run.read('update.lcdFirmware_index'), run.read('lcd.on'), run.read('unit.state')]).toEqual([OLD, 1, RUNNING]);
    expect(eventsNamed(run, 'updateInterrupted').length).toBe(1);
  });
});

describe('while an image is sent', () => {
  it('to the main unit, its outputs are at 0 V from the first byte to the first measurement of what boots, and it says nothing', async () => {
    const run = await openRun(bench(stepsBut('main')));
    const open: number[] = [];
    everyTick(run, (tick) => {
      expectOpenWhileUpdating(run);
      if (closed(run) === 0) open.push(tick);
      if (run.read('unit.state') === UPDATING)
        expect([run.read('serial.sends'), run.read('lcd.on'), run.read('beeper.on')]).toEqual([0, 0, 0]);
    });
    // From the tick that begins at 5 s; the image is there at 11.4 s, the unit measures after its boot of 1 s and closes a tick later.
    expect([open[0], open.at(-1), open.length]).toEqual([START_TICK + 1, 124, 124 - START_TICK]);
    expect(eventsNamed(run, 'unitOn').length + eventsNamed(run, 'unitOn', false).length).toBe(0);
  });

  it('to the LCD unit, the display is dead and its buttons do nothing, and the main unit protects', async () => {
    const commands: Commands = [
      ...stepsBut('lcd'),
      { time_s: 5.5, set: 'bms.sensing.channels[2].offset_V', value: 0.5 },
      { time_s: 9, do: 'press', button: 'stop' },
    ];
    const run = await openRun(bench(commands, { settings: { batteryCapacity_Ah: 1000, cutOffDelay_s: 2 } }));
    everyTick(run, () => {
      if (run.read('update.state') === SENDING) expect(run.read('lcd.on')).toBe(0);
    });
    expect(eventsNamed(run, 'overCharge').map(({ time_s }) => time_s)).toEqual([8]);
    expect(run.read('relay.closed[0]')).toBe(0);
    expect([run.read('lcd.on'), run.read('unit.state'), run.read('update.lcdFirmware_index')]).toEqual([1, RUNNING, NEW]);
  });

  it('an LCD unit that is unplugged from the main unit has no power: its update times out', async () => {
    const run = await openRun(bench([...stepsBut('lcd'), { time_s: 8, do: 'unplugLcd' }]));
    run.advance();
    expect(eventsNamed(run, 'updateInterrupted').map(({ time_s }) => Math.round(time_s))).toEqual([18]);
    expect(run.read('update.lcdFirmware_index')).toBe(OLD);
  });
});

describe('an image that changed on its way', () => {
  it.each([1, 32, 63])('at block %d: its checksum is wrong, the old one boots', async (block) => {
    const faults: ScenarioObject['faults'] = [{ fault: 'noisyUsbLink', when: { time_s: (START_TICK + block) * TICK_s }, for_s: TICK_s }];
    const run = await openRun(bench(stepsBut('main'), {}, { faults }));
    everyTick(run, () => expectOpenWhileUpdating(run));
    expect(eventsNamed(run, 'updateDamaged').map(({ time_s }) => Math.round(time_s * 10))).toEqual([114]);
    expect([run.read('unit.firmware_index'), run.read('unit.state'), closed(run)]).toEqual([OLD, RUNNING, 2]);
  });
});

describe('both builds of the kernel', () => {
  it.each(Object.keys(CUTS))('%s: give the same bytes', async (cut) => {
    const hashes = async (kernel: 'simd' | 'scalar') => {
      const { commands = [], faults = [] } = CUTS[cut]!((START_TICK + 20) * TICK_s, 'main');
      const run = await openRun(bench([...stepsBut('main'), ...(commands as Commands)], {}, { faults }), { kernel });
      run.advance();
      const { state, resultHash } = await outcomeOf(run);
      return { state, resultHash };
    };
    expect(await hashes('scalar')).toEqual(await hashes('simd'));
  });

  it('a run that is taken up again in the middle of an image ends with the same bytes', async () => {
    const whole = await openRun(bench(stepsBut('main')));
    whole.advance();
    for (const tick of [START_TICK, START_TICK + 1, START_TICK + 30, START_TICK + BLOCKS, START_TICK + BLOCKS + 3]) {
      const first = await openRun(bench(stepsBut('main')));
      first.advance(tick);
      const second = await openRun(bench(stepsBut('main')));
      await second.restore(await first.snapshot());
      second.advance();
      expect((await outcomeOf(second)).resultHash).toBe((await outcomeOf(whole)).resultHash);
    }
  });
});
