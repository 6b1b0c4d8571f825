/**
 * How the command line answers: exit codes, one JSON value on standard output, errors for people on standard error.
 * Everything that ends the program goes through here.
 */
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import { printJson } from '../domain/scenario/json.ts';

export const EXIT = { ok: 0, no: 1, badInput: 2, ourFault: 3, cancelled: 130 } as const;

/** The one JSON value of a command. Numbers that are no numbers never get here: results are checked before. */
export function printAnswer(value: unknown): void {
  process.stdout.write(`${printJson(value)}\n`);
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Reports bad input and leaves with its exit code. */
export function reportBadInput(details: InputErrorDetails, json: boolean): void {
  const { code, file, path, line, column, value, allowed, message } = details;
  const known = Object.fromEntries(
    Object.entries({ code, file, path, line, column, value: plain(value), allowed, message }).filter(([, item]) => item !== undefined),
  );
  if (json) printAnswer({ error: known });
  else say(new InputError(details).message);
  process.exitCode = EXIT.badInput;
}

/** A value as JSON can carry it. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? `a list of ${value.length}` : 'an object') : value;
}

/** Runs a command; bad input and our own mistakes become their exit codes. */
export async function answering(json: boolean, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) {
      reportBadInput(error.details, json);
      return;
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (json) printAnswer({ error: { code: 'internal', message } });
    say(`Packbench made a mistake: ${message}`);
    process.exitCode = EXIT.ourFault;
  }
}
