/**
 * Walks made by chance over buttons, plugs, switch, charger, load and faults.
 * At every tick what must never be is not; every press comes to what a model of the dialogue says; and from wherever a walk ends,
 * repair and a restart lead back to normal.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIT_STATES, type UnitState } from '../../domain/device.ts';
import { BUTTONS, type Button, LCD_NOTICES, LCD_PAGES } from '../../domain/lcd/pages.ts';
import { SETTING_NAMES, SETTING_ORDER, settingComplaint, type Settings } from '../../domain/settings.ts';
import { stateBytes } from '../../engine/result.ts';
import type { Run } from '../../engine/run.ts';
import { contactsOf, outputsOf, settingOf, stateOf } from './bench.ts';
import { type LiveFault, LiveRun } from './live.ts';

const SEED = 20_260_716;
const CONTEXT = { chemistry: 'LiFe', currentVersion_A: 100 } as const;
/** P and R stand a step apart, so that the menu has something to refuse. */
const TIGHT = {
  ...{ overChargeReleaseVoltage_V: 3.64, overDischargeReleaseVoltage_V: 2.51 },
  ...{ balanceInStorage: true, balanceStartVoltage_V: 3.1 },
};
const TURNED = LCD_PAGES.length - 1;

const FAULTS: readonly LiveFault[] = [
  { fault: 'weldedContact', target: 'charge' },
  { fault: 'weldedContact', target: 'discharge' },
  { fault: 'jammedContact', target: 'discharge' },
  { fault: 'openCoil', target: 'charge' },
  { fault: 'lostSoc' },
  { fault: 'deadLcd' },
  { fault: 'deadButtons' },
  { fault: 'stuckBacklight' },
  { fault: 'darkBacklight' },
  { fault: 'supplyDip' },
  { fault: 'haltedLoop' },
  { fault: 'sleepsUnderLoad' },
  { fault: 'blindSleep' },
  { fault: 'silentSerial' },
  { fault: 'movedThreshold' },
  { fault: 'crossedLimits' },
  { fault: 'openSensor', target: 0 },
  { fault: 'channelOffset', target: 2 },
  { fault: 'openSenseWire', target: 2 },
  { fault: 'openShuntSense' },
  { fault: 'frozenCurrent' },
];

/** What a press is judged by: everything that the unit and its LCD unit know at that moment. */
interface Moment {
  state: UnitState;
  page: number;
  cursor: number;
  editing: boolean;
  displayed_A: number;
  hears: boolean;
}

function momentOf(live: LiveRun): Moment {
  const { run } = live;
  const { lcd, button, unit } = run.compiled.scalars;
  return {
    state: stateOf(run),
    page: lcd.page,
    cursor: lcd.cursor,
    editing: lcd.editing !== 0,
    displayed_A: run.read('measured.current_A'),
    hears: lcd.plugged !== 0 && lcd.dead === 0 && button.dead === 0 && unit.halted === 0,
  };
}

/** The dialogue as the manual would tell it. */
function afterPress(before: Moment, which: Button, held: boolean, sleepsBelow_A: number): Omit<Moment, 'displayed_A' | 'hears'> {
  const { state, page, cursor, editing, displayed_A, hears } = before;
  const same = { state, page, cursor, editing };
  const turn = (count: number, place: number) => (which === 'down' ? place + 1 : place + count - 1) % count;
  if (!hears) return same;
  if (state === 'asleep') return which === 'stop' ? same : { ...same, state: 'booting', page: 0, editing: false };
  if (state !== 'running') return same;
  if (page === TURNED) {
    if (editing) return { ...same, editing: which !== 'stop' };
    if (which === 'stop') return { ...same, page: 0 };
    return which === 'start' ? { ...same, editing: true } : { ...same, cursor: turn(SETTING_NAMES.length, cursor) };
  }
  if (which === 'stop') return Math.abs(displayed_A) <= sleepsBelow_A ? { ...same, state: 'asleep' } : { ...same, page: 0 };
  if (which === 'start') return held ? { ...same, page: TURNED, cursor: 0 } : same;
  return held ? same : { ...same, page: turn(TURNED, page) };
}

