/**
 * The program that profile.ts looks into: the whole model on a kernel whose functions have names.
 * `KERNEL` prints ns per cell-tick of many ticks; `KERNEL FILE` writes its memory to a file, says that it is warm, and runs the same ticks for ever.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from '../../engine/compile.ts';
import { compileKernel } from '../../engine/kernel.ts';
import { openCases, WHOLE_MODEL } from '../cases.ts';
import { kernelRunner } from '../implementations.ts';
import { TICKS_AGAIN } from './instructions.ts';

const TICKS = 3_000_000;
/** By then the engine has made its best machine code. */
const WARM_TICKS = 100_000;

const [kernel, memoryFile] = process.argv.slice(2);
const module = await compileKernel(readFileSync(kernel!));
const { loaded } = (await openCases()).find(({ name }) => name === WHOLE_MODEL)!;
const run = await compile(loaded, module);
const runner = kernelRunner(run);
if (memoryFile === undefined) {
  const nanoseconds = await runner.runTo(TICKS);
  process.stdout.write(`${nanoseconds / (TICKS * loaded.scenario.pack.series)}\n`);
} else {
  writeFileSync(memoryFile, run.kernel.bytes);
  await runner.runTo(WARM_TICKS);
  process.stdout.write('warm\n');
  while (true) {
    await runner.restart();
    await runner.runTo(TICKS_AGAIN);
  }
}
