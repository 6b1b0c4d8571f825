/** The program that profile.ts looks into: the whole model for many ticks, on a kernel whose functions have names. Prints ns per cell-tick. */
import { readFileSync } from 'node:fs';
import { compile } from '../engine/compile.ts';
import { compileKernel } from '../engine/kernel.ts';
import { openCases, WHOLE_MODEL } from './cases.ts';
import { kernelRunner } from './implementations.ts';

const TICKS = 3_000_000;

const module = await compileKernel(readFileSync(new URL('./kernel.named.wasm', import.meta.url)));
const { loaded } = (await openCases()).find(({ name }) => name === WHOLE_MODEL)!;
const runner = kernelRunner(await compile(loaded, module));
const nanoseconds = await runner.runTo(TICKS);
process.stdout.write(`${nanoseconds / (TICKS * loaded.scenario.pack.series)}\n`);
