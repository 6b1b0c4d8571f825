/**
 * The page's one store: the design being edited, the run that is shown, and a method for every change.
 * Parts read it and call it; only here are the worker and what the browser keeps touched.
 */
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import { type Json, printJson } from '../domain/scenario/json.ts';
import type { Finding } from '../engine/designCheck.ts';
import type { RunEvent } from '../engine/events.ts';
import type { RunResult } from '../engine/result.ts';
import { SHIPPED_SCENARIOS } from './bundled.ts';
import { Design, FIRST_SCENARIO } from './design.svelte.ts';
import { Desk, SIDES } from './desk.svelte.ts';
import { shippedDocument, valueOf } from './document.ts';
import { inFieldNames } from './fieldNames.ts';
import { clock } from './format.ts';
import { edit } from './history.ts';
import { Kept } from './kept.svelte.ts';
import { openAddress } from './incoming.ts';
import { isLink, linkFragment, type SharedView } from './link.ts';
import { beyond_s, type LiveChange } from './live.ts';
import { mistakeOf } from './mistake.ts';
import { Meter, type Probing } from './meter.svelte.ts';
import type { Between } from './simulation/books.ts';
import type { BenchState } from './simulation/benchState.ts';
import type { SimulationLine } from './simulation/connect.ts';
import type { Frame, RunPlan, SessionStatus, View } from './simulation/protocol.ts';
import { FrameReader } from './simulation/traces.ts';
import { Stopwatch } from './stopwatch.ts';
import type { SavedDesign, Storage } from './storage.ts';
import { ChartWindow } from './window.svelte.ts';
import { WORDS } from './words.ts';

/** What was refused: a file or link, a run, something that was to be done to the live run, or a file that was to be made. */
export type Refused = 'file' | 'run' | 'action' | 'export';
export type Status = SessionStatus | 'opening' | 'refused';
/** Simulated seconds per second that are offered; Infinity is as fast as possible. */
export const PACES = [1, 10, 100, 1000, 10_000, 100_000, Infinity] as const;
/** A day in nine seconds: one sees the pack live, and the end is soon there. */
const FIRST_PACE = 10_000;
/** What takes longer is told to be under way. */
const NOTICED_MS = 300;
/** Part of a run within which a drawing of the whole of it begins. */
const WHOLE_START = 0.02;

export class Workbench {
  readonly design = new Design(() => this.follow());
  /** What will not work as designed, for the design as it stands. */
  findings = $state.raw<Finding[]>([]);
  /** A file that was refused, or a run that could not be opened; the design stands as it was. */
  refusal = $state.raw<InputErrorDetails | undefined>();
  refusedWhat = $state<Refused>('run');

  pace = $state<number>(FIRST_PACE);
  status = $state<Status>('opening');
  plan = $state.raw<RunPlan | undefined>();
  frame = $state.raw<Frame | undefined>();
  bench = $state.raw<BenchState | undefined>();
  events = $state.raw<RunEvent[]>([]);
  result = $state.raw<RunResult | undefined>();
  selected = $state.raw<RunEvent | undefined>();
  speed = $state(0);
  /** The run is being repeated up to the present for something that is done to it. */
  isRepeating = $state(false);
  /** The document and files of the run that is shown. */
  private shown = $state.raw<{ document: Json; files: Record<string, Uint8Array> } | undefined>();

