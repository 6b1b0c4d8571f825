/**
 * `npm run screenshots`: pictures of every view in two sizes, light and dark, to be looked at.
 * No test: a person judges them. Arguments: the folder to write to, a part of size and theme, a story.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { serve } from '../../cli/serve.ts';
import { inRepository } from '../scenarios.ts';
import { openBrowser } from './chromium.ts';
import { STORIES, type Story } from './views.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const THEMES = ['light', 'dark'] as const;

const [folder = 'build/screenshots', wantedName = '', wantedStory = ''] = process.argv.slice(2);

interface Shown {
  url: string;
  viewport: (typeof SIZES)[number];
  colorScheme: (typeof THEMES)[number];
}

async function take(browser: Browser, { isFirstVisit = false, views }: Story, { url, ...shown }: Shown, name: string): Promise<void> {
  const context = await browser.newContext(shown);
  if (!isFirstVisit) await context.addInitScript(() => localStorage.setItem('packbench.tour', 'seen'));
  const page = await context.newPage();
  page.on('console', (message) => process.stderr.write(`${name} ${message.type()}: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`${name} ${String(error)}\n`));
  await page.goto(url);
  for (const [view, lead] of views) {
    await lead(page);
    await page.screenshot({ path: join(folder, `${name}-${view}.png`) });
  }
  await context.close();
}

mkdirSync(folder, { recursive: true });
const served = await serve({ root: inRepository('dist/web'), port: 0 });
const browser = await openBrowser();
for (const viewport of SIZES) {
  for (const colorScheme of THEMES) {
    const name = `${viewport.width}-${colorScheme}`;
    if (!name.includes(wantedName)) continue;
    for (const [story, views] of Object.entries(STORIES)) {
      if (story.includes(wantedStory)) await take(browser, views, { url: served.url, viewport, colorScheme }, name);
    }
  }
}
await browser.close();
await served.close();
