/**
 * The three implementations behind one interface: both kernels in WebAssembly and the plain JavaScript.
 * Each can be run to a tick and set back to its start, which is the same for all three.
 */
import { RECORD_BASE } from '../domain/memory.ts';
import { compile, type CompiledRun } from '../engine/compile.ts';
import type { KernelModule } from '../engine/kernel.ts';
import type { LoadedScenario } from '../engine/load.ts';
import { drainEvents } from '../engine/events.ts';
import { openPlainRun, type PlainRun } from './plainJavaScript.ts';

export const IMPLEMENTATIONS = ['simd', 'scalar', 'javascript'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

export interface Runner {
  runTo(lastTick: number): void;
  restart(): void;
}

export interface Contestants {
  simd: CompiledRun;
  scalar: CompiledRun;
  plain: PlainRun;
  runners: Record<Implementation, Runner>;
}

const REACHED = 0;
const RING_FULL = 1;

/** The host drains the event ring where it has to, as in any run. */
function kernelRunner(run: CompiledRun): Runner {
  const start = run.kernel.bytes.slice(RECORD_BASE);
  return {
    runTo(lastTick) {
      let came = RING_FULL;
      while (came === RING_FULL) {
        came = run.kernel.exports.runTo(lastTick);
        drainEvents(run, run.scalars.run.tick_s);
      }
      if (came !== REACHED) throw new Error(`Internal error: the kernel came back with ${came} at tick ${run.scalars.run.tick}`);
    },
    restart: () => run.kernel.bytes.set(start, RECORD_BASE),
  };
}

export async function openContestants(loaded: LoadedScenario, kernels: Record<'simd' | 'scalar', KernelModule>): Promise<Contestants> {
  const simd = await compile(loaded, kernels.simd);
  const scalar = await compile(loaded, kernels.scalar);
  const plain = openPlainRun(simd);
  return { simd, scalar, plain, runners: { simd: kernelRunner(simd), scalar: kernelRunner(scalar), javascript: plain } };
}
