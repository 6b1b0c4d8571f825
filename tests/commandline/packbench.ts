/**
 * The built command line as a technician meets it: arguments in; exit code, standard output and standard error out.
 * Every test that speaks through it shares this one way of starting it, and a folder of its own for files.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface BadInput {
  code: string;
  file?: string;
  path?: string;
  line?: number;
  value?: unknown;
  allowed?: string;
  message: string;
}

/** Starts the command line in `folder`, with more or other variables of its environment; the answer comes when it has ended. */
export function start(
  args: readonly string[],
  folder: string = ROOT,
  variables: Record<string, string> = {},
): { child: ChildProcess; answer: Promise<Answer> } {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const answer = new Promise<Answer>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, answer };
}

export function packbench(args: readonly string[], folder?: string, variables?: Record<string, string>): Promise<Answer> {
  return start(args, folder, variables).answer;
}

/**
 * How long an answer may take that takes so long on a machine with nothing else to do: as long,
 * or where only to start takes long at this moment, a few times that.
 */
export async function allowed_ms(quiet_ms: number): Promise<number> {
  const STARTS = 4;
  const started = performance.now();
  await packbench(['--help']);
  return Math.max(quiet_ms, STARTS * (performance.now() - started));
}

/** A folder of the test's own. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'packbench-test-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  scenario(name: string, scenario: unknown): string {
    return this.write(name, JSON.stringify(scenario, null, 1));
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** Names of all files, sorted. */
  names(): string[] {
    return readdirSync(this.path).sort();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs all scenarios in one process; results by their keys. Expectations may fail, bad input may not. */
export async function runScenarios<Key extends string>(scenarios: Record<Key, ScenarioFile>): Promise<Record<Key, RunResult>> {
  const folder = new Folder();
  try {
    const keys = Object.keys(scenarios) as Key[];
    const files = keys.map((key, index) => folder.scenario(`${index}.json`, { ...scenarios[key], name: key }));
    const answer = await packbench(['run', ...files, '--json']);
    if (answer.code !== 0 && answer.code !== 1) throw new Error(`exit code ${answer.code}: ${answer.stdout}${answer.stderr}`);
    const parsed = JSON.parse(answer.stdout) as RunResult | RunResult[];
    const results = Array.isArray(parsed) ? parsed : [parsed];
    return Object.fromEntries(keys.map((key, index) => [key, results[index]!])) as Record<Key, RunResult>;
  } finally {
    folder.remove();
  }
}

/** Columns of a CSV by their names, as numbers. */
export function columnsOf(csv: string): Record<string, number[]> {
  const [header, ...rows] = csv.trimEnd().split('\n');
  const cells = rows.map((row) => row.split(',').map(Number));
  return Object.fromEntries(header!.split(',').map((name, column) => [name, cells.map((row) => row[column]!)]));
}

/** Runs one scenario with a CSV of its channels; the columns and the result. */
export async function runWithCsv(
  scenario: ScenarioFile,
  channels: string,
  files: Record<string, string> = {},
  every = 1,
): Promise<{ columns: Record<string, number[]>; result: RunResult }> {
  const folder = new Folder();
  try {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    const file = folder.scenario('scenario.json', scenario);
    const answer = await packbench(
      ['run', file, '--json', '--csv', join(folder.path, 'out.csv'), '--channels', channels, '--every', `${every}`],
      folder.path,
    );
    if (answer.code !== 0 && answer.code !== 1) throw new Error(`exit code ${answer.code}: ${answer.stdout}${answer.stderr}`);
    return { columns: columnsOf(folder.read('out.csv')), result: JSON.parse(answer.stdout) as RunResult };
  } finally {
    folder.remove();
  }
}
