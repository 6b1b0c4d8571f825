/**
 * The page from its first second to its last as a person works with it: a wire is broken and found, STOP does nothing under load, work is found again;
 * and all of it once more by somebody who has no pointer.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { READY_BENCHES } from '../../web/benches.ts';
import { isLeftOut, type WatchedPage } from './chromium.ts';
import { site } from './site.ts';

/** Spaces of any width are one. */
const plain = (text: string) => text.replace(/\s+/g, ' ');
const textOf = async (watched: WatchedPage, part: string) => plain((await watched.part(part).allTextContents()).join(' '));
const numbersOf = (text: string) => [...text.matchAll(/(\d+) (\d\.\d{3}) V/g)].map(([, , volts]) => Number(volts));

describe.skipIf(isLeftOut)('a person', () => {
  const pages = site();

  it('breaks lead 5, sees both cells go astray on the display and the alarm name one, measures, presses STOP in vain, and finds it all again', async () => {
    const watched = await pages.open({ isFirstVisit: true });
    const { page } = watched;
    await watched.part('tour-skip').click();
    await watched.part('pace').selectOption('1');
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForStatus('running');
    await page.getByLabel('Over charge P', { exact: true }).fill('3.6');
    await watched.run();
    await watched.waitForStatus('running');
    await watched.part('pause').click();
    await watched.waitForStatus('paused');
    const lcd = () => textOf(watched, 'lcd');
    const step = async () => {
      const before = await textOf(watched, 'time');
      await watched.part('step').click();
      await expect.poll(() => textOf(watched, 'time')).not.toBe(before);
    };
    await watched.part('lcd-down').click();
    await expect.poll(async () => (await watched.part('undo').getAttribute('title')) ?? '').toContain('Press DOWN');
    await step();
    await expect.poll(lcd).toContain('CELLS');
    const [fifth, sixth] = numbersOf(await lcd()).slice(4, 6);
    expect(fifth! - sixth!).toBeGreaterThan(0.008);

    await watched.part('wire-5').click();
    await watched.part('card').getByRole('button', { name: 'Break now: Open sense wire' }).click();
    await expect.poll(() => watched.part('tab-faults').textContent()).toContain('1');
    // It breaks with the next tick, and the measurement after it shows that.
    await step();
    await step();
    const astray = (sixth! + fifth!) / 2;
    await expect.poll(async () => Math.abs(numbersOf(await lcd())[4]! - astray)).toBeLessThan(0.004);
    expect(numbersOf(await lcd())[5]).toBeCloseTo(numbersOf(await lcd())[4]!, 2);
    await expect.poll(() => watched.part('cell-5').getAttribute('aria-label')).toContain('the BMS reads');
    await expect.poll(() => watched.part('bench').locator('[data-broken]').count()).toBe(1);
    await watched.waitForChart();
    const faultLane = () =>
      watched.part('figure').evaluate((element) => {
        const { data } = element as unknown as { data: { name: string; x: (number | null)[] }[] };
        return data.find(({ name }) => name === 'faults')!.x.length;
      });
    await expect.poll(faultLane).toBeGreaterThan(0);

    // The probes at the cell itself show what the unit has no way to know.
    await watched.part('toggle-meter').click();
    await page.locator('[data-point="cell 5 +"]').click();
    await page.locator('[data-point="cell 5 -"]').click();
    await expect.poll(async () => Number(/\d\.\d{3}/.exec(await textOf(watched, 'meter'))?.[0])).toBeCloseTo(sixth!, 2);
    await watched.part('toggle-meter').click();

    // STOP is not obeyed while a current flows.
    await watched.part('lcd-stop').click();
    await expect.poll(() => watched.part('undo').getAttribute('title')).toContain('Press STOP');
    await step();
    await expect.poll(lcd).toContain('STOP: current flows');
    await step();
    await expect.poll(() => textOf(watched, 'unit-state')).toBe('On');
    await expect.poll(() => watched.part('relay-charge').getAttribute('aria-label')).toContain('closed');
    await expect.poll(() => textOf(watched, 'bench')).toMatch(/30\.00 A charging/);

    // The alarm names the cell whose reading is wrong, and says both values.
    const alarm = watched.part('events').getByRole('button', { name: /Cell 6: Over charge begins/ });
    for (let jumps = 0; jumps < 3 && (await alarm.count()) === 0; jumps++) {
      const before = await textOf(watched, 'time');
      await page.locator('body').press('n');
      await expect.poll(() => textOf(watched, 'time')).not.toBe(before);
      await watched.waitForStatus('paused');
    }
    expect(plain((await alarm.textContent())!)).toMatch(/FAQ 9a.*measured 3\.6\d\d V\s*true 3\.3\d\d V\s*limit 3\.600 V/);
    await expect.poll(() => watched.part('lamp').getAttribute('data-on')).toBe('true');

    await watched.part('undo').click();
    await expect.poll(() => watched.part('redo').getAttribute('title')).toContain('Press STOP');
    await watched.reload();
    await watched.part('restore-take').click();
    await expect.poll(() => page.getByLabel('Over charge P', { exact: true }).inputValue()).toBe('3.6');
    await expect.poll(() => watched.part('tab-faults').textContent()).toContain('1');
    await watched.part('open-share').click();
    const url = await watched.part('share-url').inputValue();
    await watched.close();
    const other = await pages.open({ fragment: url.slice(url.indexOf('#')) });
    await expect.poll(() => other.page.getByLabel('Over charge P', { exact: true }).inputValue()).toBe('3.6');
    await expect.poll(() => other.part('tab-faults').textContent()).toContain('1');
    await other.close();
  });

  it('can open each of the ten ready benches, and each runs at once at whatever speed', async () => {
    const watched = await pages.open();
    const paces = await watched.part('pace').locator('option').allTextContents();
    expect(paces.map(plain)).toEqual(['×1.0', '×10', '×100', '×1 000', '×10 000', '×100 000', 'Fastest']);
    for (const [index, id] of READY_BENCHES.entries()) {
      await watched.part('pace').selectOption({ index: index % paces.length });
      await watched.startRun(() => watched.part('scenario').selectOption(id));
      await watched.waitForStatus('running', 'completed');
      await expect.poll(() => watched.part('bench').locator('[data-part^="cell-"]').count()).toBeGreaterThan(2);
      await expect.poll(async () => (await textOf(watched, 'time')).startsWith('00:00:00 ')).toBe(false);
      await watched.waitForStatus('running', 'completed');
      expect(await textOf(watched, 'message')).toBe('');
    }
    await watched.close();
  });

  it('who has no pointer does all of it by keyboard', async () => {
    const watched = await pages.open({ isFirstVisit: true });
    const { page } = watched;
    const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const command = async (name: string) => {
      await press('Control+k');
      await watched.part('palette').locator('input:focus').waitFor();
      await page.keyboard.type(name);
      await press('Enter');
      await watched.part('palette').waitFor({ state: 'detached' });
    };
    /** Goes by Tab until the focus is there. */
    const tabTo = async (selector: string, key = 'Tab') => {
      await page.locator(selector).first().waitFor({ state: 'attached' });
      for (let steps = 0; steps < 250; steps++) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
        await press(key);
      }
      throw new Error(`Tab never came to ${selector}`);
    };
    /** In the list that has the focus, by arrow keys; letters that come slowly would not be taken together. */
    const pick = async (value: string) => {
      const list = page.locator('select:focus');
      const values = await list.locator('option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
      const places = async () => values.indexOf(value) - values.indexOf(await list.inputValue());
      for (let away = await places(); away !== 0; away = await places()) await press(away > 0 ? 'ArrowDown' : 'ArrowUp');
    };
    await tabTo('[data-part="tour-skip"]');
    await press('Enter');
    await expect.poll(() => watched.part('tour').count()).toBe(0);
    await press('-', '-', '-', '-', '-');
    await expect.poll(() => watched.part('pace').inputValue()).toBe('1');
    await watched.startRun(() => command('over-charge protection, 8S'));
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toContain('8S');
    await watched.waitForStatus('running');
    await press('Space');
    await watched.waitForStatus('paused');
    // A setting, by its arrow keys, taken back and made again.
    await tabTo('#field-bms-settings-overChargeProtectionVoltage_V');
    await press('ArrowDown', 'ArrowDown');
    await expect.poll(() => watched.part('undo').getAttribute('title')).toBe('Undo: Over charge P 3.65 → 3.63 V');
    const setting = page.getByLabel('Over charge P', { exact: true });
    await press('Control+z');
    await expect.poll(() => setting.inputValue()).toBe('3.65');
    await press('Control+y');
    await expect.poll(() => setting.inputValue()).toBe('3.63');
    await watched.startRun(() => command('run from the start'));
    await watched.waitForStatus('running');
    // The focus is back in the field, where the space bar writes.
    await press('Escape', 'Space');
    await watched.waitForStatus('paused');
    // A lead in the drawing, broken.
    await command('choose lead 4');
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset['part'])).toBe('wire-4');
    await press('ArrowRight', 'Enter');
    await watched.part('card').getByText('Balance lead 5').waitFor();
    await watched.part('offers').waitFor();
    await tabTo('[data-part="card"] button[aria-label="Break now: Open sense wire"]');
    await press('Enter');
    await expect.poll(() => watched.part('tab-faults').textContent()).toContain('1');
    // The display, and the meter by its lists.
    await tabTo('[data-part="lcd-down"]', 'Shift+Tab');
    await press('Enter', '.');
    await press('.');
    await expect.poll(() => textOf(watched, 'lcd')).toContain('CELLS');
    await press('m');
    await tabTo('[data-part="probe-red"]');
    await pick('cell 4 +');
    await press('Tab');
    await pick('cell 4 -');
    await expect.poll(() => textOf(watched, 'meter')).toMatch(/3\.\d{3} V/);
    expect([await watched.part('probe-red').inputValue(), await watched.part('probe-black').inputValue()]).toEqual([
      'cell 4 +',
      'cell 4 -',
    ]);
    await command('multimeter');
    // On to the end, to an event and its clause.
    await press('1', '+', '+', '+', '+', '+', '+', 'Space');
    await watched.waitForStatus('completed');
    await tabTo('[data-part="events"] button:has(.stop)');
    await press('Enter');
    await watched.part('event-details').waitFor();
    await tabTo('[data-part="event-details"] button');
    await press('Enter');
    await tabTo('[data-part="lab-open"]');
    await press('Enter');
    await watched.part('evidence').waitFor();
    // Two runs beside one another.
    await press('6');
    await watched.part('runs').waitFor();
    await tabTo('[data-part="runs"] li:nth-child(1) input[type="checkbox"]');
    await press('Space');
    await tabTo('[data-part="runs"] li:nth-child(2) input[type="checkbox"]');
    await press('Space', 'c');
    await watched.part('design-differences').waitFor();
    await press('Escape');
    await watched.part('comparison').waitFor({ state: 'detached' });
    const download = page.waitForEvent('download');
    await command('export the run as csv');
    expect(readFileSync(await (await download).path(), 'utf8')).toContain('# program: Packbench');
    await press('l');
    await watched.part('share-url').waitFor();
    await press('Escape');
    await watched.part('share').waitFor({ state: 'detached' });
    await press('?');
    await watched.part('key-sheet').waitFor();
    await press('Escape');
    await watched.close();
  });
});
