/**
 * A run in the hands of a person: what is broken, repaired, switched and set while it goes on is written into its scenario,
 * and the command line runs that scenario to the same bytes.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../domain/scenario/json.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import { completeScenario } from '../../engine/load.ts';
import { Rewind } from '../../engine/rewind.ts';
import { Run } from '../../engine/run.ts';
import { valueOf } from '../../web/document.ts';
import { openDocument } from '../../web/scenarioReader.ts';
import { edit } from '../../web/history.ts';
import { breaks, changes, commandsBetween, isSwitchedOn, type LiveChange, orders, repairs } from '../../web/live.ts';
import { removeFault } from '../../web/panels/faults/actions.ts';
import { reach } from '../../web/simulation/reach.ts';
import type { Frame } from '../../web/simulation/protocol.ts';
import { Session } from '../../web/simulation/session.ts';
import type { Design } from '../../web/design.svelte.ts';
import { Folder, packbench } from '../commandline/packbench.ts';
import { kernelModule, outcomeOf, readerOf } from '../scenarios.ts';
import { isLeftOut } from './chromium.ts';
import { changed, site } from './site.ts';

const later = (work: () => void): void => void setImmediate(work);

async function rewindOf(document: Json): Promise<Rewind> {
  const kernel = await kernelModule();
  const loaded = await completeScenario(checkScenario(document), readerOf({}, 'scenarios'));
  return new Rewind(await Run.open(loaded, kernel, { recording: {} }), kernel);
}

/** A run that is led through actions as the worker does it: held, compiled with what is new, repeated up to there, gone on with. */
async function ledThrough(start: Json, actions: readonly (readonly [tick: number, change: LiveChange])[]) {
  let document = start;
  const frames: Frame[] = [];
  let ended = () => {};
  const end = new Promise<void>((resolve) => (ended = resolve));
  const send = (frame: Frame) => {
    frames.push(frame);
    setImmediate(() => session.pageReady());
    if (frame.result !== undefined) ended();
  };
  let rewind = await rewindOf(document);
  let session = new Session(rewind, 1, Infinity, { from_s: 0, until_s: 1e9, buckets: 100 }, send, later);
  for (const [tick, change] of actions) {
    session.step(tick - rewind.run.tick);
    while (rewind.run.tick < tick) await new Promise((resolve) => setImmediate(resolve));
    const held = session.hold()!;
    document = change(document, session.timeOf(held));
    rewind = await rewindOf(document);
    expect(await reach(rewind, held, () => true, later)).toBe(true);
    session = session.succeededBy(rewind)!;
    session.pause();
  }
  session.start();
  await end;
  return { document, outcome: await outcomeOf(rewind.run), frames };
}

const second = openDocument(JSON.stringify(changed('second-hand-pack', { expect: [], faults: [] })), 'second-hand-pack.json');
const wire = { fault: 'openSenseWire', target: 5 };
const ACTIONS: readonly (readonly [number, LiveChange])[] = [
  [700, breaks(wire)],
  [701, orders({ do: 'sourceOff', source: 0 })],
  [1500, (document, time_s) => repairs({ ...wire, when: { time_s: 700 } })(document, time_s)],
  [1500, orders({ do: 'sourceOn', source: 0 })],
  [3001, breaks({ fault: 'hardShort', target: 3, severity: 0.5 })],
  [3600, changes([{ set: 'bms.settings.overDischargeProtectionVoltage_V', value: 2.7 }])],
  [5000, orders({ do: 'powerOff' })],
  [5600, orders({ do: 'powerOn' })],
];

it('a run that is changed while it goes on is to the byte the one that its document gives from the start', async () => {
  const { document, outcome, frames } = await ledThrough(second, ACTIONS);
  const { run } = await rewindOf(document);
  run.advance();
  const plain = await outcomeOf(run);
  expect(outcome).toEqual(plain);
  expect(plain.events.some(({ fault, active }) => fault === 'openSenseWire' && !active)).toBe(true);
  // Nothing is told twice, and nothing is left out.
  expect(frames.flatMap(({ events }) => events)).toEqual(plain.events);
});

it('what a form has changed becomes commands where commands can set it, and only there', () => {
  const path = 'bms.settings.overChargeProtectionVoltage_V';
  const set = edit(edit(second, path, 3.6).document, 'source[1].charger.current_A', 12).document;
  expect(commandsBetween(second, set)).toEqual([
    { set: path, value: 3.6 },
    { set: 'bms.settings.cellFullVoltage_V', value: 3.6 },
    { set: 'source[1].charger.current_A', value: 12 },
  ]);
  expect(commandsBetween(second, second)).toBeUndefined();
  expect(commandsBetween(second, edit(set, 'pack.series', 15).document)).toBeUndefined();
  const reset = edit(set, path, undefined).document;
  expect(commandsBetween(set, reset)).toEqual([
    { set: path, value: 3.65 },
    { set: 'bms.settings.cellFullVoltage_V', value: 3.65 },
  ]);
});

