/**
 * The built page, served as it is shipped, and a browser, for the stories of one test file.
 * Each story opens a page of its own and closes it, which asserts that nothing went wrong there.
 */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { serve, type Served } from '../../cli/serve.ts';
import { inRepository } from '../scenarios.ts';
import { type ChosenFile, type OpenOptions, openBrowser, WatchedPage } from './chromium.ts';

export interface Site {
  /** Opens the page, at an address of it where one is given. */
  open(options?: OpenOptions & { fragment?: string }): Promise<WatchedPage>;
  url(): string;
  /** From now on nothing is served. */
  shut(): Promise<void>;
}

export function site(): Site {
  let served: Served | undefined;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve({ root: inRepository('dist/web'), port: 0 });
    browser = await openBrowser();
  });
  const shut = async () => {
    await served?.close();
    served = undefined;
  };
  afterAll(async () => {
    await browser?.close();
    await shut();
  });
  return {
    open: ({ fragment = '', ...options } = {}) => WatchedPage.open(browser, `${served!.url}${fragment}`, options),
    url: () => served!.url,
    shut,
  };
}

/** A scenario that a person would choose as a file. */
export function fileOf(document: object, name = 'own.json'): ChosenFile {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) };
}

/** A shipped scenario with other values. */
export function changed(id: string, changes: object = {}): object {
  return { ...(JSON.parse(readFileSync(inRepository(`scenarios/${id}.json`), 'utf8')) as object), ...changes };
}
