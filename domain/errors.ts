/**
 * The one error type for a user's mistake: what is wrong, where it stands and what is allowed.
 * It is separate because file reader, schema, compiler, command line and page all throw or show it.
 */

export interface InputErrorDetails {
  /** Stable machine-readable kind, for example `range`, `syntax`, `unknown_key`. */
  code: string;
  message: string;
  file?: string;
  /** Path inside the document, for example `pack.overrides[0].capacity_Ah`. */
  path?: string;
  /** 1-based line and column in the file. */
  line?: number;
  column?: number;
  value?: unknown;
  allowed?: string;
}

/** Thrown for bad input; nothing has been changed when it is thrown. */
export class InputError extends Error {
  readonly details: InputErrorDetails;

  constructor(details: InputErrorDetails) {
    super(readable(details));
    this.name = 'InputError';
    this.details = details;
  }

  /** The same error with what the catcher knows better (a file name, a line). */
  with(more: Partial<InputErrorDetails>): InputError {
    return new InputError({ ...this.details, ...more });
  }
}

function readable(details: InputErrorDetails): string {
  const place = [
    details.file,
    details.line === undefined ? undefined : `line ${details.line}${details.column === undefined ? '' : `, column ${details.column}`}`,
    details.path === undefined || details.path === '' ? undefined : details.path,
  ].filter((part) => part !== undefined);
  const allowed = details.allowed === undefined ? '' : ` (allowed: ${details.allowed})`;
  return `${place.length > 0 ? `${place.join(': ')}: ` : ''}${details.message}${allowed}`;
}

const LONGEST_SHOWN_VALUE = 80;

/** A value as short text for a message; control and direction-changing characters are escaped. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describe(value);
  const safe = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return safe.length > LONGEST_SHOWN_VALUE ? `${safe.slice(0, LONGEST_SHOWN_VALUE)}…` : safe;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Stops on a mistake of ours, with the values that show it. */
export function assert(holds: boolean, what: string, values: Record<string, unknown> = {}): asserts holds {
  if (!holds) throw new Error(`Internal error: ${what} ${JSON.stringify(values)}`);
}
