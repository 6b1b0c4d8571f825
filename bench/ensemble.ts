/**
 * What a tick costs in a study of many different runs, over what it costs in one: every run has a kernel and a memory of its own.
 * Compiling is not counted; the single run is timed between runs of the study.
 */
import { compile } from '../engine/compile.ts';
import type { KernelModule } from '../engine/kernel.ts';
import type { LoadedScenario } from '../engine/load.ts';
import { kernelRunner } from './implementations.ts';
import { medianOf } from './measure.ts';

export const ENSEMBLE_RUNS = 10_000;
const TICKS = 1000;
/** Runs of the study between two of the single one, which begins anew each time. */
const BLOCK = 100;

/** `announce` gets the share of the study that is done. */
export async function ensembleRatio(loaded: LoadedScenario, module: KernelModule, announce: (share: number) => void): Promise<number> {
  const single = kernelRunner(await compile(loaded, module));
  const quotients: number[] = [];
  for (let seed = 0; seed < ENSEMBLE_RUNS; seed += BLOCK) {
    let ensemble = 0;
    let alone = 0;
    for (let run = 0; run < BLOCK; run++) {
      const scenario = { ...loaded.scenario, seed: seed + run };
      ensemble += await kernelRunner(await compile({ ...loaded, scenario }, module)).runTo(TICKS);
      await single.restart();
      alone += await single.runTo(TICKS);
    }
    quotients.push(ensemble / alone);
    announce((seed + BLOCK) / ENSEMBLE_RUNS);
  }
  return medianOf(quotients);
}
