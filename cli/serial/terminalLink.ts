/**
 * The link under which a pseudo-terminal is found: it takes the place of nothing but nothing, or of such a link.
 * We make it and not socat, which would delete whatever is there and read commas of the path as options.
 */
import { accessSync, constants, lstatSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError, shown } from '../../domain/errors.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'its folder may not be written',
  EROFS: 'its folder may not be written',
};

function refused(path: string, reason: string): InputError {
  return new InputError({
    code: 'output',
    path: '--pty',
    value: path,
    message: `no terminal can be put at ${shown(path)}: ${reason}`,
    allowed: 'a new name in a folder that can be written, or the link of an earlier terminal',
  });
}

function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw refused(path, REASONS[code] ?? code);
  }
}

function isTerminalLink(place: string): boolean {
  return lstatSync(place).isSymbolicLink() && readlinkSync(place).startsWith('/dev/');
}

function checkPlace(path: string, place: string): void {
  if (path === '' || /[\u0000-\u001f\u007f]/.test(path)) throw refused(path, 'it is empty or holds control characters');
  const folder = dirname(place);
  if (!statSync(folder).isDirectory()) throw refused(path, 'a part of the path is no folder');
  accessSync(folder, constants.W_OK | constants.X_OK);
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined && !isTerminalLink(place)) throw refused(path, 'something else is there');
}

export class TerminalLink {
  private readonly place: string;
  private device: string | undefined;
  private readonly removeAtExit = () => this.remove();

  /** Checks the place; nothing is there yet. */
  constructor(readonly path: string) {
    this.place = resolve(path);
    explained(path, () => checkPlace(path, this.place));
  }

  /** Leads the link to a terminal, in one step where it is there already. */
  leadTo(device: string): void {
    const temporary = `${this.place}.${process.pid}.tmp`;
    explained(this.path, () => {
      symlinkSync(device, temporary);
      renameSync(temporary, this.place);
    });
    if (this.device === undefined) process.once('exit', this.removeAtExit);
    this.device = device;
  }

  /** Removes the link, unless somebody else has made it lead elsewhere since. */
  remove(): void {
    process.off('exit', this.removeAtExit);
    if (this.device === undefined) return;
    try {
      if (readlinkSync(this.place) === this.device) rmSync(this.place);
    } catch {
      // It is gone already.
    }
    this.device = undefined;
  }
}
