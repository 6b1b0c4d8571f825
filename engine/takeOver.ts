/**
 * A run that goes on as one of a document to which something was added at its present time: its states as those of the other's memory.
 * A state carried over is, to the bit, the one that the other document comes to from the start; where that is not sure there is none.
 *
 * What the two start states have in common, the past has made the same of in both. Where they differ is only where things lie: the log,
 * rows of triggers and effects, and the tables behind them. A trigger that waits, and a column that only it would change, leave no trace.
 */
import { EFFECT_OPS, EFFECT_ROW, SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import { COMMAND_ROW, F64_BYTES, RECORD_BASE, type SCALARS } from '../domain/memory.ts';
import { printJson, sortedKeys } from '../domain/scenario/json.ts';
import { SETTING_NAMES } from '../domain/settings.ts';
import { scalarAddress, structureAddress } from './addresses.ts';
import type { CompiledRun } from './compile.ts';
import { LAYOUT } from './kernel.ts';
import type { LoadedScenario } from './load.ts';
import type { Run, RunState } from './run.ts';
import { settingAddress } from './unit.ts';

/** A state of one run as the same moment of the other. */
export type CarryOver = (state: RunState) => RunState;

/** Columns that say where things lie and how many there are; they stay as the new document has them. */
const PLACES: { readonly [S in keyof typeof SCALARS]?: readonly (keyof (typeof SCALARS)[S])[] } = {
  run: ['recorderBase'],
  ocv: ['base'],
  parameter: ['base', 'socKnots', 'temperatureKnots'],
  heat: ['edges'],
  estimate: ['ocvBase'],
  command: ['base', 'count'],
  event: ['base', 'capacity', 'reserve'],
  watch: ['base'],
  effect: ['triggers', 'triggerCount', 'slots', 'slotCount', 'rows', 'rowCount'],
};
/** What a document says of its faults as a whole, and the kernel asks only once one of them has acted. */
const FLAGS = ['run.hasShorts', 'run.hasReactions', 'pack.faultsReact'] as const;
/** Some channel is noisy or will be: until one is, what is drawn is nothing. */
const NOISE = 'sensing.hasNoise';
const SOURCE_PLACES = ['times', 'values'] as const;

const WORD = 4;
const TRIGGER_BYTES = TRIGGER_ROW.length * F64_BYTES;
const SLOT_BYTES = SLOT_ROW.length * F64_BYTES;
const trigger = (name: (typeof TRIGGER_ROW)[number]) => TRIGGER_ROW.indexOf(name);
const slot = (name: (typeof SLOT_ROW)[number]) => SLOT_ROW.indexOf(name);

/** Addresses of the words that may differ between the two start states. */
function placeWords(): Set<number> {
  const named = Object.entries(PLACES).flatMap(([section, names]) => names.map((name) => `${section}.${String(name)}`));
  const words = new Set([...named, ...FLAGS].map(scalarAddress));
  for (const number of ['effect.nextTick', NOISE]) for (const half of [0, WORD]) words.add(scalarAddress(number) + half);
  const { count } = LAYOUT.structures.get('source')!;
  for (let row = 0; row < count; row++) for (const name of SOURCE_PLACES) words.add(structureAddress('source', name, row));
  return words;
}

/** One state's bytes, read by the addresses of its run's memory. */
class Image {
  readonly words: Int32Array;
  private readonly numbers: Float64Array;

  constructor(
    readonly bytes: Uint8Array,
    private readonly run: CompiledRun,
  ) {
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / WORD);
    this.numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / F64_BYTES);
  }

  number(address: number): number {
    return this.numbers[(address - RECORD_BASE) / F64_BYTES]!;
  }

  setNumber(address: number, value: number): void {
    this.numbers[(address - RECORD_BASE) / F64_BYTES] = value;
  }

  word(address: number): number {
    return this.words[(address - RECORD_BASE) / WORD]!;
  }

  setWord(address: number, value: number): void {
    this.words[(address - RECORD_BASE) / WORD] = value;
  }

  private row(address: number, length: number): Float64Array {
    const first = (address - RECORD_BASE) / F64_BYTES;
    return this.numbers.subarray(first, first + length);
  }

  /** Rows of the triggers by the index of their fault. */
  triggers(): Map<number, Float64Array> {
    const { triggerBase, slotBase } = this.run.plan;
    const rows = new Map<number, Float64Array>();
    for (let at = triggerBase; at < slotBase; at += TRIGGER_BYTES) {
      const row = this.row(at, TRIGGER_ROW.length);
      rows.set(row[trigger('index')]!, row);
    }
    return rows;
  }

  /** Rows of the columns under effects by the address of the column. */
  slots(): Map<number, Float64Array> {
    const { slotBase, stateEnd } = this.run.plan;
    const rows = new Map<number, Float64Array>();
    for (let at = slotBase; at < stateEnd; at += SLOT_BYTES) {
      const row = this.row(at, SLOT_ROW.length);
      rows.set(row[slot('address')]!, row);
    }
    return rows;
  }
}

