/**
 * `packbench serial` as another program meets it: a line that says what the run measured, and that ends as it should.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createReadStream, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { DecodedFrame } from '../../engine/serial/frame.ts';
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { bench } from '../firmware/bench.ts';
import { joined } from '../serial/golden.ts';
import { allowed_ms, columnsOf, Folder, packbench, start } from './packbench.ts';

const folder = new Folder();
afterAll(() => folder.remove());

/** Noise in every channel, so that no two readings are the same and a reader can tell which one it has. */
const noisy = (duration_s: number) =>
  bench({
    bms: { sensing: { noise_V: 0.05, current: { noise_A: 3 } }, firmware: 'V1.25' },
    scenario: { duration_s, source: { constantCurrent_A: 20 } },
  });
const NOISY = folder.scenario('noisy.json', noisy(60));
const LONG = folder.scenario('long.json', noisy(100_000));

/** Starts the line; resolves when it is ready. */
async function play(args: readonly string[]) {
  const started = performance.now();
  const { child, answer } = start(['serial', ...args]);
  const address = new Promise<string>((resolve) => {
    child.stdout!.once('data', (text: string) => resolve(/^listening (.+)\n$/.exec(text)?.[1] ?? text));
  });
  const ended = answer.then((end) => ({ ...end, after_ms: performance.now() - started }));
  const first = await Promise.race([address, ended.then((end) => Promise.reject(new Error(`it ended: ${end.stderr}`)))]);
  return { child, answer: ended, address: first };
}

/** Everything that a reader gets until the line closes. */
function readAll(address: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    socket.on('data', (bytes: Buffer) => pieces.push(bytes));
    socket.on('error', reject).on('close', () => resolve(joined(...pieces)));
  });
}

function framesIn(bytes: Uint8Array): DecodedFrame[] {
  const frames: DecodedFrame[] = [];
  const decoder = new LineDecoder((frame) => frames.push(frame));
  decoder.push(bytes);
  const { garbageBytes, badSums, cutFrames } = decoder.counts;
  expect({ garbageBytes, badSums, cutFrames, waiting: decoder.waitingBytes }).toEqual({
    garbageBytes: 0,
    badSums: 0,
    cutFrames: 0,
    waiting: 0,
  });
  return frames;
}

function endsWith(whole: readonly unknown[], end: readonly unknown[]): void {
  expect(end.length).toBeGreaterThan(5);
  expect(end).toEqual(whole.slice(whole.length - end.length));
}

