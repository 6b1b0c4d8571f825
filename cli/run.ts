/**
 * `packbench run`: scenario files through a pool of threads, with a progress line, Ctrl-C and one answer.
 * Results come in the order of the files, whatever thread was faster.
 */
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import Piscina from 'piscina';
import { InputError, type InputErrorDetails, shown } from '../domain/errors.ts';
import { EVENT_NAMES, EVENTS, type EventName } from '../domain/events.ts';
import { parseAssignment } from '../domain/scenario/paths.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import { FAULT_TITLES } from '../domain/faults/titles.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Exposure, RunResult } from '../engine/result.ts';
import { EXIT, printAnswer, reportBadInput, say } from './answer.ts';
import { wholeNumber } from './arguments.ts';
import { CANCEL, type Progress, type SimulationAnswer, type SimulationTask } from './simulation.ts';

export interface RunArguments {
  set: string[];
  seed?: string;
  until?: string;
  json: boolean;
  csv?: string;
  channels?: string;
  every?: string;
}

const SIMULATION = fileURLToPath(new URL('./simulation.js', import.meta.url));
const SHOW_AFTER_MS = 1000;

function eventArgument(text: string | undefined): EventName | undefined {
  if (text === undefined || (EVENT_NAMES as string[]).includes(text)) return text as EventName | undefined;
  throw new InputError({
    code: 'argument',
    path: '--until',
    value: text,
    message: `${shown(text)} is not an event`,
    allowed: EVENT_NAMES.join(', '),
  });
}

function csvArgument(files: string[], options: RunArguments): SimulationTask['csv'] {
  if (options.csv === undefined) {
    const orphan = options.channels !== undefined ? '--channels' : options.every !== undefined ? '--every' : undefined;
    if (orphan !== undefined)
      throw new InputError({ code: 'argument', path: orphan, message: `${orphan} needs --csv`, allowed: '--csv OUT' });
    return undefined;
  }

  if (/[\u0000-\u001f\u007f]/.test(options.csv))
    throw new InputError({
      code: 'argument',
      path: '--csv',
      value: options.csv,
      message: `${shown(options.csv)} is not allowed`,
      allowed: 'a path without control characters',
    });
  if (files.length > 1)
    throw new InputError({ code: 'argument', path: '--csv', value: options.csv, message: '--csv takes one scenario', allowed: 'one file' });
  const channels = (options.channels ?? 'time_s,pack.current_A,pack.voltage_V,cell.voltage_V').split(',').map((name) => name.trim());
  return { out: options.csv, channels, every: wholeNumber(options.every, '--every', 1) ?? 1 };
}

function tasksOf(files: string[], options: RunArguments): Omit<SimulationTask, 'port'>[] {
  const set = options.set.map(parseAssignment);
  const seed = wholeNumber(options.seed, '--seed', 0);
  const until = eventArgument(options.until);
  const csv = csvArgument(files, options);
  return files.map((file) => ({ file, set, seed, until, csv }));
}

/** One line for all runs, on standard error, from the second second on. */
class ProgressLine {
  private readonly latest = new Map<number, Progress>();
  private readonly started = performance.now();
  private shownAt = 0;

  constructor(private readonly runs: number) {}

  update(index: number, progress: Progress): void {
    this.latest.set(index, progress);
    const now = performance.now();
    if (now - this.started < SHOW_AFTER_MS || now - this.shownAt < (process.stderr.isTTY ? 200 : 5000)) return;
    this.shownAt = now;
    const done = [...this.latest.values()].reduce((sum, one) => sum + one.tick / one.ticks, 0) / this.runs;
    const left = ((now - this.started) / 1000) * (1 / Math.max(done, 1e-6) - 1);
    const text = `${(done * 100).toFixed(1)} %  simulated ${Math.round(progress.time_s)} s  about ${Math.ceil(left)} s left`;
    process.stderr.write(process.stderr.isTTY ? `\r${text.padEnd(78)}` : `${text}\n`);
  }

