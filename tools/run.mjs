/**
 * Runs a program in the repository's root and hands back its exit code.
 * Separate because every tool starts programs, and standard output must stay free for the one that is asked for JSON.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const STARTED_BY = process.ppid;

/** Where a program of an installed package lies, to be started with Node (`bin` where the package has several). */
function program(packageName, bin = packageName) {
  const folder = join(ROOT, 'node_modules', packageName);
  const declared = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin;
  return join(folder, typeof declared === 'string' ? declared : declared[bin]);
}

/** The command line that runs `bin` of a package: `[node, file, ...args]`. */
export function command(packageName, args, bin) {
  return [process.execPath, program(packageName, bin), ...args];
}

/** Runs to the end; what the program says goes to standard error. Returns its exit code, 127 where it could not start. */
export function run([file, ...args], { env = {} } = {}) {
  const result = spawnSync(file, args, { cwd: ROOT, stdio: ['inherit', 2, 2], env: { ...process.env, ...env }, shell: needsShell(file) });
  return result.status ?? (result.error ? 127 : 1);
}

/** Runs to the end and collects what the program says. */
export function collect([file, ...args]) {
  const result = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, shell: needsShell(file) });
  return { code: result.status ?? (result.error ? 127 : 1), output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/**
 * Becomes the program as far as possible: its input and output are ours, signals go to it, its exit code is ours.
 * A signal to npm ends only npm and its shell, so under npm the program is also ended when that shell is gone.
 */
export function become([file, ...args], { env = {} } = {}) {
  const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const endWithShell = () => process.ppid === STARTED_BY || child.kill('SIGTERM');
  if (process.env.npm_lifecycle_event !== undefined) setInterval(endWithShell, 500).unref();
  child.on('error', (error) => fail(`${file} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** True where the file was started itself and not imported. */
export function isMain(meta) {
  return process.argv[1] !== undefined && realpathSync(fileURLToPath(meta.url)) === realpathSync(process.argv[1]);
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(message) {
  say(message);
  process.exit(1);
}

/** On Windows npm is a script that only a shell can start. */
function needsShell(file) {
  return process.platform === 'win32' && !file.includes('\\');
}
