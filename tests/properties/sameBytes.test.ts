/**
 * The same scenario and seed give the same bytes: in both builds, in slices of any size, however often somebody looks,
 * in any order of runs, and whatever other cells and runs there are.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvWriter } from '../../cli/csv.ts';
import { stateBytes } from '../../engine/result.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, everyTick, finishedRun, inRepository, openRun, openShipped, outcomeOf, type ScenarioObject } from '../scenarios.ts';
import { BUSY_FILES, BUSY_PACK, BUSY_TICKS } from './busyPack.ts';
import { randomPack } from './randomPack.ts';

const hashesOf = async (run: Run) => {
  const { state, resultHash } = await outcomeOf(run);
  return { state, resultHash };
};

describe('both builds of the kernel, two lanes and one, give the same bytes', () => {
  const shipped = readdirSync(inRepository('scenarios')).filter((name) => name.endsWith('.json'));

  it('of every shipped scenario', async () => {
    expect(shipped.length).toBeGreaterThan(3);
    for (const file of shipped) {
      const [simd, scalar] = [await openShipped(file, 'simd'), await openShipped(file, 'scalar')];
      simd.advance();
      scalar.advance();
      expect(simd.status).toBe('completed');
      expect(await hashesOf(scalar), file).toEqual(await hashesOf(simd));
    }
  });

  it('of the pack in which everything happens, after every tick', async () => {
    const [simd, scalar] = [await openRun(BUSY_PACK, BUSY_FILES), await openRun(BUSY_PACK, { ...BUSY_FILES, kernel: 'scalar' })];
    for (let tick = 0; tick <= BUSY_TICKS; tick++) {
      simd.advance(tick);
      scalar.advance(tick);
      if (Buffer.compare(stateBytes(scalar.compiled), stateBytes(simd.compiled)) !== 0) throw new Error(`tick ${tick}`);
    }
    expect(await hashesOf(scalar)).toEqual(await hashesOf(simd));
  });

  it('of packs made by chance', async () => {
    await fc.assert(
      fc.asyncProperty(randomPack, async ({ scenario, files }) => {
        const [simd, scalar] = [await finishedRun(scenario, { files }), await finishedRun(scenario, { files, kernel: 'scalar' })];
        expect(scalar.status).toBe(simd.status);
        expect(await hashesOf(scalar)).toEqual(await hashesOf(simd));
      }),
      { seed: 32, numRuns: 150 },
    );
  });
});

describe('a result does not depend on how it was watched', () => {
  const undisturbed = async () => hashesOf(await finishedRun(BUSY_PACK, BUSY_FILES));

  it.each([1, 2, 7, 16, 333, 999])('in slices of %d ticks', async (slice) => {
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    while (run.status === 'running') run.advance(run.tick + slice);
    expect(await hashesOf(run)).toEqual(await undisturbed());
  });

  it('in slices made by chance, with results, snapshots and channels read between them', async () => {
    const expected = await undisturbed();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 5, maxLength: 40 }), async (slices) => {
        const run = await openRun(BUSY_PACK, BUSY_FILES);
        for (const [index, slice] of slices.entries()) {
          run.advance(run.tick + slice);
          if (index % 3 === 0) await run.result();
          if (index % 3 === 1) await run.snapshot();
          run.read('cell.voltage_V[2][0]');
        }
        run.advance();
        expect(await hashesOf(run)).toEqual(expected);
      }),
      { seed: 14, numRuns: 30 },
    );
  });

  it('with a CSV of every tick, every seventh or every hundredth: the rows of one are among those of the other', async () => {
    const expected = await undisturbed();
    const folder = mkdtempSync(join(tmpdir(), 'packbench-csv-'));
    try {
      const rows = new Map<number, string[]>();
      for (const every of [1, 7, 100]) {
        const out = join(folder, `${every}.csv`);
        const run = await openRun(BUSY_PACK, BUSY_FILES);
        const csv = new CsvWriter(run, out, ['time_s', 'pack.current_A', 'cell.voltage_V', 'cell.soc', 'estimate.soc'], every);
        while (run.status === 'running') {
          run.advance(run.tick + every - (run.tick % every));
          if (run.tick % every === 0) csv.row();
        }
        csv.publish();
        expect(await hashesOf(run)).toEqual(expected);
        rows.set(every, readFileSync(out, 'utf8').trim().split('\n').slice(1));
      }
      expect(rows.get(1)!.length).toBe(BUSY_TICKS + 1);
      for (const every of [7, 100]) expect(rows.get(every)).toEqual(rows.get(1)!.filter((_, tick) => tick % every === 0));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('in any order of runs, also of runs that take turns', async () => {
    const scenarios = [1, 2, 3, 4].map((seed): ScenarioObject => ({ ...BUSY_PACK, seed }));
    const alone: unknown[] = [];
    for (const scenario of scenarios) alone.push(await hashesOf(await finishedRun(scenario, BUSY_FILES)));
    expect(new Set(alone.map((hashes) => JSON.stringify(hashes))).size).toBe(scenarios.length);
    const backwards: unknown[] = [];
    for (const scenario of [...scenarios].reverse()) backwards.push(await hashesOf(await finishedRun(scenario, BUSY_FILES)));
    expect(backwards.reverse()).toEqual(alone);
    const together = await Promise.all(scenarios.map((scenario) => openRun(scenario, BUSY_FILES)));
    for (let tick = 0; tick < BUSY_TICKS; tick += 10) together.forEach((run) => run.advance(tick + 10));
    expect(await Promise.all(together.map(hashesOf))).toEqual(alone);
  });
});

describe('a draw depends on seed, stream and count only', () => {
  const noisy = (series: number, changes: Partial<ScenarioObject> = {}): ScenarioObject => ({
    cell: constantCell(),
    seed: 9_007_199_254_740_991,
    duration_s: 200,
    thermal: null,
    pack: { series, spread: { capacity_ratio: 0.02, initialSoc: 0.01, seriesResistance_ratio: 0.1, selfDischarge_ratio: 0.1 } },
    bms: { model: '24T', chemistry: 'LiPo', consumption: 'none', sensing: { noise_V: 0.01 }, settings: { temperatureAlarm: false } },
    ...changes,
  });

  /** What the unit reads of the first `count` channels, and what their cells are like. */
  async function readings(scenario: ScenarioObject, count: number): Promise<string[]> {
    const run = await openRun(scenario);
    const groups = Array.from({ length: count }, (_, group) => group);
    const { cells, groups: columns } = run.compiled;
    const rows = [
      JSON.stringify(groups.map((group) => [cells.capacity_Ah.get(group), cells.soc.get(group), cells.chargeFactor_ratio.get(group)])),
    ];
    everyTick(run, () => rows.push(JSON.stringify(groups.map((group) => [columns.noiseNow_V.get(group), columns.measured_mV.get(group)]))));
    return rows;
  }

  it('one more cell, or twenty, changes no noise and no spread of the others', async () => {
    const four = await readings(noisy(4), 4);
    expect(new Set(four).size).toBe(four.length);
    expect(await readings(noisy(5), 4)).toEqual(four);
    expect(await readings(noisy(24), 4)).toEqual(four);
  });

  it('noise on the current, or none on the neighbour, changes no noise of a voltage', async () => {
    const bms = noisy(4).bms!;
    const noiseOf = async (sensing: object) => {
      const run = await openRun(noisy(4, { bms: { ...bms, sensing: { ...bms.sensing, ...sensing } } }));
      const values: number[] = [];
      everyTick(run, () => values.push(run.compiled.groups.noiseNow_V.get(2)));
      return values;
    };
    const plain = await noiseOf({});
    expect(await noiseOf({ current: { noise_A: 3 } })).toEqual(plain);
    expect(await noiseOf({ channels: [{ group: 1, noise_V: 0 }] })).toEqual(plain);
  });

  it('another run in between changes nothing, another seed everything', async () => {
    const first = await readings(noisy(4), 4);
    await finishedRun(noisy(4, { seed: 12 }));
    expect(await readings(noisy(4), 4)).toEqual(first);
    const other = await readings(noisy(4, { seed: 12 }), 4);
    expect(other.filter((row, index) => row === first[index])).toEqual([]);
    // The high half of the seed counts too.
    const high = await readings(noisy(4, { seed: 4_294_967_295 }), 4);
    expect(high.filter((row, index) => row === first[index])).toEqual([]);
  });
});
