/**
 * The labs of the FAQ, shipped with the page and read when the guide is first opened.
 * A lab is a scenario; what it says of itself stands in its `lab`.
 */
import { FAQ_CLAUSES, FAQ_ITEMS, itemOf } from '../../../domain/faqClauses.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { Lab } from '../../../domain/scenario/lab.ts';
import type { RunEvent } from '../../../engine/events.ts';
import { openDocument, readScenario } from '../../scenarioReader.ts';

const texts = import.meta.glob<string>('../../../scenarios/labs/*.json', { query: '?raw', import: 'default', eager: true });

export interface ShippedLab {
  clause: string;
  lab: Lab;
  document: Json;
}

export interface GuideItem {
  item: number;
  /** What one sees. */
  heading: string;
  labs: ShippedLab[];
}

function read(clause: string): ShippedLab[] {
  const text = texts[`../../../scenarios/labs/${clause}.json`];
  if (text === undefined) return [];
  const file = `${clause}.json`;
  const { lab } = readScenario(text, { file });
  return lab === undefined ? [] : [{ clause, lab, document: openDocument(text, file) }];
}

let labs: ShippedLab[] | undefined;

export function shippedLabs(): readonly ShippedLab[] {
  labs ??= FAQ_CLAUSES.flatMap(read);
  return labs;
}

/** How often each clause is spoken of by what has happened in a run. */
export function clausesSeen(events: readonly RunEvent[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { active, faq } of events) for (const clause of active ? faq : []) seen.set(clause, (seen.get(clause) ?? 0) + 1);
  return seen;
}

/** Clauses by what one sees; within each, what the run that is shown speaks of comes first. */
export function guideItems(seen: ReadonlyMap<string, number>): GuideItem[] {
  const rank = ({ clause }: ShippedLab) => -(seen.get(clause) ?? 0);
  return Object.entries(FAQ_ITEMS).flatMap(([number, heading]) => {
    const item = Number(number);
    const own = shippedLabs().filter(({ clause }) => itemOf(clause) === item);
    return own.length === 0 ? [] : [{ item, heading, labs: own.sort((a, b) => rank(a) - rank(b)) }];
  });
}
