/**
 * What belongs to each action of a command: the fields that it needs and those that it may have.
 * Apart from the schema because a field that says nothing for its action would otherwise be taken without a word.
 */
import { MODEL_NAMES } from '../device.ts';
import { InputError, shown } from '../errors.ts';
import { FIRMWARES } from '../firmwares.ts';
import { BUTTONS } from '../lcd/pages.ts';
import { LEAST_TOOL_VERSION, toolHundredths, UPDATE_UNITS } from '../update.ts';
import type { Action, Scenario } from './schema.ts';

type Field = Exclude<keyof Action, 'time_s' | 'do'>;

const NEEDS: Partial<Record<Action['do'], readonly Field[]>> = {
  press: ['button'],
  repair: ['fault'],
  connectUsb: ['unit'],
  disconnectUsb: ['unit'],
  startUpdateTool: ['version'],
  openFile: ['model', 'for', 'firmware'],
};

const MAY_HAVE: Partial<Record<Action['do'], readonly Field[]>> = {
  press: ['for_s'],
  sourceOn: ['source'],
  sourceOff: ['source'],
  calibrateChannel: ['channel'],
};

/** Fields of an action beside its time, those that it needs first. */
export function fieldsOfAction(action: Action['do']): { needed: readonly string[]; optional: readonly string[] } {
  return { needed: NEEDS[action] ?? [], optional: MAY_HAVE[action] ?? [] };
}

const names = (values: readonly string[]) => values.map((value) => shown(value)).join(', ');
const TOOL_VERSIONS = `a version such as ${LEAST_TOOL_VERSION}`;

/** What a needed field may hold, in words. */
const ALLOWED: Partial<Record<Field, string>> = {
  button: names(BUTTONS),
  fault: 'the index of a fault in `faults`',
  unit: names(UPDATE_UNITS),
  version: TOOL_VERSIONS,
  model: names(MODEL_NAMES),
  for: names(UPDATE_UNITS),
  firmware: names(FIRMWARES),
};

function checkFields(command: Action, path: string): void {
  const needed = NEEDS[command.do] ?? [];
  const missing = needed.find((field) => command[field] === undefined);
  if (missing !== undefined)
    throw new InputError({ code: 'missing', path: `${path}.${missing}`, message: 'is missing', allowed: ALLOWED[missing]! });
  const known: readonly string[] = ['time_s', 'do', ...needed, ...(MAY_HAVE[command.do] ?? [])];
  const foreign = Object.keys(command).find((field) => !known.includes(field));
  if (foreign === undefined) return;
  const message = `${shown(command.do)} has no ${foreign}`;
  const value = command[foreign as Field];
  throw new InputError({ code: 'unknown_key', path: `${path}.${foreign}`, value, message, allowed: `one of ${known.join(', ')}` });
}

function checkVersion({ version }: Action, path: string): void {
  if (version === undefined || (toolHundredths(version) ?? 0) > 0) return;
  const message = `${shown(version)} is no version of the update tool`;
  throw new InputError({ code: 'value', path: `${path}.version`, value: version, message, allowed: TOOL_VERSIONS });
}

/** Refuses an action without what it needs, or with what says nothing for it. */
export function checkActions({ commands }: Scenario): void {
  commands.forEach((command, index) => {
    if (!('do' in command)) return;
    checkFields(command, `commands[${index}]`);
    checkVersion(command, `commands[${index}]`);
  });
}
