/**
 * The vocabulary of the schemas: numbers with a range, names, tables, and what an error says about them.
 * Every message of a field is the text of what is allowed, so that an error can name path, value and range.
 */
import { z } from 'zod';
import { InputError, shown } from './errors.ts';
import { valueAt } from './scenario/paths.ts';

/** A number within [min, max]. */
export function within(min: number, max: number) {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** A number over 0 and at most `max`; what is smaller than `least` is no physical figure. */
export function positive(max: number, least = 1e-12) {
  return within(least, max);
}

export function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function oneOf<const T extends readonly (string | number | null)[]>(values: T) {
  return z.literal(values, { error: values.map((value) => shown(value)).join(', ') });
}

export const flag = z.boolean({ error: 'true or false' });

/** Text for people: control characters are refused, length is capped. */
export function text(longest = 200) {
  const error = `text of at most ${longest} characters without control characters`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[^\u0000-\u001f\u007f]*$/, { error });
}

/** Name of an entry in the document or of a library cell. */
export const identifier = z
  .string({ error: 'a name' })
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: 'a name of letters, digits, _ and -, at most 64, first a letter' });

/** Name of a file beside the scenario: no address, no drive, not from the root. */
export const fileName = z
  .string({ error: 'a file name' })
  .max(300, { error: 'a file name of at most 300 characters' })
  .regex(/^(?![/\\])(?![A-Za-z][A-Za-z0-9+.-]*:)[^\u0000-\u001f]+$/, { error: 'a file name relative to the scenario, not an address' });

export function listOf<T extends z.ZodType>(item: T, longest: number, shortest = 0) {
  const error = `a list of ${shortest} to ${longest} entries`;
  return z.array(item, { error }).min(shortest, { error }).max(longest, { error });
}

/** An object that refuses keys it does not know. */
export function record<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : 'an object'),
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

type Issue = z.core.$ZodIssue;

/** Complaints that speak of a wrong branch, made where the union stands: a key that is missing there, or that only another branch knows. */
function isForeign(issue: Issue, document: unknown, depth: number): boolean {
  if (issue.code === 'unrecognized_keys') return issue.path.length === depth;
  return issue.path.length === depth + 1 && valueAt(document, issue.path) === undefined;
}

/** Whether the branch wants another kind of value altogether, such as a file name in place of an object. */
function isOtherKind(branch: readonly Issue[], depth: number): boolean {
  return branch.some((one) => one.path.length === depth && one.code !== 'unrecognized_keys');
}

/** Keys whose value some branch refuses by name: by them branches are told apart. */
function refusedNames(branches: readonly Issue[][], document: unknown, depth: number): string[] {
  const named = branches.flat().filter((one) => one.code === 'invalid_value' && one.path.length === depth + 1);
  return named.filter((one) => valueAt(document, one.path) !== undefined).map((one) => String(one.path.at(-1)));
}

/** Whether a branch takes a value that another refuses by name: it is the one that was meant, such as the instrument of this name. */
function takesName(branch: readonly Issue[], names: readonly string[], depth: number): boolean {
  const complains = (one: Issue, name: string) => (one.code === 'unrecognized_keys' ? one.keys.includes(name) : one.path[depth] === name);
  return names.some((name) => !branch.some((one) => complains(one, name)));
}

/** For a name that no branch takes, what any of them would take. */
function withAllNames(best: Issue, branches: readonly Issue[][]): Issue {
  if (best.code !== 'invalid_value') return best;
  const place = pathText(best.path);
  const allowed = branches.flat().flatMap((one) => (one.code === 'invalid_value' && pathText(one.path) === place ? [one.message] : []));
  return allowed.length < 2 ? best : { ...best, message: [...new Set(allowed)].join(', ') };
}

/**
 * The complaint of the branch of a union that the value was meant for: of the right kind, with a name that others refuse,
 * with the fewest foreign complaints, then the one that got deepest.
 */
function deepest(issue: Issue, document: unknown): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const depth = issue.path.length;
  const branches = (issue.errors as Issue[][])
    .filter((branch) => branch.length > 0)
    .map((branch) => branch.map((one) => ({ ...one, path: [...issue.path, ...one.path] }) as Issue));
  const names = refusedNames(branches, document, depth);
  const ranked = branches.map((branch) => ({
    otherKind: Number(isOtherKind(branch, depth)),
    unnamed: Number(!takesName(branch, names, depth)),
    foreign: branch.filter((one) => isForeign(one, document, depth)).length,
    best: deepest(branch.find((one) => !isForeign(one, document, depth)) ?? branch[0]!, document),
  }));
  ranked.sort(
    (a, b) => a.otherKind - b.otherKind || a.unnamed - b.unnamed || a.foreign - b.foreign || b.best.path.length - a.best.path.length,
  );
  const best = ranked[0]?.best;
  return best !== undefined && best.path.length > depth ? withAllNames(best, branches) : issue;
}

function errorOf(issue: Issue, document: unknown): InputError {
  const found = deepest(issue, document);
  if (found.code === 'unrecognized_keys') {
    const path = [...found.path, found.keys[0]!];
    return new InputError({
      code: 'unknown_key',
      message: `unknown key ${shown(found.keys[0])}`,
      path: pathText(path),
      value: found.keys[0],
      allowed: found.message,
    });
  }
  const value = valueAt(document, found.path);
  const missing = value === undefined;
  const code = missing
    ? 'missing'
    : found.code === 'custom'
      ? String(found.params?.['code'] ?? 'range')
      : found.code === 'too_small' || found.code === 'too_big'
        ? 'range'
        : 'value';
  const message = missing ? 'is missing' : `${shown(value)} is not allowed`;
  const allowed = found.code === 'invalid_union' ? String(found.message) : found.message;
  return new InputError({ code, message, path: pathText(found.path), value, allowed });
}

/** The parsed document, or an InputError with path, value and what is allowed. */
export function parseWith<T extends z.ZodType>(schema: T, document: unknown): z.output<T> {
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  throw errorOf(result.error.issues[0]!, document);
}
