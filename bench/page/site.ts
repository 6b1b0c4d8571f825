/**
 * The built page as it is shipped, served by the command line, in a real Chromium.
 * Apart from the measurements so that each of them begins with an open page.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';

export const ROOT = join(import.meta.dirname, '../..');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--js-flags=--expose-gc'];
const BYTES_PER_PAGE = 4096;

export interface Site {
  browser: Browser;
  url: string;
  close(): Promise<void>;
}

function serve(): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, ['dist/cli.js', 'serve'], { cwd: ROOT, env: { ...process.env, PORT: '0' } });
  return new Promise((resolve, reject) => {
    const listen = (text: Buffer) => {
      const url = /http:\/\/\S+/.exec(String(text))?.[0];
      if (url !== undefined) resolve({ url, stop: () => child.kill() });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`the page was not served (exit code ${code})`)));
  });
}

export async function openSite(): Promise<Site> {
  const executablePath = process.env['PACKBENCH_CHROMIUM'];
  if (executablePath === undefined)
    throw new Error('No browser: set PACKBENCH_CHROMIUM, or start this by `npm run bench:page`, which finds one.');
  const { url, stop } = await serve();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const close = async () => {
    await browser.close();
    stop();
  };
  return { browser, url, close };
}

/** A page of somebody who has been here before, at the size of a laptop. */
export async function openPage({ browser, url }: Site): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => localStorage.setItem('packbench.tour', 'seen'));
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);

export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page.waitForSelector(`[data-part="status"][data-status="${status}"]`, { timeout: 120_000 });
}

/** A shipped scenario with other values, chosen as a file. */
export async function openScenario(page: Page, id: string, changes: object): Promise<void> {
  const scenario = { ...(JSON.parse(readFileSync(join(ROOT, 'scenarios', `${id}.json`), 'utf8')) as object), ...changes };
  const file = { name: 'bench.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(scenario)) };
  await part(page, 'open-file').setInputFiles(file);
}

export interface Memory {
  /** Of the page's own script, after collecting. */
  heap_MB: number;
  /** Of the process that draws the page, with the worker and its kernels; undefined where the system does not tell. */
  process_MB: number | undefined;
}

const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;

function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * BYTES_PER_PAGE;
}

/** What the page holds, after everything that nobody holds is gone. */
export async function memoryOf(page: Page, browser: Browser): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  for (const worker of page.workers()) await worker.evaluate(() => (globalThis as { gc?: () => void }).gc?.());
  await page.waitForTimeout(500);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const heap_MB = megabytes(metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value);
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  await system.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  if (process.platform !== 'linux') return { heap_MB, process_MB: undefined };
  return { heap_MB, process_MB: megabytes(Math.max(...renderers.map(residentBytes))) };
}
