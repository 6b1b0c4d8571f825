/**
 * Files with every detail of a run: each time step of a short one, every extreme of a long one, and a page that goes on meanwhile.
 */
import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../web/exports/columns.ts';
import { Course, MOST_ROWS, rowWidth } from '../../web/exports/course.ts';
import { kernelModule, loadObject, openRun, type ScenarioObject, traceOf } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const scenario: ScenarioObject = {
  duration_s: 20_000,
  pack: { series: 4, cell: 'nmc21700', initialSoc: 0.5, spread: { capacity_ratio: 0.02 } },
  source: { constantCurrent_A: -0.5 },
};

async function courseOf(given: ScenarioObject): Promise<Record<string, number[]>> {
  const loaded = await loadObject(given);
  const course = await Course.open(loaded, await kernelModule(), Math.round(given.duration_s / (given.tick_s ?? 1)));
  const names = columnNames(loaded.scenario.pack.series);
  const found: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  do {
    course.next().forEach((values, column) => found[names[column]!]!.push(...values));
  } while (!course.isOver);
  return found;
}

it('a short run has a row for each of its time steps, with the values that the run had', async () => {
  const course = await courseOf(scenario);
  const run = await openRun(scenario);
  expect(course['time_s']).toEqual(Array.from({ length: 20_001 }, (_, tick) => tick));
  expect(course['cell.voltage_V[3]']).toEqual(traceOf(run, 'group.voltage_V[3]'));
});

it('a long run keeps every extreme and its last time', async () => {
  const duration_s = 600_000;
  const course = await courseOf({ ...scenario, duration_s, source: { constantCurrent_A: -5, from_s: 300_000, until_s: 300_003 } });
  const rows = course['time_s']!;
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  expect(rows.at(-1)).toBe(duration_s);
  expect(rows.every((time, row) => row === 0 || time >= rows[row - 1]!)).toBe(true);
  expect(course['current_A']!.reduce((low, each) => Math.min(low, each))).toBe(-5);
});

it.each([
  [0, 1],
  [MOST_ROWS - 1, 1],
  [MOST_ROWS, 8],
  [31_536_000, 512],
  [1e9, 32_768],
])('%i time steps give rows of %i', (ticks, width) => {
  expect(rowWidth(ticks)).toBe(width);
});

describe.skipIf(isLeftOut)('the page', () => {
  const pages = site();

  it('writes every time step', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const document = changed('charge-to-over-charge', { duration_s: 7200 });
    await watched.openRun(fileOf(document));
    await watched.waitForStatus('completed');
    await watched.part('tab-runs').click();
    await watched.part('detailed').click();
    const first = watched.part('runs').locator('li').first();
    const exported = async (kind: string) => {
      const [download] = await Promise.all([watched.page.waitForEvent('download'), first.locator(`[data-export="${kind}"]`).click()]);
      return readFileSync(await download.path());
    };
    const csv = (await exported('csv')).toString();
    const lines = csv.split('\n').filter((line) => /^\d/.test(line));
    expect(lines).toHaveLength(7201);
    expect(csv).toMatch(/^# program: Packbench\n/);
    const parquet = await exported('parquet');
    const file = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.length).toBe(7201);
    expect(String(rows[7000]!['cell.voltage_V[7]'])).toBe(lines[7000]!.split(',')[8]);

    await watched.close();
  });

  it('answers meanwhile, and a file that is cancelled never comes', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.part('tab-runs').click();
    await watched.part('detailed').click();
    const first = watched.part('runs').locator('li').first();
    const downloads: unknown[] = [];
    watched.page.on('download', (download) => downloads.push(download));
    await watched.openRun(fileOf(changed('charge-to-over-charge', { name: 'Long', duration_s: MOST_ROWS - 1 })));
    await expect.poll(() => watched.part('runs').locator('input.name').first().inputValue()).toBe('Long');
    await first.locator('[data-export="csv"]').click();
    await watched.part('cancel-export').click();
    await expect.poll(() => watched.part('exporting').count()).toBe(0);
    await watched.page.waitForTimeout(500);
    expect(downloads).toEqual([]);
    await watched.close();
  });
});
