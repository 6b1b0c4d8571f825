/**
 * Every panel, dialog and state of the page that is worth a look, as stories: each begins on a fresh page,
 * and each of its views begins where the one before ended. Apart from what takes the pictures of them.
 */
import type { Page } from 'playwright';
import { changed, fileOf } from './site.ts';

export type View = readonly [name: string, lead: (page: Page) => Promise<unknown>];
export interface Story {
  isFirstVisit?: boolean;
  views: readonly View[];
}

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);
const click = (name: string) => (page: Page) => part(page, name).click();
const press = (key: string) => (page: Page) => page.locator('body').press(key);
/** What moves by itself has come to rest. */
const settle = (page: Page) => page.waitForTimeout(700);

async function finish(page: Page, scenario?: string): Promise<void> {
  await part(page, 'pace').selectOption('Infinity');
  if (scenario !== undefined) await part(page, 'scenario').selectOption(scenario);
  await page.waitForSelector('[data-part="status"][data-status="completed"]', { timeout: 30_000 });
  await settle(page);
}

const bench = (scenario: string) => (page: Page) => finish(page, scenario);

/** A pack of any size, discharged; enough of it differs to be seen. */
const pack = (series: number, parallel: number) => async (page: Page) => {
  const document = {
    formatVersion: 1,
    name: `${series}S${parallel}P`,
    duration_s: 1800,
    pack: {
      series,
      parallel,
      cell: 'nmc21700',
      initialSoc: 0.7,
      tab_Ohm: 0.001,
      bus_Ohm: 0.0002,
      spread: { capacity_ratio: 0.02, initialSoc: 0.01 },
    },
    bms: { model: series > 16 ? '24T' : series > 8 ? '16T' : '8T', chemistry: 'LiPo', settings: { batteryCapacity_Ah: 4.8 * parallel } },
    source: { constantCurrent_A: Math.max(-2 * parallel, -95) },
  };
  await part(page, 'pace').selectOption('Infinity');
  await part(page, 'open-file').setInputFiles(fileOf(document));
  await page.waitForTimeout(300);
  await finish(page);
};

async function strike(page: Page, wire: string, fault: string): Promise<void> {
  await part(page, wire).click();
  await part(page, 'offers').waitFor();
  await part(page, 'card')
    .getByRole('button', { name: `Break now: ${fault}` })
    .click();
  await page.waitForTimeout(800);
  await settle(page);
}

const fill = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

/** Files that hang over the page. */
async function dragFile(page: Page): Promise<void> {
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'mine.csv', { type: 'text/csv' }));
    return data;
  });
  await part(page, 'page').dispatchEvent('dragover', { dataTransfer: transfer });
}

const FIRST: Story = {
  isFirstVisit: true,
  views: [
    ['first-visit', (page) => page.waitForTimeout(1500)],
    ['tour-2', click('tour-next')],
    ['tour-3', click('tour-next')],
    [
      'running',
      async (page) => {
        await part(page, 'tour-next').click();
        await part(page, 'run').click();
        await page.waitForTimeout(3000);
        await part(page, 'pace').selectOption('1000');
      },
    ],
    [
      'changed-while-paused',
      async (page) => {
        await part(page, 'pause').click();
        await fill(page, 'Over charge P', '3.6');
        await settle(page);
      },
    ],
    ['finished', bench('home-storage-day')],
    ['cell', click('cell-4')],
    [
      'hovered',
      async (page) => {
        await press('Escape')(page);
        await part(page, 'figure').hover({ position: { x: 380, y: 120 } });
        await settle(page);
      },
    ],
    [
      'zoomed',
      async (page) => {
        const box = (await part(page, 'figure').boundingBox())!;
        await page.mouse.move(box.x + box.width * 0.4, box.y + 80);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.55, box.y + 90, { steps: 5 });
        await page.mouse.up();
        await settle(page);
      },
    ],
    ['result', click('tab-result')],
    ['check', click('tab-check')],
    [
      'design-bms',
      async (page) => {
        for (const heading of ['Scenario', 'Pack', 'Charger and load']) await page.locator('summary', { hasText: heading }).first().click();
        await page.locator('summary', { hasText: 'BMS' }).first().click();
      },
    ],
  ],
};

