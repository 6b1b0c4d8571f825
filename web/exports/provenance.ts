/**
 * Where an export comes from: what anybody needs to make the same run again.
 * Every kind of export carries the same words.
 */
import type { KeptRun } from '../runs.ts';
import type { ExportKind } from './kinds.ts';

export function provenanceOf({ name, result }: KeptRun): Record<string, string> {
  return {
    program: 'Packbench',
    run: name,
    seed: String(result.seed),
    scenarioHash: result.scenarioHash,
    kernelHash: result.kernelHash,
    resultHash: result.resultHash,
    status: result.status,
  };
}

/** The same in one line, for pictures. */
export function provenanceLine({ result }: KeptRun): string {
  const short = (hash: string) => hash.slice(0, 12);
  return `Packbench · seed ${result.seed} · scenario ${short(result.scenarioHash)} · kernel ${short(result.kernelHash)}`;
}

/** A name as the beginning of a file's. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'run' : plain;
}

export function fileName({ name, result }: KeptRun, kind: ExportKind): string {
  return `${slugOf(name)}-${result.scenarioHash.slice(0, 8)}.${kind}`;
}