/** Thrown rather than expected: it is asked a hundred thousand times. */
function must(holds: boolean, words: string, run: Run): void {
  if (!holds) throw new Error(`at ${run.time_s} s: ${words}`);
}

const BLINDING = ['blindSleep', 'openShuntSense', 'frozenCurrent', 'haltedLoop'] as const;
const MOVING = ['movedThreshold', 'crossedLimits'] as const;

/** What must never be, at any tick of any walk. */
class Watch {
  /** States and situations that came, so that a walk proves it was somewhere. */
  readonly reached = new Set<string>();
  private blindTicks = 0;
  private litTicks = 0;
  private storedSeen = 0;
  private moved = false;

  constructor(private readonly live: LiveRun) {}

  readonly look = (): void => {
    const { run } = this.live;
    const state = UNIT_STATES[run.compiled.scalars.unit.state]!;
    this.reached.add(state);
    this.note(run, state);
    this.outputs(run, state);
    this.sleep(run, state);
    this.shown(run, state);
    this.settings(run);
  };

  private note(run: Run, state: UnitState): void {
    const { lcd, lamp, beeper, impedance, pack } = run.compiled.scalars;
    if (lcd.settingsStored > 0) this.reached.add('setting stored');
    if (lcd.notice !== 0) this.reached.add(`told: ${LCD_NOTICES[lcd.notice]!}`);
    if (lamp.alarm !== 0) this.reached.add(beeper.on === 0 ? 'alarm, silent' : 'alarm');
    if (impedance.tick > 0) this.reached.add('impedance');
    if (state === 'asleep' && pack.current_A !== 0) this.reached.add('current while asleep');
  }

  private outputs(run: Run, state: UnitState): void {
    if (state !== 'off' && state !== 'asleep') return;
    for (const { coil_V, closed, welded } of run.compiled.structures.relay) {
      must(coil_V === 0, 'an output has a voltage', run);
      must(closed === 0 || welded !== 0, 'a relay is closed', run);
    }
  }

  /** A current through a sleeping unit is seen within a period, by whoever is not blind. */
  private sleep(run: Run, state: UnitState): void {
    const flows = state === 'asleep' && Math.abs(run.compiled.scalars.pack.current_A) >= 0.1;
    this.blindTicks = flows && !BLINDING.some((name) => this.live.isOn(name)) ? this.blindTicks + 1 : 0;
    must(this.blindTicks < run.compiled.firmwareTicks, 'asleep with current flowing', run);
  }

  private shown(run: Run, state: UnitState): void {
    const { lcd, lamp, beeper, serial } = run.compiled.scalars;
    const shows = (lcd.on | lamp.alarm | beeper.on | serial.sends) !== 0;
    must(!shows || (state !== 'off' && state !== 'asleep'), 'something is shown or sent', run);
    must(beeper.on === 0 || lamp.alarm !== 0, 'it beeps without an alarm', run);
    // A light that was stuck goes out at the next look at it.
    const lit = lcd.lit !== 0 && lcd.lightStuck === 0 && lcd.on === 0 && !this.live.isOn('haltedLoop');
    this.litTicks = lit ? this.litTicks + 1 : 0;
    must(this.litTicks < run.compiled.firmwareTicks, 'a dead display is lit', run);
    must(lcd.page < LCD_PAGES.length && lcd.cursor < SETTING_NAMES.length, 'the dialogue has left its pages', run);
  }

