/**
 * The implementations behind one interface: both kernels in WebAssembly, one of them recording as well, the plain JavaScript and the C program in two builds.
 * Each can be run to a tick, looked at and set back to its start, which is the same for all.
 */
import { RECORD_BASE } from '../domain/memory.ts';
import { compile, type CompiledRun } from '../engine/compile.ts';
import { drainEvents } from '../engine/events.ts';
import type { KernelModule } from '../engine/kernel.ts';
import type { LoadedScenario } from '../engine/load.ts';
import { NATIVE_BUILDS, type NativeBuild, type NativePrograms, NativeProcess } from './native.ts';
import { openPlainRun } from './plainJavaScript.ts';

export const IMPLEMENTATIONS = ['simd', 'recording', 'scalar', 'javascript', 'nativeVector', 'nativeScalar'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** How people read the names. */
export const TITLES: Record<Implementation, string> = {
  simd: 'simd',
  recording: 'simd, recording',
  scalar: 'scalar',
  javascript: 'plain JavaScript',
  nativeVector: 'native -O3',
  nativeScalar: 'native -O2 without vectorising',
};

/** What implementations are compared by. */
export interface Look {
  voltage_V: ArrayLike<number>;
  soc: ArrayLike<number>;
  chargeClosed: number;
  dischargeClosed: number;
  events: number;
}

export interface Runner {
  /** Runs until this many ticks are done; nanoseconds that it took. */
  runTo(lastTick: number): number | Promise<number>;
  restart(): void | Promise<void>;
  look(): Look | Promise<Look>;
  close(): void;
}

export interface Contestants {
  simd: CompiledRun;
  scalar: CompiledRun;
  recording: CompiledRun;
  /** Those that know the case. */
  runners: ReadonlyMap<Implementation, Runner>;
}

const REACHED = 0;
const RING_FULL = 1;
const NOTHING = (): void => {};

function timed(work: () => void): number {
  const before = performance.now();
  work();
  return (performance.now() - before) * 1e6;
}

function lookAt({ cells, scalars: { event, run }, structures: { relay } }: CompiledRun): Look {
  const column = (name: 'voltage_V' | 'soc') => Float64Array.from({ length: run.groupCount }, (_, group) => cells[name].get(group));
  const [chargeClosed, dischargeClosed] = [relay[0]!.closed, relay[1]!.closed];
  return { voltage_V: column('voltage_V'), soc: column('soc'), chargeClosed, dischargeClosed, events: event.total };
}

/** The host drains the event ring where it has to, as in any run. */
export function kernelRunner(run: CompiledRun): Runner {
  const start = run.kernel.bytes.slice(RECORD_BASE);
  const runTo = (lastTick: number) => {
    let came = RING_FULL;
    while (came === RING_FULL) {
      came = run.kernel.exports.runTo(lastTick);
      drainEvents(run, run.scalars.run.tick_s);
    }
    if (came !== REACHED) throw new Error(`Internal error: the kernel came back with ${came} at tick ${run.scalars.run.tick}`);
  };
  return {
    runTo: (lastTick) => timed(() => runTo(lastTick)),
    restart: () => run.kernel.bytes.set(start, RECORD_BASE),
    look: () => lookAt(run),
    close: NOTHING,
  };
}

function plainRunner(compiled: CompiledRun): Runner {
  const plain = openPlainRun(compiled);
  const { cells, relays, events } = plain.state;
  return {
    runTo: (lastTick) => timed(() => plain.runTo(lastTick)),
    restart: () => plain.restart(),
    look: () => ({
      voltage_V: cells.voltage_V,
      soc: cells.soc,
      chargeClosed: relays.charge.closed,
      dischargeClosed: relays.discharge.closed,
      events: events.total,
    }),
    close: NOTHING,
  };
}

/** `mirror` is a compiled run that nobody runs: the program's memory is read through its views. */
function nativeRunner(programs: NativePrograms, build: NativeBuild, name: string, mirror: CompiledRun): Runner {
  const process = NativeProcess.open(programs, build, `${name}-${build}`.replaceAll(' ', '-'), mirror.kernel.bytes);
  return {
    runTo: (lastTick) => process.runTo(lastTick),
    restart: () => process.restart(),
    look: async () => {
      mirror.kernel.bytes.set(await process.memory());
      return lookAt(mirror);
    },
    close: () => process.close(),
  };
}

/** Only the kernels know cells in parallel and faults; the C program takes part where it could be built. */
export async function openContestants(
  name: string,
  loaded: LoadedScenario,
  kernels: Record<'simd' | 'scalar', KernelModule>,
  programs: NativePrograms | undefined,
): Promise<Contestants> {
  const simd = await compile(loaded, kernels.simd);
  const scalar = await compile(loaded, kernels.scalar);
  const recording = await compile(loaded, kernels.simd, { recording: {} });
  const runners = new Map<Implementation, Runner>([
    ['simd', kernelRunner(simd)],
    ['recording', kernelRunner(recording)],
    ['scalar', kernelRunner(scalar)],
  ]);
  if (loaded.scenario.pack.parallel > 1 || loaded.scenario.faults.length > 0) return { simd, scalar, recording, runners };
  runners.set('javascript', plainRunner(simd));
  if (programs === undefined) return { simd, scalar, recording, runners };
  for (const build of NATIVE_BUILDS) runners.set(build, nativeRunner(programs, build, name, await compile(loaded, kernels.simd)));
  return { simd, scalar, recording, runners };
}
