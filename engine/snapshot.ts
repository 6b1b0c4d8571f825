/**
 * A run's state as bytes that know what they belong to: kernel, layout and scenario by hash, contents by checksum.
 * Anything that does not fit exactly is refused; a snapshot is never adapted.
 */
import { InputError } from '../domain/errors.ts';
import { layoutFingerprint } from '../domain/fingerprint.ts';
import { printJson } from '../domain/scenario/json.ts';
import { sha256 } from './kernel.ts';

export interface SnapshotParts {
  tick: number;
  kernelHash: string;
  scenarioHash: string;
  state: Uint8Array;
  /** What the host keeps beside the kernel: events so far and watched channels. */
  host: unknown;
}

const MAGIC = 'packbench-snapshot-1';
const HASH_LENGTH = 64;

interface Header {
  magic: string;
  layout: number;
  kernelHash: string;
  scenarioHash: string;
  tick: number;
  stateBytes: number;
  host: unknown;
}

function refuse(message: string): never {
  throw new InputError({ code: 'snapshot', message, allowed: 'a snapshot of this very scenario, taken by this version' });
}

/** Layout: checksum as 64 characters, header length as u32, header as JSON, state. */
export async function packSnapshot(parts: SnapshotParts): Promise<Uint8Array> {
  const header: Header = {
    magic: MAGIC,
    layout: layoutFingerprint(),
    kernelHash: parts.kernelHash,
    scenarioHash: parts.scenarioHash,
    tick: parts.tick,
    stateBytes: parts.state.length,
    host: parts.host,
  };
  const text = new TextEncoder().encode(printJson(header));
  const body = new Uint8Array(4 + text.length + parts.state.length);
  new DataView(body.buffer).setUint32(0, text.length, true);
  body.set(text, 4);
  body.set(parts.state, 4 + text.length);
  const all = new Uint8Array(HASH_LENGTH + body.length);
  all.set(new TextEncoder().encode(await sha256(body)));
  all.set(body, HASH_LENGTH);
  return all;
}

function headerOf(body: Uint8Array): { header: Header; end: number } {
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  if (length > body.length - 4) refuse('the snapshot is cut short');
  return { header: JSON.parse(new TextDecoder().decode(body.subarray(4, 4 + length))) as Header, end: 4 + length };
}

/** The parts of a snapshot that belongs to this kernel and scenario. */
export async function unpackSnapshot(bytes: Uint8Array, kernelHash: string, scenarioHash: string): Promise<SnapshotParts> {
  if (bytes.length < HASH_LENGTH + 4) refuse('the snapshot is cut short');
  const body = bytes.slice(HASH_LENGTH);
  if (new TextDecoder().decode(bytes.subarray(0, HASH_LENGTH)) !== (await sha256(body))) refuse('the snapshot is damaged');
  const { header, end } = headerOf(body);
  if (header.magic !== MAGIC || header.layout !== layoutFingerprint()) refuse('the snapshot has another format');
  if (header.kernelHash !== kernelHash) refuse('the snapshot was taken by another kernel');
  if (header.scenarioHash !== scenarioHash) refuse('the snapshot belongs to another scenario');
  const state = body.slice(end);
  if (state.length !== header.stateBytes) refuse('the snapshot is cut short');
  return { tick: header.tick, kernelHash, scenarioHash, state, host: header.host };
}