describe('a reader of the port', () => {
  it('sees what the run measured, second by second, to its end; a second one sees the same bytes', async () => {
    const { address, answer } = await play([NOISY, '--tcp', '0', '--speed', '20']);
    const first = readAll(address);
    const vanishing = connect(Number(address.split(':')[1]), '127.0.0.1');
    await once(vanishing, 'data');
    vanishing.resetAndDestroy();
    const second = readAll(address);
    const [all, rest] = await Promise.all([first, second]);
    expect(await answer).toMatchObject({ code: 0, stdout: `listening ${address}\n`, stderr: expect.stringMatching(/3 readers/) });
    expect(rest.length).toBeGreaterThan(300);
    expect(Buffer.from(all.subarray(all.length - rest.length)).equals(rest)).toBe(true);

    const out = join(folder.path, 'noisy.csv');
    const channels = 'measuredCell.voltage_V,measured.current_A,measured.temperature_degC,estimate.soc';
    await packbench(['run', NOISY, '--csv', out, '--channels', channels, '--every', '2']);
    const columns = columnsOf(folder.read('noisy.csv'));
    const at = (name: string) => columns[name]!;
    const seconds = at('time_s').map((_, row) => row);
    const frames = framesIn(all);
    endsWith(
      seconds.filter((row) => row % 2 === 0).map((row) => [0, 1, 2, 3].map((group) => at(`measuredCell.voltage_V[${group}]`)[row])),
      frames.flatMap((frame) => (frame.frame === 'cellVoltages' ? [frame.values.cell_V.slice(0, 4)] : [])),
    );
    endsWith(
      seconds.map((row) => [Math.abs(at('measured.current_A')[row]!), at('measured.temperature_degC[0]')[row]]),
      frames.flatMap((frame) => (frame.frame === 'measuredValues' ? [[frame.values.current_A, frame.values.temperature1_degC]] : [])),
    );
    const last = frames.findLast((frame) => frame.frame === 'measuredValues')!.values;
    expect(last.soc_fraction).toBeCloseTo(Math.round(at('estimate.soc').at(-1)! * 100) / 100, 9);
    expect(last.chargeEnd_V).toBe(3.65);
  });

  it('--speed 20 takes a twentieth of the time, and same scenario and seed give the same bytes', async () => {
    const lines = await Promise.all(['5', '5', '6'].map((seed) => play([NOISY, '--tcp', '0', '--speed', '20', '--seed', seed])));
    const all = await Promise.all(lines.map(({ address }) => readAll(address)));
    const ends = await Promise.all(lines.map(({ answer }) => answer));
    for (const { code, after_ms } of ends) {
      expect(code).toBe(0);
      expect(after_ms).toBeGreaterThan(3000);
    }
    const tails = all.map((bytes) => Buffer.from(bytes.subarray(bytes.length - 800)).toString('hex'));
    expect(tails[1]).toBe(tails[0]);
    expect(tails[2]).not.toBe(tails[0]);
  });

  it('--set changes the scenario: a 24T of the newest firmware', async () => {
    const set = ['--set', 'bms.model=24T', '--set', 'bms.firmware=V1.26', '--set', 'duration_s=20'];
    const { address, answer } = await play([NOISY, '--tcp', '0', '--speed', '20', ...set]);
    const frames = framesIn(await readAll(address));
    expect(frames.find((frame) => frame.frame === 'cellVoltages')!.values.cell_V.length).toBe(24);
    expect(frames.find((frame) => frame.frame === 'measuredValues')!.values.dischargeEnd_V).toBe(2.5);
    expect((await answer).code).toBe(0);
  });

  it('a firmware update on the way: silence while the image is sent, then the frames of the new version', async () => {
    const steps = [
      { time_s: 40, do: 'startUpdateTool', version: 'v1.03' },
      { time_s: 40, do: 'connectUsb', unit: 'main' },
      { time_s: 40, do: 'openPort' },
      { time_s: 40, do: 'openFile', model: '8T', for: 'main', firmware: 'V1.26' },
      { time_s: 40, do: 'update' },
    ] as const;
    const file = folder.scenario('updated.json', { ...noisy(90), commands: [...steps] });
    const { address, answer } = await play([file, '--tcp', '0', '--speed', '10']);
    const forms = framesIn(await readAll(address)).flatMap((frame) => (frame.frame === 'measuredValues' ? [frame.firmwares.at(-1)] : []));
    expect((await answer).code).toBe(0);
    const [before, after] = [forms.indexOf('V1.26'), forms.length];
    expect(forms).toEqual(forms.map((_, at) => (at < before ? 'V1.25' : 'V1.26')));
    // Of 91 seconds those from 41 to 52 are silent: 11.4 s of image and 1 s of boot. A reader may miss the first ones.
    expect(before).toBeGreaterThan(5);
    expect(before).toBeLessThanOrEqual(41);
    expect(after - before).toBe(91 - 53);
  });

  it('a fault of the line is the same for every reader', async () => {
    const faults = [{ fault: 'noisySerial' as const, severity: 0.01, when: { time_s: 20 } }];
    const { address, answer } = await play([folder.scenario('noise.json', { ...noisy(60), faults }), '--tcp', '0', '--speed', '20']);
    const [first, second] = await Promise.all([readAll(address), readAll(address)]);
    expect((await answer).code).toBe(0);
    const least = Math.min(first.length, second.length);
    expect(Buffer.from(first.subarray(first.length - least)).equals(Buffer.from(second.subarray(second.length - least)))).toBe(true);
    const decoder = new LineDecoder(() => undefined);
    decoder.push(first);
    expect(decoder.counts.badSums).toBeGreaterThan(10);
  });

  it('with --keep the line stays open in silence when the scenario has ended', async () => {
    const { address, answer, child } = await play([NOISY, '--tcp', '0', '--speed', '20', '--keep', '--set', 'duration_s=10']);
    let bytes = 0;
    let closed = false;
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    socket.on('data', (piece: Buffer) => (bytes += piece.length)).on('close', () => (closed = true));
    // A scenario that goes on writes twenty times a second.
    for (let before = -1; bytes < 100 || bytes !== before; await sleep(1000)) before = bytes;
    expect(closed).toBe(false);
    child.kill('SIGINT');
    expect((await answer).code).toBe(130);
  });

  it('a web page that asks the port is shut out', async () => {
    const { address, answer, child } = await play([LONG, '--tcp', '0']);
    await expect(fetch(`http://${address}/`)).rejects.toThrow();
    child.kill('SIGTERM');
    expect(await answer).toMatchObject({ code: 130, stderr: expect.stringMatching(/1 refused/) });
  });
});

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the line with 130 within a second', async (signal) => {
    const { child, address, answer } = await play([LONG, '--tcp', '0']);
    const longest_ms = await allowed_ms(1000);
    const reader = connect(Number(address.split(':')[1]), '127.0.0.1');
    await once(reader, 'data');
    const asked = performance.now();
    child.kill(signal);
    expect((await answer).code).toBe(130);
    expect(performance.now() - asked).toBeLessThan(longest_ms);
    if (!reader.closed) await once(reader, 'close');
  });
});

