/**
 * The kernel of the page's own build, fetched and compiled.
 * Separate because every worker that runs scenarios starts with it.
 */
import kernelUrl from '../../dist/kernel.wasm?url';
import { compileKernel, type KernelModule } from '../../engine/kernel.ts';

export async function fetchKernel(): Promise<KernelModule> {
  const response = await fetch(kernelUrl);
  if (!response.ok) throw new Error(`The kernel could not be read: ${response.status}`);
  return compileKernel(new Uint8Array(await response.arrayBuffer()));
}
