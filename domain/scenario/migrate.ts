/**
 * Old scenario files in today's shape: one step for each format version.
 * A newer version than this program knows is refused by name, never guessed at.
 */
import { InputError, shown } from '../errors.ts';
import type { Json } from './json.ts';

export const FORMAT_VERSION = 1;

type JsonObject = { [key: string]: Json };

function renamed(document: JsonObject, names: Record<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [names[key] ?? key, value]));
}

/** Step i leads from version i to i + 1. */
const STEPS: readonly ((document: JsonObject) => JsonObject)[] = [
  // Version 0, the drafts: the tick was `dt_s`, the run's length `end_s`, the only equipment a `profile`.
  (document) => ({ ...renamed(document, { dt_s: 'tick_s', end_s: 'duration_s', profile: 'source' }), formatVersion: 1 }),
];

/** The document in the present format; anything that is no versioned object is returned for the schema to refuse. */
export function migrate(document: Json): Json {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  const version = document['formatVersion'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0) return document;
  if (version > FORMAT_VERSION) {
    throw new InputError({
      code: 'newer_format',
      message: `the file has format version ${shown(version)}, newer than this program`,
      path: 'formatVersion',
      value: version,
      allowed: `at most ${FORMAT_VERSION}`,
    });
  }
  return STEPS.slice(version).reduce((migrated, step) => step(migrated), document);
}
