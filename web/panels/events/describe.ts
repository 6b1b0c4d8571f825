/**
 * An event of the log as the sentences and figures that people read.
 * Separate from the list so that the chart can mark an event in the same words.
 */
import { EVENTS, type EventRow, eventSentence } from '../../../domain/events.ts';
import { FAULT_TITLES } from '../../../domain/faults/titles.ts';
import type { RunEvent } from '../../../engine/events.ts';
import { withUnit } from '../../format.ts';
import { WORDS } from '../../words.ts';

export interface DescribedEvent {
  sentence: string;
  severity: EventRow['severity'];
  figures: { name: string; value: string }[];
}

export function unitOfEvent(event: RunEvent): EventRow['unit'] {
  return EVENTS[event.code].unit;
}

/** What an event is called: a fault by its own name. */
function labelOf(event: RunEvent): string {
  return event.fault === undefined ? EVENTS[event.code].label : FAULT_TITLES[event.fault];
}

function sentenceOf(event: RunEvent): string {
  const what = eventSentence(event.code, event.active) ?? `${labelOf(event)} ${event.active ? WORDS.events.begins : WORDS.events.ends}`;
  if (event.cell === null) return what;
  const number = event.cell + 1;
  const place = event.position === null ? WORDS.pack.cell(number) : WORDS.pack.cellAt(number, event.position + 1);
  return `${place}: ${what}`;
}

export function describe(event: RunEvent): DescribedEvent {
  const unit = unitOfEvent(event);
  // Without a unit they are codes and flags, which tell nobody anything.
  const figures =
    unit === ''
      ? []
      : [
          { name: WORDS.events.measured, value: event.value },
          { name: WORDS.events.truth, value: event.trueValue },
          { name: WORDS.events.limit, value: event.limit },
        ].flatMap(({ name, value }) => (value === null ? [] : [{ name, value: withUnit(value, unit) }]));
  return { sentence: sentenceOf(event), severity: EVENTS[event.code].severity, figures };
}
