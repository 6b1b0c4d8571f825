/**
 * Fields of a part of the scenario as rows, read out of the one schema that checks it: a new field of the schema has its place in the form.
 * Only names for people are made here, where the catalogue has none of its own.
 */
import '../../jitless.ts';
import { z } from 'zod';
import { unitOf } from '../../../domain/quantity.ts';
import { scenarioSchema } from '../../../domain/scenario/schema.ts';
import type { Json } from '../../../domain/scenario/json.ts';

/** `window`: two times. */
export type FieldKind = 'number' | 'choice' | 'switch' | 'text' | 'window';

export interface SchemaRow {
  key: string;
  kind: FieldKind;
  choices: readonly string[];
  isNeeded: boolean;
  help: string | undefined;
  /** What holds where the document says nothing. */
  otherwise: Json | undefined;
}

/** What is read of a JSON Schema. */
interface Node {
  type?: string | string[];
  enum?: string[];
  description?: string;
  default?: Json;
  properties?: Record<string, Node>;
  required?: string[];
  anyOf?: Node[];
  items?: Node;
  prefixItems?: Node[];
}

let root: Node | undefined;

function nodeAt(path: readonly string[]): Node {
  root ??= z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  return path.reduce<Node>((node, key) => node.properties?.[key] ?? {}, root);
}

function kindOf({ type, enum: choices, prefixItems }: Node): FieldKind {
  if (choices !== undefined) return 'choice';
  if (prefixItems !== undefined) return 'window';
  const types = [type].flat();
  return types.includes('number') || types.includes('integer') ? 'number' : types.includes('boolean') ? 'switch' : 'text';
}

function rowsOf({ properties = {}, required = [] }: Node): SchemaRow[] {
  return Object.entries(properties).map(([key, node]) => ({
    key,
    kind: kindOf(node),
    choices: node.enum ?? [],
    isNeeded: required.includes(key),
    help: node.description?.replace(/\s*\[A\]$/, ''),
    otherwise: node.default,
  }));
}

/** The shapes that an object, or an entry of a list, may have at a path of the scenario: rows of each. */
export function shapesAt(...path: string[]): SchemaRow[][] {
  const found = nodeAt(path);
  const node = found.items ?? found;
  return (node.anyOf ?? [node]).filter(({ properties }) => properties !== undefined).map(rowsOf);
}

/** A name as words: `heatCapacity_J_per_K` is "Heat capacity". */
export function plainWords(name: string): string {
  const unit = unitOf(name);
  const bare = unit !== undefined && name.endsWith(`_${unit}`) ? name.slice(0, -unit.length - 1) : name;
  const words = bare.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
