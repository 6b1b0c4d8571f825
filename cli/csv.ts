/**
 * Channels of a run as a CSV file: 17 significant digits, a row at time 0 and one every N ticks.
 * It is written beside its place and renamed at the end, so a stopped program leaves no half file under its name.
 */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Channel, CHANNEL_NAMES, channelNames, type ChannelName, checkFitted } from '../domain/channels.ts';
import { InputError } from '../domain/errors.ts';
import type { Run } from '../engine/run.ts';

const TIME = 'time_s';
const FLUSH_CHARACTERS = 1 << 16;
const DIGITS = 17;

function notWritable(out: string, reason: string): InputError {
  return new InputError({
    code: 'output',
    file: out,
    value: out,
    message: `cannot write here: ${reason}`,
    allowed: 'a file in a folder that can be written',
  });
}

/** A file that is renamed into place when it is complete. */
class PendingFile {
  private readonly target: string;
  private readonly temporary: string;
  private readonly descriptor: number;
  private text = '';

  constructor(private readonly out: string) {
    this.target = resolve(out);
    this.temporary = `${this.target}.${process.pid}.tmp`;
    try {
      const existing = lstatSync(this.target, { throwIfNoEntry: false });
      if (existing !== undefined && !existing.isFile()) throw notWritable(out, 'it is not a regular file');
      this.descriptor = openSync(this.temporary, 'w');
    } catch (error) {
      throw error instanceof InputError ? error : notWritable(out, (error as NodeJS.ErrnoException).code ?? String(error));
    }
  }

  write(line: string): void {
    this.text += line;
    if (this.text.length >= FLUSH_CHARACTERS) this.flush();
  }

  private flush(): void {
    try {
      writeSync(this.descriptor, this.text);
    } catch (error) {
      this.discard();
      throw notWritable(this.out, (error as NodeJS.ErrnoException).code ?? String(error));
    }
    this.text = '';
  }

  publish(): void {
    this.flush();
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    renameSync(this.temporary, this.target);
    const folder = openSync(dirname(this.target), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  discard(): void {
    closeSync(this.descriptor);
    rmSync(this.temporary, { force: true });
  }
}

/** Names with all their indices; a bare channel name means every index of it. */
function expand(names: readonly string[], run: Run): string[] {
  return names.flatMap((name) =>
    (CHANNEL_NAMES as string[]).includes(name) ? channelNames(name as ChannelName, run.loaded.scenario.pack) : [name],
  );
}

export class CsvWriter {
  private readonly names: string[];
  private readonly channels: (Channel | undefined)[];
  private readonly file: PendingFile;

  /** Checks channels and place before the run starts. */
  constructor(
    private readonly run: Run,
    out: string,
    names: readonly string[],
    readonly every: number,
  ) {
    const wanted = expand(names, run);
    this.names = wanted.includes(TIME) ? wanted : [TIME, ...wanted];
    this.channels = this.names.map((name) => (name === TIME ? undefined : this.known(name)));
    this.file = new PendingFile(out);
    this.file.write(`${this.names.join(',')}\n`);
    this.row();
  }

  private known(name: string): Channel {
    try {
      const channel = this.run.channel(name);
      checkFitted(channel, this.run.loaded.scenario);
      return channel;
    } catch (error) {
      throw error instanceof InputError ? error.with({ path: '--channels' }) : error;
    }
  }

  /** Adds a row of the present state. */
  row(): void {
    const values = this.channels.map((channel) => (channel === undefined ? this.run.time_s : this.run.value(channel)));
    this.file.write(`${values.map((value) => (Number.isInteger(value) ? String(value) : value.toPrecision(DIGITS))).join(',')}\n`);
  }

  publish(): void {
    this.file.publish();
  }

  discard(): void {
    this.file.discard();
  }
}
