/**
 * The same model in C as a yardstick: built here with the machine's own compiler and run as a process beside this one.
 * It is a process because code with other vector instructions slows WebAssembly in the same one; it measures its slices itself.
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { layoutHeader } from './native/header.ts';

const SOURCES = fileURLToPath(new URL('../bench/native/', import.meta.url));
const COMPILERS = ['cc', 'gcc', 'clang'];
/** Sums and products stay apart, as in WebAssembly, so that results can agree; `-g1` tells profile.ts the lines and changes no code. */
const COMMON_FLAGS = ['-std=c11', '-ffp-contract=off', '-g1'];
/** Wider vectors than AVX2 can lower the clock of a whole core. */
const AVX2_AT_MOST = process.arch === 'x64' ? ['-mno-avx512f'] : [];
/** Neither changes a result: loops that say they are independent are heeded, and both sides of a choice may be computed. */
const VECTORISING = ['-fopenmp-simd', '-fno-trapping-math'];
/** What became of each loop, as far as the compiler is GCC. */
const REPORT = ['-fopt-info-vec-optimized'];
const BUILDS = {
  nativeVector: ['-O3', '-march=native', ...AVX2_AT_MOST, ...VECTORISING, ...REPORT],
  nativeScalar: ['-O2', '-fno-tree-vectorize'],
} as const;

export type NativeBuild = keyof typeof BUILDS;
export const NATIVE_BUILDS = Object.keys(BUILDS) as NativeBuild[];

export interface NativePrograms {
  /** How the compiler is called. */
  command: string;
  /** First line of what the compiler says about itself. */
  compiler: string;
  /** A temporary folder, gone when this process ends. */
  folder: string;
  file(build: NativeBuild): string;
  /** What the vectorising build says of its loops; empty where the compiler does not tell. */
  vectorised: string;
}

function findCompiler(): { command: string; version: string } | undefined {
  for (const command of [process.env['CC'], ...COMPILERS]) {
    if (command === undefined || command === '') continue;
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.split('\n')[0]! };
  }
  return undefined;
}

/** Both builds, or why there are none. */
export function buildNative(): NativePrograms | string {
  const compiler = findCompiler();
  if (compiler === undefined) return `no C compiler (looked for ${COMPILERS.join(', ')}, and the variable CC names another)`;
  const folder = mkdtempSync(join(tmpdir(), 'packbench-native-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  writeFileSync(join(folder, 'layout.h'), layoutHeader());
  const sources = readdirSync(SOURCES)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(SOURCES, name));
  const file = (build: NativeBuild) => join(folder, build);
  let vectorised = '';
  for (const build of NATIVE_BUILDS) {
    const words = [...COMMON_FLAGS, ...BUILDS[build], '-I', folder, '-o', file(build), ...sources, '-lm'];
    const { status, stderr } = spawnSync(compiler.command, words, { encoding: 'utf8' });
    if (status !== 0) return `${compiler.command} ${words.join(' ')} failed:\n${stderr}`;
    if (build === 'nativeVector') vectorised = stderr.replaceAll(SOURCES, '');
  }
  return { command: compiler.command, compiler: compiler.version, folder, file, vectorised };
}

/** A running program on a copy of a compiled run's memory. */
export class NativeProcess {
  private readonly answers: AsyncIterator<string>;

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly memoryFile: string,
  ) {
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** `name` tells the memory's file apart from those of other runs. */
  static open(programs: NativePrograms, build: NativeBuild, name: string, memory: Uint8Array): NativeProcess {
    const memoryFile = join(programs.folder, `${name}.memory`);
    writeFileSync(memoryFile, memory);
    return new NativeProcess(spawn(programs.file(build), [memoryFile], { stdio: ['pipe', 'pipe', 'inherit'] }), memoryFile);
  }

  private async ask(line: string): Promise<number> {
    this.child.stdin.write(`${line}\n`);
    const answer = await this.answers.next();
    if (answer.done === true) throw new Error(`Internal error: the native program ended instead of answering "${line}"`);
    return Number(answer.value);
  }

  /** Runs until this many ticks are done; nanoseconds that it took. */
  runTo(lastTick: number): Promise<number> {
    return this.ask(`run ${lastTick}`);
  }

  async restart(): Promise<void> {
    await this.ask('restart');
  }

  /** The memory as it is now. */
  async memory(): Promise<Uint8Array> {
    await this.ask('save');
    return readFileSync(this.memoryFile);
  }

  close(): void {
    this.child.stdin.end();
  }
}
