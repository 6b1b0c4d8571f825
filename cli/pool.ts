/**
 * Simulations on a pool of threads, with a progress line and Ctrl-C: what every command that runs scenarios stands on.
 * Answers come in the order of the tasks, whatever thread was faster.
 */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import Piscina from 'piscina';
import { CANCEL, type Progress, type SimulationAnswer, type SimulationTask } from './simulation.ts';

const SIMULATION = fileURLToPath(new URL('./simulation.js', import.meta.url));
const SHOW_AFTER_MS = 1000;

const FINISHED = { tick: 1, ticks: 1 };

/** One line for all runs, on standard error, from the second second on. */
class ProgressLine {
  private readonly latest = new Map<number, Pick<Progress, 'tick' | 'ticks'>>();
  private readonly started = performance.now();
  private shownAt = 0;

  constructor(private readonly runs: number) {}

  update(index: number, progress: Progress): void {
    this.latest.set(index, progress);
    const now = performance.now();
    if (now - this.started < SHOW_AFTER_MS || now - this.shownAt < (process.stderr.isTTY ? 200 : 5000)) return;
    this.shownAt = now;
    const done = [...this.latest.values()].reduce((sum, one) => sum + one.tick / one.ticks, 0) / this.runs;
    const left = ((now - this.started) / 1000) * (1 / Math.max(done, 1e-6) - 1);
    const text = `${(done * 100).toFixed(1)} %  simulated ${Math.round(progress.time_s)} s  about ${Math.ceil(left)} s left`;
    process.stderr.write(process.stderr.isTTY ? `\r${text.padEnd(78)}` : `${text}\n`);
  }

  /** Short runs end before they have said anything. */
  done(index: number): void {
    this.latest.set(index, FINISHED);
  }

  end(): void {
    if (this.shownAt > 0 && process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(78)}\r`);
  }
}

/** How long a cancelled thread may take to answer before it is ended. */
const PATIENCE_MS = 2000;

function simulateIn(
  pool: Piscina,
  task: Omit<SimulationTask, 'port'>,
  kill: AbortSignal,
  cancel: AbortSignal,
  progress: (progress: Progress) => void,
): Promise<SimulationAnswer> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', progress);
  cancel.addEventListener('abort', () => port1.postMessage(CANCEL));
  return (pool.run({ ...task, port: port2 }, { transferList: [port2], signal: kill }) as Promise<SimulationAnswer>).finally(() =>
    port1.close(),
  );
}

/** The answers in order; undefined where a thread had to be ended before it could answer. */
export async function simulateAll(tasks: Omit<SimulationTask, 'port'>[]): Promise<SimulationAnswer[] | undefined> {
  const pool = new Piscina({
    filename: SIMULATION,
    maxThreads: Math.min(availableParallelism(), tasks.length),
    minThreads: 1,
    idleTimeout: 1000,
  });
  const cancel = new AbortController();
  const kill = new AbortController();
  // Every task listens to both.
  setMaxListeners(0, cancel.signal, kill.signal);
  const stop = () => {
    cancel.abort();
    setTimeout(() => kill.abort(), PATIENCE_MS).unref();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const line = new ProgressLine(tasks.length);
  try {
    return await Promise.all(
      tasks.map(async (task, index) => {
        const answer = await simulateIn(pool, task, kill.signal, cancel.signal, (progress) => line.update(index, progress));
        line.done(index);
        return answer;
      }),
    );
  } catch (error) {
    if (kill.signal.aborted) return undefined;
    throw error;
  } finally {
    line.end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await pool.destroy();
  }
}
