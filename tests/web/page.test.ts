/**
 * The page as a person uses it, built and served as it is shipped, in a real Chromium.
 * Every story also asserts that the console stays empty and that nothing is asked of another origin.
 */
import { describe, expect, it } from 'vitest';
import { openShipped } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

/** The result hash that the engine gives in Node for a shipped scenario. */
async function hashInNode(id: string): Promise<string> {
  const run = await openShipped(`${id}.json`);
  run.advance();
  return (await run.result()).resultHash;
}

const A_YEAR = { name: 'A year', duration_s: 31_536_000 };

describe.skipIf(isLeftOut)('the page', () => {
  const pages = site();

  it('shows a running pack without a click, sends nothing away, and its result is the one that Node gives', async () => {
    const watched = await pages.open();
    await watched.part('status').filter({ hasText: 'Running' }).waitFor();
    await watched.waitForChart();
    await expect.poll(() => watched.chartButtons()).toContain('Zoom');
    expect((await watched.chartButtons()).filter((title) => /cloud|studio|plotly/i.test(title))).toEqual([]);
    await expect.poll(() => watched.part('progress').getAttribute('value')).not.toBe('0');
    await watched.hurry();
    await watched.part('tab-result').click();
    expect(await watched.finishedHash()).toBe(await hashInNode('home-storage-day'));
    expect(await watched.part('kernel-hash').textContent()).toMatch(/^[0-9a-f]{64}$/);
    expect(await watched.part('seed').textContent()).toBe('20');
    expect(await watched.part('expectations').locator('.fail').count()).toBe(0);
    await watched.close();
  });

  it('gives the result of Node for every other shipped scenario', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.part('tab-result').click();
    for (const id of ['charge-to-over-charge', 'cold-morning', 'nca-drive-cycle']) {
      await watched.part('scenario').selectOption(id);
      expect(await watched.finishedHash()).toBe(await hashInNode(id));
    }
    await watched.close();
  });

  it('lists the events of a run and marks a chosen one in the chart with its limit', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.part('scenario').selectOption('charge-to-over-charge');
    const trip = watched.part('events').getByRole('button', { name: /00:14:52.*Cell 5: Over charge begins/ });
    await trip.waitFor();
    expect(await trip.textContent()).toMatch(/FAQ 9a.*measured 3\.662.V.*limit 3\.650.V/s);
    await watched.waitForChart();
    await trip.click();
    await expect.poll(() => trip.getAttribute('aria-pressed')).toBe('true');
    await watched.part('figure').locator('.shapelayer path').first().waitFor({ state: 'attached' });
    await expect.poll(() => watched.part('figure').locator('.annotation-text').textContent()).toBe('Cell 5: Over charge begins');
    await watched.close();
  });

  it('pauses, resumes and cancels a long run at once', async () => {
    const watched = await pages.open();
    await watched.openRun(fileOf(changed('home-storage-day', A_YEAR)));
    await watched.hurry();
    await watched.part('pause').click();
    await watched.waitForStatus('paused');
    const held = await watched.part('time').textContent();
    await watched.page.waitForTimeout(250);
    expect(await watched.part('time').textContent()).toBe(held);
    await watched.part('pause').click();
    await watched.waitForStatus('running');
    await expect.poll(() => watched.part('time').textContent()).not.toBe(held);
    await watched.part('cancel').click();
    await watched.waitForStatus('cancelled');
    await expect.poll(() => watched.part('status').textContent()).toContain('Cancelled');
    await watched.part('tab-result').click();
    await expect.poll(() => watched.part('result-status').textContent()).toBe('Cancelled');
    await watched.close();
  });

  it('answers the keyboard while a year runs at full speed', async () => {
    const watched = await pages.open();
    await watched.waitForChart();
    await watched.hurry();
    await watched.openRun(fileOf(changed('home-storage-day', A_YEAR)));
    await expect.poll(() => watched.part('time').textContent()).toMatch(/^[1-9].* \/ 365/);
    await watched.page.evaluate(() => {
      const waits: number[] = [];
      addEventListener('keydown', (event) => waits.push(performance.now() - event.timeStamp), { capture: true });
      Object.assign(globalThis, { waits });
    });
    await watched.page.getByLabel('Name', { exact: true }).focus();
    for (let i = 0; i < 40; i++) {
      await watched.page.keyboard.press('x');
      await watched.page.waitForTimeout(25);
    }
    const waits = await watched.page.evaluate(() => (globalThis as unknown as { waits: number[] }).waits);
    waits.sort((one, other) => one - other);
    expect(waits.length).toBe(40);
    // That it is never blocked, on a machine that runs other tests beside it; how fast it answers is measured, not tested.
    expect(waits[Math.floor(waits.length * 0.5)]).toBeLessThan(1000);
    await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toContain('x'.repeat(40));
    await watched.close();
  });

  it('tells what is wrong with a field or a file, with path, line and range, and goes on', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.waitForStatus('completed');
    await watched.part('tab-result').click();
    const series = watched.page.getByLabel('Cells in series');
    await series.fill('99');
    await expect
      .poll(() => watched.part('message').textContent())
      .toMatch(/Cells in series.*99 is not allowed.*whole number from 1 to 24/s);
    await expect.poll(() => series.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => watched.part('run').isDisabled()).toBe(true);
    await series.fill('15');
    await expect.poll(() => watched.part('message').textContent()).toBe('');
    await expect.poll(() => watched.part('stale').textContent()).toContain('changed');
    await watched.run();
    const hash = await watched.finishedHash();
    await expect.poll(() => watched.part('stale').textContent()).toBe('');
    const buffer = Buffer.from('{\n  "formatVersion": 1,\n  "__proto__": {}\n}');
    await watched.part('open-file').setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer });
    await expect.poll(() => watched.part('message').textContent()).toMatch(/broken\.json, line 3, __proto__/);
    expect(await watched.finishedHash()).toBe(hash);
    await watched.close();
  });

  it('takes a dropped CSV file as a profile and names the cell of a bad number', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.waitForStatus('completed');
    const csv = 'time_s,current_A\n0,-10\n3600,#REF!\n86400,-1\n';
    const transfer = await watched.page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'mine.csv', { type: 'text/csv' }));
      return data;
    }, csv);
    await watched.part('page').dispatchEvent('drop', { dataTransfer: transfer });
    await expect.poll(() => watched.part('stale').textContent()).toContain('changed');
    await expect.poll(() => watched.page.getByLabel('File', { exact: true }).inputValue()).toBe('mine.csv');
    await watched.run();
    await watched.waitForStatus('refused');
    await expect.poll(() => watched.part('message').textContent()).toMatch(/mine\.csv.*cell B3 is "#REF!"/s);
    await watched.page.getByLabel('Kind').selectOption('charger');
    await watched.run();
    await watched.waitForStatus('completed');
    await watched.close();
  });

  it('shows a name that looks like markup, script or a formula literally and runs nothing in it', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.waitForChart();
    for (const name of ['<img src=x onerror=alert(1)>', '$\\href{javascript:alert(1)}{x}$', '&lt;b&gt;bold&lt;/b&gt;']) {
      await watched.openRun(fileOf(changed('cold-morning', { name })));
      await expect.poll(() => watched.part('figure').locator('.gtitle').textContent()).toBe(name.replace(/[<>$]/g, ''));
      await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
      expect(await watched.page.locator('a[href^="javascript"], img[src="x"], .gtitle b, .gtitle a').count()).toBe(0);
      expect(await watched.page.evaluate(() => 'MathJax' in window)).toBe(false);
    }
    await watched.close();
  });

  it('is served shut off from every other origin', async () => {
    const { headers } = await fetch(pages.url());
    const policy = (headers.get('content-security-policy') ?? '').split(';').map((rule) => rule.trim().replace(/\s+/g, ' '));
    expect(policy.filter(Boolean).sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data: blob:",
      "manifest-src 'self'",
      "object-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self' 'unsafe-inline'",
      "worker-src 'self'",
    ]);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});
