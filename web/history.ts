/**
 * Undo and redo of the design: named steps as patches of the scenario document, never anything else.
 * Pure: every function gives a new history, so that the store only holds the latest.
 */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer';
import type { Json } from '../domain/scenario/json.ts';
import { partsOf } from '../domain/scenario/paths.ts';

enablePatches();

export interface Step {
  /** What people read: "Over charge P 3.65 → 3.60 V". */
  name: string;
  /** The path that was changed, empty where the whole document was. */
  path: string;
  patches: Patch[];
  inverse: Patch[];
  /** The document before, for the name of a step that is still being typed. */
  before: Json;
  /** Names of the shipped scenarios before and after, where the whole document was changed. */
  origins?: Origins;
}

export type Origins = readonly [before: string | undefined, after: string | undefined];

export interface History {
  past: readonly Step[];
  future: readonly Step[];
}

export interface Edit {
  document: Json;
  patches: Patch[];
  inverse: Patch[];
}

export const NO_HISTORY: History = { past: [], future: [] };
const MOST_STEPS = 200;

type Container = Record<string | number, Json>;

/** Puts a value at the path of a draft, or takes it away; objects on the way are made. */
function put(draft: Container, parts: readonly (string | number)[], value: Json | undefined): void {
  let place = draft;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    const isThere = Object.hasOwn(place, part) && typeof place[part] === 'object' && place[part] !== null;
    if (!isThere && value === undefined) return;
    if (!isThere) place[part] = typeof parts[index + 1] === 'number' ? [] : {};
    place = place[part] as unknown as Container;
  }
  const last = parts.at(-1)!;
  if (value === undefined) delete place[last];
  else place[last] = value;
}

/** The document with the value at the path replaced, or taken away where it is undefined. */
export function edit(document: Json, path: string, value: Json | undefined): Edit {
  const [after, patches, inverse] = produceWithPatches(document as unknown as Container, (draft) => put(draft, partsOf(path), value));
  return { document: after as unknown as Json, patches, inverse };
}

/** Another document in the place of this one. */
export function replacement(before: Json, after: Json): Edit {
  return {
    document: after,
    patches: [{ op: 'replace', path: [], value: after }],
    inverse: [{ op: 'replace', path: [], value: before }],
  };
}

/** A new step; what was undone before it is gone. */
export function withStep(history: History, step: Step): History {
  return { past: [...history.past, step].slice(-MOST_STEPS), future: [] };
}

/** The last step goes on: more typing in the same field. */
export function withMore(history: History, { patches, inverse }: Edit, name: string): History {
  const last = history.past.at(-1)!;
  const merged = { ...last, name, patches: [...last.patches, ...patches], inverse: [...inverse, ...last.inverse] };
  return { past: [...history.past.slice(0, -1), merged], future: [] };
}

export function withoutLast(history: History): History {
  return { past: history.past.slice(0, -1), future: history.future };
}

export interface Travel {
  document: Json;
  history: History;
  /** The step that was taken back or done again. */
  step: Step;
}

/** The document and history before the last step; undefined where there is none. */
export function undone(history: History, document: Json): Travel | undefined {
  const step = history.past.at(-1);
  if (step === undefined) return undefined;
  return {
    document: applyPatches(document as object, step.inverse) as unknown as Json,
    history: { past: history.past.slice(0, -1), future: [step, ...history.future] },
    step,
  };
}

export function redone(history: History, document: Json): Travel | undefined {
  const [step, ...future] = history.future;
  if (step === undefined) return undefined;
  return {
    document: applyPatches(document as object, step.patches) as unknown as Json,
    history: { past: [...history.past, step], future },
    step,
  };
}
