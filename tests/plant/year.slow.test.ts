/**
 * A year of the home storage pack at ticks of 1 s, day after day: speed, memory and finite numbers to the end.
 * What it measures is printed; it fails on memory that grows and on numbers that are none.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { loadScenario } from '../../engine/load.ts';
import { Run } from '../../engine/run.ts';
import { inRepository, kernelModule, readerOf } from '../scenarios.ts';
import { energyBook } from './energyBook.ts';

const DAYS = 365;
const DAY_s = 86_400;
const WARM_UP_DAYS = 30;
const MOST_GROWTH_BYTES = 64 * 1024 * 1024;
const TIMEOUT_ms = 1_800_000;

async function openYear(): Promise<Run> {
  const text = readFileSync(inRepository('scenarios/home-storage-day.json'), 'utf8');
  const day = JSON.parse(text) as ScenarioFile & { source: object };
  // Nothing is expected of a channel: the host would look at it after every tick, and that would be measured too.
  const year = { ...day, duration_s: DAYS * DAY_s, source: { ...day.source, repeat: true }, expect: [] };
  return Run.open(await loadScenario(JSON.stringify(year), readerOf({}, 'scenarios')), await kernelModule());
}

it(
  'a year in slices of a day ends with numbers, in the memory that the run was made with',
  async () => {
    const run = await openYear();
    const { buffer } = run.compiled.kernel.memory;
    const bytes = buffer.byteLength;
    let advancing_ms = 0;
    let least_bytes = Infinity;
    let most_bytes = 0;
    for (let day = 1; day <= DAYS; day++) {
      const before = performance.now();
      run.advance(day * DAY_s);
      advancing_ms += performance.now() - before;
      expect(run.compiled.kernel.memory.buffer).toBe(buffer);
      expect(buffer.byteLength).toBe(bytes);
      if (day <= WARM_UP_DAYS) continue;
      const resident = process.memoryUsage.rss();
      least_bytes = Math.min(least_bytes, resident);
      most_bytes = Math.max(most_bytes, resident);
    }
    const result = await run.result();
    const { series, parallel } = run.loaded.scenario.pack;
    const each_ns = (advancing_ms * 1e6) / (result.ticks * series * parallel);
    const growth_MB = (most_bytes - least_bytes) / 1024 / 1024;
    console.log(
      `a year of ${series * parallel} cells at 1 s: ${(advancing_ms / 1000).toFixed(1)} s, ${each_ns.toFixed(1)} ns a cell and tick, ` +
        `kernel ${(bytes / 1024).toFixed(0)} KiB, resident memory within ${growth_MB.toFixed(1)} MB, ${result.events.length} events`,
    );
    expect(result.status).toBe('completed');
    expect(result.ticks).toBe(DAYS * DAY_s);
    expect(Object.entries(result.indicators).filter(([, value]) => !Number.isFinite(value))).toEqual([]);
    expect(most_bytes - least_bytes).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
    const { turnover_Wh, missing_Wh } = energyBook(result.indicators);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-9);
  },
  TIMEOUT_ms,
);
