/**
 * Paths into a document, such as `pack.overrides[0].capacity_Ah`, and changing what they name.
 * The command line's `--set` and the page's forms speak in them.
 */
import { InputError, shown } from '../errors.ts';
import { type Json, readJson } from './json.ts';

export interface Assignment {
  path: string;
  value: Json;
}

const PART = /([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,6})\]/y;

/** The parts of a path; throws where it is none. */
export function partsOf(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === '.' && at > 0) at++;
    PART.lastIndex = at;
    const match = PART.exec(path);
    if (match === null)
      throw new InputError({
        code: 'path',
        message: `${shown(path)} is not a path`,
        path,
        value: path,
        allowed: 'names and [indices] such as pack.overrides[0].capacity_Ah',
      });
    parts.push(match[1] ?? Number(match[2]));
    at = PART.lastIndex;
  }
  return parts;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    document,
  );
}

/** `path=value` from a command line; the value is JSON where it reads as JSON, else text. */
export function parseAssignment(argument: string): Assignment {
  const equals = argument.indexOf('=');
  if (equals < 1)
    throw new InputError({ code: 'argument', message: `${shown(argument)} is not path=value`, value: argument, allowed: 'path=value' });
  const path = argument.slice(0, equals);
  partsOf(path);
  const text = argument.slice(equals + 1);
  // A number is one to its end: 24T is a name, 1e is half a number and refused.
  const looksLikeJson = /^(\s*[[{"]|-?\d[\d.eE+-]*$|true$|false$|null$)/.test(text);
  return { path, value: looksLikeJson ? readJson(text).value : text };
}

/** A copy of the document with the value at the path replaced; missing objects on the way are made. */
export function assign(document: Json, { path, value }: Assignment): Json {
  return replace(document, partsOf(path), value, path);
}

function replace(document: Json | undefined, parts: (string | number)[], value: Json, path: string): Json {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    if (!Array.isArray(document) || part > document.length)
      throw new InputError({
        code: 'path',
        message: `there is no list entry ${part}`,
        path,
        value: part,
        allowed: Array.isArray(document) ? `0 to ${document.length}` : 'a name: this is no list',
      });
    const list = [...document];
    list[part] = replace(document[part], rest, value, path);
    return list;
  }
  if (part === '__proto__' || part === 'constructor' || part === 'prototype')
    throw new InputError({ code: 'forbidden_key', message: `the key ${shown(part)} is not allowed`, path, value: part });
  if (document !== undefined && document !== null && (typeof document !== 'object' || Array.isArray(document)))
    throw new InputError({
      code: 'path',
      message: `${shown(part)} is not inside an object`,
      path,
      value: part,
      allowed: 'a path that leads through objects and lists',
    });
  const object = document ?? {};
  return { ...object, [part]: replace(Object.hasOwn(object, part) ? object[part] : undefined, rest, value, path) };
}

/** A copy of the document without what the paths name; list entries keep the places that they have in the document as it is given. */
export function without(document: Json, paths: readonly string[]): Json {
  return cut(
    document,
    paths.map((path) => ({ path, parts: partsOf(path) })),
  );
}

function cut(document: Json, removals: { path: string; parts: (string | number)[] }[]): Json {
  if (removals.length === 0) return document;
  const isList = Array.isArray(document);
  const entries: [string, Json][] = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  for (const { path, parts } of removals) {
    const there = entries.some(([name]) => name === String(parts[0])) && (typeof parts[0] === 'number') === isList;
    if (!there)
      throw new InputError({ code: 'path', message: 'there is nothing to remove', path, value: path, allowed: 'a path to what is there' });
  }
  const kept = entries.flatMap(([name, item]): [string, Json][] => {
    const here = removals.filter(({ parts }) => String(parts[0]) === name);
    if (here.some(({ parts }) => parts.length === 1)) return [];
    return [
      [
        name,
        cut(
          item,
          here.map(({ path, parts }) => ({ path, parts: parts.slice(1) })),
        ),
      ],
    ];
  });
  return isList ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}
