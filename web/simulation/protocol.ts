/**
 * What page and worker say to each other: calls on the control plane, frames on the data plane.
 * Both sides import these types, so that neither can drift.
 */
import type { InputErrorDetails } from '../../domain/errors.ts';
import type { Json } from '../../domain/scenario/json.ts';
import type { Finding } from '../../engine/designCheck.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { Probing } from '../meter.svelte.ts';
import type { Between } from './books.ts';
import type { RunResult, RunStatus } from '../../engine/result.ts';

export type SessionStatus = 'ready' | 'running' | 'paused' | RunStatus;

export interface OpenRequest {
  runId: number;
  document: Json;
  /** Files that the user brought, by the name the scenario calls them. */
  files: Record<string, Uint8Array>;
  /** Simulated seconds per second; Infinity runs as fast as possible. */
  pace: number;
}

export type GoOnRequest = Pick<OpenRequest, 'runId' | 'document' | 'files'>;
export type WentOn = { ok: true; plan: RunPlan } | { ok: false; details?: InputErrorDetails };

/** What the page needs to know of a run before its first frame. */
export interface RunPlan {
  runId: number;
  duration_s: number;
  series: number;
  parallel: number;
  tick_s: number;
  hasUnit: boolean;
  kernelHash: string;
}

export type Opened = { ok: true; plan: RunPlan } | { ok: false; details: InputErrorDetails };

/** Part of the run that is drawn, in simulated seconds, and into how many buckets at most. */
export interface View {
  from_s: number;
  until_s: number;
  buckets: number;
}

export interface Frame {
  runId: number;
  status: SessionStatus;
  time_s: number;
  /** Points on every trace. */
  points: number;
  /** Latest values, then the time axis, then one trace after the other; see traces.ts. */
  values: Float64Array;
  /** Events since the frame before. */
  events: RunEvent[];
  /** With the last frame of a run only. */
  result?: RunResult;
}

/** What the page may ask of the worker. */
export interface SimulationControl {
  /** The port on which frames go out; a frame is sent only after the page has asked for the next one on it. */
  connect(port: MessagePort): void;
  /** The port on which the state of the bench goes out, likewise one for each that the page asks for. */
  connectBench(port: MessagePort): void;
  open(request: OpenRequest): Promise<Opened>;
  run(): void;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Goes on by so many ticks and pauses. */
  step(ticks: number): void;
  /** Goes on to the next event and pauses there. */
  toNextEvent(): void;
  setPace(pace: number): void;
  /** Holds the live run between two ticks; the simulated time of the next one, or undefined where no run is live. */
  hold(): number | undefined;
  /**
   * The held run goes on as one of this document, which differs from its own only in what comes after the present.
   * It takes over the present state where that is to the bit the run that this document gives anywhere, else it is repeated up to here.
   * A run that has come to its end goes on where the document lasts longer.
   */
  goOnAs(request: GoOnRequest): Promise<WentOn>;
  look(view: View): void;
  /** What went through the pack between two moments, as far as the run has come; undefined where there is no run. */
  between(from_s: number, until_s: number): Promise<Between | undefined>;
  /** Where the multimeter is held from now on, in this run and every later one. */
  probe(probing: Probing): void;
  /** What will not work as designed; nothing where the design cannot be read. */
  check(document: Json, files: Record<string, Uint8Array>): Promise<Finding[]>;
}
