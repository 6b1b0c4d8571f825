/**
 * Faults as a person meets them: found in the catalogue, put on a part, moved in time on their lane, seen in the drawing.
 * Every part of the drawing that can break offers what can break there, and every fault of the catalogue has a part.
 */
import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, FAULT_TITLES } from '../../domain/faults/titles.ts';
import { faultRow } from '../../domain/faults/catalogue.ts';
import type { Json } from '../../domain/scenario/json.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import { planFaults } from '../../engine/faults.ts';
import { faultComplaint, targetChoices } from '../../engine/faultTargets.ts';
import type { JsonObject } from '../../web/document.ts';
import { actingFaults } from '../../web/panels/bench/acting.ts';
import { signsOf } from '../../web/panels/bench/broken.ts';
import { layOutBench, placeOfPart } from '../../web/panels/bench/layout.ts';
import { faultsOfPart, faultText, newFault, partOfFault, searched } from '../../web/panels/faults/catalogue.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const document = {
  formatVersion: 1,
  name: 'everything that can fail',
  duration_s: 600,
  pack: { series: 16, parallel: 2, cell: 'lfp280', tab_Ohm: 0.0001, fuse: { rating_A: 125, i2t_A2s: 15000, breakingCapacity_A: 20000 } },
  bms: { model: '16T', chemistry: 'LiFe' },
  source: [
    { charger: { current_A: 20, voltage_V: 56, endCurrent_A: 2 } },
    { inverter: { outputPower_W: 500, busCapacitance_F: 0.01, precharge: { resistance_Ohm: 50, time_s: 3 } } },
  ],
};
const scenario = checkScenario(document as unknown as Json);
const layout = layOutBench({ width: 660, height: 290 }, { series: 16, hasUnit: true, isCommonPort: false });

it.each(FAULT_NAMES)('%s can be chosen with its first target, is what the engine accepts, and stands on a part of the drawing', (name) => {
  const fault = newFault(name, scenario);
  expect(faultComplaint({ when: 'always', ...fault } as never, scenario)).toBeUndefined();
  const part = partOfFault(fault, 16)!;
  expect(placeOfPart(layout, part.replace(/\.\d+$/, ''))).toBeDefined();
  const offered = faultsOfPart(part, scenario).find(({ entry }) => entry.name === name);
  expect(offered, `${name} at ${part}`).toBeDefined();
  expect(offered!.target).toEqual(fault['target']);
  expect(searched(FAULT_TITLES[name]).flatMap(({ entries }) => entries.map((entry) => entry.name))).toContain(name);
});

it('every target that a form offers is one that the engine takes', () => {
  for (const name of FAULT_NAMES) {
    for (const target of targetChoices(faultRow(name), scenario)) {
      const given = { fault: name, target, when: 'always' } as const;
      expect(() => planFaults({ ...scenario, faults: [given] }, () => 8), `${name} ${String(target)}`).not.toThrow();
    }
  }
});

it('signs stand for what acts at this moment and for nothing else', () => {
  const faults: JsonObject[] = [
    { fault: 'openSenseWire', target: '8b' },
    { fault: 'weldedContact', target: 'charge' },
    { fault: 'openSensor', target: 1 },
  ];
  const event = (index: number, active: boolean) => ({ fault: faults[index]!['fault'], index, active }) as never;
  const acting = actingFaults([event(0, true), event(1, true), event(0, false), event(2, true), event(0, true)]);
  expect(acting.sort()).toEqual([0, 1, 2]);
  const signs = signsOf(faults, [0, 2], layout);
  expect(signs.map(({ part, isOpen }) => [part, isOpen])).toEqual([
    ['wire-8b', true],
    ['sensor-2', false],
  ]);
  expect(signs[0]!.title).toBe(faultText(faults[0]!));
});

describe.skipIf(isLeftOut)('faults', () => {
  const pages = site();

  it('are found by a word, begin at a time or by a condition, and are moved on their lane by pointer and by arrow keys', async () => {
    const watched = await pages.open();
    const { page } = watched;
    await watched.hurry();
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForStatus('completed');
    await watched.waitForChart();
    await watched.part('tab-faults').click();
    await watched.part('fault-search').fill('sensor unplugged');
    await expect.poll(() => watched.part('catalogue').locator('li').count()).toBe(1);
    await watched.part('catalogue').locator('[data-fault="openSensor"]').click();
    await page.getByLabel('Begins', { exact: true }).selectOption('time');
    await page.getByLabel('Time', { exact: true }).fill('5min');
    await page.getByLabel('Lasts', { exact: true }).fill('120');
    await watched.part('fault-add').click();
    const marker = watched.part('fault-marker-0');
    await expect.poll(() => marker.getAttribute('aria-valuenow')).toBe('300');
    const before = (await marker.boundingBox())!;
    await page.mouse.move(before.x + 7, before.y + 7);
    await page.mouse.down();
    await page.mouse.move(before.x + 90, before.y + 7, { steps: 4 });
    await page.mouse.up();
    const place = async () => Number(await marker.getAttribute('aria-valuenow'));
    await expect.poll(place).toBeGreaterThan(330);
    const moved = await place();
    await marker.focus();
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+ArrowLeft');
    await expect.poll(place).toBe(moved - 2);
    await watched.part('fault-search').fill('high impedance');
    await watched.part('catalogue').locator('[data-fault="highImpedance"]').click();
    await page.getByLabel('Begins', { exact: true }).selectOption('condition');
    await page.getByLabel('Level', { exact: true }).fill('70%');
    await watched.part('fault-add').click();
    await expect.poll(() => watched.part('fault-1').textContent()).toMatch(/Cell 1: State of charge above 70\.0.%/);
    await watched.run();
    await expect.poll(() => watched.part('events').count()).toBe(0);
    await watched.part('tab-events').click();
    await watched
      .part('events')
      .getByRole('button', { name: /Temperature sensor unplugged begins/ })
      .waitFor();
    await watched
      .part('events')
      .getByRole('button', { name: /Temperature sensor unplugged ends/ })
      .waitFor();
    await watched
      .part('events')
      .getByRole('button', { name: /Cell 1: One cell of high impedance begins/ })
      .waitFor();
    await watched.part('undo').click();
    await watched.part('tab-faults').click();
    await expect.poll(() => watched.part('fault-1').count()).toBe(0);
    await watched.close();
  });

  it('are seen in the drawing: a sign on the part, truth and display side by side, a contact that does not obey', async () => {
    const faults = [
      { fault: 'swappedSenseWires', target: 3 },
      { fault: 'openSensor', target: 0 },
      { fault: 'weldedContact', target: 'charge' },
    ];
    const watched = await pages.open();
    await watched.hurry();
    await watched.openRun(fileOf(changed('charge-to-over-charge', { faults, expect: [] })));
    await watched.waitForStatus('completed');
    const bench = watched.part('bench');
    await expect.poll(() => bench.locator('[data-broken]').count()).toBe(3);
    await expect.poll(() => watched.part('cell-2').getAttribute('aria-label')).toMatch(/3\.\d{3}.V, the BMS reads .*6\.\d{3}.V/);
    await expect.poll(() => watched.part('cell-2').textContent()).toContain('≠');
    await expect.poll(() => watched.part('sensor-1').textContent()).toMatch(/≠ −22\.3/);
    await expect.poll(() => watched.part('relay-charge').getAttribute('aria-label')).toContain('not what its coil is told');
    await watched.close();
  });
});
