/**
 * The border between engine and kernel: one memory that never grows, one import, and a layout that both must agree on.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { layoutFingerprint } from '../../domain/fingerprint.ts';
import { Kernel, sha256 } from '../../engine/kernel.ts';
import { BUSY_FILES, BUSY_PACK } from '../properties/busyPack.ts';
import { inRepository, kernelModule, type KernelName, openRun } from '../scenarios.ts';

const KERNELS: KernelName[] = ['simd', 'scalar'];

/** Signed LEB128, as WebAssembly writes constants. */
function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const last = (rest >> 7 === 0 && (rest & 0x40) === 0) || (rest >> 7 === -1 && (rest & 0x40) !== 0);
    bytes.push((rest & 0x7f) | (last ? 0 : 0x80));
    if (last) return bytes;
  }
}

/** A module with nothing in it but `fingerprint`, which answers a constant, and the memory that every kernel asks for. */
async function kernelThatAnswers(fingerprint: number) {
  const text = (name: string) => [name.length, ...new TextEncoder().encode(name)];
  const section = (id: number, bytes: number[]) => [id, bytes.length, ...bytes];
  const body = [0, 0x41, ...leb128(fingerprint), 0x0b];
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 1, 0x7f]),
    ...section(2, [1, ...text('env'), ...text('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('fingerprint'), 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ]);
  return { module: await WebAssembly.compile(bytes), hash: await sha256(bytes) };
}

describe('engine and kernel agree on every address', () => {
  it.each(KERNELS)('the %s kernel has the fingerprint of the engine', async (name) => {
    const kernel = await Kernel.open(await kernelModule(name), 1 << 20);
    expect(kernel.exports.fingerprint()).toBe(layoutFingerprint());
  });

  it.each([0, 1, -1, 123_456_789])('a kernel whose fingerprint is off by %d is refused, unless that is 0', async (off) => {
    const expected = layoutFingerprint();
    const opened = Kernel.open(await kernelThatAnswers((expected + off) | 0), 1 << 16);
    if (off === 0) await expect(opened).resolves.toBeInstanceOf(Kernel);
    else await expect(opened).rejects.toThrow(/another memory layout.*"kernel":-?\d+.*"engine":-?\d+/);
  });

  it('the generated layout is the one in the table, and every column has one writer', () => {
    const output = execFileSync(process.execPath, [inRepository('node_modules/tsx/dist/cli.mjs'), 'tools/layout.ts', '--check'], {
      cwd: inRepository('.'),
      encoding: 'utf8',
    });
    expect(output).not.toMatch(/error/i);
  });
});

describe('a kernel can reach nothing but its memory', () => {
  it.each(KERNELS)('the %s kernel imports env.memory and nothing else', async (name) => {
    const { module } = await kernelModule(name);
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  });

  it.each(KERNELS)('the %s kernel exports functions only', async (name) => {
    const { module } = await kernelModule(name);
    const names = ['exp', 'fingerprint', 'log', 'normal', 'restartRecorder', 'runTo', 'settle', 'start'];
    const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function');
    expect(functions.map((one) => one.name)).toEqual(expect.arrayContaining(names));
    expect(WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'memory' || kind === 'table')).toEqual([]);
  });

  it.each(KERNELS)('the memory of a run of the %s kernel has its final size from the start and cannot grow', async (kernel) => {
    const run = await openRun(BUSY_PACK, { ...BUSY_FILES, kernel });
    const { memory, f64 } = run.compiled.kernel;
    const bytes = memory.buffer.byteLength;
    const { buffer } = memory;
    run.advance();
    expect(run.status).toBe('completed');
    expect(memory.buffer).toBe(buffer);
    expect(memory.buffer.byteLength).toBe(bytes);
    expect(f64.byteLength).toBe(bytes);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});
