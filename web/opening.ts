/**
 * What a file is that somebody chose or dropped: a scenario, a cell, a profile, or nothing that can be opened.
 * Reading changes nothing; a bad file is an InputError with its name, line and path.
 */
import { InputError } from '../domain/errors.ts';
import { decodeText, type Json, JSON_LIMITS, printJson, readJson } from '../domain/scenario/json.ts';
import { PROFILE_LIMITS } from '../domain/profileLimits.ts';
import { isObject } from './document.ts';
import { WORDS } from './words.ts';

export type OpenedFile =
  { kind: 'scenario'; document: Json } | { kind: 'cell'; id: string; cell: Json } | { kind: 'profile'; name: string; bytes: Uint8Array };

const words = WORDS.problem;

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
    return { kind: 'profile', name: file.name, bytes: withoutRemarks(await bytesOf(file, PROFILE_LIMITS.bytes)) };
  }
  if (/\.json$/i.test(file.name)) return readJsonFile(decodeText(await bytesOf(file, JSON_LIMITS.bytes), file.name), file.name);
  throw new InputError({ code: 'file_kind', file: file.name, message: words.wrongKind, allowed: words.wrongKindAllowed });
}

async function readJsonFile(text: string, name: string): Promise<OpenedFile> {
  const { openDocument, readCell } = await import('./scenarioReader.ts');
  const { value } = readJson(text, name);
  if (isObject(value) && 'ocv' in value && !('pack' in value)) {
    readCell(text, name);
    return { kind: 'cell', id: cellIdOf(name), cell: value };
  }
  // The page's own export of a run holds the scenario that was run.
  const inner = isObject(value) && value['format'] === 'packbench-run' ? value['scenario'] : undefined;
  return { kind: 'scenario', document: openDocument(inner === undefined ? text : printJson(inner), name) };
}

/** A name for a cell in the document, made of its file's. */
function cellIdOf(file: string): string {
  const bare = file.replace(/\.json$/i, '').replace(/[^A-Za-z0-9_-]+/g, '-');
  return (/^[A-Za-z]/.test(bare) ? bare : `cell-${bare}`).slice(0, 64);
}
