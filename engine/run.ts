/**
 * One run of a loaded scenario: advance, look, snapshot, result.
 * The kernel does all that happens in simulated time; this drains its events and reads.
 */
import { type Channel, channelOf } from '../domain/channels.ts';
import { assert } from '../domain/errors.ts';
import { EVENTS, type EventName } from '../domain/events.ts';
import { RECORD_BASE } from '../domain/memory.ts';
import { compile, type CompiledRun, type CompileOptions } from './compile.ts';
import { drainEvents, type RunEvent } from './events.ts';
import { channelPlace, valueAt } from './channelPlace.ts';
import { judge } from './expectation.ts';
import type { KernelModule } from './kernel.ts';
import type { LoadedScenario } from './load.ts';
import { describeFailure, exposureOf, indicatorsOf, resultHash, type RunResult, type RunStatus, stateBytes } from './result.ts';
import { Instruments, NOTHING_SEEN, type Seen } from './instruments.ts';
import { packSnapshot, unpackSnapshot } from './snapshot.ts';
import type { WatchedRange } from './watches.ts';

export interface RunOptions extends CompileOptions {
  /** The run stops when this event comes. */
  until?: EventName | undefined;
}

/** As a code to stop on: whatever event comes. */
const ANY_EVENT = -1;

const CAME_BACK = { reached: 0, ringFull: 1, stopped: 2, failed: 3 } as const;

interface HostState {
  events: RunEvent[];
  watches: (WatchedRange | null)[];
  seen: (Seen | null)[];
}

/** Watched ranges as JSON has them, which knows no infinity: null where the run has not come into the window. */
const finiteRange = (range: WatchedRange): WatchedRange | null => (range.low <= range.high ? range : null);
const UNSEEN_RANGE: WatchedRange = { low: Infinity, high: -Infinity };

/** A run at one moment, in memory only: the kernel's state and what lies beside it. */
export interface RunState {
  readonly tick: number;
  /** The state, as it lies in the kernel. */
  readonly bytes: Uint8Array;
  readonly eventCount: number;
  readonly watches: readonly WatchedRange[];
  readonly seen: readonly Seen[];
}

export class Run {
  readonly events: RunEvent[] = [];
  status: RunStatus | 'running' = 'running';
  private failure: string | undefined;
  private readonly instruments: Instruments;

  private constructor(
    readonly loaded: LoadedScenario,
    readonly compiled: CompiledRun,
    private readonly kernelHash: string,
  ) {
    this.collect();
    this.instruments = new Instruments(loaded.scenario);
    this.look();
  }

  /** Compiles the scenario into a fresh kernel at time 0. */
  static async open(loaded: LoadedScenario, module: KernelModule, options: RunOptions = {}): Promise<Run> {
    const compiled = await compile(loaded, module, options);
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
      const came = this.compiled.kernel.exports.runTo(this.instruments.freeUntil(this.tick, goal));
      this.collect();
      this.look();
      if (came === CAME_BACK.stopped) this.status = 'stopped';
      else if (came === CAME_BACK.failed) this.fail();
    }
    if (this.status === 'running' && this.tick >= this.ticks) this.status = 'completed';
  }

  /** Advances to a tick, or to the end of the tick that brings an event; true where one came. */
  advanceToEvent(toTick: number): boolean {
    const { event } = this.compiled.scalars;
    const { stopCode } = event;
    const before = this.events.length;
    event.stopCode = ANY_EVENT;
    this.advance(toTick);
    event.stopCode = stopCode;
    const came = this.events.slice(before);
    // Only the event that the run was to end with ends it.
    if (this.status === 'stopped' && !came.some(({ code, active }) => active && EVENTS[code].code === stopCode)) {
      event.stopSeen = 0;
      this.status = this.tick >= this.ticks ? 'completed' : 'running';
    }
    return came.length > 0;
  }

  private look(): void {
    const read = (channel: Channel) => this.value(channel);
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
    const { kernel, plan } = this.compiled;
    const raw = valueAt(kernel, channelPlace(channel, plan, this.loaded.scenario.pack.series));
    return channel.row.perUnit === undefined ? raw : raw / channel.row.perUnit;
  }

  /** Value of a channel by its name. */
  read(name: string): number {
    return this.value(this.channel(name));
  }

  /** The run as it stands, as bytes that `restore` takes. */
  async snapshot(): Promise<Uint8Array> {
    return packSnapshot({
      tick: this.tick,
      kernelHash: this.kernelHash,
      scenarioHash: this.loaded.hash,
      state: stateBytes(this.compiled),
      host: {
        events: this.events,
        watches: this.compiled.watches.ranges.map(finiteRange),
        seen: this.instruments.state().map((seen) => (seen.count > 0 ? seen : null)),
      } satisfies HostState,
    });
  }

  /** Puts the run back to a snapshot of the same scenario and kernel; refuses any other. */
  async restore(bytes: Uint8Array): Promise<void> {
    const { state, host } = await unpackSnapshot(bytes, this.kernelHash, this.loaded.hash);
    const { events, watches, seen } = host as HostState;
    this.takeState(
      state,
      events,
      watches.map((range) => range ?? UNSEEN_RANGE),
      seen.map((one) => one ?? NOTHING_SEEN),
    );
  }

  /** A copy of the run as it stands. Taking it changes nothing; only a run of the same scenario and kernel may take it back. */
  state(): RunState {
    const { kernel, plan, watches } = this.compiled;
    kernel.exports.settle();
    return {
      tick: this.tick,
      bytes: kernel.bytes.slice(RECORD_BASE, plan.stateEnd),
      eventCount: this.events.length,
      watches: watches.ranges,
      seen: this.instruments.state(),
    };
  }

  /** Puts the run to a state that it, or another run of its scenario with these events, was in. */
  putBack(state: RunState, events: readonly RunEvent[] = this.events): void {
    const { plan } = this.compiled;
    assert(state.bytes.length === plan.stateEnd - RECORD_BASE, 'the state belongs to another pack', { bytes: state.bytes.length });
    assert(state.eventCount <= events.length, 'the events do not reach the state', { events: events.length, tick: state.tick });
    this.takeState(state.bytes, events.slice(0, state.eventCount), state.watches, state.seen);
  }

  /** The recording begins anew: what it holds is no part of the state. */
  private takeState(bytes: Uint8Array, events: readonly RunEvent[], watches: readonly WatchedRange[], seen: readonly Seen[]): void {
    const { kernel, scalars, recording } = this.compiled;
    const { stopCode } = scalars.event;
    kernel.bytes.set(bytes, RECORD_BASE);
    Object.assign(scalars.event, { stopCode, stopSeen: 0 });
    kernel.exports.restartRecorder(recording.width_ticks);
    this.events.length = 0;
    for (const event of events) this.events.push(event);
    this.compiled.watches.ranges = watches;
    this.instruments.putBack(seen);
    this.failure = undefined;
    this.status = 'running';
  }

  /** Ends a run that somebody cancelled. */
  cancel(): void {
    if (this.status === 'running') this.status = 'cancelled';
  }

  async result(): Promise<RunResult> {
    this.compiled.kernel.exports.settle();
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
      expectations: judge(scenario, this.events, this.compiled.watches.seen, measurements, this.time_s),
    };
    return this.failure === undefined ? result : { ...result, failure: this.failure };
  }
}
