/** A thread that runs days of the shipped home storage, one seed after the other. */
import { readFileSync } from 'node:fs';
import { compileKernel } from '../engine/kernel.ts';
import { dayOf } from './day.ts';

export interface DayTask {
  firstSeed: number;
  days: number;
}

const kernel = compileKernel(readFileSync(new URL('./kernel.wasm', import.meta.url)));

/** Seconds of every day. */
export default async function runDays({ firstSeed, days }: DayTask): Promise<number[]> {
  const module = await kernel;
  const seconds: number[] = [];
  for (let day = 0; day < days; day++) seconds.push(await dayOf(module, firstSeed + day));
  return seconds;
}
