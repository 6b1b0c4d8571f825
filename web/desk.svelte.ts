/**
 * What lies open on the page: the chosen part, list, fault and clause, the dialog, the tour, and light or dark.
 * A part of the store; nothing here changes what is designed or simulated.
 */
import type { JsonObject } from './document.ts';
import { type Meter, pointOfPart } from './meter.svelte.ts';
import { applyTheme, recall, remember, storedTheme, type Theme } from './preferences.ts';

/** What can stand on the right, and what can lie over the page. */
export const SIDES = ['events', 'faults', 'guide', 'result', 'check', 'runs', 'designs'] as const;
export type Side = (typeof SIDES)[number];
export type DialogName = 'palette' | 'keys' | 'share' | 'compare';

export class Desk {
  theme = $state<Theme>('system');
  side = $state<Side>('events');
  dialog = $state<DialogName | undefined>();
  /** The part of the bench that was chosen, by its name in the drawing. */
  part = $state<string | undefined>();
  /** The fault that is being filled in, and the one of the design that is open. */
  draft = $state.raw<JsonObject | undefined>();
  chosenFault = $state<number | undefined>();
  /** The clause that the guide shows. */
  clause = $state<string | undefined>();
  tourStep = $state<number | undefined>();
  /** Something that happened and is said once. */
  notice = $state<string | undefined>();

  /** A file that is being made of a run, and how far it is. */
  exporting = $state.raw<{ name: string; progress: number; cancel: () => void } | undefined>();

  constructor(private readonly meter: Meter) {}

  /** As the last visit left it; the first one is shown around. */
  recall(): void {
    this.setTheme(storedTheme());
    if (recall('tour') === undefined) this.tourStep = 0;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    applyTheme(theme);
  }

  /** Goes on with the tour, or ends it for good. */
  setTour(step: number | undefined): void {
    this.tourStep = step;
    if (step === undefined) remember('tour', 'seen');
  }

  /** A click on a part: it is shown, or no longer; with the probes in hand it is touched. */
  choosePart(name: string): void {
    const point = this.meter.isOn ? pointOfPart(name) : undefined;
    if (point !== undefined) this.meter.touch(point);
    else this.part = this.part === name ? undefined : name;
  }

  showPart(name: string | undefined): void {
    this.part = name;
  }

  showSide(side: Side): void {
    this.side = side;
  }

  showClause(clause: string): void {
    this.clause = clause;
    this.side = 'guide';
  }

  showDialog(dialog: DialogName | undefined): void {
    this.dialog = dialog;
  }

  /** No file is made any more. */
  endExport(): void {
    this.exporting?.cancel();
    this.exporting = undefined;
  }

  forgetNotice(): void {
    this.notice = undefined;
  }
}
