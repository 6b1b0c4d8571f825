/**
 * A run that is operated while it goes on: its command log is filled with rows that do nothing, and each act takes the place of the next one.
 * So a test need not know its story beforehand, and the story that it tells is still start state and log.
 */
import type { FaultName } from '../../domain/faults/titles.ts';
import { type Button, pressCode } from '../../domain/lcd/pages.ts';
import { COMMAND_ROW, F64_BYTES } from '../../domain/memory.ts';
import { TRIGGER_ROW } from '../../domain/memoryEffects.ts';
import { scalarAddress, structureAddress } from '../../engine/addresses.ts';
import type { Run } from '../../engine/run.ts';
import { type KernelName, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, TICK_S } from './bench.ts';

/** Acts that a run has room for. */
const ROOM = 400;
const NEVER_S = 1e7;

export interface LiveFault {
  fault: FaultName;
  target?: string | number;
}

/** A bench with a charger and a load that are off, and faults that wait to be started. */
export function liveScenario(faults: readonly LiveFault[], changes: Parameters<typeof bench>[0] = {}): ScenarioObject {
  return bench({
    ...changes,
    commands: Array.from({ length: ROOM }, () => ({ time_s: 0, do: 'powerOn' as const })),
    scenario: {
      duration_s: 100_000,
      source: [
        { charger: { current_A: 20, voltage_V: 20, endCurrent_A: 0, switchedOn: false } },
        { constantCurrent_A: -20, from_s: 0, until_s: NEVER_S },
      ],
      faults: faults.map((fault) => ({ ...fault, when: { time_s: NEVER_S } })),
      ...changes.scenario,
    },
  });
}

export class LiveRun {
  private acts = 0;

  private constructor(
    readonly run: Run,
    private readonly faults: readonly LiveFault[],
  ) {
    // Rows that wait lie behind the end of the run.
    const { f64 } = run.compiled.kernel;
    for (let row = 0; row < ROOM; row++) f64[this.rowAt(row)] = Infinity;
    this.act(structureAddress('source', 'enabled', 1), 0);
  }

  static async open(
    faults: readonly LiveFault[],
    changes: Parameters<typeof bench>[0] = {},
    kernel: KernelName = 'simd',
  ): Promise<LiveRun> {
    return new LiveRun(await openRun(liveScenario(faults, changes), { kernel }), faults);
  }

  private rowAt(row: number): number {
    return this.run.compiled.scalars.command.base / F64_BYTES + row * COMMAND_ROW.length;
  }

  /** Writes a value at the start of the next tick. */
  act(address: number, value: number): void {
    if (this.acts >= ROOM) throw new Error('the log is full');
    this.run.compiled.kernel.f64.set([this.run.tick, address, value], this.rowAt(this.acts++));
  }

  press(button: Button, held = false): void {
    this.act(scalarAddress('button.pressed'), pressCode(button, held));
  }

  set(column: string, value: number): void {
    this.act(scalarAddress(column), value);
  }

  charge(on: boolean): void {
    this.act(structureAddress('source', 'enabled', 0), on ? 1 : 0);
  }

  load(on: boolean): void {
    this.act(structureAddress('source', 'enabled', 1), on ? 1 : 0);
  }

  private trigger(fault: number, column: (typeof TRIGGER_ROW)[number]): number {
    const { kernel, plan } = this.run.compiled;
    const address = (place: number, name: (typeof TRIGGER_ROW)[number]) =>
      plan.triggerBase + (place * TRIGGER_ROW.length + TRIGGER_ROW.indexOf(name)) * F64_BYTES;
    const place = this.faults.findIndex((_, each) => kernel.f64[address(each, 'index') / F64_BYTES] === fault);
    return address(place, column);
  }

  start(fault: number): void {
    this.act(this.trigger(fault, 'fromTick'), this.run.tick);
  }

  repair(fault: number): void {
    this.act(this.trigger(fault, 'repaired'), 1);
  }

  isOn(name: FaultName): boolean {
    return this.faults.some(
      ({ fault }, index) => fault === name && this.run.compiled.kernel.f64[this.trigger(index, 'on') / F64_BYTES] === 1,
    );
  }

  /** Lets time go on, looking after every tick. */
  wait(seconds: number, look: () => void): void {
    for (let tick = 0; tick < seconds / TICK_S; tick++) {
      this.run.advance(this.run.tick + 1);
      look();
    }
  }
}
