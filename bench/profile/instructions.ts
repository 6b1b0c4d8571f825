/**
 * How many machine instructions a tick executes, stage by stage: of the kernel, as the engine has compiled it, and of the C program.
 * Both are followed instruction by instruction (tracer.c) through the same ticks. Linux on x86-64, with a C compiler.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { NativeBuild, NativePrograms } from '../native.ts';

/** What is repeated from its start and counted once: whole slow steps of a discharge. */
export const TICKS_AGAIN = 400;
/** Every tick comes here once, in the kernel and in C. */
const MARKER = 'addTotals';
const PERF_MAPS = '/tmp';

/** Files of the kernel and of the C program that do the same. */
const STAGES = {
  cells: ['plant/cell', 'plant/group', 'cells.c'],
  'parameters and heat': ['plant/parameters', 'plant/thermal', 'plant/reaction', 'lane', 'parameters.c', 'thermal.c'],
  'current through the pack': ['plant/network', 'plant/equipment', 'plant/profile', 'equipment.c'],
  'supply, bleeds, relays': ['plant/consumption', 'plant/draws', 'plant/leads', 'plant/relay', 'consumption.c', 'draws.c', 'relay.c'],
  firmware: ['firmware/', 'kernel/runFirmware', 'firmware.c', 'protection.c', 'unit.c'],
  'totals, extremes, exposure': ['time/totals', 'time/record', 'time/levels', 'time/exposure', 'totals.c', 'extremes.c'],
  'the tick, with what was put into it': ['kernel/', 'time/', 'address/', 'main.c', 'events.c'],
} as const;
export const STAGE_NAMES = Object.keys(STAGES) as (keyof typeof STAGES)[];

/** Instructions of a tick by stage; what belongs to none is the host's, which sets the state back. */
export type Instructions = Map<string, number>;

function stageOf(place: string): string {
  return STAGE_NAMES.find((name) => STAGES[name].some((start) => place.startsWith(start))) ?? 'elsewhere';
}

function output(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error === undefined && status === 0) return stdout;
  throw new Error(error === undefined ? `${command} failed: ${stderr}` : `${command} cannot be started: ${error.message}`);
}

/** Executions of each address over the ticks from the first one after `begin`, which is called when the process is being followed. */
async function follow(tracer: string, child: ChildProcess, marker: bigint, begin: () => void): Promise<[bigint, number][]> {
  const process = spawn(tracer, [String(child.pid), String(marker), String(TICKS_AGAIN)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts: [bigint, number][] = [];
  for await (const line of createInterface({ input: process.stdout })) {
    if (line === 'following') begin();
    else {
      const [address, count] = line.split(' ');
      counts.push([BigInt(address!), Number(count)]);
    }
  }
  return counts;
}

function sumByStage(counts: readonly [bigint, number][], placeOf: (address: bigint) => string): Instructions {
  const sums: Instructions = new Map();
  for (const [address, count] of counts) {
    const stage = stageOf(placeOf(address));
    sums.set(stage, (sums.get(stage) ?? 0) + count / TICKS_AGAIN);
  }
  return sums;
}

interface Piece {
  from: bigint;
  to: bigint;
  place: string;
}

/** Where the engine has put the functions of the kernel, in its best code. */
function kernelPieces(map: string): Piece[] {
  return [...map.matchAll(/^([0-9a-f]+) ([0-9a-f]+) JS:assembly\/(\S+)-\d+-turbofan$/gm)].map(([, from, size, place]) => ({
    from: BigInt(`0x${from}`),
    to: BigInt(`0x${from}`) + BigInt(`0x${size}`),
    place: place!,
  }));
}

/** Of a kernel, in a process that runs `program` for ever and leaves the state it began with in `memoryFile`. */
export async function kernelInstructions(program: string, kernel: string, tracer: string, memoryFile: string): Promise<Instructions> {
  const child = spawn(process.execPath, ['--perf-basic-prof', program, kernel, memoryFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: PERF_MAPS,
  });
  const mapFile = `${PERF_MAPS}/perf-${child.pid}.map`;
  try {
    await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const pieces = kernelPieces(readFileSync(mapFile, 'utf8'));
    const marker = pieces.find(({ place }) => place.includes(`/${MARKER}<`))!.from;
    const placeOf = (address: bigint) => pieces.find(({ from, to }) => address >= from && address < to)?.place ?? '';
    return sumByStage(await follow(tracer, child, marker, () => {}), placeOf);
  } finally {
    child.kill('SIGKILL');
    rmSync(mapFile, { force: true });
  }
}

/** Where a program lies in memory: addresses in its file count from here. */
function baseOf(child: ChildProcess, file: string): bigint {
  const path = realpathSync(file);
  const line = readFileSync(`/proc/${child.pid}/maps`, 'utf8')
    .split('\n')
    .find((each) => each.endsWith(path))!;
  return BigInt(`0x${line.split('-')[0]}`);
}

/** The source file of each address, that of the function which the compiler put it into. */
function sourcesOf(file: string, addresses: readonly bigint[]): Map<bigint, string> {
  const asked = addresses.map((address) => `0x${address.toString(16)}`);
  const answer = output('addr2line', ['-a', '-i', '-e', file], asked.join('\n'));
  return new Map(
    answer
      .split(/^0x/m)
      .slice(1)
      .map((block) => {
        const [address, ...frames] = block.trim().split('\n');
        return [BigInt(`0x${address}`), basename(frames.at(-1)!.split(':')[0]!)] as const;
      }),
  );
}

/** Of a build of the C program, through the ticks that begin at the state in `memoryFile`. */
export async function nativeInstructions(
  programs: NativePrograms,
  build: NativeBuild,
  tracer: string,
  memoryFile: string,
): Promise<Instructions> {
  const file = programs.file(build);
  const child = spawn(file, [memoryFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    child.stdin.write('restart\n');
    await once(child.stdout, 'data');
    const base = baseOf(child, file);
    const symbol = output('nm', [file])
      .split('\n')
      .find((line) => line.endsWith(` ${MARKER}`))!;
    // One tick more, so that the last one that counts ends at the marker.
    const begin = () => child.stdin.write(`run ${TICKS_AGAIN + 1}\n`);
    const counts = await follow(tracer, child, base + BigInt(`0x${symbol.split(' ')[0]}`), begin);
    const sources = sourcesOf(
      file,
      counts.map(([address]) => address - base),
    );
    return sumByStage(counts, (address) => sources.get(address - base) ?? '');
  } finally {
    child.kill('SIGKILL');
  }
}
