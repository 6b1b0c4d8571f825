/**
 * Starts the worker and gives the page its lines to it: calls, frames and the state of the bench.
 * Both ends are held here for as long as the page lives; a proxy that is collected drops calls in flight.
 */
import * as Comlink from 'comlink';
import type { SimulationControl } from './protocol.ts';

export interface SimulationLine {
  control: Comlink.Remote<SimulationControl>;
  frames: MessagePort;
  bench: MessagePort;
  /** Where a worker that cannot go on is heard of. */
  worker: Worker;
}

export function connectSimulation(): SimulationLine {
  const worker = new Worker(new URL('../simulation.worker.ts', import.meta.url), { type: 'module' });
  const control = Comlink.wrap<SimulationControl>(worker);
  const frames = new MessageChannel();
  const bench = new MessageChannel();
  void control.connect(Comlink.transfer(frames.port2, [frames.port2]));
  void control.connectBench(Comlink.transfer(bench.port2, [bench.port2]));
  return { control, frames: frames.port1, bench: bench.port1, worker };
}
