/**
 * Time in the hands of a person: single steps, the jump to an event, speed, all without changing what the run comes to.
 */
import { describe, expect, it } from 'vitest';
import { Halt } from '../../web/simulation/halt.ts';
import { openShipped } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { site } from './site.ts';

it('a run that is held at each of its events stands exactly there, and comes to the same result', async () => {
  const plain = await openShipped('charge-to-over-charge.json');
  plain.advance();
  const held = await openShipped('charge-to-over-charge.json');
  const halt = new Halt();
  const stops: number[] = [];
  while (held.status === 'running') {
    halt.setNextEvent();
    while (held.status === 'running' && !halt.isReached) halt.advance(held, held.tick + 1000);
    if (halt.isReached) stops.push(held.time_s);
  }
  const times = [...new Set(plain.events.map(({ time_s }) => time_s))];
  // An event at the start of a tick is told with its end.
  for (const time of times) expect(stops.filter((stop) => stop === time || stop === time + 1)).not.toEqual([]);
  for (const stop of stops) expect(times.filter((time) => stop === time || stop === time + 1)).not.toEqual([]);
  expect((await held.result()).resultHash).toBe((await plain.result()).resultHash);
});

it('a run that is held after some ticks stands there', async () => {
  const run = await openShipped('charge-to-over-charge.json');
  const halt = new Halt();
  halt.setTick(7);
  halt.advance(run, 1000);
  expect([run.tick, halt.isReached]).toEqual([7, true]);
});

describe.skipIf(isLeftOut)('time', () => {
  const pages = site();

  it('goes step by step and from event to event, by buttons and by keys', async () => {
    const watched = await pages.open();
    await watched.part('pace').selectOption('1');
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForChart();
    await watched.waitForStatus('running');
    await watched.page.locator('body').press('Space');
    await watched.waitForStatus('paused');
    const time = async () => (await watched.part('time').textContent())!.split(' / ')[0]!;
    const seconds = (text: string) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    const before = seconds(await time());
    await watched.part('step').click();
    await expect.poll(async () => seconds(await time())).toBe(before + 1);
    await watched.page.locator('body').press('.');
    await expect.poll(async () => seconds(await time())).toBe(before + 2);
    await watched.part('next-event').click();
    await expect.poll(time).toBe('00:14:24');
    await watched.waitForStatus('paused');
    await expect.poll(() => watched.part('events').locator('[aria-pressed="true"]').count()).toBe(1);
    await watched.page.locator('body').press('n');
    await expect.poll(time).toBe('00:14:52');
    await watched.page.locator('body').press('+');
    await expect.poll(() => watched.part('pace').inputValue()).toBe('10');
    await watched.hurry();
    await watched.part('pause').click();
    await watched.waitForStatus('completed');
    await watched.close();
  });
});
