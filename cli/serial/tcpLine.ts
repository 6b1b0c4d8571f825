/**
 * The line on a TCP port of the loopback address: every reader gets the same bytes from the moment it comes.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { listenOn, LOOPBACK, portError } from '../loopback.ts';
import type { Line, LineCounts } from './line.ts';
import { Outlet } from './outlet.ts';

const MOST_READERS = 64;
const KEEP_ALIVE_MS = 10_000;
/** How long a closing line waits for readers to take their last bytes. */
const PATIENCE_MS = 300;
/** A browser, or a page of another site through it: nothing that reads a serial line speaks like this. */
const HTTP = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT) /;
const LONGEST_METHOD = 8;

class TcpLine implements Line {
  readonly counts: LineCounts = { readers: 0, refused: 0, receivedBytes: 0, dropped: 0 };
  readonly address: string;
  private readonly outlets = new Map<Socket, Outlet>();

  constructor(
    private readonly server: Server,
    port: number,
  ) {
    this.address = `${LOOPBACK}:${port}`;
    server.on('connection', (socket) => this.welcome(socket));
    server.on('drop', () => this.counts.refused++);
    // One that could not be accepted, for want of a descriptor: the others go on reading.
    server.on('error', () => this.counts.refused++);
  }

  private welcome(socket: Socket): void {
    this.counts.readers++;
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    this.outlets.set(socket, new Outlet(socket));
    let beginning = '';
    socket.on('data', (bytes: Buffer) => {
      this.counts.receivedBytes += bytes.length;
      beginning += bytes.toString('latin1', 0, LONGEST_METHOD - beginning.length);
      if (!HTTP.test(beginning)) return;
      this.counts.refused++;
      socket.destroy();
    });
    // A reader that is gone is no fault of the line: 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.forget(socket));
  }

  private forget(socket: Socket): void {
    this.counts.dropped += this.outlets.get(socket)!.dropped;
    this.outlets.delete(socket);
  }

  write(bytes: Uint8Array): void {
    for (const outlet of this.outlets.values()) outlet.write(bytes);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const last = [...this.outlets];
    for (const [socket, outlet] of last) {
      outlet.finish();
      socket.destroySoon();
    }
    const impatience = setTimeout(() => last.forEach(([socket]) => socket.destroy()), PATIENCE_MS);
    await closed;
    clearTimeout(impatience);
  }
}

/** Listens; InputError where the port cannot be had. */
export async function openTcpLine(port: number): Promise<Line> {
  // A reader may close its own direction at once, as tools fed from an empty file do, and go on reading.
  const server = createServer({ allowHalfOpen: true });
  server.maxConnections = MOST_READERS;
  try {
    return new TcpLine(server, await listenOn(server, port));
  } catch (error) {
    throw portError(port, error, '--tcp PORT');
  }
}