const OVER_CHARGE: Story = {
  views: [
    [
      'event',
      async (page) => {
        await finish(page, 'charge-to-over-charge');
        await part(page, 'events')
          .getByRole('button', { name: /Cell 5: Over charge begins/ })
          .first()
          .click();
        await part(page, 'event-details').waitFor();
        await settle(page);
      },
    ],
    [
      'relay-and-cursors',
      async (page) => {
        await part(page, 'relay-charge').click();
        await part(page, 'toggle-cursors').click();
        await part(page, 'offers').waitFor();
        await settle(page);
      },
    ],
    [
      'broken',
      async (page) => {
        await part(page, 'toggle-cursors').click();
        await strike(page, 'wire-3', 'Two neighbouring sense wires swapped');
      },
    ],
    ['broken-alone', (page) => part(page, 'card').getByRole('button', { name: 'Close', exact: true }).click()],
    ['faults', click('tab-faults')],
    ['fault-own', (page) => part(page, 'fault-0').locator('button').first().click()],
    [
      'fault-form',
      async (page) => {
        await part(page, 'fault-0').locator('button').first().click();
        await part(page, 'fault-search').fill('soft short');
        await part(page, 'catalogue').locator('button').first().click();
        await page.getByLabel('Begins', { exact: true }).selectOption('condition');
        await page.getByLabel('Comes and goes').check();
        await settle(page);
      },
    ],
    [
      'meter',
      async (page) => {
        await part(page, 'toggle-meter').click();
        await part(page, 'probe-red').selectOption('cell 6 +');
        await part(page, 'probe-black').selectOption('cell 3 -');
        await part(page, 'lcd-down').click();
        await settle(page);
        await settle(page);
      },
    ],
    [
      'lcd-settings',
      async (page) => {
        await part(page, 'meter-ohms').click();
        await part(page, 'lcd-start').focus();
        await page.keyboard.press('Shift+Enter');
        await settle(page);
        await settle(page);
      },
    ],
    [
      'guide',
      async (page) => {
        await part(page, 'toggle-meter').click();
        await part(page, 'tab-guide').click();
        await settle(page);
      },
    ],
  ],
};

const LAB: Story = {
  views: [
    ['home', (page) => finish(page)],
    [
      'lab-running',
      async (page) => {
        await finish(page);
        await part(page, 'tab-guide').click();
        await part(page, 'guide-9').locator('summary').click();
        await part(page, 'guide').locator('[data-clause="9a"]').click();
        await part(page, 'pace').selectOption('100');
        await part(page, 'lab-open').click();
        await page.waitForTimeout(2500);
      },
    ],
    ['lab', (page) => finish(page)],
  ],
};

const RUNS: Story = {
  views: [
    [
      'runs',
      async (page) => {
        await finish(page, 'charge-to-over-charge');
        await fill(page, 'Over charge P', '3.6');
        await fill(page, 'Name', 'Over charge P at 3.6 V');
        await part(page, 'run').click();
        await finish(page);
        await part(page, 'tab-runs').click();
        for (const index of [0, 1]) await part(page, 'runs').locator('input[type="checkbox"]').nth(index).check();
        await page.locator('[aria-label^="Keep "]').first().click();
      },
    ],
    [
      'compare',
      async (page) => {
        await part(page, 'compare').click();
        await page.getByLabel('only what differs').check();
        await settle(page);
        await settle(page);
      },
    ],
    [
      'designs',
      async (page) => {
        await page.keyboard.press('Escape');
        await part(page, 'tab-designs').click();
        await part(page, 'save-design').click();
        await settle(page);
      },
    ],
    ['palette', click('open-palette')],
    [
      'keys',
      async (page) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
      },
    ],
    [
      'share',
      async (page) => {
        await page.keyboard.press('Escape');
        await part(page, 'open-share').click();
        await part(page, 'share-url').waitFor();
      },
    ],
    [
      'wrong-field',
      async (page) => {
        await page.keyboard.press('Escape');
        await fill(page, 'Cells in series', '99');
        await settle(page);
      },
    ],
    [
      'wrong-file',
      async (page) => {
        await fill(page, 'Cells in series', '8');
        const buffer = Buffer.from('{\n  "formatVersion": 1,\n  "pack": { "series": 99, "cell": "lfp280" }\n}');
        await part(page, 'open-file').setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer });
        await settle(page);
      },
    ],
    [
      'restore',
      async (page) => {
        await page.waitForTimeout(600);
        await page.reload();
        await part(page, 'restore').waitFor();
        await finish(page);
      },
    ],
    ['drop', dragFile],
  ],
};