  end(): void {
    if (this.shownAt > 0 && process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(78)}\r`);
  }
}

/** How long a cancelled thread may take to answer before it is ended. */
const PATIENCE_MS = 2000;

function simulateIn(
  pool: Piscina,
  task: Omit<SimulationTask, 'port'>,
  kill: AbortSignal,
  cancel: AbortSignal,
  progress: (progress: Progress) => void,
): Promise<SimulationAnswer> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', progress);
  cancel.addEventListener('abort', () => port1.postMessage(CANCEL));
  return (pool.run({ ...task, port: port2 }, { transferList: [port2], signal: kill }) as Promise<SimulationAnswer>).finally(() =>
    port1.close(),
  );
}

/** The answers in order; undefined where a thread had to be ended before it could answer. */
async function simulateAll(tasks: Omit<SimulationTask, 'port'>[]): Promise<SimulationAnswer[] | undefined> {
  const pool = new Piscina({
    filename: SIMULATION,
    maxThreads: Math.min(availableParallelism(), tasks.length),
    minThreads: 1,
    idleTimeout: 1000,
  });
  const cancel = new AbortController();
  const kill = new AbortController();
  const stop = () => {
    cancel.abort();
    setTimeout(() => kill.abort(), PATIENCE_MS).unref();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const line = new ProgressLine(tasks.length);
  try {
    return await Promise.all(
      tasks.map((task, index) => simulateIn(pool, task, kill.signal, cancel.signal, (progress) => line.update(index, progress))),
    );
  } catch (error) {
    if (kill.signal.aborted) return undefined;
    throw error;
  } finally {
    line.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await pool.destroy();
  }
}

/** Cells and positions are counted from 1 where people read. */
function placeText(cell: number, position: number | null): string {
  return `Cell ${cell + 1}${position === null ? '' : `, position ${position + 1}`}`;
}

/** What an event is called: a fault by its own name. */
function titleOf(event: RunEvent): string {
  return event.fault === undefined ? EVENTS[event.code].label : FAULT_TITLES[event.fault];
}

function eventLine(event: RunEvent): string {
  const cell = event.cell === null ? '' : ` ${placeText(event.cell, event.position)}`;
  const unit = event.fault === undefined ? EVENTS[event.code].unit : (faultRow(event.fault).severity?.unit ?? '');
  const values =
    event.value === null
      ? ''
      : `: measured ${event.value} ${unit}, true ${event.trueValue?.toPrecision(6)} ${unit}, limit ${event.limit} ${unit}`;
  const faq = event.faq.length === 0 ? '' : `  (FAQ ${event.faq.join(', ')})`;
  return `${event.time_s.toFixed(1).padStart(12)} s  ${titleOf(event)}${event.active ? '' : ' ends'}${cell}${values}${faq}`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(7);
}

function exposureLine({ group, position, ...found }: Exposure): string {
  const parts = Object.entries(found).map(([name, value]) => `${name} ${figure(value)}`);
  return `  beyond its limits: ${placeText(group, position > 0 ? position : null)}: ${parts.join(', ')}`;
}

const MOST_EVENT_LINES = 60;

function printForPeople(file: string, result: RunResult): void {
  const lines = [`${file}: ${result.status} after ${result.duration_s} s (${result.ticks} ticks), seed ${result.seed}`];
  lines.push(...result.events.slice(0, MOST_EVENT_LINES).map(eventLine));
  if (result.events.length > MOST_EVENT_LINES) lines.push(`  … and ${result.events.length - MOST_EVENT_LINES} more events`);
  lines.push(
    ...Object.entries(result.indicators).map(([name, value]) => `  ${name.padEnd(28)} ${figure(value)}`),
    ...result.exposure.map(exposureLine),
  );
  lines.push(...result.expectations.map(({ text, status }) => `  ${status === 'pass' ? 'pass' : 'FAIL'}  ${text}`));
  if (result.failure !== undefined) lines.push(`  ${result.failure}`);
  lines.push(`  result ${result.resultHash}`, '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function exitCodeOf(results: RunResult[], until: string | undefined): number {
  if (results.some((result) => result.status === 'failed')) return EXIT.ourFault;
  if (results.some((result) => result.status === 'cancelled')) return EXIT.cancelled;
  const unmet = results.some(
    (result) => result.expectations.some(({ status }) => status === 'fail') || (until !== undefined && result.status !== 'stopped'),
  );
  return unmet ? EXIT.no : EXIT.ok;
}

export async function runFiles(files: string[], options: RunArguments): Promise<void> {
  const answers = await simulateAll(tasksOf(files, options));
  if (answers === undefined) {
    if (options.json) printAnswer({ status: 'cancelled' });
    else say('cancelled');
    process.exitCode = EXIT.cancelled;
    return;
  }
  const wrong = answers
    .map((answer) => ('error' in answer ? answer.error : undefined))
    .find((error): error is InputErrorDetails => error !== undefined);
  if (wrong !== undefined) {
    reportBadInput(wrong, options.json);
    return;
  }
  const results = answers.flatMap((answer) => ('result' in answer ? [answer.result] : []));
  if (options.json) printAnswer(results.length === 1 ? results[0] : results);
  else results.forEach((result, index) => printForPeople(files[index]!, result));
  process.exitCode = exitCodeOf(results, options.until);
}
