/**
 * Runs that are over: compared with one another, kept under a name, and given away as files that say where they came from.
 */
import { readFileSync } from 'node:fs';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { textCell } from '../../web/exports/csv.ts';
import { differencesOf } from '../../web/runs.ts';
import { isLeftOut, type WatchedPage } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

it('what a spreadsheet would take for a formula is harmless', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', 'plain', 'a,b', 'a"b'].map(textCell)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    'plain',
    '"a,b"',
    '"a""b"',
  ]);
});

it('designs differ where a value differs, wherever it stands', () => {
  const one = { name: 'a', pack: { series: 4, overrides: [{ group: 1 }] } };
  const other = { name: 'b', pack: { series: 8, overrides: [{ group: 1, initialSoc: 0.5 }] } };
  expect(differencesOf([one, other])).toEqual([
    { path: 'pack.series', values: [4, 8] },
    { path: 'pack.overrides[0].initialSoc', values: [undefined, 0.5] },
  ]);
});

async function exported(watched: WatchedPage, kind: string): Promise<Buffer> {
  const [download] = await Promise.all([
    watched.page.waitForEvent('download'),
    watched.part('runs').locator(`[data-export="${kind}"]`).first().click(),
  ]);
  return readFileSync(await download.path());
}

describe.skipIf(isLeftOut)('runs', () => {
  const pages = site();

  it('are compared, kept beyond a reload, and exported with their provenance', async () => {
    const hostile = '=cmd|<b>x</b> $y$ \u202eabc';
    const watched = await pages.open();
    await watched.hurry();
    const document = changed('charge-to-over-charge', { name: hostile, duration_s: 1200 });
    await watched.openRun(fileOf(document));
    await watched.waitForStatus('completed');
    await watched.page.getByLabel('Over charge P', { exact: true }).fill('3.6');
    await watched.run();
    await watched.part('tab-runs').click();
    await watched.part('runs').locator('li.shown').waitFor();
    const boxes = watched.part('runs').locator('input[type="checkbox"]');
    for (const index of [1, 0]) await boxes.nth(index).check();
    await watched.part('compare').click();
    await expect.poll(() => watched.part('design-differences').textContent()).toMatch(/Over charge P\s*3\.65.V\s*3\.60.V/);
    await expect.poll(() => watched.part('verdicts').textContent()).toContain('beyond');
    await expect.poll(() => watched.part('indicator-table').locator('tr.differs').count()).toBeGreaterThan(0);
    await watched.page.waitForSelector('[data-part="overlay"] path.js-line', { state: 'attached' });
    await watched.part('tolerance').fill('1');
    await expect.poll(() => watched.part('verdicts').textContent()).toContain('within');
    await watched.page.keyboard.press('Escape');

    const csv = (await exported(watched, 'csv')).toString();
    expect(csv).toMatch(/^# program: Packbench\n# run: =cmd\|<b>x<\/b> \$y\$/);
    expect(csv).toMatch(/# scenarioHash: [0-9a-f]{64}\n# kernelHash: [0-9a-f]{64}/);
    expect(csv.split('\n').find((line) => line.startsWith('time_s'))).toContain('cell.voltage_V[7],current_A');
    const parquet = await exported(watched, 'parquet');
    const file = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.byteLength) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    const told = Object.fromEntries(metadata.key_value_metadata!.map(({ key, value }) => [key, value]));
    expect(told).toMatchObject({ program: 'Packbench', run: hostile, seed: '3', scenarioHash: /# scenarioHash: (\w+)/.exec(csv)![1] });
    const rows = await parquetReadObjects({ file });
    const lines = csv.split('\n').filter((line) => /^\d/.test(line));
    expect(rows.length).toBe(lines.length);
    expect(String(rows[7]!['cell.voltage_V[7]'])).toBe(lines[7]!.split(',')[8]);
    const json = JSON.parse((await exported(watched, 'json')).toString()) as Record<string, Record<string, unknown>>;
    expect(json['scenario']!['name']).toBe(hostile);
    expect(json['provenance']!['seed']).toBe('3');
    const svg = (await exported(watched, 'svg')).toString();
    expect(svg).toContain('<metadata>');
    expect(svg).not.toContain('<b>x</b>');
    expect((await exported(watched, 'png')).subarray(1, 4).toString()).toBe('PNG');

    // What was exported comes back: the run to its result, its course as a profile.
    const { resultHash } = json['provenance']!;
    const brought = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await watched.openRun(brought('run.json', JSON.stringify(json)));
    await watched.part('tab-result').click();
    expect(await watched.finishedHash()).toBe(resultHash);
    await watched.part('open-file').setInputFiles(brought('course.csv', csv));
    await expect.poll(() => watched.page.getByLabel('File', { exact: true }).inputValue()).toBe('course.csv');
    await expect.poll(() => watched.page.getByLabel('Column', { exact: true }).inputValue()).toBe('current_A');
    await watched.run();
    const hash = await watched.finishedHash();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hash).not.toBe(resultHash);
    await watched.part('tab-runs').click();

    await watched.part('runs').locator('li.shown').waitFor();
    await watched.part('runs').getByRole('button', { name: /^Keep/ }).first().click();
    await watched.reload();
    await watched.part('tab-runs').click();
    await expect.poll(() => watched.part('runs').locator('input.name').first().inputValue()).toBe(hostile);
    await watched.close();
  });
});
