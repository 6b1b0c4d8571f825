/**
 * A design and what was looked at as the fragment of an address, and back.
 * A fragment never reaches a server; both its size and what it unpacks to are bounded before anything is read.
 */
import { InputError } from '../domain/errors.ts';
import { type Json, printJson, readJson } from '../domain/scenario/json.ts';
import { migrate } from '../domain/scenario/migrate.ts';
import { isObject, type JsonObject } from './document.ts';
import { WORDS } from './words.ts';

/** Most bytes of a link, packed and unpacked. */
export const LINK_LIMITS = { packed: 16 * 1024, unpacked: 1 << 20 } as const;
const MARK = 'design=';
const FILE = 'link';

export interface SharedView {
  /** The part of the bench that was chosen. */
  part?: string | undefined;
  /** What stood on the right, and which clause in the guide. */
  side?: string | undefined;
  clause?: string | undefined;
  /** The part of the run that the chart showed. */
  from_s?: number | undefined;
  until_s?: number | undefined;
}

export interface Shared {
  document: Json;
  view: SharedView;
}

function refuse(message: string, allowed?: string): never {
  throw new InputError({ code: 'link', file: FILE, message, ...(allowed === undefined ? {} : { allowed }) });
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      refuse(WORDS.link.tooLarge, WORDS.link.limits(LINK_LIMITS.packed, LINK_LIMITS.unpacked));
    }
    pieces.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function toText(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
  if (text.length > Math.ceil((LINK_LIMITS.packed * 4) / 3))
    refuse(WORDS.link.tooLarge, WORDS.link.limits(LINK_LIMITS.packed, LINK_LIMITS.unpacked));
  if (!/^[A-Za-z0-9_-]+$/.test(text)) refuse(WORDS.link.broken);
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  } catch {
    return refuse(WORDS.link.broken);
  }
}

/** The fragment of a design; an InputError where it does not fit into a link. */
export async function linkFragment({ document, view }: Shared): Promise<string> {
  const text = new TextEncoder().encode(printJson({ scenario: document, view: given(view) }));
  if (text.length > LINK_LIMITS.unpacked) refuse(WORDS.link.tooLarge, WORDS.link.limits(LINK_LIMITS.packed, LINK_LIMITS.unpacked));
  return `#${MARK}${toText(await through(text, new CompressionStream('deflate-raw'), LINK_LIMITS.packed))}`;
}

export function isLink(fragment: string): boolean {
  return fragment.startsWith(`#${MARK}`);
}

/** The checked design of a fragment; an InputError where it is none. */
export async function openLink(fragment: string): Promise<Shared> {
  const packed = fromText(fragment.slice(MARK.length + 1));
  const shared = readJson(await unpacked(packed), FILE).value;
  const scenario = isObject(shared) ? shared['scenario'] : undefined;
  if (!isObject(shared) || scenario === undefined) refuse(WORDS.link.broken);
  const { checkScenario } = await import('./scenarioReader.ts');
  try {
    checkScenario(scenario);
  } catch (error) {
    if (error instanceof InputError) throw error.with({ file: FILE });
    throw error;
  }
  const view = isObject(shared['view']) ? shared['view'] : {};
  return { document: migrate(scenario), view: viewOf(view) };
}

/** A view as a file has it: without what is not there. */
function given(view: SharedView): JsonObject {
  return Object.fromEntries(Object.entries(view).filter((entry): entry is [string, string | number] => entry[1] !== undefined));
}

function viewOf(view: JsonObject): SharedView {
  const textOf = (value: Json | undefined) => (typeof value === 'string' && value.length < 100 ? value : undefined);
  const timeOf = (value: Json | undefined) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
  const [from_s, until_s] = [timeOf(view['from_s']), timeOf(view['until_s'])];
  return { part: textOf(view['part']), side: textOf(view['side']), clause: textOf(view['clause']), from_s, until_s };
}

async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), LINK_LIMITS.unpacked);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return refuse(WORDS.link.broken);
  }
}
