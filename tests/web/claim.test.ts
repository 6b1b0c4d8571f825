/**
 * An exported run that is opened again: it is repeated, and the page says whether it leads to what the file claims.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../domain/scenario/json.ts';
import type { RunResult } from '../../engine/result.ts';
import { claimOf, findingOf } from '../../web/claim.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const [one, two] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];
const file = (provenance: object, ticks: unknown = 10) => ({ provenance, result: { ticks } }) as unknown as Json;

it('a claim is all that it takes to judge it, or none', () => {
  const good = { run: 'a\nb', resultHash: one, kernelHash: two };
  expect(claimOf(file(good))).toEqual({ name: 'a b', resultHash: one, kernelHash: two, ticks: 10, result: { ticks: 10 } });
  for (const bad of [{}, { ...good, resultHash: 'x' }, { ...good, run: 5 }]) expect(claimOf(file(bad))).toBeUndefined();
  expect(claimOf(file(good, '10'))).toBeUndefined();
});

it.each([
  [{ resultHash: one, kernelHash: two, ticks: 10 }, 'same'],
  [{ ticks: 10, kernelHash: two, resultHash: one }, 'same'],
  [{ resultHash: one, kernelHash: one, ticks: 10 }, 'same'],
  [{ resultHash: one, kernelHash: two, ticks: 10, indicators: { chargeIn_Ah: 5 } }, 'other'],
  [{ resultHash: two, kernelHash: one, ticks: 10 }, 'otherKernel'],
  [{ resultHash: two, kernelHash: two, ticks: 20 }, 'longer'],
  [{ resultHash: two, kernelHash: two, ticks: 10 }, 'other'],
] as const)('%o is %s', (result, finding) => {
  const claimed = { resultHash: one, kernelHash: two, ticks: 10 };
  expect(findingOf({ name: '', ...claimed, result: claimed }, result as unknown as RunResult)).toBe(finding);
});

describe.skipIf(isLeftOut)('the page', () => {
  const pages = site();

  it('repeats a run that is opened, under its name, and tells a changed file from a true one', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.openRun(fileOf(changed('charge-to-over-charge', { duration_s: 1200 })));
    await watched.waitForStatus('completed');
    await watched.part('tab-runs').click();
    const first = watched.part('runs').locator('li').first();
    await expect.poll(() => first.locator('[data-export="json"]').count()).toBe(1);
    const [download] = await Promise.all([watched.page.waitForEvent('download'), first.locator('[data-export="json"]').click()]);
    const run = JSON.parse(readFileSync(await download.path(), 'utf8')) as { provenance: object; scenario: object };
    await watched.part('pace').selectOption('1');
    const open = (document: object) => watched.part('open-file').setInputFiles(fileOf(document, 'run.json'));
    await open({ ...run, provenance: { ...run.provenance, run: 'Mine of May' } });
    await expect.poll(() => watched.part('notice').allTextContents()).toEqual([expect.stringContaining('very result')]);
    await expect.poll(() => first.locator('input.name').inputValue()).toBe('Mine of May');
    await expect.poll(() => first.textContent()).toContain('as in its file');
    await open({ ...run, scenario: { ...run.scenario, seed: 99, ambient_degC: 5 } });
    await expect.poll(() => watched.part('notice').textContent()).toContain('not that of its scenario');
    await watched.close();
  });
});
