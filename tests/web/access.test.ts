/**
 * Nobody is shut out: no panel, dialog or list has a serious finding, in either theme, and nothing moves where somebody has asked for that.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { isLeftOut, type WatchedPage } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

/** Themes differ in their colours alone, so the second is held to what colours can do wrong. */
const ALSO_IN_DARK = ['color-contrast', 'link-in-text-block'];

async function seriousViolations(watched: WatchedPage, part = 'page'): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await watched.page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: watched.page })
      .include(`[data-part="${part}"]`)
      .exclude('[data-part="figure"] svg')
      .options({ resultTypes: ['violations'], ...(colorScheme === 'dark' ? { runOnly: ALSO_IN_DARK } : {}) })
      .analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    found.push(...serious.map(({ id, nodes }) => `${colorScheme}, ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`));
  }
  await watched.page.emulateMedia({ colorScheme: 'light' });
  return found;
}

describe.skipIf(isLeftOut)('everybody', () => {
  const pages = site();

  describe('nobody is shut out, in either theme', () => {
    const visit = async () => {
      const watched = await pages.open({ reducedMotion: 'reduce', isFirstVisit: true });
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

    it('from an event, a part, every field of the design, a mistake, and a fault', async () => {
      const watched = await pages.open({ reducedMotion: 'reduce' });
      const { page } = watched;
      await watched.hurry();
      const faults = [{ fault: 'openSenseWire', target: 3, when: { time_s: 600 } }];
      await watched.openRun(fileOf(changed('charge-to-over-charge', { faults, expect: [] })));
      await watched.waitForStatus('completed');
      await watched.waitForChart();
      await page.locator('body').press('v');
      const stops = watched.part('events').getByRole('button', { name: /^Stop:/ });
      await stops.first().click();
      await watched.part('event-details').waitFor();
      await watched.part('relay-charge').click();
      await watched.part('offers').waitFor();
      await watched.part('design-shunt').waitFor();
      const sections = watched.part('design').locator('details');
      await sections.evaluateAll((all) => all.forEach((section) => ((section as HTMLDetailsElement).open = true)));
      await page.getByLabel('Rating', { exact: true }).selectOption('600');
      await page.getByLabel('Cells in series').fill('99');
      expect(await seriousViolations(watched)).toEqual([]);
      const moving = () => document.getAnimations().filter(({ playState }) => playState === 'running').length;
      await expect.poll(() => page.evaluate(moving)).toBe(0);
      await page.getByLabel('Cells in series').fill('8');
      await watched.part('tab-faults').click();
      await watched.part('fault-0').locator('button').first().click();
      expect(await seriousViolations(watched, 'list'), 'a fault of the design').toEqual([]);
      await watched.close();
    });

    it('from a comparison, a link, a lab, work that waits, and a large pack', async () => {
      const watched = await pages.open();
      const { page } = watched;
      await watched.hurry();
      await watched.waitForStatus('completed');
      await watched.run();
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
      await watched.part('guide-9').locator('summary').click();
      await watched.part('guide').locator('[data-clause="9c"]').click();
      await watched.part('lab-open').click();
      await watched.part('evidence').waitFor();
      expect(await seriousViolations(watched, 'list'), 'a lab').toEqual([]);
      await watched.reload();
      await watched.part('restore').waitFor();
      const pack = { series: 4, parallel: 6, cell: 'nmc21700', tab_Ohm: 0.001 };
      await watched.openRun(fileOf({ formatVersion: 1, name: 'wide', duration_s: 60, pack, bms: null }));
      await watched.part('show-heat').click();
      await watched.part('heat-map').waitFor();
      expect(await seriousViolations(watched), 'work that waits, and a picture of all cells').toEqual([]);
      await watched.close();
    });
  });
});
