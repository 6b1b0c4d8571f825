/**
 * `packbench serial`: a scenario in real time on a line that other programs read, by TCP or as a terminal.
 * When the scenario ends the line falls silent and closes; with --keep it stays open in silence, as from a unit that died.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../domain/errors.ts';
import { parseAssignment } from '../../domain/scenario/paths.ts';
import { EXIT, say } from '../answer.ts';
import { decimalNumber, wholeNumber } from '../arguments.ts';
import type { Line } from './line.ts';
import { openPtyLine } from './ptyLine.ts';
import type { FromThread, RunEnd, SerialTask } from './serialThread.ts';
import { openTcpLine } from './tcpLine.ts';

export interface SerialArguments {
  tcp?: string;
  pty?: string;
  speed: string;
  seed?: string;
  set: string[];
  keep: boolean;
}

type End = RunEnd | { status: 'cancelled' };

const THREAD = fileURLToPath(new URL('./serialThread.js', import.meta.url));
const SLOWEST = 0.001;
const FASTEST = 10_000;
const EXIT_OF = { completed: EXIT.ok, failed: EXIT.ourFault, cancelled: EXIT.cancelled } as const;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How the line is opened, once the scenario is known to be good. */
function openerOf({ tcp, pty }: SerialArguments): () => Promise<Line> {
  if (pty !== undefined && tcp === undefined) return () => openPtyLine(pty);
  const port = wholeNumber(tcp, '--tcp', 0);
  if (port !== undefined && pty === undefined) return () => openTcpLine(port);
  throw new InputError({ code: 'argument', message: 'the line needs one place', allowed: '--tcp PORT or --pty PATH' });
}

function taskOf(file: string, { set, seed, speed }: SerialArguments): SerialTask {
  return {
    file,
    set: set.map(parseAssignment),
    seed: wholeNumber(seed, '--seed', 0),
    speed: decimalNumber(speed, '--speed', SLOWEST, FASTEST),
  };
}

/** Resolves when somebody wants the program to end. */
function stopAsked(): Promise<End> {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve({ status: 'cancelled' }));
  });
}

/** A scenario that is played on a line: `ended` tells how, and rejects where it never began. */
class Transmission {
  line: Line | undefined;
  private writes = 0;
  private readonly thread: Worker;
  readonly ended: Promise<End>;

  constructor(task: SerialTask, open: () => Promise<Line>) {
    this.thread = new Worker(THREAD, { workerData: task });
    this.ended = new Promise((resolve, reject) => {
      this.thread.on('error', reject);
      this.thread.on('message', (message: FromThread) => {
        if (message.kind === 'write') this.write(message.bytes);
        else if (message.kind === 'ended') resolve(message.end);
        else if (message.kind === 'refused') reject(new InputError(message.error));
        else this.begin(open).catch(reject);
      });
    });
  }

  private async begin(open: () => Promise<Line>): Promise<void> {
    this.line = await open();
    process.stdout.write(`listening ${this.line.address}\n`);
    this.thread.postMessage('begin');
  }

  private write(bytes: Uint8Array): void {
    this.writes++;
    this.line?.write(bytes);
  }

  /** Ends thread and line, and says what happened on it. */
  async close(): Promise<void> {
    await this.thread.terminate();
    if (this.line === undefined) return;
    await this.line.close();
    const { readers, refused, receivedBytes, dropped } = this.line.counts;
    say(
      `${this.writes} writes, ${readers} readers (${refused} refused), ${receivedBytes} bytes received and dropped, ${dropped} writes lost`,
    );
  }
}

export async function serial(file: string, options: SerialArguments): Promise<void> {
  const transmission = new Transmission(taskOf(file, options), openerOf(options));
  const cancelled = stopAsked();
  try {
    let end = await Promise.race([transmission.ended, cancelled]);
    if (end.status === 'completed' && options.keep) {
      say('the scenario has ended; the line stays open in silence');
      end = await cancelled;
    }
    if (end.status === 'failed') say(end.failure);
    process.exitCode = EXIT_OF[end.status];
  } finally {
    await transmission.close();
  }
}