  readonly message = $derived(this.refusal ?? this.design.problem);
  readonly isStale = $derived(this.shown !== undefined && !this.isShown());
  /** The design of the run that is shown; the one being edited before there is any. */
  readonly runDocument = $derived(this.shown?.document ?? this.design.document);
  /** Name of the run that is shown. */
  readonly runName = $derived(String(valueOf(this.runDocument, 'name') ?? ''));
  readonly isActive = $derived(this.status === 'running' || this.status === 'paused');
  /** Something can be done to the run: one that is over goes on for it. */
  readonly canAct = $derived(this.isActive || this.status === 'completed');
  readonly progress = $derived(this.plan === undefined || this.frame === undefined ? 0 : this.frame.time_s / this.plan.duration_s);
  readonly remaining_s = $derived.by(() => {
    if (this.plan === undefined || this.frame === undefined || this.speed <= 0) return Infinity;
    return (this.plan.duration_s - this.frame.time_s) / this.speed;
  });
  readonly kept: Kept;
  readonly meter = new Meter();
  readonly desk = new Desk(this.meter);
  readonly window = new ChartWindow(() => this.plan);
  /** The run that is shown, once it is over. */
  readonly currentRun = $derived.by(() => this.kept.runs.find(({ id }) => id === this.runKey));
  /** Number of the run that was asked for last; what is shown before it has opened is still of the one before. */
  runId = $state(0);
  /** Name of the run that is shown among the kept ones of all visits. */
  runKey = $state('');
  /** The next frame that brings a new event chooses it. */
  private choosesNextEvent = false;
  private readonly stopwatch = new Stopwatch();
  private acting: Promise<void> = Promise.resolve();
  private hasDrawn = () => {};
  /** The first pack is drawn, or it is clear that none comes by itself; what is heavy and not needed for it waits for this. */
  readonly firstDrawing = new Promise<void>((resolve) => (this.hasDrawn = resolve));

  constructor(
    private readonly line: SimulationLine,
    storage: Storage,
  ) {
    this.kept = new Kept(storage);
    line.frames.onmessage = (message: MessageEvent<Frame>) => this.take(message.data);
    line.bench.onmessage = (message: MessageEvent<BenchState>) => this.takeBench(message.data);
    line.worker.onerror = (event) => this.fail(event.message);
    void this.firstDrawing.then(() => this.design.beginToComplain());
  }

  /** Opens what the address names, else the first scenario and runs it; what was kept comes after. */
  async start(): Promise<void> {
    this.desk.recall();
    const hasLink = isLink(location.hash);
    const refusal = await openAddress(this);
    if (hasLink && refusal === undefined) this.awaitStart();
    const running = hasLink && refusal === undefined ? undefined : this.chooseScenario(FIRST_SCENARIO);
    this.design.forgetSteps();
    await Promise.all([running, this.kept.recall()]);
    if (refusal !== undefined) this.refuse(new InputError(refusal), 'file');
  }

  private awaitStart(): void {
    this.status = 'ready';
    this.hasDrawn();
  }

  /** An address that holds the design and what is looked at. */
  async shareUrl(): Promise<string> {
    const { design, desk, window } = this;
    const { part, side, clause } = desk;
    const fragment = await linkFragment({ document: design.document, view: { part, side, clause, ...window.part } });
    return `${location.origin}${location.pathname}${fragment}`;
  }

  private isShown(): boolean {
    const { document, files } = this.design;
    const { shown } = this;
    return (
      shown !== undefined && shown.files === files && (shown.document === document || printJson(shown.document) === printJson(document))
    );
  }

  async chooseScenario(id: string): Promise<void> {
    const text = SHIPPED_SCENARIOS.get(id);
    if (text === undefined) return;
    const document = shippedDocument(text);
    this.design.replace(document, id, WORDS.history.opened(String(valueOf(document, 'name') ?? id)));
    await this.run();
  }

  /** The design has changed: what was refused before is past, and what is one's own is kept. */
  private follow(): void {
    this.refusal = undefined;
    if (this.design.isOwnWork) this.kept.autosave(() => this.design.saved());
    void this.check();
  }

  private async check(): Promise<void> {
    const { document, files } = this.design;
    const findings = await this.line.control.check(document, files);
    if (document === this.design.document) this.findings = findings;
  }

  /** Takes up a design of an earlier visit or a named one. */
  async takeUp(design: SavedDesign): Promise<void> {
    this.kept.takeWork(design);
    this.design.files = { ...this.design.files, ...design.files };
    this.design.replace(design.document, design.scenarioId, WORDS.history.opened(design.name));
    await this.run();
  }

  /** Keeps the design as it stands under a name. */
  async saveDesign(name: string): Promise<void> {
    await this.kept.saveDesign(this.design.saved(crypto.randomUUID(), name));
  }