  /** No press brings a setting out of its range or out of order, unless a damaged memory has shown it another neighbour. */
  private settings(run: Run): void {
    const { lcd, setting } = run.compiled.scalars;
    this.moved ||= MOVING.some((name) => this.live.isOn(name));
    if (lcd.settingsStored === this.storedSeen || this.moved) return;
    this.storedSeen = lcd.settingsStored;
    for (const name of SETTING_NAMES) must(settingComplaint(name, setting[name], CONTEXT) === undefined, `${name} is out of range`, run);
    for (const [lower, upper] of SETTING_ORDER) must(setting[lower] < setting[upper], `${lower} is not below ${upper}`, run);
  }
}

interface Real {
  live: LiveRun;
  watch: Watch;
}
type Model = { presses: number };
type Step = fc.AsyncCommand<Model, Real>;

/** What is done, then a while in which it acts. */
abstract class Act implements Step {
  constructor(private readonly wait_s: number) {}
  abstract do(live: LiveRun, model: Model): (() => void) | void;
  check(): boolean {
    return true;
  }
  async run(model: Model, { live, watch }: Real): Promise<void> {
    const judge = this.do(live, model);
    live.wait(0.5, watch.look);
    judge?.();
    live.wait(this.wait_s, watch.look);
  }
}

class Press extends Act {
  constructor(
    private readonly button: Button,
    private readonly held: boolean,
    wait_s: number,
  ) {
    super(wait_s);
  }
  override do(live: LiveRun, model: Model): () => void {
    const before = momentOf(live);
    const fedBefore = live.run.compiled.scalars.unit.supplied !== 0;
    const { assumed } = live.run.compiled.scalars;
    const expected = afterPress(before, this.button, this.held, assumed.sleepCurrent_A);
    model.presses++;
    live.press(this.button, this.held);
    return () => {
      const after = momentOf(live);
      const { unit, lcd } = live.run.compiled.scalars;
      // A supply that fails in this very tick, or a sample at its end, goes over what the press did.
      if (!fedBefore || unit.supplied === 0 || before.hears !== after.hears || before.state === 'off') return;
      const states = { booting: ['booting', 'running'], asleep: ['asleep', 'booting'] }[expected.state as string] ?? [expected.state];
      expect(states).toContain(after.state);
      // Refused, the value is still being changed.
      const refused = this.button === 'start' && before.editing && lcd.notice > 1;
      const isStored = this.button === 'start' && before.editing && before.hears && !refused && before.state === 'running';
      expect([after.page, after.cursor, after.editing]).toEqual([expected.page, expected.cursor, isStored ? false : expected.editing]);
    };
  }
  override toString(): string {
    return `${this.held ? 'hold' : 'press'} ${this.button}`;
  }
}

class Do extends Act {
  constructor(
    private readonly words: string,
    private readonly what: (live: LiveRun) => void,
    wait_s: number,
  ) {
    super(wait_s);
  }
  override do(live: LiveRun): void {
    this.what(live);
  }
  override toString(): string {
    return this.words;
  }
}

const wait = fc.integer({ min: 0, max: 12 });
const onOff = (name: string, turn: (live: LiveRun, on: boolean) => void) =>
  fc.tuple(fc.boolean(), wait).map(([on, wait_s]) => new Do(`${name} ${on ? 'on' : 'off'}`, (live) => turn(live, on), wait_s));
const press = fc
  .tuple(fc.constantFrom(...BUTTONS), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }))
  .map(([button, held, wait_s]) => new Press(button, held === 0, wait_s));
const sleep = wait.map((wait_s) => new Press('stop', false, wait_s));
const menu = fc.constant(0).map(() => new Press('start', true, 0));
/** In the menu: down to one of the first rows and a step there; elsewhere these are presses like others. */
const edit = fc.constantFrom<Button>('up', 'down', 'start').map((button) => new Press(button, false, 0));
const fault = fc
  .tuple(fc.nat(FAULTS.length - 1), wait)
  .map(([index, wait_s]) => new Do(`${FAULTS[index]!.fault} ${FAULTS[index]!.target ?? ''}`, (live) => live.start(index), wait_s));
