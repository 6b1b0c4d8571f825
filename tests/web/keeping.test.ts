/**
 * Nothing is lost: steps can be undone by name, work is found again after a reload, designs are kept and shared.
 */
import { describe, expect, it } from 'vitest';
import { nameOfChange } from '../../web/changeName.ts';
import { openDocument } from '../../web/scenarioReader.ts';
import { edit, NO_HISTORY, redone, undone, withMore, withStep } from '../../web/history.ts';
import { LINK_LIMITS, linkFragment, openLink } from '../../web/link.ts';
import { isLeftOut } from './chromium.ts';
import { changed, fileOf, site } from './site.ts';

const document = openDocument(JSON.stringify(changed('charge-to-over-charge')), 'test.json');
const OVER_CHARGE = 'bms.settings.overChargeProtectionVoltage_V';

it('a step is called by what it changes', () => {
  const after = (path: string, value: Parameters<typeof edit>[2]) => nameOfChange(path, document, edit(document, path, value).document);
  expect(after(OVER_CHARGE, 3.6)).toBe('Over charge P 3.65 → 3.60 V');
  expect(after('bms.settings.balanceInCharge', true)).toBe('Balance in charge off → on');
  expect(after('pack.series', 16)).toBe('Cells in series 8 → 16');
  expect(after('source.charger.current_A', 12.5)).toBe('Charging current 30 → 12.5 A');
  expect(after('source', null)).toBe('Charger and load changed');
});

it('undo and redo give back exactly the documents between them', () => {
  const first = edit(document, OVER_CHARGE, 3.6);
  const second = edit(first.document, OVER_CHARGE, 3.61);
  const one = withStep(NO_HISTORY, { ...first, name: 'a', path: OVER_CHARGE, before: document });
  const history = withMore(one, second, 'b');
  const back = undone(history, second.document)!;
  expect(back.document).toEqual(document);
  expect(redone(back.history, back.document)!.document).toEqual(second.document);
  expect(undone(back.history, back.document)).toBeUndefined();
});

