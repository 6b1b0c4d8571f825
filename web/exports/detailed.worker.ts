/**
 * The worker that makes a file with every detail of a run: it repeats the run in a kernel of its own and writes on the way.
 * Apart from the one that simulates, so that neither the live run nor the page waits for it; ending it is all that cancelling takes.
 */
import '../jitless.ts';
import * as Comlink from 'comlink';
import { InputError } from '../../domain/errors.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import { completeScenario } from '../../engine/load.ts';
import { PageReader } from '../reader.ts';
import { fetchKernel } from '../simulation/fetchKernel.ts';
import { type Column, columnNames } from './columns.ts';
import { Course, type CoursePart } from './course.ts';
import { csvHead, csvRows } from './csv.ts';
import { FILE_TYPES } from './kinds.ts';
import type { DetailedRequest, Written } from './request.ts';

/** Takes the parts of a course and makes a file of them. */
interface Writer {
  add(part: CoursePart): void;
  end(): Promise<BlobPart[]>;
}

const named = (names: readonly string[], part: CoursePart): Column[] => names.map((name, index) => ({ name, values: part[index]! }));

function csvWriter({ provenance }: DetailedRequest, names: readonly string[]): Writer {
  const pieces: BlobPart[] = [csvHead(provenance, names)];
  // As blobs, so that the text need not lie in the worker's own memory.
  return { add: (part) => pieces.push(new Blob([csvRows(named(names, part))])), end: () => Promise.resolve(pieces) };
}

function parquetWriter({ provenance }: DetailedRequest, names: readonly string[]): Writer {
  const parts: CoursePart[] = [];
  return {
    add: (part) => parts.push(part),
    async end() {
      const whole = names.map((_, index) => {
        const values = new Float64Array(parts.reduce((sum, part) => sum + part[index]!.length, 0));
        parts.reduce((at, part) => (values.set(part[index]!, at), at + part[index]!.length), 0);
        return values;
      });
      const { parquetOf } = await import('./parquet.ts');
      return [parquetOf(named(names, whole), provenance)];
    },
  };
}

async function write(request: DetailedRequest, tell: (progress: number) => void): Promise<Written> {
  try {
    const loaded = await completeScenario(checkScenario(request.document), new PageReader(request.files));
    const course = await Course.open(loaded, await fetchKernel(), request.ticks);
    const names = columnNames(request.series);
    const writer = request.kind === 'csv' ? csvWriter(request, names) : parquetWriter(request, names);
    do {
      writer.add(course.next());
      tell(course.progress);
    } while (!course.isOver);
    const { resultHash } = await course.run.result();
    if (resultHash !== request.resultHash) return { ok: false };
    return { ok: true, content: new Blob(await writer.end(), { type: FILE_TYPES[request.kind] }) };
  } catch (error) {
    if (error instanceof InputError) return { ok: false, details: error.details };
    throw error;
  }
}

Comlink.expose({ write });
