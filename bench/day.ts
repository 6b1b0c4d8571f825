/**
 * The shipped day of a home storage as it is used: from its file to its indicators, a year of it, and the kernel's memory.
 * Everything that a run does is part of it, unlike in the slices of measure.ts.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileReader, type LoadedScenario, loadScenario } from '../engine/load.ts';
import type { KernelModule } from '../engine/kernel.ts';
import { Run } from '../engine/run.ts';

export const DAY_FILE = fileURLToPath(new URL('../scenarios/home-storage-day.json', import.meta.url));
const LIBRARY = fileURLToPath(new URL('../library/cells/', import.meta.url));
const YEAR_S = 365 * 86400;
const MS = 1000;

const reader: FileReader = {
  beside: (name) => readFile(join(dirname(DAY_FILE), name)),
  libraryCell: (id) => readFile(join(LIBRARY, `${id}.json`)),
};

async function load(seed: number): Promise<LoadedScenario> {
  return loadScenario(await readFile(DAY_FILE, 'utf8'), reader, { file: DAY_FILE, seed });
}

async function runThrough(loaded: LoadedScenario, module: KernelModule): Promise<Run> {
  const run = await Run.open(loaded, module);
  run.advance();
  if (run.status !== 'completed') throw new Error(`Internal error: ${DAY_FILE} ended as ${run.status}`);
  return run;
}

/** Seconds of one day, from its file to its indicators. */
export async function dayOf(module: KernelModule, seed: number): Promise<number> {
  const before = performance.now();
  await (await runThrough(await load(seed), module)).result();
  return (performance.now() - before) / MS;
}

/** Seconds of a year of that day, again and again, and the bytes of its kernel's memory. */
export async function yearOf(module: KernelModule): Promise<{ seconds: number; kernelBytes: number }> {
  const day = await load(1);
  const profiles = day.profiles.map((profile) => (profile === undefined ? undefined : { ...profile, repeat: true }));
  const loaded = { ...day, profiles, scenario: { ...day.scenario, duration_s: YEAR_S, expect: [] } };
  const before = performance.now();
  const run = await runThrough(loaded, module);
  return { seconds: (performance.now() - before) / MS, kernelBytes: run.compiled.kernel.bytes.length };
}
