/**
 * Many days on several threads: how much more two of them do than one, and how long a study of a thousand days takes here.
 * Threads are those of the command line's own runs: a pool, one run at a time in each.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import Piscina from 'piscina';
import type { DayTask } from './dayWorker.ts';
import { medianOf } from './measure.ts';

const WORKER = fileURLToPath(new URL('./dayWorker.js', import.meta.url));
const STUDY_DAYS = 1000;
const DAYS_A_TASK = 10;
const ROUNDS = 7;
const MS = 1000;

function poolOf(threads: number): Piscina {
  return new Piscina({ filename: WORKER, minThreads: threads, maxThreads: threads });
}

/** Seconds until all tasks are done. */
async function timeTasks(pool: Piscina, tasks: readonly DayTask[], announce: (share: number) => void): Promise<number> {
  const before = performance.now();
  let done = 0;
  await Promise.all(
    tasks.map(async (task) => {
      await pool.run(task);
      announce(++done / tasks.length);
    }),
  );
  return (performance.now() - before) / MS;
}

/** Days a second of two threads over those of one; needs two free cores to mean anything. */
export async function twoWorkersRatio(announce: (share: number) => void): Promise<number> {
  const pool = poolOf(2);
  const task = (firstSeed: number): DayTask => ({ firstSeed, days: DAYS_A_TASK });
  await timeTasks(pool, [task(1), task(2)], () => {});
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const one = await timeTasks(pool, [task(1)], () => {});
    const two = await timeTasks(pool, [task(1), task(1)], () => {});
    ratios.push((2 * one) / two);
    announce((round + 1) / ROUNDS);
  }
  await pool.destroy();
  return medianOf(ratios);
}

/** Seconds of a study of a thousand different days on all cores. */
export async function thousandDays(announce: (share: number) => void): Promise<number> {
  const pool = poolOf(availableParallelism());
  const tasks = Array.from({ length: STUDY_DAYS / DAYS_A_TASK }, (_, i) => ({ firstSeed: 1 + i * DAYS_A_TASK, days: DAYS_A_TASK }));
  const seconds = await timeTasks(pool, tasks, announce);
  await pool.destroy();
  return seconds;
}