it('a link holds a design and is bounded', async () => {
  for (const view of [{ part: 'cell-4', side: 'runs' }, { side: 'guide', clause: '9a', from_s: 60, until_s: 120.5 }, {}])
    expect(await openLink(await linkFragment({ document, view }))).toEqual({ document, view });
  const overrides = Array.from({ length: 2400 }, (_, index) => ({ group: index % 8, capacity_Ah: 100 + Math.sin(index) }));
  const large = edit(document, 'pack.overrides', overrides).document;
  await expect(linkFragment({ document: large, view: {} })).rejects.toThrow(/does not fit/);
  const bomb = new Blob([new Uint8Array(LINK_LIMITS.unpacked * 4)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const packed = Buffer.from(await new Response(bomb).arrayBuffer()).toString('base64url');
  await expect(openLink(`#design=${packed}`)).rejects.toThrow(/does not fit/);
  for (const bad of ['#design=', '#design=%%%', '#design=AAAA', `#design=${'A'.repeat(30_000)}`])
    await expect(openLink(bad)).rejects.toThrow();
});

describe.skipIf(isLeftOut)('the page', () => {
  const pages = site();
  const overCharge = 'Over charge P';

  it('undoes and redoes by name and by key, and never touches the run that is shown', async () => {
    const watched = await pages.open();
    await watched.hurry();
    await watched.part('tab-result').click();
    const hash = await watched.finishedHash();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const field = watched.page.getByLabel(overCharge, { exact: true });
    await field.fill('3.6');
    await field.blur();
    await expect.poll(() => watched.part('undo').getAttribute('title')).toBe('Undo: Over charge P 3.65 → 3.60 V');
    await field.fill('3.55');
    await field.blur();
    await expect.poll(() => watched.part('undo').getAttribute('title')).toBe('Undo: Over charge P 3.60 → 3.55 V');
    await watched.part('undo').click();
    await expect.poll(() => field.inputValue()).toBe('3.6');
    await watched.page.locator('body').press('Control+z');
    await expect.poll(() => field.inputValue()).toBe('3.65');
    expect(await watched.part('undo').isDisabled()).toBe(true);
    await watched.page.locator('body').press('Control+Shift+Z');
    await expect.poll(() => field.inputValue()).toBe('3.6');
    expect(await watched.finishedHash()).toBe(hash);
    const shown = await watched.part('scenario').inputValue();
    await watched.startRun(() => watched.part('scenario').selectOption('cold-morning'));
    await watched.part('undo').click();
    await expect.poll(() => watched.part('scenario').inputValue()).toBe(shown);
    await watched.part('redo').click();
    await expect.poll(() => watched.part('scenario').inputValue()).toBe('cold-morning');
    await watched.close();
  });

  it('takes numbers as engineers write them', async () => {
    const watched = await pages.open();
    const capacity = watched.page.getByLabel('Battery capacity', { exact: true });
    await capacity.fill('200Ah');
    await capacity.blur();
    await expect.poll(() => capacity.inputValue()).toBe('200');
    const current = watched.page.getByLabel('Over charge current', { exact: true });
    await current.fill('0.5C');
    await current.blur();
    await expect.poll(() => current.inputValue()).toBe('100');
    const link = watched.page.getByLabel('Resistance of each link', { exact: true });
    await link.fill('0.2m');
    await link.blur();
    await expect.poll(() => link.inputValue()).toBe('0.0002');
    await link.fill('0.2M');
    await expect.poll(() => link.getAttribute('aria-invalid')).toBe('true');
    await watched.close();
  });

  it('finds the work again after a reload, and designs under their names', async () => {
    const watched = await pages.open();
    await watched.page.getByLabel('Name', { exact: true }).fill('Mine <b>&amp;</b> $x$');
    await watched.part('tab-designs').click();
    await watched.part('design-name').fill('Kept <i>one</i>');
    await watched.part('save-design').click();
    await watched.reload();
    // The work that waits is not lost to what is done beside it.
    await watched.part('restore').waitFor();
    await watched.page.getByLabel('Name', { exact: true }).fill('Another');
    await watched.reload();
    await expect.poll(() => watched.part('restore').textContent()).toContain('Another');
    await watched.part('restore-discard').click();
    await expect.poll(() => watched.part('restore').textContent()).toContain('Mine <b>&amp;</b> $x$');
    await watched.part('restore-take').click();
    await expect.poll(() => watched.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Mine <b>&amp;</b> $x$');
    await expect.poll(() => watched.part('restore').count()).toBe(0);
    await watched.part('tab-designs').click();
    await expect.poll(() => watched.part('designs').textContent()).toContain('Kept <i>one</i>');
    await watched.close();
  });

  it('opens a link without running it, and a bad link leaves the start as it is', async () => {
    const watched = await pages.open();
    await watched.openRun(fileOf(changed('cold-morning', { name: 'From a link' })));
    await watched.part('open-share').click();
    await watched.part('share-url').waitFor();
    const url = await watched.part('share-url').inputValue();
    await watched.close();
    const other = await pages.open({ fragment: url.slice(url.indexOf('#')) });
    await expect.poll(() => other.page.getByLabel('Name', { exact: true }).inputValue()).toBe('From a link');
    await other.page.waitForTimeout(300);
    expect(await other.part('status').getAttribute('data-status')).toBe('ready');
    expect(new URL(other.page.url()).hash).toBe('');
    await other.run();
    await other.waitForStatus('running', 'completed');
    await other.close();
    const bad = await pages.open({ fragment: '#design=AAAA' });
    await bad.waitForStatus('running', 'completed');
    await expect.poll(() => bad.part('message').textContent()).toContain('link');
    expect(await bad.page.getByLabel('Name', { exact: true }).inputValue()).toContain('Home storage');
    await bad.close();
  });
});
