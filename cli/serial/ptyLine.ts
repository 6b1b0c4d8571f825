/**
 * The line on a pseudo-terminal, for programs that open a serial port by its path. Node has none, so socat makes it.
 *
 * socat waits until somebody opens the terminal and ends when it is closed; then another one takes its place behind the same link.
 * So a reader gets nothing that was sent before it came, as with a port that nobody had opened.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { InputError } from '../../domain/errors.ts';
import type { Line, LineCounts } from './line.ts';
import { Outlet } from './outlet.ts';
import { TerminalLink } from './terminalLink.ts';

/** Prints what it does, ends with its terminal, and looks ten times a second whether somebody opened it. */
const SOCAT = ['-d', '-d', '-t', '0', 'PTY,raw,echo=0,wait-slave,pty-interval=0.1', 'STDIO'];
const SAYS_TERMINAL = / N PTY is (\S+)$/;
const SAYS_OPENED = / N starting data transfer loop /;

/** A terminal that was closed is replaced at once, one that could not be made is tried again at leisure. */
const NEXT_MS = 20;
const RETRY_MS = 1000;
/** How long a closing line waits for its reader to take the last bytes. */
const PATIENCE_MS = 300;

function missing(): InputError {
  return new InputError({
    code: 'missing_program',
    path: '--pty',
    message: 'a pseudo-terminal needs the program socat, which is not installed',
    allowed: 'with the package socat installed (apt-get install socat), or --tcp PORT',
  });
}

class PtyLine implements Line {
  readonly counts: LineCounts = { readers: 0, refused: 0, receivedBytes: 0, dropped: 0 };
  readonly address: string;
  private socat: ChildProcessWithoutNullStreams | undefined;
  /** There while somebody has the terminal open. */
  private outlet: Outlet | undefined;
  private next: NodeJS.Timeout | undefined;
  private closing = false;

  constructor(private readonly link: TerminalLink) {
    this.address = link.path;
  }

  /** Resolves when the link leads to a new terminal; rejects where none can be made. */
  open(): Promise<void> {
    const socat = spawn('socat', SOCAT);
    this.socat = socat;
    // Its end tells more than a broken pipe.
    socat.stdin.on('error', () => undefined);
    socat.stdout.on('data', (bytes: Buffer) => (this.counts.receivedBytes += bytes.length));
    let said = '';
    return new Promise((resolve, reject) => {
      createInterface(socat.stderr).on('line', (line) => {
        said = line;
        const device = SAYS_TERMINAL.exec(line)?.[1];
        if (SAYS_OPENED.test(line)) this.welcome(socat);
        if (device === undefined) return;
        try {
          this.link.leadTo(device);
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
      socat.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? missing() : error));
      socat.on('close', () => {
        reject(new Error(`socat made no terminal: ${said}`));
        this.replace(NEXT_MS);
      });
    });
  }

  private welcome(socat: ChildProcessWithoutNullStreams): void {
    this.counts.readers++;
    this.outlet = new Outlet(socat.stdin);
  }

  private forget(): void {
    this.counts.dropped += this.outlet?.dropped ?? 0;
    this.outlet = undefined;
  }

  private replace(after_ms: number): void {
    this.forget();
    if (this.closing) return;
    clearTimeout(this.next);
    this.next = setTimeout(() => void this.open().catch(() => this.replace(RETRY_MS)), after_ms);
  }

  write(bytes: Uint8Array): void {
    this.outlet?.write(bytes);
  }

  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.next);
    this.link.remove();
    const { socat } = this;
    if (socat === undefined || socat.exitCode !== null || socat.signalCode !== null || socat.pid === undefined) return;
    const ended = once(socat, 'close');
    if (this.outlet === undefined) socat.kill();
    else {
      this.outlet.finish();
      socat.stdin.end();
    }
    const impatience = setTimeout(() => socat.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
  }
}

/** A terminal behind a link at `path`; InputError where the link cannot be made or socat is not there. */
export async function openPtyLine(path: string): Promise<Line> {
  const line = new PtyLine(new TerminalLink(path));
  try {
    await line.open();
  } catch (error) {
    await line.close();
    throw error;
  }
  return line;
}
