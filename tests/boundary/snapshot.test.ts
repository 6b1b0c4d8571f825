/**
 * A snapshot is taken up by its own scenario and kernel and by nobody else, and a damaged one by nobody at all.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../domain/errors.ts';
import { Run } from '../../engine/run.ts';
import { BUSY_FILES, BUSY_PACK } from '../properties/busyPack.ts';
import { kernelModule, loadObject, openRun, outcomeOf } from '../scenarios.ts';

async function snapshotAt(tick: number): Promise<Uint8Array> {
  const run = await openRun(BUSY_PACK, BUSY_FILES);
  run.advance(tick);
  return run.snapshot();
}

/** The refusal, after which the run must be as it was. */
async function refusalOf(bytes: Uint8Array, run: Run): Promise<string> {
  const before = (await outcomeOf(run)).resultHash;
  const error: unknown = await run.restore(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).details.code).toBe('snapshot');
  expect((await outcomeOf(run)).resultHash).toBe(before);
  return (error as InputError).details.message;
}

describe('a snapshot is refused', () => {
  it.each([
    ['another seed', { seed: 78 }],
    ['a longer run', { duration_s: 501 }],
    ['one more cell', { pack: { ...BUSY_PACK.pack!, series: 6 } }],
    ['another setting', { bms: { ...BUSY_PACK.bms!, settings: { ...BUSY_PACK.bms!.settings, cutOffDelay_s: 4 } } }],
  ])('by a scenario with %s', async (_, change) => {
    const other = await openRun({ ...BUSY_PACK, ...change }, BUSY_FILES);
    other.advance(10);
    expect(await refusalOf(await snapshotAt(300), other)).toMatch(/another scenario/);
  });

  it('by the same scenario with another profile beside it', async () => {
    const files = { files: { 'end.csv': BUSY_FILES.files!['end.csv'].replace('60', '61') } };
    expect(await refusalOf(await snapshotAt(300), await openRun(BUSY_PACK, files))).toMatch(/another scenario/);
  });

  it('by another build of the kernel', async () => {
    expect(await refusalOf(await snapshotAt(300), await openRun(BUSY_PACK, { ...BUSY_FILES, kernel: 'scalar' }))).toMatch(/another kernel/);
  });

  it('by a kernel of the same code and another hash', async () => {
    const loaded = await loadObject(BUSY_PACK, BUSY_FILES.files);
    const run = await Run.open(loaded, { ...(await kernelModule()), hash: 'f'.repeat(64) });
    expect(await refusalOf(await snapshotAt(300), run)).toMatch(/another kernel/);
  });

  it('with one bit of any of its parts turned over', async () => {
    const bytes = await snapshotAt(300);
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    const step = Math.floor(bytes.length / 100);
    for (let at = 0; at < bytes.length; at += step) {
      const edited = bytes.slice();
      edited[at] ^= 1 << (at % 8);
      expect(await refusalOf(edited, run)).toMatch(/damaged/);
    }
  });

  it.each([0, 1, 63, 67, 68, 200, -1])('cut to %d bytes', async (length) => {
    const bytes = await snapshotAt(300);
    expect(await refusalOf(bytes.slice(0, length), await openRun(BUSY_PACK, BUSY_FILES))).toMatch(/cut short|damaged/);
  });

  it('with something after its end', async () => {
    const bytes = await snapshotAt(300);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(await refusalOf(longer, await openRun(BUSY_PACK, BUSY_FILES))).toMatch(/damaged/);
  });

  it.each([
    ['noise', (length: number) => Uint8Array.from({ length }, (_, index) => (index * 2654435761) >>> 24)],
    ['zeros', (length: number) => new Uint8Array(length)],
  ])('made of %s', async (_, make) => {
    expect(await refusalOf(make(4096), await openRun(BUSY_PACK, BUSY_FILES))).toMatch(/damaged/);
  });
});
