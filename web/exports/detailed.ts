/**
 * Has a file with every detail of a run made in a worker of its own, until it is there or no longer wanted.
 * Separate from what hands files to the browser because it lives as long as the work takes.
 */
import * as Comlink from 'comlink';
import { InputError } from '../../domain/errors.ts';
import { WORDS } from '../words.ts';
import type { DetailedRequest, Written } from './request.ts';

interface DetailedWriter {
  write(request: DetailedRequest, tell: (progress: number) => void): Promise<Written>;
}

export class DetailedExport {
  private readonly worker = new Worker(new URL('./detailed.worker.ts', import.meta.url), { type: 'module' });
  private readonly ended: Promise<undefined>;
  private isEnded = () => {};

  constructor() {
    this.ended = new Promise((resolve) => (this.isEnded = () => resolve(undefined)));
  }

  /** No longer wanted. */
  end(): void {
    this.worker.terminate();
    this.isEnded();
  }

  /** The file; undefined where it was ended before. */
  async write(request: DetailedRequest, tell: (progress: number) => void): Promise<Blob | undefined> {
    const writer = Comlink.wrap<DetailedWriter>(this.worker);
    const failed = new Promise<never>((_, reject) => (this.worker.onerror = (event) => reject(new Error(event.message))));
    const written = await Promise.race([writer.write(request, Comlink.proxy(tell)), this.ended, failed]);
    if (written === undefined) return undefined;
    if (written.ok) return written.content;
    throw new InputError(written.details ?? { code: 'other_run', message: WORDS.problem.otherRun });
  }
}
