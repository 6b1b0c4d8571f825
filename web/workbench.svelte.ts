/**
 * The page's one store: the design being edited, the run that is shown, and a method for every change.
 * Parts read it and call it; only here are the worker and the browser's settings touched.
 */
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import { decodeText, JSON_LIMITS, type Json, printJson } from '../domain/scenario/json.ts';
import { PROFILE_LIMITS } from '../engine/profile.ts';
import type { RunEvent } from '../engine/events.ts';
import type { RunResult } from '../engine/result.ts';
import { SHIPPED_SCENARIOS } from './bundled.ts';
import { complaintAbout, openDocument, sourceList, sourcePath, valueOf, withValue } from './document.ts';
import { profileFor } from './profiles.ts';
import type { SimulationLine } from './simulation/connect.ts';
import type { Frame, RunPlan, SessionStatus, View } from './simulation/protocol.ts';
import { Stopwatch } from './stopwatch.ts';
import { WORDS } from './words.ts';

export type Status = SessionStatus | 'opening' | 'refused';
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
/** Simulated seconds per second that are offered; Infinity is as fast as possible. */
export const PACES = [1, 10, 100, 1000, 10_000, 100_000, Infinity] as const;

const FIRST_SCENARIO = 'home-storage-day';
/** A day in nine seconds: one sees the pack live, and the end is soon there. */
const FIRST_PACE = 10_000;
const THEME_KEY = 'packbench.theme';

export class Workbench {
  document = $state.raw<Json>(openDocument(SHIPPED_SCENARIOS.get(FIRST_SCENARIO)!, `${FIRST_SCENARIO}.json`));
  /** Files that the user brought, by name. */
  files = $state.raw<Record<string, Uint8Array>>({});
  /** Name of the shipped scenario that the design came from; undefined for the user's own file. */
  scenarioId = $state<string | undefined>(FIRST_SCENARIO);
  /** A file that was refused, or a run that could not be opened; the design stands as it was. */
  refusal = $state.raw<InputErrorDetails | undefined>();
  refusedFile = $state(false);
  theme = $state<Theme>('system');
  pace = $state<number>(FIRST_PACE);

  status = $state<Status>('opening');
  plan = $state.raw<RunPlan | undefined>();
  frame = $state.raw<Frame | undefined>();
  events = $state.raw<RunEvent[]>([]);
  result = $state.raw<RunResult | undefined>();
  selected = $state.raw<RunEvent | undefined>();
  speed = $state(0);
  /** The document and files of the run that is shown. */
  private shown = $state.raw<{ document: Json; files: Record<string, Uint8Array> } | undefined>();

  /** What is wrong with the design. */
  readonly problem = $derived(complaintAbout(this.document));
  readonly message = $derived(this.refusal ?? this.problem);
  readonly isStale = $derived(this.shown !== undefined && !this.isShown());
  /** The design of the run that is shown; the one being edited before there is any. */
  readonly runDocument = $derived(this.shown?.document ?? this.document);
  /** Name of the run that is shown. */
  readonly runName = $derived(String(valueOf(this.runDocument, 'name') ?? ''));
  readonly isActive = $derived(this.status === 'running' || this.status === 'paused');
  readonly progress = $derived(this.plan === undefined || this.frame === undefined ? 0 : this.frame.time_s / this.plan.duration_s);
  readonly remaining_s = $derived.by(() => {
    if (this.plan === undefined || this.frame === undefined || this.speed <= 0) return Infinity;
    return (this.plan.duration_s - this.frame.time_s) / this.speed;
  });

  private runId = 0;
  private readonly stopwatch = new Stopwatch();

  constructor(private readonly line: SimulationLine) {
    line.frames.onmessage = (message: MessageEvent<Frame>) => this.take(message.data);
    line.worker.onerror = (event) => this.fail(event.message);
  }

  /** Opens the first scenario and runs it. */
  async start(): Promise<void> {
    this.setTheme(storedTheme());
    await this.chooseScenario(FIRST_SCENARIO);
  }

  private isShown(): boolean {
    const { shown, document, files } = this;
    return (
      shown !== undefined && shown.files === files && (shown.document === document || printJson(shown.document) === printJson(document))
    );
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    try {
      localStorage.setItem(THEME_KEY, theme);
    } catch {
      // Private windows may keep nothing; the theme then lasts as long as the page.
    }
  }

  async chooseScenario(id: string): Promise<void> {
    const text = SHIPPED_SCENARIOS.get(id);
    if (text === undefined) return;
    this.scenarioId = id;
    this.openText(text, `${id}.json`);
    await this.run();
  }

  private openText(text: string, file: string): void {
    this.document = openDocument(text, file);
    this.refusal = undefined;
  }

