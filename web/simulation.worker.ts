/**
 * The worker that simulates: it holds the kernel and one run at a time.
 * Calls come by Comlink; frames go out on a port of their own, one for each that the page asks for.
 */
import './jitless.ts';
import * as Comlink from 'comlink';
import { InputError } from '../domain/errors.ts';
import type { Json } from '../domain/scenario/json.ts';
import { checkScenario } from '../domain/scenario/read.ts';
import { checkDesign, type Finding } from '../engine/designCheck.ts';
import { completeScenario } from '../engine/load.ts';
import { Rewind } from '../engine/rewind.ts';
import { Run } from '../engine/run.ts';
import type { Probing } from './meter.svelte.ts';
import { PageReader } from './reader.ts';
import type { Between } from './simulation/books.ts';
import { BenchReporter, type BenchState } from './simulation/benchState.ts';
import type { Frame, GoOnRequest, Opened, OpenRequest, RunPlan, SimulationControl, View, WentOn } from './simulation/protocol.ts';
import { fetchKernel } from './simulation/fetchKernel.ts';
import { reach } from './simulation/reach.ts';
import { Session } from './simulation/session.ts';

const FIRST_BUCKETS = 250;

/** Runs work after everything that already waits; a timer of 0 ms would wait for 4 ms. */
function scheduler(): (work: () => void, wait_ms: number) => void {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return (work, wait_ms) => {
    if (wait_ms > 0) {
      setTimeout(work, wait_ms);
      return;
    }
    waiting.push(work);
    channel.port2.postMessage(undefined);
  };
}

class Simulation implements SimulationControl {
  private readonly kernel = fetchKernel();
  private readonly later = scheduler();
  private port: MessagePort | undefined;
  private benchPort: MessagePort | undefined;
  private session: Session | undefined;
  private bench: BenchReporter | undefined;
  private latestRunId = 0;
  private probing: Probing = { mode: 'volts', red: 'pack +', black: 'pack -', around: 'pack' };

  connect(port: MessagePort): void {
    this.port = port;
    port.onmessage = () => this.session?.pageReady();
  }

  connectBench(port: MessagePort): void {
    this.benchPort = port;
    port.onmessage = () => this.bench?.pageReady();
  }

  async open(request: OpenRequest): Promise<Opened> {
    this.session?.discard();
    this.session = undefined;
    this.bench?.end();
    this.bench = undefined;
    this.latestRunId = request.runId;
    try {
      const rewind = await this.rewindOf(request);
      const { run } = rewind;
      if (request.runId === this.latestRunId) {
        this.session = this.sessionOf(rewind, request, run.loaded.scenario.duration_s);
        this.bench = this.benchOf(run, request.runId);
      }
      return { ok: true, plan: await this.planOf(run, request.runId) };
    } catch (error) {
      if (error instanceof InputError) return { ok: false, details: error.details };
      throw error;
    }
  }

  private async planOf({ loaded }: Run, runId: number): Promise<RunPlan> {
    const { duration_s, pack, tick_s, bms } = loaded.scenario;
    const { series, parallel } = pack;
    return { runId, duration_s, series, parallel, tick_s, hasUnit: bms !== null, kernelHash: (await this.kernel).hash };
  }

  /** A fresh run of a document, at time 0. */
  private async rewindOf({ document, files }: Pick<OpenRequest, 'document' | 'files'>): Promise<Rewind> {
    const loaded = await completeScenario(checkScenario(document), new PageReader(files));
    const kernel = await this.kernel;
    return new Rewind(await Run.open(loaded, kernel, { recording: {} }), kernel);
  }

  hold(): number | undefined {
    const tick = this.session?.hold();
    return tick === undefined ? undefined : this.session!.timeOf(tick);
  }

  async goOnAs(request: GoOnRequest): Promise<WentOn> {
    const held = this.session;
    const isWanted = () => this.session === held && request.runId === this.latestRunId;
    const tick = held?.hold();
    if (held === undefined || tick === undefined || !isWanted()) return { ok: false };
    try {
      const rewind = await this.rewindOf(request);
      const plan = await this.planOf(rewind.run, request.runId);
      const isThere = isWanted() && (held.handOver(rewind) || (await reach(rewind, tick, isWanted, this.later)));
      const next = isThere ? held.succeededBy(rewind) : undefined;
      if (next === undefined) {
        held.release();
        return { ok: false };
      }
      this.session = next;
      this.bench?.end();
      this.bench = this.benchOf(rewind.run, request.runId);
      return { ok: true, plan };
    } catch (error) {
      held.release();
      if (error instanceof InputError) return { ok: false, details: error.details };
      throw error;
    }
  }

  private sessionOf(rewind: Rewind, { runId, pace }: OpenRequest, duration_s: number): Session {
    const send = (frame: Frame, transfer: Transferable[]) => this.port?.postMessage(frame, transfer);
    return new Session(rewind, runId, pace, { from_s: 0, until_s: duration_s, buckets: FIRST_BUCKETS }, send, this.later);
  }

  private benchOf(run: Run, runId: number): BenchReporter {
    const send = (state: BenchState, transfer: Transferable[]) => this.benchPort?.postMessage(state, transfer);
    return new BenchReporter(run, runId, () => this.probing, send);
  }

  run(): void {
    this.session?.start();
    this.bench?.report();
  }

  pause(): void {
    this.session?.pause();
  }

  resume(): void {
    this.session?.start();
  }

  cancel(): void {
    void this.session?.cancel();
  }

  step(ticks: number): void {
    this.session?.step(ticks);
  }

  toNextEvent(): void {
    this.session?.toNextEvent();
  }

  setPace(pace: number): void {
    this.session?.setPace(pace);
  }

  look(view: View): void {
    this.session?.look(view);
  }

  async between(from_s: number, until_s: number): Promise<Between | undefined> {
    return this.session?.between(from_s, until_s);
  }

  probe(probing: Probing): void {
    this.probing = probing;
    this.bench?.again();
  }

  async check(document: Json, files: Record<string, Uint8Array>): Promise<Finding[]> {
    try {
      return checkDesign(await completeScenario(checkScenario(document), new PageReader(files)));
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  }
}

Comlink.expose(new Simulation());