describe('what is refused before the line opens', () => {
  writeFileSync(join(folder.path, 'regular'), 'mine');
  symlinkSync(join(folder.path, 'regular'), join(folder.path, 'linked'));
  mkdirSync(join(folder.path, 'locked'));
  chmodSync(join(folder.path, 'locked'), 0o500);
  const bare = folder.scenario('bare.json', { ...noisy(10), bms: null });
  it.each<[what: string, args: string[], shows: RegExp]>([
    ['no place', [NOISY], /--tcp PORT or --pty PATH/],
    ['two places', [NOISY, '--tcp', '0', '--pty', 'com3'], /--tcp PORT or --pty PATH/],
    ['a port that is none', [NOISY, '--tcp', 'com3'], /--tcp[^]*com3[^]*whole number/],
    ['a port beyond all ports', [NOISY, '--tcp', '70000'], /70000 is no port number/],
    ['a speed of 0', [NOISY, '--tcp', '0', '--speed', '0'], /--speed[^]*from 0\.001 to 10000/],
    ['a speed that is no number', [NOISY, '--tcp', '0', '--speed', '1e3'], /--speed[^]*1e3/],
    ['a seed that is a fraction', [NOISY, '--tcp', '0', '--seed', '1.5'], /--seed/],
    ['a scenario that is not there', ['nowhere.json', '--tcp', '0'], /nowhere\.json/],
    ['a scenario with a mistake', [NOISY, '--tcp', '0', '--set', 'tick_s=-1'], /tick_s/],
    ['a scenario without a BMS', [bare, '--tcp', '0'], /bms[^]*no serial output/],
    ['a terminal in place of a file', [NOISY, '--pty', 'regular'], /regular[^]*something else is there/],
    ['a terminal in place of a link to a file', [NOISY, '--pty', 'linked'], /something else is there/],
    ['a terminal in place of a folder', [NOISY, '--pty', 'locked'], /something else is there/],
    ['a terminal in a folder that is not there', [NOISY, '--pty', 'nowhere/com3'], /its folder does not exist/],
    ['a terminal inside a file', [NOISY, '--pty', 'regular/com3'], /no folder/],
    ['a terminal with a line feed in its name', [NOISY, '--pty', 'a\nb'], /control characters/],
  ])('%s', async (_what, args, shows) => {
    const there = folder.names();
    const answer = await packbench(['serial', ...args], folder.path);
    expect([answer.code, answer.stdout]).toEqual([2, '']);
    expect(answer.stderr).toMatch(shows);
    expect(folder.names()).toEqual(there);
    expect(folder.read('regular')).toBe('mine');
  });

  it('a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const answer = await packbench(['serial', NOISY, '--tcp', `${port}`]);
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/is taken by another program[^]*--tcp/);
    other.close();
  });

  it('a terminal in a folder without the right to write (for those whom rights bind)', async () => {
    if (process.getuid?.() === 0) return;
    const answer = await packbench(['serial', NOISY, '--pty', 'locked/com3'], folder.path);
    expect([answer.code, answer.stderr]).toEqual([2, expect.stringMatching(/may not be written/)]);
  });

  it('a terminal without socat: the message names the package', async () => {
    const answer = await packbench(['serial', NOISY, '--pty', 'com3'], folder.path, { PATH: folder.path });
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/socat[^]*apt-get install socat[^]*--tcp/);
    expect(folder.names()).not.toContain('com3');
  });
});

