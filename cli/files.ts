/**
 * How Node reads: files beside a scenario, the shipped cells and the kernel.
 * A size is looked at before a byte is read, so a huge file costs nothing.
 */
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../domain/errors.ts';
import { decodeText, JSON_LIMITS } from '../domain/scenario/json.ts';
import { locatedIn, type ReadOptions } from '../domain/scenario/read.ts';
import { compileKernel, type KernelModule } from '../engine/kernel.ts';
import { type FileReader, type LoadedScenario, loadScenario } from '../engine/load.ts';

const KERNEL = new URL('./kernel.wasm', import.meta.url);
const CELLS = new URL('../library/cells/', import.meta.url);

const PLAIN_REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'the file may not be read',
  EISDIR: 'this is a folder',
  ENOTDIR: 'a part of the path is no folder',
};

function unreadable(error: unknown, file: string): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new InputError({
    code: 'file',
    file,
    value: file,
    message: PLAIN_REASONS[code] ?? `the file cannot be read (${code})`,
    allowed: 'a file that can be read',
  });
}

/** Bytes of a regular file of at most `limit` bytes. */
export async function readBytes(path: string, shownName: string, limit: number): Promise<Uint8Array> {
  if (path.includes('\0'))
    throw new InputError({ code: 'file', file: shownName.replaceAll('\0', '\\0'), message: 'a file name cannot contain NUL' });
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(error, shownName);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new InputError({ code: 'file', file: shownName, message: 'this is no regular file', allowed: 'a file' });
    if (stat.size > limit)
      throw new InputError({
        code: 'too_large',
        file: shownName,
        value: stat.size,
        message: `the file has ${stat.size} bytes`,
        allowed: `at most ${limit} bytes`,
      });
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

export async function readScenarioFile(file: string): Promise<Uint8Array> {
  return readBytes(resolve(file), file, JSON_LIMITS.bytes);
}

/** Reader for what a scenario file names. */
export function readerBeside(scenarioFile: string): FileReader {
  const folder = dirname(resolve(scenarioFile));
  return {
    beside: (name, limit) => readBytes(resolve(folder, name), name, limit),
    libraryCell: (id) => readBytes(fileURLToPath(new URL(`${id}.json`, CELLS)), `${id}.json`, JSON_LIMITS.bytes),
  };
}

/** Loads a scenario file and hands it on; whatever is found wrong in it, then or later, names its line. */
export async function withScenario<T>(
  file: string,
  options: Pick<ReadOptions, 'set' | 'seed'>,
  use: (loaded: LoadedScenario) => Promise<T>,
): Promise<T> {
  const text = decodeText(await readScenarioFile(file), file);
  try {
    return await use(await loadScenario(text, readerBeside(file), { file, ...options }));
  } catch (error) {
    throw error instanceof InputError ? locatedIn(text, { file, ...options }, error) : error;
  }
}

export async function loadKernel(): Promise<KernelModule> {
  return compileKernel(await readBytes(fileURLToPath(KERNEL), 'kernel.wasm', 1 << 24));
}