  dismiss(): void {
    this.refusal = undefined;
  }

  /** Starts a new run of the design as it stands. */
  async run(): Promise<void> {
    if (this.design.problem !== undefined) return;
    this.design.endTyping();
    this.desk.notice = undefined;
    const { document, files } = this.design;
    const { pace } = this;
    const runId = ++this.runId;
    this.status = 'opening';
    try {
      const opened = await this.line.control.open({ runId, document, files, pace });
      if (runId !== this.runId) return;
      if (!opened.ok) throw new InputError(opened.details);
      this.plan = opened.plan;
      this.window.follow(opened.plan);
      this.shown = { document, files };
      // Told before the page says that it runs, so that a pause right after it comes later.
      const started = [this.line.control.setPace(this.pace), this.line.control.run()];
      this.forgetRun();
      await Promise.all(started);
    } catch (error) {
      if (runId === this.runId) this.refuse(error, 'run');
    }
  }

  private forgetRun(): void {
    this.runKey = crypto.randomUUID();
    this.frame = undefined;
    this.bench = undefined;
    this.events = [];
    this.result = undefined;
    this.selected = undefined;
    this.refusal = undefined;
    this.choosesNextEvent = false;
    this.speed = 0;
    this.stopwatch.restart(0);
    this.status = 'running';
    // The worker may still wait for the page to ask for a frame of the run before.
    this.askForFrame();
    this.line.bench.postMessage('next');
  }

  refuse(error: unknown, what: Refused): void {
    this.hasDrawn();
    this.desk.notice = undefined;
    this.refusedWhat = what;
    this.refusal = mistakeOf(error);
    if (what === 'run') this.status = 'refused';
  }

  private fail(message: string): void {
    this.refuse(new Error(message), 'run');
  }

  private take(frame: Frame): void {
    if (frame.runId !== this.plan?.runId || this.status === 'opening') return this.askForFrame();
    const wasRunning = this.status === 'running';
    this.frame = frame;
    this.status = frame.status;
    if (frame.events.length > 0) this.events = [...this.events, ...frame.events];
    if (frame.result !== undefined) this.result = frame.result;
    if (frame.status === 'running') this.speed = this.stopwatch.speedAt(frame.time_s);
    else if (!wasRunning) this.stopwatch.restart(frame.time_s);
    if (this.choosesNextEvent && frame.status !== 'running') {
      this.choosesNextEvent = false;
      this.selected = frame.events.at(-1) ?? this.selected;
    }
    this.record(frame);
  }

  /** A run that is over joins the list, with the whole of its course. */
  private record(frame: Frame): void {
    const { plan, events, shown, result, runName: name } = this;
    if (result === undefined || plan === undefined || shown === undefined) return;
    const times = new FrameReader(frame.values, plan.series, frame.points).time_s;
    // A drawing of the whole run begins within its first bucket; one of a part does not, or ends early.
    if (times[0]! > WHOLE_START * frame.time_s || times.at(-1)! < frame.time_s) return;
    const { document } = shown;
    this.kept.record({ id: this.runKey, name, at_ms: Date.now(), document, plan, frame, events, result, isKept: false });
  }

  private takeBench(state: BenchState): void {
    if (state.runId === this.plan?.runId) this.bench = state;
    requestAnimationFrame(() => {
      this.line.bench.postMessage('next');
      if (this.bench !== undefined) this.hasDrawn();
    });
  }

  /** Tells the worker that the last frame has been drawn. */
  askForFrame(): void {
    this.line.frames.postMessage('next');
  }

  async pause(): Promise<void> {
    await this.line.control.pause();
  }

  async resume(): Promise<void> {
    this.stopwatch.restart(this.frame?.time_s ?? 0);
    this.status = 'running';
    await this.line.control.resume();
  }

  async cancel(): Promise<void> {
    await this.line.control.cancel();
  }

  async playOrPause(): Promise<void> {
    if (this.status === 'running') await this.pause();
    else if (this.status === 'paused') await this.resume();
    else await this.run();
  }

