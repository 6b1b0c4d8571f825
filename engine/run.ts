/**
 * One run of a loaded scenario: advance, look, snapshot, result.
 * The kernel does all that happens in simulated time; this drains its events and watches what is expected.
 */
import { type Channel, channelOf } from '../domain/channels.ts';
import { assert } from '../domain/errors.ts';
import { EVENTS, type EventName } from '../domain/events.ts';
import { RECORD_BASE } from '../domain/memory.ts';
import { compile, type CompiledRun } from './compile.ts';
import { drainEvents, type RunEvent } from './events.ts';
import { freeUntil, judge, look, type Watch, watchesOf } from './expectation.ts';
import type { KernelModule, StructureViews } from './kernel.ts';
import type { LoadedScenario } from './load.ts';
import { describeFailure, exposureOf, indicatorsOf, resultHash, type RunResult, type RunStatus, stateBytes } from './result.ts';
import { Instruments, NOTHING_SEEN, type Seen } from './instruments.ts';
import { packSnapshot, unpackSnapshot } from './snapshot.ts';

export interface RunOptions {
  /** The run stops when this event comes. */
  until?: EventName | undefined;
}

const CAME_BACK = { reached: 0, ringFull: 1, stopped: 2, failed: 3 } as const;

interface HostState {
  events: RunEvent[];
  watches: { low: number; high: number }[];
  seen: Seen[];
}

/** A run at one moment, in memory only: bytes of the kernel and what the host keeps beside them. */
export interface RunState {
  readonly tick: number;
  /** State and open bucket, as they lie in the kernel. */
  readonly bytes: Uint8Array;
  readonly eventCount: number;
  readonly watches: readonly { low: number; high: number }[];
  readonly seen: readonly Seen[];
}

export class Run {
  readonly events: RunEvent[] = [];
  status: RunStatus | 'running' = 'running';
  private failure: string | undefined;
  private readonly watches: Watch[];
  private readonly instruments: Instruments;

  private constructor(
    readonly loaded: LoadedScenario,
    readonly compiled: CompiledRun,
    private readonly kernelHash: string,
  ) {
    this.watches = watchesOf(loaded.scenario, compiled.ticks);
    this.collect();
    this.instruments = new Instruments(loaded.scenario);
    this.look();
  }

  /** Compiles the scenario into a fresh kernel at time 0. */
  static async open(loaded: LoadedScenario, module: KernelModule, options: RunOptions = {}): Promise<Run> {
    const compiled = await compile(loaded, module);
    compiled.scalars.event.stopCode = options.until === undefined ? 0 : EVENTS[options.until].code;
    return new Run(loaded, compiled, module.hash);
  }

  get ticks(): number {
    return this.compiled.ticks;
  }

  get tick(): number {
    return this.compiled.scalars.run.tick;
  }

  get time_s(): number {
    return this.tick * this.loaded.scenario.tick_s;
  }

  private collect(): void {
    this.events.push(...drainEvents(this.compiled, this.loaded.scenario.tick_s));
  }

  /** Advances to a tick, the end, a stop event or a failure, whichever comes first. */
  advance(toTick: number = this.ticks): void {
    const goal = Math.min(toTick, this.ticks);
    while (this.status === 'running' && this.tick < goal) {
      const free = this.instruments.freeUntil(this.tick, freeUntil(this.watches, this.tick, goal));
      const came = this.compiled.kernel.exports.runTo(free);
      this.collect();
      this.look();
      if (came === CAME_BACK.stopped) this.status = 'stopped';
      else if (came === CAME_BACK.failed) this.fail();
    }
    if (this.status === 'running' && this.tick >= this.ticks) this.status = 'completed';
  }

  private look(): void {
    const read = (channel: Channel) => this.value(channel);
    look(this.watches, this.tick, read);
    this.instruments.look(this.compiled, this.tick, read);
  }

  private fail(): void {
    this.status = 'failed';
    this.failure = describeFailure(this.compiled, this.tick);
  }

  /** A channel of this pack by its name. */
  channel(name: string): Channel {
    return channelOf(name, this.loaded.scenario.pack);
  }

  /** Value of a channel at the end of the last tick. */
  value(channel: Channel): number {
    const { row, group, position } = channel;
    const column = typeof row.column === 'string' ? row.column : row.column[group]!;
    const [section, name] = column.split('.') as [string, string];
    const raw = this.rawValue(section, name, group, position);
    return row.perUnit === undefined ? raw : raw / row.perUnit;
  }