const repair = fc.nat(FAULTS.length - 1).map((index) => new Do(`repair ${FAULTS[index]!.fault}`, (live) => live.repair(index), 0));

const steps = [
  press,
  press,
  press,
  sleep,
  menu,
  menu,
  edit,
  edit,
  edit,
  edit,
  onOff('charger', (live, on) => live.charge(on)),
  onOff('load', (live, on) => live.load(on)),
  onOff('switch', (live, on) => live.set('unit.switchedOn', on ? 1 : 0)),
  onOff('LCD unit', (live, on) => live.set('lcd.plugged', on ? 1 : 0)),
  fault,
  fault,
  repair,
] as fc.Arbitrary<Step>[];

/** A technician: loads off, everything repaired and plugged in, the settings entered again, off and on, START. */
function putRight({ live, watch }: Real, settings: Settings): void {
  live.charge(false);
  live.load(false);
  FAULTS.forEach((_, index) => live.repair(index));
  live.set('lcd.plugged', 1);
  for (const name of SETTING_NAMES) live.set(`setting.${name}`, settings[name]);
  live.set('unit.switchedOn', 0);
  live.wait(2, () => undefined);
  live.set('unit.switchedOn', 1);
  live.wait(120, watch.look);
  live.press('start');
  live.wait(20, watch.look);
}

const COMMANDS = fc.commands(steps, { maxCommands: 60, size: 'max' });

const EVERY_SITUATION = [
  ...['off', 'booting', 'running', 'asleep', 'current while asleep', 'alarm', 'alarm, silent', 'impedance'],
  ...['setting stored', 'told: stored', 'told: wrongOrder', 'told: currentFlows'],
];

describe('walks by chance', () => {
  it('never do what must not be, follow the dialogue, and lead back to normal by repair and restart', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(COMMANDS, async (commands) => {
        const live = await LiveRun.open(FAULTS, { settings: TIGHT });
        const real: Real = { live, watch: new Watch(live) };
        // Low SOC would be right to stay: a walk may have emptied the gauge by a wrong capacity.
        const settings = { ...(Object.fromEntries(SETTING_NAMES.map((name) => [name, settingOf(live.run, name)])) as Settings), lowSoc_fraction: 0 }; // prettier-ignore
        await fc.asyncModelRun(() => ({ model: { presses: 0 }, real }), commands);
        putRight(real, settings);
        real.watch.reached.forEach((state) => reached.add(state));
        const { run } = live;
        expect(UNIT_STATES[run.read('unit.state')]).toBe('running');
        expect([contactsOf(run), outputsOf(run)]).toEqual([[1, 1], [12, 12]]); // prettier-ignore
        expect(['lamp.alarm', 'beeper.on', 'lcd.on', 'serial.sends'].map((name) => run.read(name))).toEqual([0, 0, 1, 1]);
        expect(run.compiled.scalars.estimate.memoryLost).toBe(0);
      }),
      { seed: SEED, numRuns: 150 },
    );
    expect([...reached].sort()).toEqual([...EVERY_SITUATION].sort());
  });

  it('give the same bytes in both builds of the kernel', async () => {
    await fc.assert(
      fc.asyncProperty(COMMANDS, async (commands) => {
        const bytes: Uint8Array[] = [];
        for (const kernel of ['simd', 'scalar'] as const) {
          const live = await LiveRun.open(FAULTS, { settings: TIGHT }, kernel);
          const real: Real = { live, watch: new Watch(live) };
          await fc.asyncModelRun(() => ({ model: { presses: 0 }, real }), commands);
          bytes.push(Uint8Array.from(stateBytes(live.run.compiled)));
        }
        expect(Buffer.compare(bytes[0]!, bytes[1]!)).toBe(0);
      }),
      { seed: SEED + 1, numRuns: 60 },
    );
  });
});
