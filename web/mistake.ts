/**
 * What went wrong, as the page tells it: the user's mistake with its place, or that it was ours.
 * Separate because whatever is done on the page can end in it.
 */
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import { WORDS } from './words.ts';

export function mistakeOf(error: unknown): InputErrorDetails {
  if (error instanceof InputError) return error.details;
  return { code: 'internal', message: `${WORDS.problem.internal}: ${error instanceof Error ? error.message : String(error)}` };
}
