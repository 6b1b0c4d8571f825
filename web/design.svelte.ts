/**
 * The design that is being edited: its document and files, its steps, and what is wrong with it.
 * A part of the store; it knows nothing of runs, so that no step ever touches one.
 */
import type { InputErrorDetails } from '../domain/errors.ts';
import { type Json, printJson } from '../domain/scenario/json.ts';
import { SHIPPED_SCENARIOS } from './bundled.ts';
import { nameOfChange } from './changeName.ts';
import { shippedDocument, valueOf } from './document.ts';
import {
  edit,
  type Edit,
  type History,
  NO_HISTORY,
  type Origins,
  redone,
  replacement,
  type Travel,
  undone,
  withMore,
  withoutLast,
  withStep,
} from './history.ts';
import type { SavedDesign } from './storage.ts';

export const FIRST_SCENARIO = 'home-storage-day';

/** What is known of a change beside the change itself. */
interface Told {
  name?: string;
  label?: string | undefined;
  origins?: Origins;
}

export class Design {
  document = $state.raw<Json>(shippedDocument(SHIPPED_SCENARIOS.get(FIRST_SCENARIO)!));
  /** Files that the user brought, by name. */
  files = $state.raw<Record<string, Uint8Array>>({});
  /** Name of the shipped scenario that the design came from; undefined for the user's own file. */
  scenarioId = $state<string | undefined>(FIRST_SCENARIO);
  history = $state.raw<History>(NO_HISTORY);
  /** What tells it, once it is there: what the page starts with is in order. */
  private complaintAbout = $state.raw<((document: Json) => InputErrorDetails | undefined) | undefined>();
  /** What is wrong with the design. */
  readonly problem = $derived(this.complaintAbout?.(this.document));
  private isTyping = false;

  /** `changed` is called after every change. */
  constructor(private readonly changed: () => void) {}

  /** From now on problems are told. */
  async beginToComplain(): Promise<void> {
    this.complaintAbout = (await import('./scenarioReader.ts')).complaintAbout;
  }

  /** Another design in the place of the one being edited, as a step that can be undone. */
  replace(document: Json, scenarioId: string | undefined, name: string): void {
    const origins: Origins = [this.scenarioId, scenarioId];
    this.scenarioId = scenarioId;
    if (document === this.document) return;
    this.apply(replacement(this.document, document), '', { name, origins });
    this.isTyping = false;
  }

  /** A change in a form; undefined takes the value away. The label names fields whose words come with their panel. */
  change(path: string, value: Json | undefined, label?: string): void {
    this.apply(edit(this.document, path, value), path, { label });
    this.isTyping = true;
  }

  /** A change in a form that touches several places at once; what is typed on in the same field is one step. */
  rewrite(path: string, document: Json, name: string): void {
    this.apply(replacement(this.document, document), path, { name });
    this.isTyping = true;
  }

  private apply(change: Edit, path: string, { name, label, origins }: Told): void {
    const last = this.history.past.at(-1);
    const goesOn = this.isTyping && path !== '' && last?.path === path;
    const before = goesOn ? last.before : this.document;
    const named = name ?? nameOfChange(path, before, change.document, label);
    if (goesOn) {
      const isBack = printJson(before) === printJson(change.document);
      this.history = isBack ? withoutLast(this.history) : withMore(this.history, change, named);
    } else if (change.patches.length > 0) {
      const { patches, inverse } = change;
      this.history = withStep(this.history, { name: named, path, patches, inverse, before, ...(origins === undefined ? {} : { origins }) });
    }
    this.settle(change.document);
  }

  private settle(document: Json): void {
    this.document = document;
    this.changed();
  }

  /** What was typed so far is one step; the next change begins another. */
  endTyping(): void {
    this.isTyping = false;
  }

  undo(): void {
    this.travel(undone(this.history, this.document), 0);
  }

  redo(): void {
    this.travel(redone(this.history, this.document), 1);
  }

  /** `end` is the side of the step to which it goes: 0 before it, 1 after it. */
  private travel(to: Travel | undefined, end: 0 | 1): void {
    if (to === undefined) return;
    this.isTyping = false;
    if (to.step.origins !== undefined) this.scenarioId = to.step.origins[end];
    this.history = to.history;
    this.settle(to.document);
  }

  /** What the page opens by itself is nobody's step. */
  forgetSteps(): void {
    this.history = NO_HISTORY;
  }

  /** A shipped bench as it came is no work that could be lost. */
  get isOwnWork(): boolean {
    const shipped = this.scenarioId === undefined ? undefined : SHIPPED_SCENARIOS.get(this.scenarioId);
    return shipped === undefined || printJson(shippedDocument(shipped)) !== printJson(this.document);
  }

  /** The design as it stands, as it is kept. */
  saved(id = '', name = String(valueOf(this.document, 'name') ?? '')): SavedDesign {
    const { document, files, scenarioId } = this;
    return { id, name, at_ms: Date.now(), document, files, scenarioId };
  }
}
