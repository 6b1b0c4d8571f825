/**
 * The line on a TCP port under readers of every kind; whatever one of them does, another sees a clean line.
 */
import { connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Line } from '../../cli/serial/line.ts';
import { Outlet } from '../../cli/serial/outlet.ts';
import { openTcpLine } from '../../cli/serial/tcpLine.ts';
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { PATIENCE_ms } from '../patience.ts';
import { GOLDEN, joined } from './golden.ts';

const FRAME = GOLDEN[1]!.bytes;
const lines: Line[] = [];
afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
});

async function openLine(): Promise<Line> {
  const line = await openTcpLine(0);
  lines.push(line);
  return line;
}

interface Reader {
  socket: Socket;
  decoder: LineDecoder;
  bytes: number;
  closed: boolean;
}

/** A reader that has been welcomed. */
async function read(line: Line): Promise<Reader> {
  const [host, port] = line.address.split(':');
  const before = line.counts.readers;
  const socket = connect(Number(port), host);
  const reader: Reader = { socket, decoder: new LineDecoder(() => undefined), bytes: 0, closed: false };
  socket.on('error', () => undefined).on('close', () => (reader.closed = true));
  socket.on('data', (bytes: Buffer) => {
    reader.bytes += bytes.length;
    reader.decoder.push(bytes);
  });
  await until(() => line.counts.readers > before || reader.closed);
  return reader;
}

async function until(holds: () => boolean): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(5))
    if (performance.now() - start > PATIENCE_ms) throw new Error(`never came: ${String(holds)}`);
}

/** Resolves when a value stays the same for a while. */
async function settled(value: () => number): Promise<void> {
  for (let before = -1; value() !== before; await sleep(200)) before = value();
}

/** Writes that are sent as fast as a reader that reads can take them. */
async function send(line: Line, bytes: Uint8Array, writes: number): Promise<void> {
  for (let i = 0; i < writes; i++) {
    line.write(bytes);
    if (i % 5 === 0) await turn();
  }
}

describe('one reader does not disturb another', () => {
  it('a reader that never reads loses old frames, whole ones; the other gets every frame', async () => {
    const line = await openLine();
    const quick = await read(line);
    const slow = await read(line);
    slow.socket.pause();
    const together = 20;
    const writes = 20_000;
    await send(line, joined(...Array<Uint8Array>(together).fill(FRAME)), writes);
    await until(() => quick.decoder.counts.frames === writes * together);
    expect(quick.decoder.counts.garbageBytes).toBe(0);
    slow.socket.resume();
    await settled(() => slow.bytes);
    await line.close();
    await until(() => slow.closed);
    const { counts, waitingBytes } = slow.decoder;
    expect(counts.frames).toBeGreaterThan(0);
    expect(line.counts.dropped).toBeGreaterThan(0);
    expect(counts.frames / together + line.counts.dropped).toBe(writes);
    expect({ garbage: counts.garbageBytes, badSums: counts.badSums, waitingBytes }).toEqual({ garbage: 0, badSums: 0, waitingBytes: 0 });
  });

  it('readers that vanish, with and without a word, are forgotten', async () => {
    const line = await openLine();
    const stays = await read(line);
    const [reset, closed] = [await read(line), await read(line)];
    reset.socket.resetAndDestroy();
    closed.socket.destroy();
    await send(line, FRAME, 1000);
    await until(() => stays.decoder.counts.frames === 1000);
    expect(line.counts.readers).toBe(3);
  });

  it('a reader that closes its own direction goes on reading', async () => {
    const line = await openLine();
    const reader = await read(line);
    reader.socket.end();
    await sleep(50);
    line.write(FRAME);
    await until(() => reader.decoder.counts.frames === 1);
  });

  it('bytes that a reader sends are counted and nothing else', async () => {
    const line = await openLine();
    const [talker, other] = [await read(line), await read(line)];
    const words = Buffer.alloc(1 << 20, 'GE \u0001\u0010write ');
    talker.socket.write(words);
    await until(() => line.counts.receivedBytes === words.length);
    line.write(FRAME);
    await until(() => talker.decoder.counts.frames === 1 && other.decoder.counts.frames === 1);
    expect(line.counts.refused).toBe(0);
  });

  it.each([
    ['a browser', ['GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n']],
    ['a WebSocket of another site', ['GET / HTTP/1.1\r\nOrigin: https://evil\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n']],
    ['a form of another site', ['POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\nx']],
    ['a browser that comes in pieces', ['GE', 'T', ' /']],
  ])('%s is shut out, the others read on', async (_what, pieces) => {
    const line = await openLine();
    const [browser, other] = [await read(line), await read(line)];
    for (const piece of pieces) {
      browser.socket.write(piece);
      await sleep(20);
    }
    await until(() => browser.closed);
    line.write(FRAME);
    await until(() => other.decoder.counts.frames === 1);
    expect(browser.bytes).toBe(0);
    expect(line.counts.refused).toBe(1);
  });

  it('of 300 readers at once 64 are served, the others are turned away', async () => {
    const line = await openLine();
    const first = await read(line);
    const crowd = await Promise.all(Array.from({ length: 299 }, () => read(line)));
    await until(() => crowd.filter(({ closed }) => closed).length === 236);
    line.write(FRAME);
    await until(() => first.decoder.counts.frames === 1);
    expect(line.counts).toMatchObject({ readers: 64, refused: 236 });
  });

  it('is heard on the loopback address alone', async () => {
    expect((await openLine()).address).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});

describe('an outlet', () => {
  /** A stream that takes nothing until it is told to. */
  function stuck() {
    const taken: number[] = [];
    let release: (() => void) | undefined;
    const stream = new Writable({
      highWaterMark: 10,
      write(chunk: Buffer, _encoding, done) {
        taken.push(...chunk);
        release = done;
      },
    });
    const free = () => {
      const done = release;
      release = undefined;
      done?.();
    };
    return { stream, taken, release: free };
  }

  it('gives every frame to the stream in one write of its own, those that had to wait too', async () => {
    const writes: number[] = [];
    const stream = new Writable({
      highWaterMark: 10,
      write(chunk: Buffer, _encoding, done) {
        writes.push(chunk.length);
        setImmediate(done);
      },
    });
    const outlet = new Outlet(stream);
    const sent = GOLDEN.map(({ bytes }) => bytes);
    for (const bytes of sent) outlet.write(bytes);
    await until(() => writes.length === sent.length);
    expect(writes).toEqual(sent.map(({ length }) => length));
  });

  it('keeps the newest whole writes within its bound and drops the oldest', async () => {
    const { stream, taken, release } = stuck();
    const outlet = new Outlet(stream, 20);
    for (let i = 0; i < 10; i++) outlet.write(new Uint8Array(6).fill(i));
    for (let i = 0; i < 20; i++) {
      release();
      await turn();
    }
    // Two writes fill the stream, three fit into the bound.
    expect(taken.filter((_, at) => at % 6 === 0)).toEqual([0, 1, 7, 8, 9]);
    expect(taken.length).toBe(5 * 6);
    expect(outlet.dropped).toBe(5);
  });
});
