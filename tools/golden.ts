/**
 * The golden event logs: what happens in every shipped scenario and lab, one line an event, as text that is reviewed like code.
 * Run as a program it writes them anew; the test compares them with what the runs say.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS } from '../domain/events.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import { type Unit, UNITS } from '../domain/quantity.ts';
import type { RunEvent } from '../engine/events.ts';
import { compileKernel, type KernelModule } from '../engine/kernel.ts';
import { loadScenario } from '../engine/load.ts';
import { Run } from '../engine/run.ts';
import { readerBeside } from '../cli/files.ts';

const ROOT = new URL('../', import.meta.url);
const GOLDEN = 'tests/golden';
const inRoot = (path: string) => fileURLToPath(new URL(path, ROOT));

/** Shipped scenarios and labs, by their paths in the repository. */
export function shippedFiles(): string[] {
  return ['scenarios', 'scenarios/labs'].flatMap((folder) =>
    readdirSync(inRoot(folder))
      .filter((name) => name.endsWith('.json'))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => `${folder}/${name}`),
  );
}

/** Where the log of a scenario lies, in the repository. */
export function goldenPath(file: string): string {
  return file.replace(/^scenarios\//, `${GOLDEN}/`).replace(/\.json$/, '.log');
}

export function readGolden(file: string): string {
  return readFileSync(inRoot(goldenPath(file)), 'utf8');
}

/** Decimals of the display; what it has no place for is written as whole numbers. */
const DECIMALS: Partial<Record<Unit, number>> = { V: 3, A: 1, degC: 1, K: 1, s: 1, Ohm: 4, ratio: 3, soc: 2 };
const PERCENT = 100;
const SEVERITY_DIGITS = 4;

function figure(value: number, unit: Unit): string {
  const [shown, decimals, symbol] = unit === 'fraction' ? [value * PERCENT, 0, '%'] : [value, DECIMALS[unit] ?? 0, UNITS[unit]];
  // Adding 0 takes the sign from a zero.
  return `${(Number(shown.toFixed(decimals)) + 0).toFixed(decimals)} ${symbol}`.trimEnd();
}

function figures({ code, fault, value, trueValue, limit }: RunEvent): string {
  const unit = fault === undefined ? EVENTS[code].unit : faultRow(fault).severity?.unit;
  if (value === null || unit === undefined || unit === '') return '';
  if (fault !== undefined) return `${Number(value.toPrecision(SEVERITY_DIGITS))} ${UNITS[unit]}`.trimEnd();
  const truth = trueValue === null ? '' : ` true ${figure(trueValue, unit)}`;
  return `${figure(value, unit)}${truth}${limit === null ? '' : ` limit ${figure(limit, unit)}`}`;
}

const WIDTHS = { time: 10, state: 4, name: 24, place: 12 } as const;

/** "     219.0 s on   overCharge               Cell 3       3.653 V true 3.653 V limit 3.650 V" */
function line(event: RunEvent): string {
  const { time_s, active, cell, position, fault, code } = event;
  const place = cell === null ? '' : `Cell ${cell + 1}${position === null ? '' : `.${position + 1}`}`;
  return [
    `${time_s.toFixed(1).padStart(WIDTHS.time)} s`,
    (active ? 'on' : 'off').padEnd(WIDTHS.state - 1),
    (fault ?? code).padEnd(WIDTHS.name),
    place.padEnd(WIDTHS.place),
    figures(event),
  ]
    .join(' ')
    .trimEnd();
}

let kernel: Promise<KernelModule> | undefined;

/** A shipped scenario, run to its end. */
export async function finishedShipped(file: string): Promise<Run> {
  kernel ??= compileKernel(new Uint8Array(readFileSync(inRoot('dist/kernel.wasm'))));
  const path = inRoot(file);
  const run = await Run.open(await loadScenario(readFileSync(path, 'utf8'), readerBeside(path), { file }), await kernel);
  run.advance();
  return run;
}

export function goldenLog({ loaded, events, status, time_s }: Run): string {
  return `${[loaded.scenario.name, ...events.map(line), `${status} after ${time_s.toFixed(1)} s`].join('\n')}\n`;
}

async function writeAll(): Promise<void> {
  rmSync(inRoot(GOLDEN), { recursive: true, force: true });
  for (const file of shippedFiles()) {
    const path = inRoot(goldenPath(file));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, goldenLog(await finishedShipped(file)));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeAll();