const sameBits = (one: Float64Array, other: Float64Array) => one.every((value, place) => Object.is(value, other[place]));

/** The documents differ in nothing but what happens, and how long they last. */
function sameDesign(from: LoadedScenario, to: LoadedScenario): boolean {
  const bare = ({ scenario, cell }: LoadedScenario) =>
    printJson(sortedKeys({ scenario: { ...scenario, commands: [], faults: [], duration_s: 0 }, cell }));
  const sameProfiles = from.profiles.every((profile, index) => {
    const other = to.profiles[index];
    if (profile === undefined || other === undefined) return profile === other;
    return sameBits(profile.time_s, other.time_s) && sameBits(profile.value, other.value);
  });
  const startsTheSame = from.scenario.faults.every((fault, index) => {
    const other = to.scenario.faults[index];
    return other !== undefined && printJson(sortedKeys({ ...fault })) === printJson(sortedKeys({ ...other }));
  });
  return startsTheSame && sameProfiles && from.profiles.length === to.profiles.length && bare(from) === bare(to);
}

function logOf({ kernel, scalars }: CompiledRun): Float64Array {
  const first = scalars.command.base / F64_BYTES;
  return kernel.f64.subarray(first, first + scalars.command.count * COMMAND_ROW.length);
}

/** What an address stands for, wherever the rows of triggers and slots lie. */
function meaningOf(address: number, { plan }: CompiledRun, image: Image): string {
  if (address < plan.triggerBase) return String(address);
  const [base, bytes, what] = address < plan.slotBase ? [plan.triggerBase, TRIGGER_BYTES, 'trigger'] : [plan.slotBase, SLOT_BYTES, 'slot'];
  const row = base + Math.floor((address - base) / bytes) * bytes;
  const name = image.number(row + (what === 'trigger' ? trigger('index') : slot('address')) * F64_BYTES);
  return `${what} ${name} ${address - row}`;
}

/** The commands up to the present are the same, and none has come in between. */
function samePast(from: CompiledRun, to: CompiledRun, starts: readonly [Image, Image], tick: number): boolean {
  const [past, log] = [logOf(from), logOf(to)];
  const done = from.scalars.command.next * COMMAND_ROW.length;
  for (let at = 0; at < done; at += COMMAND_ROW.length) {
    const [when, address, value] = past.subarray(at, at + COMMAND_ROW.length) as unknown as [number, number, number];
    const other = log.subarray(at, at + COMMAND_ROW.length);
    if (other.length === 0 || other[0] !== when || !Object.is(other[2], value)) return false;
    if (meaningOf(address, from, starts[0]) !== meaningOf(other[1]!, to, starts[1])) return false;
  }
  return done >= log.length || log[done]! >= tick;
}

/** Whether some effect of the run strikes a column once, which leaves a mark that no slot knows. */
function isStruck({ kernel, scalars }: CompiledRun, address: number): boolean {
  const { rows, rowCount } = scalars.effect;
  for (let row = 0; row < rowCount; row++) {
    const at = rows / F64_BYTES + row * EFFECT_ROW.length;
    const op = kernel.f64[at + EFFECT_ROW.indexOf('op')]!;
    if (op >= EFFECT_OPS.impulseSet && kernel.f64[at + EFFECT_ROW.indexOf('slot')] === address) return true;
  }
  return false;
}