/** Whether terminals can be tested; says why where they cannot. */
function socatIsThere(): boolean {
  const { error } = spawnSync('socat', ['-V']);
  if (error !== undefined) console.warn('not tested: pseudo-terminals, socat is not installed (apt-get install socat)');
  return error === undefined;
}

/** What a reader gets that opens the terminal and closes it after so many bytes, or when the line closes. */
function readTerminal(path: string, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  return new Promise((resolve) => {
    const stream = createReadStream(path);
    const end = () => resolve(joined(...pieces));
    // Linux tells the end of a terminal as an input error.
    stream.on('close', end).on('error', end);
    stream.on('data', (bytes) => {
      pieces.push(bytes as Buffer);
      if (pieces.reduce((sum, piece) => sum + piece.length, 0) >= most) stream.destroy();
    });
  });
}

describe('a reader of the terminal', () => {
  it('sees frames, may go and come back, and gets nothing that was sent while it was away', async () => {
    if (!socatIsThere()) return;
    const path = join(folder.path, 'com3, with a name');
    const { address, answer, child } = await play([LONG, '--pty', path, '--speed', '10']);
    expect(address).toBe(path);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    const first = framesStarted(await readTerminal(path, 400));
    await sleep(1000);
    const second = framesStarted(await readTerminal(path, 400));
    expect([first, second].every(({ length }) => length >= 10)).toBe(true);
    child.kill('SIGINT');
    expect(await answer).toMatchObject({ code: 130, stderr: expect.stringMatching(/2 readers/) });
    expect(folder.names()).not.toContain('com3, with a name');
  });

  it('sees the end of the scenario as the end of the line, and a link that was left is taken over', async () => {
    if (!socatIsThere()) return;
    const path = join(folder.path, 'left');
    symlinkSync('/dev/pts/no-more', path);
    const { answer } = await play([NOISY, '--pty', path, '--speed', '20']);
    expect(readlinkSync(path)).not.toContain('no-more');
    const frames = framesStarted(await readTerminal(path, Infinity));
    expect(frames.filter(({ frame }) => frame === 'measuredValues').length).toBeGreaterThan(30);
    expect((await answer).code).toBe(0);
    expect(folder.names()).not.toContain('left');
  });
});

/** Frames of a reader that may leave in the middle of one. */
function framesStarted(bytes: Uint8Array): DecodedFrame[] {
  const frames: DecodedFrame[] = [];
  const decoder = new LineDecoder((frame) => frames.push(frame));
  decoder.push(bytes);
  expect(decoder.counts.garbageBytes).toBe(0);
  return frames;
}