  /** Goes on by one tick, after what was done to the run before. */
  async step(): Promise<void> {
    await this.acting;
    if (this.status === 'running') await this.pause();
    await this.line.control.step(1);
  }

  /** Goes on to the next event; after the run's end, to the next one of the list. */
  async toNextEvent(): Promise<void> {
    if (this.isActive) {
      this.choosesNextEvent = true;
      await this.line.control.toNextEvent();
      return;
    }
    const place = this.selected === undefined ? -1 : this.events.indexOf(this.selected);
    this.selected = this.events[place + 1] ?? this.events[0];
  }

  async setPace(pace: number): Promise<void> {
    this.pace = pace;
    this.stopwatch.restart(this.frame?.time_s ?? 0);
    await this.line.control.setPace(pace);
  }

  /**
   * Does something to the live run at its present time, and writes it down in the design as what happens at that time.
   * `design` is what that comes to where the design has changed since the run began. One after the other.
   */
  act(name: string, change: LiveChange, design: LiveChange = change): Promise<void> {
    const done = () => (this.isRepeating = false);
    const refused = (error: unknown) => this.refuse(error, 'action');
    this.acting = this.acting
      .then(() => this.actNow(name, change, design))
      .catch(refused)
      .finally(done);
    return this.acting;
  }

  private async actNow(name: string, change: LiveChange, design: LiveChange): Promise<void> {
    const { shown, plan } = this;
    const time_s = shown === undefined || plan === undefined ? undefined : await this.line.control.hold();
    if (time_s === undefined || shown === undefined || plan === undefined) return;
    const { files } = shown;
    const isOver = this.status === 'completed';
    const end_s = time_s + beyond_s(time_s, plan.tick_s);
    const longer = (document: Json) => (isOver ? edit(document, 'duration_s', end_s).document : document);
    const document = longer(change(shown.document, time_s));
    const isLong = setTimeout(() => (this.isRepeating = true), NOTICED_MS);
    const went = await this.line.control.goOnAs({ runId: plan.runId, document, files }).finally(() => clearTimeout(isLong));
    if (!went.ok && went.details !== undefined) throw new InputError(went.details);
    if (!went.ok) return;
    const after = this.isStale ? longer(design(this.design.document, time_s)) : document;
    this.shown = { document, files };
    this.plan = went.plan;
    if (isOver) this.beginAnew();
    this.design.replace(after, this.design.scenarioId, WORDS.history.at(name, clock(time_s)));
  }

  /** What follows a finished run is another one; the finished one stays as it is. */
  private beginAnew(): void {
    this.runKey = crypto.randomUUID();
    this.result = undefined;
    this.status = 'running';
    this.stopwatch.restart(this.frame?.time_s ?? 0);
  }

  /** Asks for another part of the run or another fineness; it comes with the next frame. */
  async zoom(view: View): Promise<void> {
    await this.line.control.look(view);
  }

  /** What went through the pack between two moments of the run. */
  between(from_s: number, until_s: number): Promise<Between | undefined> {
    return this.line.control.between(from_s, until_s);
  }

  /** Where the multimeter is held from now on. */
  probe(probing: Probing): void {
    void this.line.control.probe(probing);
  }

  /** Shows what a link was looking at. */
  look({ part, side, clause, from_s, until_s }: SharedView): void {
    const { desk } = this;
    desk.showPart(part);
    desk.showSide(SIDES.find((known) => known === side) ?? desk.side);
    desk.clause = clause;
    this.window.wish(from_s === undefined || until_s === undefined ? undefined : { from_s, until_s });
  }

  select(event: RunEvent | undefined): void {
    this.selected = event;
  }

  /** What is wrong at a path of the design, as text beside its field. */
  complaintAt(path: string): string | undefined {
    // A file that was refused says nothing about the design that stands.
    const about = this.refusedWhat === 'run' ? this.message : this.design.problem;
    return about?.path === path ? inFieldNames(about.allowed ?? about.message) : undefined;
  }
}
