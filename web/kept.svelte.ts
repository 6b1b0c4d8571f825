/**
 * What outlives a run or a visit: finished runs, named designs, and the design that was being edited.
 * Separate from the store of the page because nothing of it changes what is being designed or simulated.
 */
import type { Finding } from './claim.ts';
import { type KeptRun, withRun } from './runs.ts';
import type { SavedDesign, Storage } from './storage.ts';

const AUTOSAVE_WAIT_MS = 400;

export class Kept {
  /** Works of earlier visits that wait to be taken up, the newest first. */
  private works = $state.raw<readonly SavedDesign[]>([]);
  readonly found = $derived(this.works[0]);
  designs = $state.raw<SavedDesign[]>([]);
  runs = $state.raw<KeptRun[]>([]);
  /** Runs that are held against one another, by id in the order in which they were chosen. */
  compared = $state.raw<readonly string[]>([]);
  /** The browser refuses to keep anything. */
  isForgetful = $state(false);

  readonly comparedRuns = $derived(this.compared.flatMap((id) => this.runs.find((run) => run.id === id) ?? []));

  /** Each visit and each tab keeps its own work, so that none overwrites another's. */
  private readonly visit = crypto.randomUUID();
  private unsaved: (() => SavedDesign) | undefined;
  private awaited: { id: string; call: (run: KeptRun) => void } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly storage: Storage) {}

  async recall(): Promise<void> {
    await this.attempt(async () => {
      this.works = (await this.storage.works()).filter(({ id }) => id !== this.visit);
      const designs = await this.storage.designs();
      // What was saved in this visit meanwhile is there already.
      this.designs = [...designs.filter(({ id }) => this.designs.every((own) => own.id !== id)), ...this.designs];
      const kept = (await this.storage.runs()).sort((one, other) => other.at_ms - one.at_ms);
      this.runs = [...this.runs, ...kept.filter(({ id }) => this.runs.every((own) => own.id !== id))];
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.isForgetful = true;
    }
  }

  /** Keeps the design being edited, a little after the last change. */
  autosave(current: () => SavedDesign): void {
    clearTimeout(this.timer);
    this.unsaved = () => ({ ...current(), id: this.visit });
    this.timer = setTimeout(() => this.saveNow(), AUTOSAVE_WAIT_MS);
  }

  /** What still waits to be kept is kept now: the page may be about to go. */
  saveNow(): void {
    const { unsaved } = this;
    this.unsaved = undefined;
    if (unsaved !== undefined) void this.attempt(() => this.storage.saveWork(unsaved()));
  }

  /** An earlier work is taken up: from now on it is that of this visit. */
  takeWork(work: SavedDesign): void {
    if (!this.works.includes(work)) return;
    this.works = this.works.filter((each) => each !== work);
    void this.attempt(async () => {
      await this.storage.saveWork({ ...work, id: this.visit });
      await this.storage.forgetWork(work.id);
    });
  }

  discardFound(): void {
    const { found } = this;
    this.works = this.works.slice(1);
    if (found !== undefined) void this.attempt(() => this.storage.forgetWork(found.id));
  }

  async saveDesign(design: SavedDesign): Promise<void> {
    this.designs = [...this.designs, design];
    await this.attempt(() => this.storage.put('designs', design));
  }

  async removeDesign(id: string): Promise<void> {
    this.designs = this.designs.filter((design) => design.id !== id);
    await this.attempt(() => this.storage.remove('designs', id));
  }

  /** A finished run joins the list; a finer drawing of it takes the place of a coarse one. */
  record(run: KeptRun): void {
    const present = this.runs.find(({ id }) => id === run.id);
    if (present === undefined) {
      this.runs = withRun(this.runs, run);
      if (this.awaited?.id === run.id) this.awaited.call(run);
    } else if (present.frame.points < run.frame.points)
      this.runs = this.runs.map((each) => (each.id === run.id ? { ...each, frame: run.frame } : each));
  }

  /** Calls once the run stands in the list. */
  whenRecorded(id: string, call: (run: KeptRun) => void): void {
    const present = this.runs.find((run) => run.id === id);
    if (present === undefined) this.awaited = { id, call };
    else call(present);
  }

  /** A run that came as a file has its name from there, and what repeating it came to. */
  adopt(id: string, name: string, finding: Finding): void {
    this.runs = this.runs.map((run) => (run.id === id ? { ...run, name, finding } : run));
  }

  /** Keeps a run beyond this visit, under a name. */
  async keepRun(id: string, name: string): Promise<void> {
    const run = this.runs.find((each) => each.id === id);
    if (run === undefined) return;
    const kept = { ...run, name, isKept: true };
    this.runs = this.runs.map((each) => (each.id === id ? kept : each));
    await this.attempt(() => this.storage.put('runs', kept));
  }

  async removeRun(id: string): Promise<void> {
    this.runs = this.runs.filter((run) => run.id !== id);
    this.compared = this.compared.filter((each) => each !== id);
    await this.attempt(() => this.storage.remove('runs', id));
  }

  compare(id: string, isCompared: boolean): void {
    const others = this.compared.filter((each) => each !== id);
    this.compared = isCompared ? [...others, id] : others;
  }
}