/** Columns that only new faults change have been left alone so far. */
function newSlotsAreUntouched(from: CompiledRun, starts: readonly [Image, Image], now: Image): boolean {
  const old = starts[0].slots();
  const settings = new Set(SETTING_NAMES.map(settingAddress));
  return [...starts[1].slots().keys()].every((address) => {
    if (old.has(address)) return true;
    const value = now.number(address);
    if (Number.isNaN(value) || !Object.is(value, starts[0].number(address))) return false;
    if (settings.has(address) && from.scalars.lcd.settingsStored !== 0) return false;
    return !isStruck(from, address);
  });
}

/** Triggers that both have are the same, and the new ones wait for a time that has not come. */
function triggersAllow(starts: readonly [Image, Image], tick: number): boolean {
  const old = starts[0].triggers();
  return [...starts[1].triggers()].every(([index, row]) => {
    const before = old.get(index);
    if (before !== undefined) return sameBits(before, row);
    return row[trigger('address')] === 0 && row[trigger('fromTick')]! >= tick;
  });
}

/** Words before the triggers in which the start states differ; undefined where one of them is more than a place. */
function differingWords(from: CompiledRun, starts: readonly [Image, Image]): number[] | undefined {
  const places = placeWords();
  const found: number[] = [];
  for (let address = RECORD_BASE; address < from.plan.triggerBase; address += WORD) {
    if (starts[0].word(address) === starts[1].word(address)) continue;
    if (!places.has(address)) return undefined;
    found.push(address);
  }
  // Once effects have acted, a fault that reacts to voltage has the whole pack solved in another way, before it acts itself.
  const { effect, pack } = from.scalars;
  const isAsked = effect.version !== 0 && pack.needsThevenin === 0;
  if (isAsked && found.includes(scalarAddress('pack.faultsReact'))) return undefined;
  // A fault of the noise holds in its slot what the column was at the start.
  const isHeld = starts.some((start) => start.slots().has(scalarAddress(NOISE)));
  return isHeld && found.includes(scalarAddress(NOISE) + WORD) ? undefined : found;
}

/**
 * How states of a run up to the present become states of another that has just been opened; undefined where the other has to repeat the past.
 * The start states are those at tick 0.
 */
export function carryOver(from: Run, fromStart: RunState, to: Run, toStart: RunState): CarryOver | undefined {
  const { tick } = from;
  const alike = from.compiled.plan.triggerBase === to.compiled.plan.triggerBase;
  if (!alike || tick === 0 || fromStart.tick !== 0 || to.ticks < tick || !sameDesign(from.loaded, to.loaded)) return undefined;
  const starts = [new Image(fromStart.bytes, from.compiled), new Image(toStart.bytes, to.compiled)] as const;
  const now = new Image(from.state().bytes, from.compiled);
  const words = differingWords(from.compiled, starts);
  if (words === undefined || !samePast(from.compiled, to.compiled, starts, tick)) return undefined;
  if (!triggersAllow(starts, tick) || !newSlotsAreUntouched(from.compiled, starts, now)) return undefined;
  return (state) => ({ ...state, bytes: carried(new Image(state.bytes, from.compiled), starts, to.compiled, words) });
}

function carried(state: Image, starts: readonly [Image, Image], to: CompiledRun, words: readonly number[]): Uint8Array {
  const next = new Image(starts[1].bytes.slice(), to);
  next.bytes.set(state.bytes.subarray(0, to.plan.triggerBase - RECORD_BASE));
  for (const address of words) next.setWord(address, starts[1].word(address));
  const [triggers, slots] = [state.triggers(), state.slots()];
  for (const [index, row] of next.triggers()) row.set(triggers.get(index) ?? row);
  for (const [address, row] of next.slots()) row.set(slots.get(address) ?? row);
  lookAgain(state, next, triggers);
  return next.bytes;
}

/** When triggers are to be looked at next; a run that had none has never looked. */
function lookAgain(state: Image, next: Image, known: ReadonlyMap<number, Float64Array>): void {
  const waiting = [...next.triggers()].flatMap(([index, row]) => (known.has(index) ? [] : [row[trigger('fromTick')]!]));
  const before = known.size === 0 ? Infinity : state.number(scalarAddress('effect.nextTick'));
  if (known.size + waiting.length === 0) return;
  next.setNumber(scalarAddress('effect.nextTick'), Math.min(before, ...waiting));
  next.setWord(scalarAddress('effect.commandsSeen'), state.word(scalarAddress('command.next')));
}
