/**
 * The bench as a person uses it: every part has its name, answers to pointer and keyboard, and tells its figures.
 */
import { describe, expect, it } from 'vitest';
import { layOutBench, wiresOf } from '../../web/panels/bench/layout.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

it('leads are those of the connectors: the tap at which one ends and the next begins has two', () => {
  const ids = (series: number) => wiresOf(series).map(({ id }) => id);
  expect(ids(4)).toEqual(['0', '1', '2', '3', '4']);
  expect(ids(8)).toEqual(range(9).map(String));
  expect(ids(16)).toHaveLength(18);
  expect(ids(16)).toContain('8b');
  expect(ids(24)).toHaveLength(27);
  expect(ids(24).filter((id) => id.endsWith('b'))).toEqual(['8b', '16b']);
  const [end, start] = ['8', '8b'].map((id) => wiresOf(16).find((wire) => wire.id === id)!);
  expect([end!.connector, end!.pin, start!.connector, start!.pin]).toEqual([0, 9, 1, 1]);
});

it.each([4, 8, 13, 16, 24].flatMap((series) => [640, 1150].map((width) => [series, width] as const)))(
  'at %i cells in %i pixels everything stands inside the drawing and nothing over anything else',
  (series, width) => {
    const layout = layOutBench({ width, height: 270 }, { series, hasUnit: true, isCommonPort: series > 8 });
    expect(layout.left).toBeGreaterThanOrEqual(38);
    expect(layout.right).toBeLessThanOrEqual(width - 38);
    expect(layout.cell.height).toBeGreaterThanOrEqual(34);
    expect(layout.cell.width).toBeLessThan(layout.pitch);
    expect(layout.rows.discharge + 19).toBeLessThanOrEqual(271);
    expect(layout.sensorTop + 16).toBeLessThanOrEqual(layout.rows.charge - 20);
    const { equipment, minus, relays } = layout;
    expect(equipment.x - equipment.width / 2).toBeGreaterThan(minus);
    if (relays.charge.y !== relays.discharge.y) expect(equipment.x + equipment.width / 2).toBeLessThan(relays.charge.x - 40);
    const tops = layout.wires.map(({ top }) => top);
    expect([...tops].sort((one, other) => one - other)).toEqual(tops);
  },
);

describe.skipIf(isLeftOut)('the bench', () => {
  const pages = site();

  it('names every part as files do, and shows the figures of the one that is chosen', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.waitForStatus('completed');
    const parts = watched.part('bench').locator('svg [data-part]');
    const names = () => parts.evaluateAll((all) => all.map((one) => (one as unknown as SVGElement).dataset['part']!).sort());
    const expected = [
      ...range(16).flatMap((group) => [`cell-${group}`, `bleed-${group}`]),
      ...range(17).map((tap) => `wire-${tap}`),
      ...['wire-8b', 'relay-charge', 'relay-discharge', 'shunt', 'charger', 'load', 'sensor-1', 'sensor-2', 'unit'],
    ];
    await expect.poll(names).toEqual([...expected].sort());
    const unnamed = await watched.part('bench').locator('[data-part][role="button"]:not([aria-label])').count();
    expect(unnamed).toBe(0);

    await watched.part('cell-4').click();
    await expect.poll(() => watched.part('card').textContent()).toMatch(/Cell 5.*Voltage.*\d\.\d{3}.V.*State of charge/s);
    await expect.poll(() => watched.part('cell-4').getAttribute('aria-pressed')).toBe('true');
    await watched.page.keyboard.press('ArrowRight');
    await watched.page.keyboard.press('Enter');
    await expect.poll(() => watched.part('card').textContent()).toContain('Cell 6');
    await watched.part('wire-8b').click();
    await expect.poll(() => watched.part('card').textContent()).toMatch(/Balance lead 8b.*to lead 8/s);
    await watched.part('relay-charge').click();
    await expect.poll(() => watched.part('card').textContent()).toMatch(/Contact\s*closed.*12\.000.V/s);
    await watched.page.keyboard.press('Enter');
    await expect.poll(() => watched.part('card').count()).toBe(0);
    await watched.close();
  });

  it('shows a relay that opened, the way of the current and a reading that is not the truth', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const document = changed('charge-to-over-charge', { duration_s: 1000 }) as { bms: object };
    const bms = { ...document.bms, sensing: { channels: [{ group: 2, offset_V: 0.05 }] } };
    await watched.openRun(fileOf({ ...document, bms }));
    await watched.waitForStatus('completed');
    await expect.poll(() => watched.part('relay-charge').getAttribute('aria-label')).toContain('open');
    // What is drawn of the end of the run comes after the word that it is over.
    await expect.poll(() => watched.part('cell-2').getAttribute('aria-label')).toMatch(/the BMS reads 3\.4/);
    expect(await watched.part('relay-discharge').getAttribute('aria-label')).toContain('closed');
    await expect.poll(() => watched.part('bench').locator('[data-flow]').count()).toBe(0);
    await expect.poll(() => watched.part('cell-2').locator('.belief').count()).toBe(1);
    await expect.poll(() => watched.part('cell-3').locator('.belief').count()).toBe(0);
    const discharged = changed('charge-to-over-charge', { duration_s: 60, source: { constantCurrent_A: -20 }, expect: [] });
    await watched.openRun(fileOf(discharged));
    await expect.poll(() => watched.part('bench').locator('[data-flow="discharge"]').count()).toBe(1);
    await watched.close();
  });

  it('of a thousand cells it finds the worst', async () => {
    const watched = await pages.open();
    await watched.hurry();
    const document = {
      formatVersion: 1,
      name: 'large',
      duration_s: 120,
      pack: { series: 24, parallel: 40, cell: 'nmc21700', tab_Ohm: 0.001, overrides: [{ group: 7, position: 21, initialSoc: 0.1 }] },
      bms: { model: '24T', chemistry: 'LiPo' },
    };
    await watched.openRun(fileOf(document));
    await watched.part('show-heat').click();
    await watched.waitForStatus('completed');
    await watched.part('heat-quantity').selectOption('soc');
    await watched.part('heat-worst').click();
    await expect.poll(() => watched.part('card').textContent()).toContain('Cell 8 / 22');
    await watched.part('heat-sort').check();
    await watched.part('heat-map').locator('canvas').focus();
    await watched.page.keyboard.press('ArrowDown');
    await expect.poll(() => watched.part('card').textContent()).not.toContain('Cell 8 / 22');
    await watched.close();
  });
});