  private rawValue(section: string, name: string, group: number, position: number): number {
    if (section === 'cell') return this.compiled.cells[name as keyof CompiledRun['cells']].get(group, position);
    if (section === 'group') return this.compiled.groups[name as keyof CompiledRun['groups']].get(group);
    if (section === 'relay') return this.compiled.structures.relay[group]![name as keyof StructureViews['relay'][number]];
    return (this.compiled.scalars as unknown as Record<string, Record<string, number>>)[section]![name]!;
  }

  /** Value of a channel by its name. */
  read(name: string): number {
    return this.value(this.channel(name));
  }

  /** The run as it stands, as bytes that `restore` takes. */
  async snapshot(): Promise<Uint8Array> {
    this.compiled.kernel.exports.closeBucket();
    const host: HostState = {
      events: this.events,
      watches: this.watches.map(({ low, high }) => ({ low, high })),
      seen: this.instruments.state(),
    };
    // JSON has no infinities: who has seen nothing yet is null.
    const finite = {
      ...host,
      watches: host.watches.map((watch) => (watch.low <= watch.high ? watch : null)),
      seen: host.seen.map((seen) => (seen.count > 0 ? seen : null)),
    };
    return packSnapshot({
      tick: this.tick,
      kernelHash: this.kernelHash,
      scenarioHash: this.loaded.hash,
      state: stateBytes(this.compiled),
      host: finite,
    });
  }

  /** Puts the run back to a snapshot of the same scenario and kernel; refuses any other. */
  async restore(bytes: Uint8Array): Promise<void> {
    const { state, host } = await unpackSnapshot(bytes, this.kernelHash, this.loaded.hash);
    const { stopCode } = this.compiled.scalars.event;
    const { events, watches, seen } = host as {
      events: RunEvent[];
      watches: ({ low: number; high: number } | null)[];
      seen: (Seen | null)[];
    };
    this.compiled.kernel.exports.closeBucket();
    this.compiled.kernel.bytes.set(state, RECORD_BASE);
    this.compiled.scalars.event.stopCode = stopCode;
    this.events.length = 0;
    this.events.push(...events);
    this.watches.forEach((watch, index) => Object.assign(watch, watches[index] ?? { low: Infinity, high: -Infinity }));
    this.instruments.putBack(seen.map((one) => one ?? NOTHING_SEEN));
    this.failure = undefined;
    this.status = 'running';
  }

  /** A copy of the run as it stands. Taking it changes nothing, not even the open bucket; only a run of the same scenario and kernel may take it back. */
  state(): RunState {
    const { kernel, plan } = this.compiled;
    return {
      tick: this.tick,
      bytes: kernel.bytes.slice(RECORD_BASE, plan.ringBase),
      eventCount: this.events.length,
      watches: this.watches.map(({ low, high }) => ({ low, high })),
      seen: this.instruments.state(),
    };
  }

  /** Puts the run to a state that it, or another run of its scenario with these events, was in. */
  putBack(state: RunState, events: readonly RunEvent[] = this.events): void {
    const { kernel, plan, scalars } = this.compiled;
    assert(state.bytes.length === plan.ringBase - RECORD_BASE, 'the state belongs to another pack', { bytes: state.bytes.length });
    assert(state.eventCount <= events.length, 'the events do not reach the state', { events: events.length, tick: state.tick });
    const { stopCode } = scalars.event;
    kernel.bytes.set(state.bytes, RECORD_BASE);
    Object.assign(scalars.event, { stopCode, stopSeen: 0 });
    const before = events.slice(0, state.eventCount);
    this.events.length = 0;
    for (const event of before) this.events.push(event);
    this.watches.forEach((watch, index) => Object.assign(watch, state.watches[index]!));
    this.instruments.putBack(state.seen);
    this.failure = undefined;
    this.status = 'running';
  }

  /** Ends a run that somebody cancelled. */
  cancel(): void {
    if (this.status === 'running') this.status = 'cancelled';
  }

  async result(): Promise<RunResult> {
    this.compiled.kernel.exports.closeBucket();
    const { scenario } = this.loaded;
    const indicators = indicatorsOf(this.compiled);
    const measurements = this.instruments.results();
    const result: RunResult = {
      status: this.status === 'running' ? 'cancelled' : this.status,
      scenarioHash: this.loaded.hash,
      kernelHash: this.kernelHash,
      seed: scenario.seed,
      ticks: this.tick,
      duration_s: this.time_s,
      resultHash: await resultHash(this.compiled, this.events, indicators),
      indicators,
      exposure: exposureOf(this.compiled),
      events: [...this.events],
      measurements,
      expectations: judge(scenario, this.events, this.watches, measurements),
    };
    return this.failure === undefined ? result : { ...result, failure: this.failure };
  }
}
