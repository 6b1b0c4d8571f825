/**
 * Runs that are over: what is kept of one, and how two designs or two results differ.
 * A kept run is never touched again; undo and a new design leave it as it was.
 */
import type { Json } from '../domain/scenario/json.ts';
import type { RunEvent } from '../engine/events.ts';
import type { RunResult } from '../engine/result.ts';
import type { Finding } from './claim.ts';
import { isObject } from './document.ts';
import type { Frame, RunPlan } from './simulation/protocol.ts';

export interface KeptRun {
  id: string;
  name: string;
  at_ms: number;
  document: Json;
  plan: RunPlan;
  /** The whole run as it was drawn. */
  frame: Frame;
  events: RunEvent[];
  result: RunResult;
  /** It outlives the page. */
  isKept: boolean;
  /** Of a run that was opened from a file: what repeating it came to. */
  finding?: Finding;
}

/** Finished runs that the page remembers without being asked. */
export const MOST_RECENT_RUNS = 8;

/** The newest first; kept ones always, of the others the last few. */
export function withRun(runs: readonly KeptRun[], run: KeptRun): KeptRun[] {
  const others = runs.filter(({ isKept }) => !isKept).slice(0, MOST_RECENT_RUNS - 1);
  return [run, ...runs.filter((each) => each.isKept || others.includes(each))];
}

export interface Difference {
  path: string;
  /** One for each document; undefined where it says nothing there. */
  values: (Json | undefined)[];
}

/** Every value of the documents by its path; lists and objects are walked through. */
function leaves(value: Json, path: string, found: Map<string, Json>): void {
  if (Array.isArray(value)) value.forEach((each, index) => leaves(each, `${path}[${index}]`, found));
  else if (isObject(value)) for (const [key, each] of Object.entries(value)) leaves(each, path === '' ? key : `${path}.${key}`, found);
  else found.set(path, value);
}

/** Words about a design are no difference between designs. */
const NO_DESIGN = ['name', 'description'];

export function differencesOf(documents: readonly Json[]): Difference[] {
  const all = documents.map((document) => {
    const found = new Map<string, Json>();
    leaves(document, '', found);
    return found;
  });
  const paths = [...new Set(all.flatMap((found) => [...found.keys()]))].filter((path) => !NO_DESIGN.includes(path));
  return paths
    .map((path) => ({ path, values: all.map((found) => found.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Names of the indicators of some runs, in the order of the first that has them. */
export function indicatorNames(runs: readonly KeptRun[]): string[] {
  return [...new Set(runs.flatMap(({ result }) => Object.keys(result.indicators)))];
}