  /** A change in a form; undefined takes the value away. */
  change(path: string, value: Json | undefined): void {
    this.document = withValue(this.document, path, value);
    this.refusal = undefined;
  }

  /** Several files at once: a scenario with the profiles beside it, or one file of either kind. */
  async openFiles(files: readonly File[]): Promise<void> {
    const scenario = files.find((file) => /\.json$/i.test(file.name));
    try {
      for (const file of files) if (scenario !== undefined && /\.csv$/i.test(file.name)) await this.keepFile(file);
      const [first] = files;
      if (first !== undefined) await this.openFile(scenario ?? first);
    } catch (error) {
      this.refuse(error, true);
    }
  }

  private async keepFile(file: File): Promise<Uint8Array> {
    const bytes = await bytesOf(file, PROFILE_LIMITS.bytes);
    this.files = { ...this.files, [file.name]: bytes };
    return bytes;
  }

  /** Opens a scenario or takes in a profile; a bad file changes nothing. */
  async openFile(file: File): Promise<void> {
    try {
      if (/\.json$/i.test(file.name)) await this.openScenarioFile(file);
      else if (/\.csv$/i.test(file.name)) await this.takeProfile(file, 0);
      else
        throw new InputError({
          code: 'file_kind',
          file: file.name,
          message: WORDS.problem.wrongKind,
          allowed: WORDS.problem.wrongKindAllowed,
        });
    } catch (error) {
      this.refuse(error, true);
    }
  }

  private async openScenarioFile(file: File): Promise<void> {
    const bytes = await bytesOf(file, JSON_LIMITS.bytes);
    this.openText(decodeText(bytes, file.name), file.name);
    this.scenarioId = undefined;
    await this.run();
  }

  /** Makes a CSV file the profile of a source; where there is none, it becomes the first. */
  async takeProfile(file: File, index: number): Promise<void> {
    try {
      const bytes = await this.keepFile(file);
      const hasSource = sourceList(this.document).length > index;
      this.change(hasSource ? sourcePath(this.document, index) : 'source', profileFor(file.name, bytes));
    } catch (error) {
      this.refuse(error, true);
    }
  }

  dismiss(): void {
    this.refusal = undefined;
  }

  /** Starts a new run of the design as it stands. */
  async run(): Promise<void> {
    if (this.problem !== undefined) return;
    const { document, files, pace } = this;
    const runId = ++this.runId;
    this.status = 'opening';
    try {
      const opened = await this.line.control.open({ runId, document, files, pace });
      if (runId !== this.runId) return;
      if (!opened.ok) throw new InputError(opened.details);
      this.plan = opened.plan;
      this.shown = { document, files };
      this.forgetRun();
      await this.line.control.setPace(this.pace);
      await this.line.control.run();
    } catch (error) {
      if (runId === this.runId) this.refuse(error, false);
    }
  }

  private forgetRun(): void {
    this.frame = undefined;
    this.events = [];
    this.result = undefined;
    this.selected = undefined;
    this.refusal = undefined;
    this.speed = 0;
    this.stopwatch.restart(0);
    this.status = 'running';
    // The worker may still wait for the page to ask for a frame of the run before.
    this.askForFrame();
  }

  private refuse(error: unknown, isFile: boolean): void {
    this.refusedFile = isFile;
    this.refusal = error instanceof InputError ? error.details : internal(error);
    if (!isFile) this.status = 'refused';
  }

  private fail(message: string): void {
    this.refuse(new Error(message), false);
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

  async setPace(pace: number): Promise<void> {
    this.pace = pace;
    this.stopwatch.restart(this.frame?.time_s ?? 0);
    await this.line.control.setPace(pace);
  }

  /** Asks for another part of the run or another fineness; it comes with the next frame. */
  async look(view: View): Promise<void> {
    await this.line.control.look(view);
  }

  select(event: RunEvent | undefined): void {
    this.selected = event;
  }

  /** What is wrong at a path of the design, as text beside its field. */
  complaintAt(path: string): string | undefined {
    const { message } = this;
    if (message === undefined || message.path !== path) return undefined;
    return message.allowed ?? message.message;
  }
}

function internal(error: unknown): InputErrorDetails {
  return { code: 'internal', message: `${WORDS.problem.internal}: ${error instanceof Error ? error.message : String(error)}` };
}

async function bytesOf(file: File, most: number): Promise<Uint8Array> {
  if (file.size > most)
    throw new InputError({
      code: 'too_large',
      file: file.name,
      message: WORDS.problem.tooLarge(file.size),
      allowed: WORDS.problem.tooLargeAllowed(most),
    });
  return new Uint8Array(await file.arrayBuffer());
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(THEME_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
