#!/usr/bin/env node
/**
 * The `packbench` command line: every command with its options in one table.
 * Commands themselves live beside it; this file only knows their words.
 */
import { Command, CommanderError } from 'commander';
import { InputError } from '../domain/errors.ts';
import { answering, EXIT, reportBadInput, say } from './answer.ts';
import { checkFile, printCells, printFaults, printSchema } from './facts.ts';
import { listLabs, runLabs } from './labs.ts';
import { type RunArguments, runFiles } from './run.ts';
import { type SerialArguments, serial } from './serial/command.ts';
import { serve } from './serve.ts';
import { validate } from './validate.ts';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('./web', import.meta.url));

const collect = (value: string, all: string[]): string[] => [...all, value];

async function servePage(): Promise<void> {
  const text = process.env['PORT'];
  if (text !== undefined && !(/^\d{1,5}$/.test(text) && Number(text) <= 65535))
    throw new InputError({
      code: 'argument',
      path: 'PORT',
      value: text,
      message: `PORT ${text} is not allowed`,
      allowed: 'a number from 0 to 65535',
    });
  const server = await serve({ root: PAGE, port: text === undefined ? undefined : Number(text) });
  process.stdout.write(`${server.url}\n`);
  const stop = () => void server.close().then(() => process.exit(EXIT.ok));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** Commands that run nothing. */
function addFacts(packbench: Command): void {
  packbench
    .command('check')
    .description('check a design without running it')
    .argument('<file>')
    .option('--json', 'one JSON value on standard output', false)
    .action((file: string, options: { json: boolean }) => answering(options.json, () => checkFile(file, options.json)));
  packbench
    .command('schema')
    .description('JSON Schema of a file: scenario or cell')
    .argument('[name]', 'scenario or cell', 'scenario')
    .option('--json', 'the schema is JSON anyway', false)
    .action((name: string, options: { json: boolean }) => answering(options.json, () => printSchema(name)));
  packbench
    .command('cells')
    .description('the cell library')
    .option('--json', 'one JSON value on standard output', false)
    .action((options: { json: boolean }) => answering(options.json, () => printCells(options.json)));
  packbench
    .command('faults')
    .description('the fault catalogue')
    .option('--json', 'one JSON value on standard output', false)
    .action((options: { json: boolean }) => answering(options.json, () => printFaults(options.json)));
  packbench
    .command('validate')
    .description('the model against measured cells')
    .option('--json', 'one JSON value on standard output', false)
    .action((options: { json: boolean }) => answering(options.json, () => validate(options.json)));
}

/** The labs: listed without a word more, run with `run`. */
function addLabs(packbench: Command): void {
  const labs = packbench
    .command('labs')
    .description('the labs: every clause of the FAQ as a scenario that can be run')
    .enablePositionalOptions()
    .option('--json', 'one JSON value on standard output', false)
    .action((options: { json: boolean }) => answering(options.json, () => listLabs(options.json)));
  labs
    .command('run')
    .description('run labs; all of them where none is named')
    .argument('[clauses...]', 'clauses such as 2a')
    .option('--json', 'one JSON value on standard output', false)
    .action((clauses: string[], options: { json: boolean }) => answering(options.json, () => runLabs(clauses, options.json)));
}

function program(): Command {
  const packbench = new Command('packbench')
    .description('A workbench for battery packs and the electronics that guard them')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeErr: () => undefined });
  packbench
    .command('run')
    .description('run scenario files')
    .argument('<files...>', 'scenario files')
    .option('--set <path=value>', 'change a value of the scenario', collect, [])
    .option('--seed <n>', "seed in place of the scenario's own")
    .option('--until <event>', 'stop when this event comes')
    .option('--csv <out>', 'write channels to a CSV file')
    .option('--channels <list>', 'channels of the CSV, separated by commas')
    .option('--every <n>', 'ticks between rows of the CSV')
    .option('--json', 'one JSON value on standard output', false)
    .action((files: string[], options: RunArguments) => answering(options.json, () => runFiles(files, options)));
  addFacts(packbench);
  addLabs(packbench);
  packbench
    .command('serial')
    .description('play a scenario in real time on the serial line COM3')
    .argument('<file>', 'scenario file')
    .option('--tcp <port>', 'a port of the loopback address; 0 takes a free one')
    .option('--pty <path>', 'a pseudo-terminal behind a link at this path (needs socat)')
    .option('--speed <x>', 'simulated seconds per second', '1')
    .option('--seed <n>', "seed in place of the scenario's own")
    .option('--set <path=value>', 'change a value of the scenario', collect, [])
    .option('--keep', 'stay open in silence when the scenario has ended', false)
    .action((file: string, options: SerialArguments) => answering(false, () => serial(file, options)));
  packbench
    .command('serve')
    .description('serve the page on a loopback address')
    .action(() => answering(false, servePage));
  return packbench;
}

/** A closed pipe is no mistake of anybody's. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
}

async function main(): Promise<void> {
  endQuietlyOnClosedPipe();
  try {
    await program().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const message = error.message.replace(/^error: /, '');
    if (message === '(outputHelp)') say(program().helpInformation());
    reportBadInput(
      { code: 'argument', message: message === '(outputHelp)' ? 'a command is missing' : message, allowed: 'packbench --help' },
      process.argv.includes('--json'),
    );
  }
}

await main();
