/**
 * Starts the worker and gives the page its two lines to it: calls and frames.
 * Both ends are held here for as long as the page lives; a proxy that is collected drops calls in flight.
 */
import * as Comlink from 'comlink';
import type { SimulationControl } from './protocol.ts';

export interface SimulationLine {
  control: Comlink.Remote<SimulationControl>;
  frames: MessagePort;
  /** Where a worker that cannot go on is heard of. */
  worker: Worker;
}

export function connectSimulation(): SimulationLine {
  const worker = new Worker(new URL('../simulation.worker.ts', import.meta.url), { type: 'module' });
  const control = Comlink.wrap<SimulationControl>(worker);
  const { port1, port2 } = new MessageChannel();
  void control.connect(Comlink.transfer(port2, [port2]));
  return { control, frames: port1, worker };
}
