/**
 * What a file is that somebody chose or dropped: a scenario, a cell, a profile, or nothing that can be opened.
 * Reading changes nothing; a bad file is an InputError with its name, line and path.
 */
import { InputError } from '../domain/errors.ts';
import { decodeText, type Json, JSON_LIMITS, printJson, readJson } from '../domain/scenario/json.ts';
import { PROFILE_LIMITS } from '../domain/profileLimits.ts';
import { type Claim, claimOf } from './claim.ts';
import { isObject } from './document.ts';
import { WORDS } from './words.ts';

export type OpenedFile =
  | { kind: 'scenario'; document: Json; claim: Claim | undefined }
  | { kind: 'cell'; id: string; cell: Json }
  | { kind: 'profile'; name: string; bytes: Uint8Array };

const words = WORDS.problem;
/** Enough for a header and a row, and for what is no text to show itself. */
const PROFILE_START_BYTES = 64 * 1024;

export async function bytesOf(file: File, most: number): Promise<Uint8Array> {
  if (file.size > most)
    throw new InputError({
      code: 'too_large',
      file: file.name,
      message: words.tooLarge(file.size),
      allowed: words.tooLargeAllowed(most),
    });
  return new Uint8Array(await file.arrayBuffer());
}

/** A profile without the lines that say where an exported one came from; everything else stays as it is. */
export function withoutRemarks(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (bytes[start] === 0x23) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return bytes.subarray(bytes.length);
    start = end + 1;
  }
  return bytes.subarray(start);
}

export async function readFile(file: File): Promise<OpenedFile> {
  if (/\.csv$/i.test(file.name)) {
    const bytes = withoutRemarks(await bytesOf(file, PROFILE_LIMITS.bytes));
    refuseNoTable(bytes, file.name);
    return { kind: 'profile', name: file.name, bytes };
  }
  if (/\.json$/i.test(file.name)) return readJsonFile(decodeText(await bytesOf(file, JSON_LIMITS.bytes), file.name), file.name);
  throw new InputError({ code: 'file_kind', file: file.name, message: words.wrongKind, allowed: words.wrongKindAllowed });
}

/** What is no text, or has no row below its header, never comes into the design; its numbers are the engine's business. */
function refuseNoTable(bytes: Uint8Array, file: string): void {
  const start = decodeStart(bytes, file);
  const [header = '', row = ''] = start.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  if (header.trim() === '' || row.trim() === '')
    throw new InputError({ code: 'no_table', file, message: words.noTable, allowed: words.noTableAllowed });
}

function decodeStart(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, PROFILE_START_BYTES), { stream: true });
    if (!text.includes('\0')) return text;
  } catch {
    // Told below, as for the zeros of UTF-16.
  }
  throw new InputError({ code: 'encoding', file, message: words.noText, allowed: words.noTextAllowed });
}

/** What says of itself that it is for this program, or looks like it. */
const KNOWN_KEYS = ['formatVersion', 'pack', 'ocv'];

async function readJsonFile(text: string, name: string): Promise<OpenedFile> {
  const { openDocument, readCell } = await import('./scenarioReader.ts');
  const { value } = readJson(text, name);
  if (isObject(value) && 'ocv' in value && !('pack' in value)) {
    readCell(text, name);
    return { kind: 'cell', id: cellIdOf(name), cell: value };
  }
  const isRun = isObject(value) && value['format'] === 'packbench-run' && 'scenario' in value;
  if (isObject(value) && !isRun && !KNOWN_KEYS.some((key) => key in value))
    throw new InputError({ code: 'file_kind', file: name, message: words.unknownJson, allowed: words.unknownJsonAllowed });
  // The page's own export of a run holds the scenario that was run.
  const inner = isRun ? value['scenario'] : undefined;
  const document = openDocument(inner === undefined ? text : printJson(inner), name);
  return { kind: 'scenario', document, claim: isRun ? claimOf(value) : undefined };
}

/** A name for a cell in the document, made of its file's. */
function cellIdOf(file: string): string {
  const bare = file.replace(/\.json$/i, '').replace(/[^A-Za-z0-9_-]+/g, '-');
  return (/^[A-Za-z]/.test(bare) ? bare : `cell-${bare}`).slice(0, 64);
}
