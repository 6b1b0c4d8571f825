/**
 * The guide as somebody uses it who only sees what is wrong: of each of the eleven items of the FAQ one lab is opened, and its evidence holds.
 */
import { describe, expect, it } from 'vitest';
import { FAQ_ITEMS } from '../../domain/faqClauses.ts';
import { isLeftOut } from './chromium.ts';
import { site } from './site.ts';

describe.skipIf(isLeftOut)('the guide', () => {
  const pages = site();

  it('leads from each of the eleven things one sees to a lab whose evidence holds', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.waitForStatus('completed');
    await watched.part('tab-guide').click();
    await watched.part('guide').waitFor();
    const clauses = new Set<string>();
    for (const item of Object.keys(FAQ_ITEMS)) {
      const heading = watched.part(`guide-${item}`);
      if (!(await heading.evaluate((element) => (element as HTMLDetailsElement).open))) await heading.locator('summary').click();
      const entry = heading.locator('[data-clause]').first();
      const clause = (await entry.getAttribute('data-clause'))!;
      clauses.add(clause);
      await entry.click();
      await watched.part('lab-open').click();
      await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toContain(`Lab ${clause}`);
      await expect.poll(() => watched.part('scenario').locator('option:checked').textContent()).toContain(`Lab ${clause}`);
      const evidence = watched.part('evidence').locator('li');
      await expect.poll(() => evidence.count()).toBeGreaterThan(0);
      expect(await watched.part('evidence').locator('li:not(.pass)').allTextContents(), clause).toEqual([]);
      await watched.part('guide-back').click();
    }
    expect(clauses.size).toBe(11);
    await watched.close();
  });
});
