/**
 * The chart as an instrument: what the cursors say is what the kernel has counted, and a closer look shows every tick.
 */
import { describe, expect, it } from 'vitest';
import { Rewind } from '../../engine/rewind.ts';
import { Run } from '../../engine/run.ts';
import { Books } from '../../web/simulation/books.ts';
import { ChartWindow } from '../../web/window.svelte.ts';
import { kernelModule, openShipped } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { site } from './site.ts';

const later = (work: () => void): void => void setImmediate(work);

it('between two moments of a drive there is what its sums say, to the last digit, in whichever order they are asked for', async () => {
  const open = async () => Run.open((await openShipped('golf-cart-drive.json')).loaded, await kernelModule(), { recording: {} });
  const rewind = new Rewind(await open(), await kernelModule());
  rewind.advance();
  const books = new Books(rewind, later);
  const plain = await open();
  const sums = () => {
    const { total, pack } = plain.compiled.scalars;
    return [total.chargeIn_Ah - total.chargeOut_Ah, total.energyIn_Wh - total.energyOut_Wh, pack.voltage_V] as const;
  };
  plain.advance(Math.round(301.3 / plain.loaded.scenario.tick_s));
  const [from, from_s] = [sums(), plain.time_s];
  plain.advance(Math.round(1900 / plain.loaded.scenario.tick_s));
  const until = sums();
  const [there, back] = await Promise.all([books.between(301.3, 1900), books.between(1900, 301.3)]);
  expect([there.charge_Ah, there.energy_Wh, there.packVoltage_V]).toEqual(until.map((sum, index) => sum - from[index]!));
  expect(there.time_s).toBe(plain.time_s - from_s);
  expect(back).toEqual(Object.fromEntries(Object.entries(there).map(([name, value]) => [name, -value])));
  const whole = await books.between(-5, 1e9);
  const { indicators } = await rewind.run.result();
  expect(whole.energy_Wh).toBe(indicators['energyIn_Wh']! - indicators['energyOut_Wh']!);
});

it('the window of the chart stays within the run, and a wish is for one run only', () => {
  const plan = { runId: 1, duration_s: 1000, tick_s: 1 };
  const window = new ChartWindow(() => plan as never);
  window.wish({ from_s: 200, until_s: 4000 });
  window.follow(plan as never);
  expect(window.shown).toEqual({ from_s: 200, until_s: 1000 });
  window.magnify(1 / 8);
  expect(window.shown).toEqual({ from_s: 550, until_s: 650 });
  window.move(100);
  expect(window.shown).toEqual({ from_s: 900, until_s: 1000 });
  for (let step = 0; step < 20; step++) window.magnify(1 / 2);
  expect(window.shown.until_s - window.shown.from_s).toBeCloseTo(4, 9);
  plan.runId = 2;
  expect(window.shown).toEqual({ from_s: 0, until_s: 1000 });
  window.wish({ from_s: 2000, until_s: 3000 });
  window.follow(plan as never);
  expect(window.isZoomed).toBe(false);
});

describe.skipIf(isLeftOut)('the chart', () => {
  const pages = site();

  it('is zoomed by dragging and by keys down to single ticks; its cursors are moved by both and count exactly', async () => {
    const watched = await pages.open();
    const { page } = watched;
    await watched.hurry();
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForStatus('completed');
    await watched.waitForChart();
    const figure = watched.part('figure');
    const chart = () =>
      figure.evaluate((element) => {
        const { layout, data } = element as unknown as { layout: { xaxis: { range: [number, number] } }; data: { x: number[] }[] };
        const { range } = layout.xaxis;
        // The first lines are those of the cells; here the time axis counts minutes.
        const [x] = data.map((trace) => [...trace.x].filter((time) => time >= range[0] && time <= range[1]));
        return { range, gaps: x!.slice(1).map((time, index) => Math.round((time - x![index]!) * 60)) };
      });
    const whole = [0, 90];
    await expect.poll(async () => (await chart()).range).toEqual(whole);
    const plot = (await figure.locator('.nsewdrag').first().boundingBox())!;
    await page.mouse.move(plot.x + plot.width * 0.15, plot.y + plot.height / 2);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.19, plot.y + plot.height / 2, { steps: 4 });
    await page.mouse.up();
    const isExact = async () => {
      const { gaps } = await chart();
      return gaps.length > 100 && gaps.every((gap) => gap === 1);
    };
    await expect.poll(isExact).toBe(true);
    const { range } = await chart();
    expect(range[0]).toBeCloseTo(13.5, 0);
    expect(range[1]).toBeCloseTo(17.1, 0);
    await page.mouse.dblclick(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await expect.poll(async () => (await chart()).range).toEqual(whole);
    for (const key of ['i', 'i', 'i', 'i', 'i', 'j']) await page.locator('body').press(key);
    const length = async () => {
      const [from, until] = (await chart()).range;
      return until - from;
    };
    await expect.poll(length).toBeCloseTo(90 / 32, 6);
    await expect.poll(isExact).toBe(true);
    await page.locator('body').press('a');
    await expect.poll(async () => (await chart()).range).toEqual(whole);

    await page.locator('body').press('v');
    const between = watched.part('between');
    // The cursors start at 30 % and 70 % of what is shown.
    await expect.poll(() => between.textContent()).toMatch(/Δt\s*00:36:00.*ΔV.*V.*∫I.*Ah.*∫P.*Wh/s);
    const cursor = watched.part('cursors').getByRole('slider', { name: 'Cursor A' });
    await cursor.focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowLeft');
    await watched.part('cursors').getByRole('slider', { name: 'Cursor B' }).focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => between.textContent()).toMatch(/Δt\s*01:30:00/);
    const counted = /∫I\s*([\d.−]+)/.exec((await between.textContent())!)![1];
    await watched.part('tab-result').click();
    const row = async (name: string) => {
      const text = await watched.part('indicators').getByRole('row', { name }).first().textContent();
      return Number(/([\d.]+).Ah/.exec(text!)![1]);
    };
    expect(Number(counted)).toBeCloseTo((await row('Charge in')) - (await row('Charge out')), 1);
    const before = (await cursor.boundingBox())!;
    await page.mouse.move(before.x + 6, before.y + 60);
    await page.mouse.down();
    await page.mouse.move(before.x + 106, before.y + 60, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => between.textContent()).not.toMatch(/Δt\s*01:30:00/);
    await watched.close();
  });
});
