/**
 * What an exported run says of itself, and whether repeating it leads to the same.
 * The file holds no course, and numbers in a file prove nothing: so it is run again, and held against what it claims.
 */
import { type Json, printJson, sortedKeys } from '../domain/scenario/json.ts';
import type { RunResult } from '../engine/result.ts';
import { isObject, MOST_NAME, valueOf } from './document.ts';

export interface Claim {
  name: string;
  resultHash: string;
  kernelHash: string;
  /** Time steps that the run had taken. */
  ticks: number;
  /** All that the file says of the result. */
  result: Json;
}

/** `longer`: the run of the file was ended before its end. */
export type Finding = 'same' | 'longer' | 'otherKernel' | 'other';

const HASH = /^[0-9a-f]{64}$/;

/** What an exported run claims; undefined where the file does not say all of it. */
export function claimOf(file: Json): Claim | undefined {
  const [name, resultHash, kernelHash] = ['run', 'resultHash', 'kernelHash'].map((key) => valueOf(file, `provenance.${key}`));
  const ticks = valueOf(file, 'result.ticks');
  const areHashes = [resultHash, kernelHash].every((hash) => typeof hash === 'string' && HASH.test(hash));
  if (!isObject(file) || typeof name !== 'string' || !areHashes || typeof ticks !== 'number') return undefined;
  // A name is one line of text, wherever it comes from.
  const plain = name.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, MOST_NAME);
  return { name: plain, resultHash: resultHash as string, kernelHash: kernelHash as string, ticks, result: valueOf(file, 'result')! };
}

/** A hash that is right beside figures that are not is no result of the run either; that another kernel came to the same is none of them. */
export function findingOf(claim: Claim, result: RunResult): Finding {
  const { resultHash, kernelHash, ticks } = result;
  if (resultHash !== claim.resultHash && kernelHash !== claim.kernelHash) return 'otherKernel';
  if (resultHash !== claim.resultHash) return ticks === claim.ticks ? 'other' : 'longer';
  const textOf = (value: object) => printJson(sortedKeys({ ...value, kernelHash }));
  return isObject(claim.result) && textOf(claim.result) === textOf(result) ? 'same' : 'other';
}
