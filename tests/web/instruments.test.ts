/**
 * Meter, display and guide as a person uses them: two points touched, a button pressed, a clause followed to its lab.
 */
import { describe, expect, it } from 'vitest';
import { FAQ_CLAUSES } from '../../domain/faqClauses.ts';
import type { Json } from '../../domain/scenario/json.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import { pointNames, pointOf } from '../../engine/meter.ts';
import { guideItems, shippedLabs } from '../../web/panels/guide/labs.ts';
import { eventFacts } from '../../web/panels/events/details.ts';
import { layOutBench } from '../../web/panels/bench/layout.ts';
import { placesOf } from '../../web/panels/meter/points.ts';
import { pointOfPart } from '../../web/meter.svelte.ts';
import { openShipped } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { changed, site } from './site.ts';

const home = changed('home-storage-day') as unknown as Json;
const scenario = checkScenario(home);

it('every point of the pack can be chosen by name and touched on the drawing', () => {
  const names = pointNames(scenario);
  for (const name of names) expect(() => pointOf(name, scenario, 'meter')).not.toThrow();
  const layout = layOutBench({ width: 660, height: 290 }, { series: 16, hasUnit: true, isCommonPort: false });
  const places = placesOf(layout, home, 16);
  expect(places.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const part of ['cell-3', 'wire-8b', 'relay-charge', 'shunt', 'charger', 'load']) expect(names).toContain(pointOfPart(part));
});

it('every clause of the FAQ has a lab in the guide, under what one sees', () => {
  expect(shippedLabs().map(({ clause }) => clause)).toEqual(FAQ_CLAUSES);
  const items = guideItems(new Map([['9c', 2]]));
  expect(items.flatMap(({ labs }) => labs)).toHaveLength(FAQ_CLAUSES.length);
  expect(items.find(({ item }) => item === 9)!.labs[0]!.clause).toBe('9c');
});

it('an over charge says its setting, since when it was violated, until when it lasted, and what takes it back', async () => {
  const run = await openShipped('charge-to-over-charge.json');
  run.advance();
  const trip = run.events.find(({ code }) => code === 'overCharge')!;
  const facts = Object.fromEntries(
    eventFacts(trip, run.events, changed('charge-to-over-charge') as unknown as Json).map(({ name, value }) => [name, value]),
  );
  expect(facts['Setting']).toMatch(/Over charge P \(3\.650.V\)/);
  expect(facts['Violated since']).toBe('00:14:47');
  expect(facts['Opens']).toBe('Charge relay');
  expect(facts['Taken back']).toMatch(/at Over charge R \(3\.\d{3}.V\)/);
});

describe.skipIf(isLeftOut)('instruments', () => {
  const pages = site();

  it('the meter reads volts, ohms and amperes, by pointer and by lists', async () => {
    const watched = await pages.open();
    const { page } = watched;
    await watched.hurry();
    await watched.waitForStatus('completed');
    const reading = async () => (await watched.part('meter').textContent())!.replaceAll('\u202f', ' ');
    await expect.poll(reading).toMatch(/^5\d\.\d{3} V$/);
    await watched.part('toggle-meter').click();
    await watched.part('meter-row').waitFor();
    const voltage = async () => /(\d\.\d{3}).V/.exec((await watched.part('cell-4').getAttribute('aria-label'))!)![1]!;
    await page.locator('[data-point="cell 4 +"]').click();
    await page.locator('[data-point="cell 4 -"]').click();
    await expect.poll(async () => (await reading()) === `${await voltage()} V`).toBe(true);
    await page.getByRole('button', { name: 'Swap the probes' }).click();
    await expect.poll(async () => (await reading()) === `−${await voltage()} V`).toBe(true);
    // Parts as a whole are touched as well: lead 5 against lead 4.
    await watched.part('wire-5').click();
    await watched.part('wire-4').click();
    await expect.poll(() => watched.part('probe-red').inputValue()).toBe('tap 5');
    await expect.poll(() => watched.part('probe-black').inputValue()).toBe('tap 4');
    await expect.poll(reading).toMatch(/^3\.\d{3} V$/);
    await watched.part('meter-ohms').click();
    await watched.part('probe-red').selectOption('pin 1.5');
    await watched.part('probe-black').selectOption('pin 1.4');
    await expect.poll(reading).toMatch(/ [mk]?Ω$/);
    await watched.part('probe-black').selectOption('bus -');
    await expect.poll(reading).toBe('OL');
    await watched.part('meter-clamp').click();
    await expect.poll(reading).toMatch(/ A mean, .* A RMS$/);
    await watched.close();
  });

  it('the LCD unit shows what the unit has and turns its pages by its buttons, while the run goes on and after its end', async () => {
    const watched = await pages.open();
    const { page } = watched;
    await watched.part('pace').selectOption('100');
    await watched.part('scenario').selectOption('second-hand-pack');
    const lcd = watched.part('lcd');
    await expect.poll(() => lcd.textContent()).toContain('OVERVIEW');
    await watched.part('pause').click();
    await watched.waitForStatus('paused');
    await watched.part('lcd-down').click();
    for (let step = 0; step < 2; step++) await watched.part('step').click();
    await expect.poll(() => lcd.textContent()).toMatch(/CELLS.*3\.\d{3} V/s);
    await expect.poll(() => lcd.getAttribute('data-lit')).toBe('true');
    await watched.part('pause').click();
    await watched.waitForStatus('running');
    await watched.part('lcd-up').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => lcd.textContent()).toContain('OVERVIEW');
    await watched.part('lcd-start').focus();
    await page.keyboard.press('Shift+Enter');
    await expect.poll(() => lcd.textContent()).toMatch(/SETTINGS.*Over charge P/s);
    await watched.hurry();
    await watched.waitForStatus('completed');
    const ended = await watched.part('time').textContent();
    await watched.part('lcd-stop').click();
    await expect.poll(() => watched.part('time').textContent()).not.toBe(ended);
    await watched.waitForStatus('completed');
    await watched.part('tab-runs').click();
    await expect.poll(() => watched.part('runs').locator('input[type="checkbox"]').count()).toBeGreaterThanOrEqual(2);
    await watched.close();
  });

  it('an event leads to its clause, the clause to its lab, and the lab to its evidence', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForStatus('completed');
    await watched
      .part('events')
      .getByRole('button', { name: /Cell 5: Over charge begins/ })
      .first()
      .click();
    const details = watched.part('event-details');
    await expect.poll(() => details.textContent()).toMatch(/Setting.*Over charge P.*Violated since.*Taken back/s);
    await details.getByRole('button', { name: 'FAQ 9a in the guide' }).click();
    await watched.part('lab-open').click();
    await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toContain('Lab 9a');
    const evidence = watched.part('evidence').locator('li');
    await expect.poll(() => evidence.count()).toBeGreaterThan(5);
    expect(await watched.part('evidence').locator('li.fail').count()).toBe(0);
    await watched.part('lab-without-premise').click();
    await expect.poll(() => watched.part('evidence').locator('li.fail').count()).toBeGreaterThan(0);
    await watched.part('guide-back').click();
    await expect.poll(() => watched.part('guide').locator('details').count()).toBe(11);
    await watched.close();
  });
});
