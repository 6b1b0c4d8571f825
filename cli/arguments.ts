/**
 * Numbers as people type them on a command line, and the refusal of what is none.
 */
import { InputError, shown } from '../domain/errors.ts';

function notAllowed(text: string, name: string, allowed: string): InputError {
  return new InputError({ code: 'argument', path: name, value: text, message: `${shown(text)} is not allowed`, allowed });
}

/** A whole number from `least` on, or undefined where the option was not given. */
export function wholeNumber(text: string | undefined, name: string, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw notAllowed(text, name, `a whole number from ${least}`);
}

/** A decimal number within a range. */
export function decimalNumber(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw notAllowed(text, name, `a number from ${least} to ${most}`);
}
