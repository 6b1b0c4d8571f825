/**
 * What the reader of scenarios says of fields, in the names that the form gives them: "Over charge R (3.7) is not below Over charge P (3.6)".
 * Files and the command line keep the names of the file; only what stands in the form is called by its label.
 */
import type { InputErrorDetails } from '../domain/errors.ts';
import { labelOf } from './changeName.ts';
import { WORDS } from './words.ts';

/** Names as a file writes them: with a unit, a path or a hump; plain words are no names. */
const NAME = /`?\b((?:[A-Za-z]\w*(?:\[\d+\])?\.)*[A-Za-z]\w*)\b`?/g;
const LOOKS_LIKE_NAME = /[_.]|[a-z][A-Z]/;

/** The label of the field at a path, or of the one that a bare name means; undefined where the form has none. */
export function fieldName(name: string): string | undefined {
  if (!LOOKS_LIKE_NAME.test(name)) return undefined;
  const setting = `bms.settings.${name}`;
  if (!name.includes('.') && labelOf(setting) !== name) return labelOf(setting);
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name === 'from_s' || name === 'until_s') return WORDS.source[name];
  const label = labelOf(name);
  return label === last || label === name ? undefined : label;
}

/** A text with every name that the form has in the form's words. */
export function inFieldNames(text: string): string {
  return text.replace(NAME, (all, name: string) => fieldName(name) ?? all);
}

/** The same for everything that a mistake tells. */
export function withFieldNames({ path, message, allowed, ...others }: InputErrorDetails): InputErrorDetails {
  return {
    ...others,
    message: inFieldNames(message),
    ...(path === undefined ? {} : { path: fieldName(path) ?? path }),
    ...(allowed === undefined ? {} : { allowed: inFieldNames(allowed) }),
  };
}