it('what is struck twice at the same moment breaks once', () => {
  const once = breaks(wire)(second, 100);
  expect(breaks(wire)(once, 100)).toBe(once);
  expect(valueOf(breaks(wire)(once, 101), 'faults')).toHaveLength(2);
});

it('a source is on as its charger or its last command says', () => {
  const off = orders({ do: 'sourceOff', source: 1 })(second, 100);
  expect([isSwitchedOn(second, 1, 500), isSwitchedOn(off, 1, 99), isSwitchedOn(off, 1, 100), isSwitchedOn(off, 0, 500)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

it('a fault that is taken out leaves the repairs of the others as they were', () => {
  const faults: Json[] = [wire, { fault: 'openCoil', target: 'charge' }, { fault: 'blownFuse' }];
  const commands = [0, 1, 2].map((fault) => ({ time_s: 10, do: 'repair', fault }));
  const document = edit(edit(second, 'faults', faults).document, 'commands', commands).document;
  let after: Json = null;
  removeFault({ document, scenarioId: undefined, replace: (next: Json) => (after = next) } as unknown as Design, 1);
  expect(valueOf(after, 'faults')).toEqual([faults[0], faults[2]]);
  expect(valueOf(after, 'commands')).toEqual([commands[0], { ...commands[2], fault: 1 }]);
});

describe.skipIf(isLeftOut)('a live run', () => {
  const pages = site();

  it('takes what is done to it by pointer and keyboard, and its saved scenario comes to the same result elsewhere', async () => {
    const watched = await pages.open();
    const { page } = watched;
    await watched.part('pace').selectOption('10');
    await watched.part('scenario').selectOption('second-hand-pack');
    await watched.waitForStatus('running');
    await watched.part('wire-5').click();
    await watched.part('offers').waitFor();
    // Struck from the part's own list, while it plays.
    await watched.part('card').getByRole('button', { name: 'Break now: Open sense wire' }).click();
    const begun = watched.part('events').getByRole('button', { name: /Open sense wire begins/ });
    await begun.waitFor();
    await expect.poll(() => watched.part('tab-faults').textContent()).toContain('3');
    await watched.part('pause').click();
    await watched.waitForStatus('paused');
    const doNow = watched.part('do-now');
    await doNow.getByRole('button', { name: /^Repair: Open sense wire, Balance lead 5/ }).click();
    await watched.part('step').click();
    await watched
      .part('events')
      .getByRole('button', { name: /Open sense wire ends/ })
      .waitFor();
    await watched.part('charger').click();
    await doNow.getByRole('button', { name: /Source 2 \(Charger\): switch off/ }).click();
    await expect.poll(() => doNow.textContent()).toContain('switch on');
    await page.getByLabel('Over charge P', { exact: true }).fill('3.6');
    await watched.part('apply-now').click();
    await expect.poll(() => watched.part('stale').textContent()).toBe('');
    await page.getByLabel('Over charge P', { exact: true }).blur();
    // From the catalogue, by keyboard alone.
    await page.locator('body').press('2');
    await watched.part('fault-search').focus();
    await page.keyboard.type('hard internal');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await watched.part('fault-draft').waitFor();
    await expect.poll(() => watched.part('severity-range').textContent()).toMatch(/1.mΩ to 1.Ω/);
    await page.getByLabel(/Severity: resistance of the short/).fill('5');
    await expect.poll(() => watched.part('fault-draft').textContent()).toContain('a number from 0.001 to 1 (Ohm)');
    await page.getByLabel(/Severity: resistance of the short/).fill('500m');
    await page.getByLabel('On', { exact: true }).selectOption({ label: 'Cell 4' });
    await watched.part('fault-add').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => watched.part('tab-faults').textContent()).toContain('4');
    await watched.hurry();
    await watched.part('pause').click();
    await watched.part('tab-result').click();
    const hash = await watched.finishedHash();
    await watched.part('tab-designs').click();
    const download = page.waitForEvent('download');
    await watched.part('save-file').click();
    const file = await (await download).path();
    const saved = JSON.parse(readFileSync(file, 'utf8')) as { faults: object[]; commands: object[] };
    expect(saved.faults.slice(2)).toMatchObject([wire, { fault: 'hardShort', target: 3, severity: 0.5 }]);
    expect(saved.commands).toMatchObject([
      { do: 'repair', fault: 2 },
      { do: 'sourceOff', source: 1 },
      { set: 'bms.settings.overChargeProtectionVoltage_V', value: 3.6 },
      { set: 'bms.settings.cellFullVoltage_V', value: 3.6 },
    ]);
    const folder = new Folder();
    const answer = await packbench(['run', folder.scenario('saved.json', saved), '--json']);
    folder.remove();
    expect((JSON.parse(answer.stdout) as { resultHash: string }).resultHash).toBe(hash);
    await watched.close();
  });
});
