/**
 * What is measured of the page: how soon it draws, how fast it answers while a year runs, whether its memory stays flat, how large it is.
 * Each measurement opens a page of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { type Memory, memoryOf, openPage, openScenario, part, ROOT, type Site, waitForStatus } from './site.ts';

const YEAR_S = 31_536_000;
const CHART = '[data-part="figure"] .scatterlayer path.js-line';

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(Math.ceil(share * sorted.length) - 1, sorted.length - 1)]! * 10) / 10;
}

export interface FirstDrawing {
  /** From asking for the page to the bench with the voltages of a pack that runs, and to the first line of the chart. */
  bench_ms: number;
  chart_ms: number;
}

/** The middle of some visits with an empty cache. */
export async function timeFirstDrawing(site: Site, visits: number): Promise<FirstDrawing> {
  const all: FirstDrawing[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const page = await openPage(site);
    const firstOf = (selector: string, pattern: string) =>
      page.waitForFunction(
        ([wanted, text]) => {
          const found = document.querySelector(wanted!);
          return found !== null && new RegExp(text!).test(found.textContent ?? '') ? performance.now() : false;
        },
        [selector, pattern] as const,
        { polling: 'raf', timeout: 60_000 },
      );
    const [bench, chart] = await Promise.all([firstOf('[data-part="cell-0"]', String.raw`\d\.\d{3}`), firstOf(CHART, '')]);
    all.push({ bench_ms: (await bench.jsonValue()) as number, chart_ms: (await chart.jsonValue()) as number });
    await page.context().close();
  }
  const middle = (name: keyof FirstDrawing) =>
    quantile(
      all.map((one) => one[name]),
      0.5,
    );
  return { bench_ms: middle('bench_ms'), chart_ms: middle('chart_ms') };
}

export interface InputDelay {
  presses: number;
  p99_ms: number;
  worst_ms: number;
}

/** A page on which a year runs as fast as it can. */
async function openYear(site: Site): Promise<Page> {
  const page = await openPage(site);
  await openScenario(page, 'home-storage-day', { duration_s: YEAR_S, expect: [] });
  await part(page, 'pace').selectOption('Infinity');
  await page.waitForSelector(CHART, { state: 'attached' });
  return page;
}

/** From a key's press to the page hearing of it, while a year runs. */
export async function timeInput(site: Site, presses: number): Promise<InputDelay> {
  const page = await openYear(site);
  await page.evaluate(() => {
    const waits: number[] = [];
    addEventListener('keydown', (event) => waits.push(performance.now() - event.timeStamp), { capture: true });
    Object.assign(globalThis, { waits });
  });
  await page.getByLabel('Name', { exact: true }).focus();
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press('x');
    await page.waitForTimeout(40);
  }
  const waits = await page.evaluate(() => (globalThis as unknown as { waits: number[] }).waits);
  await page.context().close();
  return { presses: waits.length, p99_ms: quantile(waits, 0.99), worst_ms: quantile(waits, 1) };
}

export interface LiveAction {
  median_ms: number;
  worst_ms: number;
  /** How much of the year had passed at the last one. */
  passed_percent: number;
}

/** From a press of the LCD unit's button to the run going on with it, while a year runs. */
export async function timeActions(site: Site, actions: number): Promise<LiveAction> {
  const page = await openYear(site);
  const times: number[] = [];
  for (let action = 0; action < actions; action++) {
    await page.waitForTimeout(2000);
    const time_ms = await page.evaluate(async () => {
      const [undo, button] = ['undo', 'lcd-down'].map((name) => document.querySelector<HTMLButtonElement>(`[data-part="${name}"]`)!);
      const [before, began] = [undo!.title, performance.now()];
      button!.click();
      // What was done is named with its time as soon as the run has it.
      while (undo!.title === before) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - began;
    });
    times.push(time_ms);
  }
  const passed_percent = await part(page, 'progress').evaluate((bar) => (bar as HTMLProgressElement).value);
  await page.context().close();
  return { median_ms: quantile(times, 0.5), worst_ms: quantile(times, 1), passed_percent: Math.round(passed_percent) };
}

