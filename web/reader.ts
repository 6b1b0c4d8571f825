/**
 * Reads for the engine what a scenario names: files that the user brought, else what is shipped with the page.
 * Nothing is ever read from another origin.
 */
import { InputError, shown } from '../domain/errors.ts';
import type { FileReader } from '../engine/load.ts';
import { CELL_URLS, PROFILE_URLS } from './bundled.ts';

async function bytesAt(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`A file of the page could not be read: ${response.status} ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}

export class PageReader implements FileReader {
  constructor(private readonly files: Readonly<Record<string, Uint8Array>>) {}

  async beside(name: string, limit: number): Promise<Uint8Array> {
    const brought = Object.hasOwn(this.files, name) ? this.files[name] : undefined;
    if (brought !== undefined) {
      if (brought.length <= limit) return brought;
      throw new InputError({ code: 'too_large', file: name, message: `the file has ${brought.length} bytes`, allowed: `at most ${limit}` });
    }
    const url = PROFILE_URLS.get(name);
    if (url !== undefined) return bytesAt(url);
    throw new InputError({
      code: 'missing_file',
      message: `the scenario names the file ${shown(name)}, which is not here`,
      value: name,
      allowed: 'a file dropped on the page before, or a shipped profile',
    });
  }

  async libraryCell(id: string): Promise<Uint8Array> {
    const url = CELL_URLS.get(id);
    if (url !== undefined) return bytesAt(url);
    throw new InputError({
      code: 'unknown_cell',
      message: `there is no library cell ${shown(id)}`,
      value: id,
      allowed: [...CELL_URLS.keys()].join(', '),
    });
  }
}
