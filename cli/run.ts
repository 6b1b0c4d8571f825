/**
 * `packbench run`: scenario files in, one answer out.
 * Results come in the order of the files, whatever thread was faster.
 */
import { InputError, type InputErrorDetails, shown } from '../domain/errors.ts';
import { EVENT_NAMES, EVENTS, type EventName, eventSentence } from '../domain/events.ts';
import { parseAssignment } from '../domain/scenario/paths.ts';
import { numberWords } from '../domain/scenario/words.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import { FAULT_TITLES } from '../domain/faults/titles.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Exposure, RunResult } from '../engine/result.ts';
import { EXIT, printAnswer, reportBadInput, say } from './answer.ts';
import { wholeNumber } from './arguments.ts';
import { simulateAll } from './pool.ts';
import type { SimulationTask } from './simulation.ts';

export interface RunArguments {
  set: string[];
  seed?: string;
  until?: string;
  json: boolean;
  csv?: string;
  channels?: string;
  every?: string;
}

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

/** Cells and positions are counted from 1 where people read. */
function placeText(cell: number, position: number | null): string {
  return `Cell ${cell + 1}${position === null ? '' : `, position ${position + 1}`}`;
}

/** What happens, in words; a fault by its own name. What is said of a cell is its label, because the cell stands behind it. */
function titleOf({ code, active, fault, cell }: RunEvent): string {
  const title = fault === undefined ? EVENTS[code].label : FAULT_TITLES[fault];
  const sentence = cell === null ? eventSentence(code, active) : undefined;
  return sentence ?? `${title}${active ? '' : ' ends'}`;
}

function eventLine(event: RunEvent): string {
  const cell = event.cell === null ? '' : ` ${placeText(event.cell, event.position)}`;
  const unit = (event.fault === undefined ? EVENTS[event.code].unit : faultRow(event.fault).severity?.unit) || 'count';
  const given = { measured: event.value, true: event.trueValue, limit: event.limit };
  const values = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [`${name} ${numberWords(value, unit)}`]));
  const faq = event.faq.length === 0 ? '' : `  (FAQ ${event.faq.join(', ')})`;
  const figures = values.length === 0 ? '' : `: ${values.join(', ')}`;
  return `${event.time_s.toFixed(1).padStart(12)} s  ${titleOf(event)}${cell}${figures}${faq}`;
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