export interface Growth {
  before: Memory;
  after: Memory;
  /** Of the page's own heap over each of the steps in between, in MB. */
  perStep_MB: number;
}

function growth(before: Memory, after: Memory, steps: number): Growth {
  return { before, after, perStep_MB: Math.round(((after.heap_MB - before.heap_MB) / steps) * 1000) / 1000 };
}

/** Counts on the page how many runs have come to their end since. */
async function countRuns(page: Page): Promise<void> {
  await page.evaluate(() => {
    const status = document.querySelector<HTMLElement>('[data-part="status"]')!;
    const count = { ended: 0 };
    new MutationObserver(() => {
      if (status.dataset['status'] === 'completed') count.ended++;
    }).observe(status, { attributeFilter: ['data-status'] });
    Object.assign(globalThis, { count });
  });
}

async function runOnce(page: Page): Promise<void> {
  const ended = () => (globalThis as unknown as { count: { ended: number } }).count.ended;
  const before = await page.evaluate(ended);
  await part(page, 'run').click();
  await page.waitForFunction((count) => (globalThis as unknown as { count: { ended: number } }).count.ended > count, before);
}

/** Memory after the first runs, when caches and the list of runs are full, and after all of them. */
export async function memoryOverRuns(site: Site, runs: number): Promise<Growth> {
  const page = await openPage(site);
  await part(page, 'pace').selectOption('Infinity');
  await part(page, 'scenario').selectOption('charge-to-over-charge');
  await waitForStatus(page, 'completed');
  await countRuns(page);
  const first = Math.min(30, Math.ceil(runs / 3));
  for (let run = 0; run < first; run++) await runOnce(page);
  const before = await memoryOf(page, site.browser);
  for (let run = first; run < runs; run++) await runOnce(page);
  const after = await memoryOf(page, site.browser);
  await page.context().close();
  return growth(before, after, runs - first);
}

/** Memory over live play: a pack that runs on at ten times the clock, with a press of a button now and then. */
export async function memoryOverPlay(site: Site, seconds: number): Promise<Growth> {
  const page = await openPage(site);
  await part(page, 'pace').selectOption('10');
  await part(page, 'scenario').selectOption('home-storage-day');
  await waitForStatus(page, 'running');
  const warmUp_s = Math.min(30, seconds / 3);
  const until = (end_ms: number) =>
    (async () => {
      while (performance.now() < end_ms) {
        await page.waitForTimeout(2000);
        await part(page, 'lcd-down').click();
      }
    })();
  const start = performance.now();
  await until(start + warmUp_s * 1000);
  const before = await memoryOf(page, site.browser);
  await until(start + seconds * 1000);
  const after = await memoryOf(page, site.browser);
  await page.context().close();
  return growth(before, after, (seconds - warmUp_s) / 60);
}

export type Sizes = Record<'beforePlotly_kB' | 'plotly_kB' | 'worker_kB' | 'kernel_kB' | 'everything_kB', number>;

/** Sizes as they go over the wire. */
export function bundleSizes(): Sizes {
  const folder = join(ROOT, 'dist/web');
  const zipped = (file: string) => gzipSync(readFileSync(join(folder, file))).length / 1000;
  const round = (value: number) => Math.round(value * 10) / 10;
  const assets = readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`);
  const sum = (files: readonly string[]) => round(files.reduce((total, file) => total + zipped(file), 0));
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
  const named = (pattern: RegExp) => sum(assets.filter((file) => pattern.test(file)));
  return {
    beforePlotly_kB: sum(first),
    plotly_kB: named(/plotly.*\.js$/),
    worker_kB: named(/simulation\.worker.*\.js$/),
    kernel_kB: named(/kernel.*\.wasm$/),
    everything_kB: sum(assets),
  };
}
