/**
 * What holds for the whole page: keys, palette, the first visit, text of any kind, size, and work without a network.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inRepository } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

it('what is loaded before the chart is at most 130 kB', () => {
  const html = readFileSync(inRepository('dist/web/index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
  const bytes = files.map((file) => gzipSync(readFileSync(inRepository(`dist/web/${file}`))).length);
  expect(files.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(130_000);
});

describe.skipIf(isLeftOut)('everywhere', () => {
  const pages = site();

  it('a tour of three steps greets the first visit only, and any command can be found by its name', async () => {
    const watched = await pages.open({ isFirstVisit: true });
    await expect.poll(() => watched.part('tour').textContent()).toContain('1/3');
    await watched.part('tour-next').click();
    await watched.part('tour-next').click();
    await expect.poll(() => watched.part('tour').textContent()).toContain('3/3');
    await watched.part('tour-next').click();
    await expect.poll(() => watched.part('tour').count()).toBe(0);
    await watched.reload();
    await watched.waitForStatus('running', 'completed');
    expect(await watched.part('tour').count()).toBe(0);
    await watched.page.locator('body').press('Control+k');
    await watched.part('palette').getByRole('combobox').fill('dark');
    await watched.page.keyboard.press('Enter');
    await expect.poll(() => watched.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await watched.page.locator('body').press('Control+k');
    await watched.part('palette').getByRole('combobox').fill('drone');
    await watched.page.keyboard.press('Enter');
    await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toContain('Drone');
    await watched.page.locator('body').press('5');
    await watched.part('findings').waitFor();
    // What will not work leads to the field that makes it so, wherever that lies hidden.
    const settings = { balanceInStorage: false, balanceInCharge: false, balanceInDischarge: false };
    const bms = { model: '8T', chemistry: 'LiFe', currentVersion_A: 300, settings };
    await watched.openRun(fileOf(changed('charge-to-over-charge', { bms })));
    const finding = (text: RegExp) => watched.part('findings').getByRole('button', { name: text });
    await finding(/Balancing is off in every mode/).waitFor();
    await finding(/counts with .* Ah but the pack has 100 Ah/).waitFor();
    await finding(/A coil takes 1\.24 A; the output is specified for 1 A each/).click();
    await expect.poll(() => watched.page.evaluate(() => document.activeElement?.id)).toMatch(/^field-bms-relays/);
    await watched.page.getByLabel('Rating', { exact: true }).selectOption('100');
    await expect.poll(() => finding(/A coil takes/).count()).toBe(0);
    await expect.poll(() => watched.part('undo').getAttribute('title')).toBe('Undo: Rating none → 100 A');
    await watched.close();
  });

  it('text of any length and script stays text, wherever it is shown', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const name = `${'<img src=x onerror=alert(1)>$x$\u202e'.repeat(6)}`.slice(0, 200);
    const long = 'long '.repeat(400);
    await watched.openRun(fileOf(changed('cold-morning', { name, description: long })));
    await watched.waitForStatus('completed');
    // A file, a design and a run of any name.
    const csv = { name: `=${name.slice(0, 60)}.csv`, mimeType: 'text/csv', buffer: Buffer.from('time_s,=1+<b>x</b>$y$_A\n0,-1\n600,-2\n') };
    await watched.part('open-file').setInputFiles(csv);
    await expect.poll(() => watched.page.getByLabel('File', { exact: true }).inputValue()).toBe(csv.name);
    await watched.run();
    await watched.waitForStatus('completed');
    await watched.part('load').click();
    await watched.part('card').waitFor();
    await watched.part('tab-designs').click();
    await watched.part('design-name').fill(`<b>${'y'.repeat(10_000)}`);
    await watched.part('save-design').click();
    await expect.poll(() => watched.part('designs').locator('li b').first().textContent()).toBe(`<b>${'y'.repeat(197)}`);
    await watched.part('tab-runs').click();
    await watched.part('runs').locator('li.shown').waitFor();
    const runName = watched.part('runs').locator('input.name').first();
    await runName.fill(`$x$<i>${'z'.repeat(10_000)}`);
    await runName.press('Tab');
    await expect.poll(() => runName.inputValue()).toHaveLength(200);
    for (const index of [0, 1]) await watched.part('runs').locator('input[type="checkbox"]').nth(index).check();
    await watched.part('compare').click();
    await watched.page.waitForSelector('[data-part="overlay"] .legendtext', { state: 'attached' });
    expect(await watched.part('overlay').locator('.legendtext i, .legendtext b, a[href^="javascript"]').count()).toBe(0);
    expect((await watched.part('overlay').locator('.legendtext').allTextContents()).join()).not.toMatch(/[<>$\u202e]/);
    await watched.page.keyboard.press('Escape');
    await watched.part('tab-result').click();
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
    await watched.run();
    await watched.waitForStatus('completed');
    await watched.part('open-file').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('x') });
    await expect.poll(() => watched.part('message').textContent()).toMatch(/photo\.png.*\.json or \.csv/s);
    // What cannot be used changes nothing, and says why.
    const before = await watched.part('undo').getAttribute('title');
    const refused: [name: string, buffer: Buffer, message: RegExp][] = [
      ['empty.csv', Buffer.from(''), /no row below a header/],
      ['header.csv', Buffer.from('time_s,current_A\n'), /no row below a header/],
      ['utf16.csv', Buffer.from('time_s,current_A\n0,1\n', 'utf16le'), /not UTF-8 text/],
      ['photo.json', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), /not UTF-8 text/],
      ['empty.json', Buffer.from(''), /end of the document/],
      ['settings.json', Buffer.from('{"theme": "dark"}'), /no scenario, no cell and no exported run/],
      ['long.json', fileOf(changed('cold-morning', { description: 'x'.repeat(10_000) })).buffer, /description.*at most 2000/s],
      ['tomorrow.json', fileOf(changed('cold-morning', { formatVersion: 99 })).buffer, /newer than this program/],
    ];
    for (const [file, buffer, message] of refused) {
      await watched.part('open-file').setInputFiles({ name: file, mimeType: 'application/octet-stream', buffer });
      await expect.poll(() => watched.part('message').textContent()).toContain(file);
      expect(await watched.part('message').textContent()).toMatch(message);
    }
    expect(await watched.part('undo').getAttribute('title')).toBe(before);
    await watched.close();
  });

  it('works without a network after the first visit', async () => {
    const watched = await pages.open();
    await watched.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await expect.poll(() => watched.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await pages.shut();
    await watched.reload();
    await watched.hurry();
    await watched.waitForStatus('completed');
    await watched.waitForChart();
    // What comes only when it is asked for has been kept as well.
    await watched.part('tab-guide').click();
    await watched.part('guide-9').locator('summary').click();
    await watched.part('guide').locator('[data-clause="9c"]').click();
    await watched.part('lab-open').click();
    await watched.part('evidence').waitFor();
    await watched.part('tab-runs').click();
    const download = watched.page.waitForEvent('download');
    await watched.part('runs').locator('[data-export="parquet"]').first().click();
    expect((await download).suggestedFilename()).toMatch(/\.parquet$/);
    await watched.part('scenario').selectOption('nca-drive-cycle');
    await watched.part('wire-2').or(watched.part('cell-0')).first().click();
    await watched.waitForStatus('completed');
    await watched.close();
  });
});
