/**
 * What page and worker say to each other about a file with every detail.
 * Separate because both import it, and the page starts the worker.
 */
import type { InputErrorDetails } from '../../domain/errors.ts';
import type { Json } from '../../domain/scenario/json.ts';
import type { DetailedKind } from './kinds.ts';

export interface DetailedRequest {
  kind: DetailedKind;
  document: Json;
  files: Record<string, Uint8Array>;
  series: number;
  provenance: Record<string, string>;
  /** How far the run came, and to what: the file is only given if repeating leads there too. */
  ticks: number;
  resultHash: string;
}

/** The file, or why there is none; nothing is said where repeating led to another result. */
export type Written = { ok: true; content: Blob } | { ok: false; details?: InputErrorDetails };
