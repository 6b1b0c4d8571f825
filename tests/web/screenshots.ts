/**
 * `npm run screenshots`: pictures of every panel in two sizes, light and dark, to be looked at.
 * No test: a person judges them. The folder to write to is the first argument.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { serve } from '../../cli/serve.ts';
import { inRepository } from '../scenarios.ts';
import { openBrowser } from './chromium.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const THEMES = ['light', 'dark'] as const;

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);

async function finish(page: Page, scenario?: string): Promise<void> {
  await part(page, 'pace').selectOption('Infinity');
  if (scenario !== undefined) await part(page, 'scenario').selectOption(scenario);
  await page.waitForSelector('[data-part="status"][data-status="completed"]', { timeout: 30_000 });
  await page.waitForTimeout(700);
}

async function openBench(page: Page, series: number, parallel: number, name: string): Promise<void> {
  const scenario = {
    formatVersion: 1,
    name,
    duration_s: 1800,
    pack: {
      series,
      parallel,
      cell: 'nmc21700',
      initialSoc: 0.7,
      tab_Ohm: 0.001,
      bus_Ohm: 0.0002,
      spread: { capacity_ratio: 0.02, initialSoc: 0.01 },
    },
    bms: { model: series > 16 ? '24T' : series > 8 ? '16T' : '8T', chemistry: 'LiPo', settings: { batteryCapacity_Ah: 4.8 * parallel } },
    source: { constantCurrent_A: -2 * parallel > -100 ? -2 * parallel : -95 },
  };
  const buffer = Buffer.from(JSON.stringify(scenario));
  await part(page, 'open-file').setInputFiles({ name: 'bench.json', mimeType: 'application/json', buffer });
  await page.waitForTimeout(300);
  await finish(page);
}

/** Every view with what leads to it; each starts from where the one before ended. */
const VIEWS: readonly [string, (page: Page) => Promise<void>][] = [
  ['first-visit', async (page) => void (await page.waitForTimeout(2500))],
  [
    'finished',
    async (page) => {
      await part(page, 'tour-skip').click();
      await finish(page);
    },
  ],
  ['cell', async (page) => part(page, 'cell-4').click()],
  ['result', async (page) => part(page, 'tab-result').click()],
  ['check', async (page) => part(page, 'tab-check').click()],
  [
    'over-charge',
    async (page) => {
      await part(page, 'tab-events').click();
      await finish(page, 'charge-to-over-charge');
      await part(page, 'events').locator('button').first().click();
      await part(page, 'relay-charge').click();
      await part(page, 'toggle-cursors').click();
      await page.waitForTimeout(500);
    },
  ],
  [
    'broken',
    async (page) => {
      await part(page, 'toggle-cursors').click();
      await part(page, 'wire-3').click();
      await part(page, 'offers').waitFor();
      await part(page, 'card').getByRole('button', { name: 'Break now: Two neighbouring sense wires swapped' }).click();
      await part(page, 'card').getByRole('button', { name: 'Close', exact: true }).click();
      await page.waitForTimeout(1500);
    },
  ],
  ['faults', async (page) => part(page, 'tab-faults').click()],
  [
    'fault',
    async (page) => {
      await part(page, 'fault-search').fill('short');
      await part(page, 'catalogue').locator('button').first().click();
      await page.waitForTimeout(300);
    },
  ],
  [
    'meter',
    async (page) => {
      await part(page, 'toggle-meter').click();
      await part(page, 'cell-2').click();
      await part(page, 'wire-0').click();
      await part(page, 'lcd-down').click();
      await page.waitForTimeout(1200);
    },
  ],
  [
    'guide',
    async (page) => {
      await part(page, 'toggle-meter').click();
      await part(page, 'tab-guide').click();
      await page.waitForTimeout(400);
    },
  ],
  [
    'lab',
    async (page) => {
      await part(page, 'guide').locator('[data-clause="9a"]').click();
      await part(page, 'lab-open').click();
      await finish(page);
    },
  ],
  [
    'runs',
    async (page) => {
      await part(page, 'run').click();
      await finish(page);
      await part(page, 'tab-runs').click();
      for (const index of [0, 1]) await part(page, 'runs').locator('input[type="checkbox"]').nth(index).check();
    },
  ],
  [
    'compare',
    async (page) => {
      await part(page, 'compare').click();
      await page.waitForTimeout(900);
    },
  ],
  [
    'designs',
    async (page) => {
      await page.keyboard.press('Escape');
      await part(page, 'tab-designs').click();
      await part(page, 'save-design').click();
    },
  ],
  ['palette', async (page) => part(page, 'open-palette').click()],
  [
    'keys',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
    },
  ],
  [
    'share',
    async (page) => {
      await page.keyboard.press('Escape');
      await part(page, 'open-share').click();
      await page.waitForTimeout(200);
    },
  ],
  [
    '4s1p',
    async (page) => {
      await page.keyboard.press('Escape');
      await part(page, 'tab-events').click();
      await openBench(page, 4, 1, '4S1P');
    },
  ],
  ['24s40p', async (page) => openBench(page, 24, 40, '24S40P')],
  [
    '24s40p-heat',
    async (page) => {
      await part(page, 'show-heat').click();
      await part(page, 'heat-worst').click();
      await page.waitForTimeout(300);
    },
  ],
  [
    'heat-sorted',
    async (page) => {
      await part(page, 'heat-sort').check();
      await page.waitForTimeout(300);
    },
  ],
];

const folder = process.argv[2] ?? 'build/screenshots';
const wanted = process.argv[3];
mkdirSync(folder, { recursive: true });
const served = await serve({ root: inRepository('dist/web'), port: 0 });
const browser = await openBrowser();
for (const viewport of SIZES) {
  for (const colorScheme of THEMES) {
    const name = `${viewport.width}-${colorScheme}`;
    if (wanted !== undefined && !name.includes(wanted)) continue;
    const page = await browser.newPage({ viewport, colorScheme });
    page.on('console', (message) => process.stderr.write(`${message.type()}: ${message.text()}\n`));
    page.on('pageerror', (error) => process.stderr.write(`${String(error)}\n`));
    await page.goto(served.url);
    for (const [view, lead] of VIEWS) {
      await lead(page);
      await page.screenshot({ path: join(folder, `${name}-${view}.png`) });
    }
    await page.close();
  }
}
await browser.close();
await served.close();
