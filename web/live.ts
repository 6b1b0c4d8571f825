/**
 * What is done to a run while it goes on, as what that adds to its document: commands and faults at the present time.
 * Pure, so that a live run and the scenario saved of it can never be told apart.
 */
import { type Json, printJson, sortedKeys } from '../domain/scenario/json.ts';
import { COMMAND_PATHS } from '../domain/scenario/commandPaths.ts';
import { SETTING_NAMES } from '../domain/settings.ts';
import { hasUnit, isObject, type JsonObject, numbersIn, settingValue, sourceList, sourcePath, valueOf } from './document.ts';
import { edit } from './history.ts';

/** A document with something more that happens at a simulated time. */
export type LiveChange = (document: Json, time_s: number) => Json;

const same = (one: Json | undefined, other: Json | undefined) =>
  one === other || (one !== undefined && other !== undefined && printJson(sortedKeys(one)) === printJson(sortedKeys(other)));

export function listAt(document: Json, name: 'commands' | 'faults'): JsonObject[] {
  const list = valueOf(document, name);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function appended(document: Json, name: 'commands' | 'faults', entries: readonly JsonObject[]): Json {
  return entries.length === 0 ? document : edit(document, name, [...listAt(document, name), ...entries]).document;
}

/** A command at the present time. */
export const orders =
  (command: JsonObject): LiveChange =>
  (document, time_s) =>
    appended(document, 'commands', [{ time_s, ...command }]);

/** Something breaks at the present time. */
export const breaks =
  (fault: JsonObject): LiveChange =>
  (document, time_s) =>
    appended(document, 'faults', [{ ...fault, when: { time_s } }]);

/** A fault of the list is repaired at the present time; a document that does not have it stays as it is. */
export const repairs =
  (fault: JsonObject): LiveChange =>
  (document, time_s) => {
    const index = listAt(document, 'faults').findIndex((each) => same(each, fault));
    return index < 0 ? document : appended(document, 'commands', [{ time_s, do: 'repair', fault: index }]);
  };

/** Values that a command can set while the run goes on: the path in a command, and where the document has it. */
function settable(document: Json): { set: string; path: string }[] {
  const known: readonly string[] = COMMAND_PATHS;
  const settings = hasUnit(document) ? SETTING_NAMES.map((name) => `bms.settings.${name}`) : [];
  const sources = sourceList(document).flatMap((source, index) => {
    const paths = numbersIn(source).filter((path) => known.includes(`source[INDEX].${path}`));
    return paths.map((path) => ({ set: `source[${index}].${path}`, path: `${sourcePath(document, index)}.${path}` }));
  });
  return [...settings.map((path) => ({ set: path, path })), { set: 'ambient_degC', path: 'ambient_degC' }, ...sources];
}

const settingOf = (path: string) => SETTING_NAMES.find((name) => path === `bms.settings.${name}`);

/** What a value is in effect, whether the document says it or not. */
function effective(document: Json, path: string): Json | undefined {
  const setting = settingOf(path);
  return setting === undefined ? valueOf(document, path) : settingValue(document, setting);
}

/** The commands that make of a run's document another one while it goes on; undefined where they differ in more than commands can set. */
export function commandsBetween(from: Json, to: Json): JsonObject[] | undefined {
  let back = to;
  const commands: JsonObject[] = [];
  for (const { set, path } of settable(to)) {
    const value = effective(to, path);
    if (!same(effective(from, path), value) && (typeof value === 'number' || typeof value === 'boolean')) commands.push({ set, value });
    if (!same(valueOf(from, path), valueOf(back, path))) back = edit(back, path, valueOf(from, path)).document;
  }
  return commands.length > 0 && same(withoutEmpty(from), withoutEmpty(back)) ? commands : undefined;
}

/** An empty list of settings says nothing. */
function withoutEmpty(document: Json): Json {
  const settings = valueOf(document, 'bms.settings');
  return isObject(settings) && Object.keys(settings).length === 0 ? edit(document, 'bms.settings', undefined).document : document;
}

/** All of these at the present time. */
export const changes =
  (commands: readonly JsonObject[]): LiveChange =>
  (document, time_s) =>
    appended(
      document,
      'commands',
      commands.map((command) => ({ time_s, ...command })),
    );

/** Whether a source is switched on at a time, by the design and its commands. */
export function isSwitchedOn(document: Json, index: number, time_s: number): boolean {
  const source = sourceList(document)[index];
  const initially = source !== undefined && valueOf(source, 'charger.switchedOn') !== false;
  const own = listAt(document, 'commands').filter(
    (command) =>
      (command['do'] === 'sourceOn' || command['do'] === 'sourceOff') &&
      (command['source'] ?? 0) === index &&
      Number(command['time_s']) <= time_s,
  );
  const last = own.sort((one, other) => Number(one['time_s']) - Number(other['time_s'])).at(-1);
  return last === undefined ? initially : last['do'] === 'sourceOn';
}

/** A run that has ended goes on for this part of its length, and at least so long, when something is done to it. */
const BEYOND_RATIO = 0.1;
const LEAST_BEYOND_S = 600;

/** How far a run goes on beyond its end for what is done to it then. */
export function beyond_s(time_s: number): number {
  return Math.max(Math.ceil(time_s * BEYOND_RATIO), LEAST_BEYOND_S);
}
