/**
 * What holds for the whole page: keys, palette, the first visit, accessibility, size, and work without a network.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inRepository } from '../scenarios.ts';
import { isLeftOut, type WatchedPage } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

it('what is loaded before the chart is at most 130 kB', () => {
  const html = readFileSync(inRepository('dist/web/index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
  const bytes = files.map((file) => gzipSync(readFileSync(inRepository(`dist/web/${file}`))).length);
  expect(files.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(130_000);
});

async function seriousViolations(watched: WatchedPage, part = 'page'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: watched.page })
    .include(`[data-part="${part}"]`)
    .exclude('[data-part="figure"] svg')
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

describe.skipIf(isLeftOut)('everywhere', () => {
  const pages = site();

  describe.each(['light', 'dark'] as const)('nobody is shut out, in the %s theme', (colorScheme) => {
    const visit = async () => {
      const watched = await pages.open({ colorScheme, reducedMotion: 'reduce', isFirstVisit: true });
      await watched.hurry();
      await watched.waitForStatus('completed');
      return watched;
    };

    it('from the first screen, a part and the meter', async () => {
      const watched = await visit();
      await watched.waitForChart();
      await watched.part('cell-3').click();
      await watched.part('offers').waitFor();
      await watched.part('toggle-meter').click();
      await watched.part('meter-row').waitFor();
      expect(await seriousViolations(watched)).toEqual([]);
      await watched.close();
    });

    it('from any list beside the bench', async () => {
      const watched = await visit();
      for (const tab of ['faults', 'guide', 'result', 'check', 'runs', 'designs']) {
        await watched.part(`tab-${tab}`).click();
        await watched.part('list').locator('h3, li').first().waitFor();
        expect(await seriousViolations(watched, 'list'), tab).toEqual([]);
      }
      await watched.part('tab-faults').click();
      await watched.part('fault-search').fill('soft short');
      await watched.part('catalogue').locator('button').first().click();
      await watched.part('fault-draft').waitFor();
      expect(await seriousViolations(watched, 'list'), 'a fault').toEqual([]);
      await watched.close();
    });

    it('from what lies over the page', async () => {
      const watched = await visit();
      await watched.page.locator('body').press('?');
      await watched.part('key-sheet').waitFor();
      expect(await seriousViolations(watched, 'key-sheet'), 'keys').toEqual([]);
      await watched.page.keyboard.press('Escape');
      await watched.part('open-palette').click();
      await watched.part('palette').locator('li').first().waitFor();
      expect(await seriousViolations(watched, 'palette'), 'palette').toEqual([]);
      await watched.close();
    });
  });

  it.each(['light', 'dark'] as const)(
    'nobody is shut out from what comes up in the course of work, in the %s theme',
    async (colorScheme) => {
      const watched = await pages.open({ colorScheme, reducedMotion: 'reduce' });
      const { page } = watched;
      await watched.hurry();
      const faults = [{ fault: 'openSenseWire', target: 3, when: { time_s: 600 } }];
      await watched.part('open-file').setInputFiles(fileOf(changed('charge-to-over-charge', { faults, expect: [] })));
      await watched.waitForStatus('completed');
      await watched.waitForChart();
      await page.locator('body').press('v');
      await watched.part('events').locator('button.stop').first().click();
      await watched.part('event-details').waitFor();
      await watched.part('relay-charge').click();
      await watched.part('offers').waitFor();
      await watched.part('design-shunt').waitFor();
      const sections = watched.part('design').locator('details');
      await sections.evaluateAll((all) => all.forEach((section) => ((section as HTMLDetailsElement).open = true)));
      await page.getByLabel('Rating', { exact: true }).selectOption('600');
      const series = page.getByLabel('Cells in series');
      await series.fill('99');
      expect(await seriousViolations(watched), 'an event, a part, every field and a mistake').toEqual([]);
      // Nothing moves by itself where somebody has asked for that.
      expect(await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)).toBe(0);
      await series.fill('8');
      await watched.part('run').click();
      await watched.waitForStatus('completed');
      await watched.part('tab-faults').click();
      await watched.part('fault-0').locator('button').first().click();
      expect(await seriousViolations(watched, 'list'), 'a fault of the design').toEqual([]);
      await watched.part('tab-runs').click();
      const boxes = watched.part('runs').locator('input[type="checkbox"]');
      await expect.poll(() => boxes.count()).toBeGreaterThan(1);
      for (const index of [0, 1]) await boxes.nth(index).check();
      await watched.part('compare').click();
      await page.waitForSelector('[data-part="overlay"] path.js-line', { state: 'attached' });
      expect(await seriousViolations(watched, 'comparison'), 'comparison').toEqual([]);
      await page.keyboard.press('Escape');
      await watched.part('open-share').click();
      await watched.part('share-url').waitFor();
      expect(await seriousViolations(watched, 'share'), 'share').toEqual([]);
      await page.keyboard.press('Escape');
      await watched.part('tab-guide').click();
      await watched.part('guide').locator('[data-clause="9c"]').click();
      await watched.part('lab-open').click();
      await watched.part('evidence').waitFor();
      await watched.part('meter-ohms').or(watched.part('toggle-meter')).first().click();
      expect(await seriousViolations(watched, 'list'), 'a lab').toEqual([]);
      await page.waitForTimeout(600);
      await watched.reload();
      await watched.part('restore').waitFor();
      const pack = { series: 4, parallel: 6, cell: 'nmc21700', tab_Ohm: 0.001 };
      await watched.part('open-file').setInputFiles(fileOf({ formatVersion: 1, name: 'wide', duration_s: 60, pack, bms: null }));
      await watched.part('show-heat').click();
      await watched.part('heat-map').waitFor();
      expect(await seriousViolations(watched), 'work that waits, and a heat map').toEqual([]);
      await watched.close();
    },
  );

  it('a tour of three steps greets the first visit only, and any command can be found by its name', async () => {
    const watched = await pages.open({ isFirstVisit: true });
    expect(await watched.part('tour').textContent()).toContain('1/3');
    await watched.part('tour-next').click();
    await watched.part('tour-next').click();
    expect(await watched.part('tour').textContent()).toContain('3/3');
    await watched.part('tour-next').click();
    expect(await watched.part('tour').count()).toBe(0);
    await watched.reload();
    await watched.waitForStatus('running');
    expect(await watched.part('tour').count()).toBe(0);
    await watched.page.locator('body').press('Control+k');
    await watched.part('palette').getByRole('combobox').fill('dark');
    await watched.page.keyboard.press('Enter');
    expect(await watched.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await watched.page.locator('body').press('Control+k');
    await watched.part('palette').getByRole('combobox').fill('drone');
    await watched.page.keyboard.press('Enter');
    await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toContain('Drone');
    await watched.page.locator('body').press('5');
    await watched.part('findings').waitFor();
    await watched.close();
  });

  it('text of any length and script stays text, wherever it is shown', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const name = `${'<img src=x onerror=alert(1)>$x$\u202e'.repeat(6)}`.slice(0, 200);
    const long = 'long '.repeat(400);
    await watched.part('open-file').setInputFiles(fileOf(changed('cold-morning', { name, description: long })));
    await watched.waitForStatus('completed');
    for (const tab of ['runs', 'designs', 'result']) await watched.part(`tab-${tab}`).click();
    await watched.page.getByLabel('Name', { exact: true }).fill('x'.repeat(10_000));
    await expect.poll(() => watched.part('message').textContent()).toContain('at most 200 characters');
    expect(await watched.page.locator('img[src="x"]').count()).toBe(0);
    const { width, scroll } = await watched.page.evaluate(() => ({ width: innerWidth, scroll: document.documentElement.scrollWidth }));
    expect(scroll).toBeLessThanOrEqual(width);
    await watched.close();
  });

  it('opens dropped cells as well, and says what it cannot open', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const cell = readFileSync(inRepository('library/cells/lfp26650.json'));
    await watched.part('open-file').setInputFiles({ name: '26650 of mine.json', mimeType: 'application/json', buffer: cell });
    await expect.poll(() => watched.page.getByLabel('Cell', { exact: true }).inputValue()).toContain('26650');
    await watched.part('run').click();
    await watched.waitForStatus('completed');
    await watched.part('open-file').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('x') });
    await expect.poll(() => watched.part('message').textContent()).toMatch(/photo\.png.*\.json or \.csv/s);
    await watched.close();
  });

  it('works without a network after the first visit', async () => {
    const watched = await pages.open();
    await watched.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await expect.poll(() => watched.page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 20_000 }).toBe(true);
    await pages.shut();
    await watched.reload();
    await watched.hurry();
    await watched.waitForStatus('completed');
    await watched.waitForChart();
    await watched.close();
  });
});