const SIZES: Story = {
  views: [
    ['4s1p', pack(4, 1)],
    ['24s1p', pack(24, 1)],
    ['16s40p', pack(16, 40)],
    [
      '16s40p-heat',
      async (page) => {
        await part(page, 'show-heat').click();
        await part(page, 'heat-worst').click();
        await part(page, 'offers').waitFor();
        await settle(page);
      },
    ],
    ['24s40p-heat', pack(24, 40)],
    [
      '24s40p-sorted',
      async (page) => {
        await part(page, 'heat-quantity').selectOption('temperature');
        await part(page, 'heat-sort').check();
        await settle(page);
      },
    ],
    [
      'no-unit',
      async (page) => {
        await part(page, 'open-file').setInputFiles(fileOf(changed('charge-to-over-charge', { bms: null, name: 'Without a BMS' })));
        await page.waitForTimeout(300);
        await finish(page);
      },
    ],
  ],
};

/** Opens a section of the design and brings it before the eyes. */
const section = (name: string) => async (page: Page) => {
  const found = part(page, `design-${name}`);
  await found.locator('summary').click();
  await found.scrollIntoViewIfNeeded();
};

const FORM: Story = {
  views: [
    [
      'form-heat-leads',
      async (page) => {
        await finish(page, 'charge-to-over-charge');
        await section('leads')(page);
        await section('heat')(page);
        await fill(page, 'Cell to ambient', '-1');
        await settle(page);
      },
    ],
    [
      'form-command',
      async (page) => {
        await fill(page, 'Cell to ambient', '0.5');
        await section('commands')(page);
        await part(page, 'add-commands').click();
        const command = part(page, 'entry-commands');
        await command.getByLabel('Kind', { exact: true }).selectOption({ label: 'Change a value' });
        await command.getByLabel('What is changed', { exact: true }).selectOption({ label: 'Over charge P' });
        await command.getByLabel('To', { exact: true }).fill('9');
        await command.scrollIntoViewIfNeeded();
        await settle(page);
      },
    ],
    [
      'form-expectation',
      async (page) => {
        await part(page, 'entry-commands').getByLabel('To', { exact: true }).fill('3.6');
        await section('expect')(page);
        await part(page, 'add-expect').click();
        await part(page, 'entry-expect').scrollIntoViewIfNeeded();
        await settle(page);
      },
    ],
    [
      'runs-detailed',
      async (page) => {
        await part(page, 'tab-runs').click();
        await part(page, 'detailed').click();
        await part(page, 'open-file').setInputFiles(fileOf(changed('charge-to-over-charge', { name: 'Long', duration_s: 200_000 })));
        await page.waitForTimeout(300);
        await finish(page);
        await part(page, 'runs').locator('li').first().locator('[data-export="csv"]').click();
        await part(page, 'exporting').waitFor();
      },
    ],
  ],
};

export const STORIES: Record<string, Story> = { first: FIRST, overCharge: OVER_CHARGE, lab: LAB, runs: RUNS, form: FORM, sizes: SIZES };
