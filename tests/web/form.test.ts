/**
 * The parts of a scenario that come last in the form: heat, single leads, timed commands and expectations, as somebody fills them in.
 * Fields come from the schema, so first that every one of them is there, whatever is added to it.
 */
import { describe, expect, it } from 'vitest';
import { EXPECT_EXAMPLES } from '../../domain/scenario/expect.ts';
import type { Json } from '../../domain/scenario/json.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import type { JsonObject } from '../../web/document.ts';
import { commandModel } from '../../web/panels/design/commandRows.ts';
import { expectModel } from '../../web/panels/design/expectRows.ts';
import { plainWords, shapesAt } from '../../web/panels/design/schemaRows.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const room = { series: 8, parallel: 1 };
const design = changed('charge-to-over-charge', {
  faults: [{ fault: 'openSenseWire', target: 4, when: { time_s: 60 } }],
  measure: [{ time_s: 10, instrument: 'volts', between: ['tap 4', 'tap 5'] }],
}) as Json;

it('every kind of command can be added, says what it does, and is a command that a scenario may have', () => {
  const model = commandModel(design, room);
  expect(model.kinds.length).toBeGreaterThan(15);
  for (const { value: kind, label } of model.kinds) {
    const entry = model.start(kind, 60);
    expect(model.kindOf(entry)).toBe(kind);
    expect(model.text(entry)).toContain(kind === 'set' ? '→' : label);
    expect(() => checkScenario({ ...(design as JsonObject), commands: [entry] }), kind).not.toThrow();
    const keys = model.rows(entry).map(({ key }) => key);
    expect(Object.keys(entry).filter((key) => key !== 'do' && !keys.includes(key))).toEqual([]);
  }
});

it('every value that a command may change is offered, once and by its own name', () => {
  const model = commandModel(design, room);
  const offered = model.rows(model.start('set', 0)).find(({ key }) => key === 'set')!.offered!;
  expect(new Set(offered.map(({ label }) => label)).size).toBe(offered.length);
  for (const { value } of offered) {
    const entry = model.changed({ time_s: 0, set: value, value: 0 }, 'set');
    expect(() => checkScenario({ ...(design as JsonObject), commands: [entry] }), String(value)).not.toThrow();
  }
});

it.each(EXPECT_EXAMPLES.map((example) => [JSON.stringify(example), example] as const))(
  '%s has a field for each of its values',
  (_, example) => {
    const model = expectModel(design, room);
    const keys = model.rows(example as unknown as JsonObject).map(({ key }) => key);
    expect(Object.keys(example).filter((key) => !keys.includes(key))).toEqual([]);
    expect(model.text(example as unknown as JsonObject)).not.toMatch(/undefined|NaN/);
  },
);

it('a field that nobody has named is called by its name in the file', () => {
  expect(plainWords('heatCapacity_J_per_K')).toBe('Heat capacity');
  expect(plainWords('coolingFlow_kg')).toBe('Cooling flow');
  expect(shapesAt('thermal')[0]!.map(({ key }) => key)).toContain('toAmbient_W_per_K');
});

describe.skipIf(isLeftOut)('the page', () => {
  const pages = site();

  it('takes heat, leads, commands and expectations, with complaints beside their fields and steps with names', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.openRun(fileOf(changed('charge-to-over-charge', { duration_s: 1200, commands: [], expect: [] })));
    await watched.waitForStatus('completed');
    const { page } = watched;
    const undo = () => watched.part('undo').getAttribute('title');
    for (const name of ['heat', 'leads', 'commands', 'expect']) await watched.part(`design-${name}`).locator('summary').click();

    const cooling = page.getByLabel('Cell to ambient', { exact: true });
    await cooling.fill('-1');
    await expect.poll(() => cooling.getAttribute('aria-invalid')).toBe('true');
    await cooling.fill('0.5');
    await cooling.blur();
    await expect.poll(undo).toBe('Undo: Cell to ambient none → 0.5 W/K');
    await page.getByLabel('Lead 3', { exact: true }).fill('200m');
    await expect.poll(undo).toBe('Undo: Lead 3 changed');

    await watched.part('add-commands').click();
    const command = watched.part('entry-commands');
    await command.getByLabel('Kind', { exact: true }).selectOption({ label: 'Change a value' });
    await command.getByLabel('What is changed', { exact: true }).selectOption({ label: 'Over charge P' });
    await command.getByLabel('At', { exact: true }).fill('5min');
    await command.getByLabel('To', { exact: true }).fill('9');
    await expect.poll(() => command.textContent()).toContain('a number from');
    await command.getByLabel('To', { exact: true }).fill('3.6');
    await command.getByLabel('To', { exact: true }).blur();
    await expect.poll(undo).toMatch(/^Undo: Command 1, to/);

    await watched.part('add-expect').click();
    const expectation = watched.part('entry-expect');
    await expectation.getByLabel('Event', { exact: true }).selectOption({ label: 'Over charge' });
    await expectation.getByLabel('It must not come', { exact: true }).uncheck();
    await expectation.getByLabel('Within: until', { exact: true }).fill('200');
    await watched.run();
    await watched.part('tab-result').click();
    await expect.poll(() => watched.part('expectations').locator('li').count()).toBe(1);
    expect(await watched.part('expectations').locator('li.pass').count()).toBe(0);
    await expectation.getByLabel('Within: until', { exact: true }).fill('1200');
    await watched.run();
    await expect.poll(() => watched.part('expectations').locator('li.pass').count()).toBe(1);

    await watched
      .part('list-commands')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect.poll(undo).toContain('Without command: 00:05:00 · Over charge P');
    await watched.close();
  });

  it('takes the capacity of the cell as an engineer writes it, and says in the cell’s name what it is', async () => {
    const watched = await pages.open();
    const { page } = watched;
    const capacity = page.getByLabel('Capacity of a cell', { exact: true });
    await expect.poll(() => capacity.inputValue()).toBe('280');
    await capacity.fill('');
    await capacity.pressSequentially('300Ah');
    await capacity.blur();
    await expect.poll(() => capacity.inputValue()).toBe('300');
    await expect.poll(() => page.getByLabel('Cell', { exact: true }).inputValue()).toBe('lfp280-300Ah');
    await expect.poll(() => watched.part('undo').getAttribute('title')).toBe('Undo: Capacity of a cell 280 → 300 Ah');
    await watched.part('undo').click();
    await expect.poll(() => page.getByLabel('Cell', { exact: true }).inputValue()).toBe('lfp280');
    await expect.poll(() => capacity.inputValue()).toBe('280');
    await capacity.fill('0');
    await expect.poll(() => capacity.getAttribute('aria-invalid')).toBe('true');
    await watched.close();
  });
});
