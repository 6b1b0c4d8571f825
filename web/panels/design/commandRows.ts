/**
 * Timed commands as the form shows them: what each does, with which fields, and what it may change while the run goes on.
 * Kinds, fields and values to change come from the domain's tables.
 */
import { type ChannelRoom } from '../../../domain/channels.ts';
import { fieldsOfAction } from '../../../domain/scenario/actions.ts';
import { COMMAND_PATHS } from '../../../domain/scenario/commandPaths.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { Action } from '../../../domain/scenario/schema.ts';
import { rowOf, SETTING_NAMES, settingComplaint } from '../../../domain/settings.ts';
import { labelOf, valueText } from '../../changeName.ts';
import { hasUnit, type JsonObject, settingContextOf, settingValue, sourceList, sourcePath, valueOf } from '../../document.ts';
import { clock, withUnit } from '../../format.ts';
import { listAt } from '../../live.ts';
import { ENTRY_WORDS as words } from '../../words/entries.ts';
import { wordFor, WORDS } from '../../words.ts';
import { faultText } from '../faults/catalogue.ts';
import { unitOf } from '../../../domain/quantity.ts';
import type { Choice, EntryModel, EntryRow } from './entries.ts';
import { plainWords, type SchemaRow, shapesAt } from './schemaRows.ts';

const SETTING = /^bms\.settings\.(\w+)$/;

function settingAt(path: string) {
  const name = SETTING.exec(path)?.[1];
  return SETTING_NAMES.find((known) => known === name);
}

const isSwitch = (path: string): boolean => {
  const setting = settingAt(path);
  return setting === undefined ? /ignoresStop$|^bleed\./.test(path) : rowOf(setting).kind === 'switch';
};

/** A value that a command changes, as people call it. */
function targetText(path: string): string {
  const place = Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0);
  const last = path.slice(path.lastIndexOf('.') + 1);
  if (path.startsWith('source['))
    return `${WORDS.source.one(place + 1)}: ${wordFor(WORDS.source.fields, last) === last ? plainWords(last) : labelOf(path)}`;
  if (path.startsWith('bms.sensing.channels')) return words.channelOf(place + 1, plainWords(last));
  if (path.startsWith('bms.sensing.temperature')) return words.sensorOf(place + 1, plainWords(last));
  if (path.startsWith('bms.sensing.current')) return `${WORDS.bench.shunt}: ${plainWords(last).toLowerCase()}`;
  if (path.startsWith('bleed.')) return words.bleedOf(place + 1);
  return labelOf(path);
}

/** Every value that a command of this design may change. */
function targets(document: Json, { series }: ChannelRoom): string[] {
  const sources = sourceList(document);
  const numbers = Array.from({ length: series }, (_, group) => group);
  return COMMAND_PATHS.flatMap((path): string[] => {
    if (path === 'bms.settings.NAME') return hasUnit(document) ? SETTING_NAMES.map((name) => `bms.settings.${name}`) : [];
    if (path.startsWith('bms.') && !hasUnit(document)) return [];
    if (path.startsWith('bleed.') && hasUnit(document)) return [];
    if (path.includes('[GROUP]')) return numbers.map((group) => path.replace('GROUP', String(group)));
    if (!path.includes('[INDEX]')) return [path];
    const key = path.slice('source[INDEX].'.length).split('.')[0]!;
    return sources.flatMap((source, index) => ((key === 'scale' ? 'csv' : key) in source ? [path.replace('INDEX', String(index))] : []));
  });
}

/** The value that stands in the design where a command would change it. */
function present(document: Json, path: string): Json {
  const setting = settingAt(path);
  if (setting !== undefined) return isSwitch(path) ? Boolean(settingValue(document, setting)) : settingValue(document, setting);
  const source = /^source\[(\d)\]\.(.*)$/.exec(path);
  const found = valueOf(document, source === null ? path : `${sourcePath(document, Number(source[1]))}.${source[2]!}`);
  return found ?? (isSwitch(path) ? true : /gain_ratio$|scale$/.test(path) ? 1 : path === 'ambient_degC' ? 25 : 0);
}

/** Indices as people choose them. */
function choicesOf(key: string, document: Json, { series }: ChannelRoom): Choice[] | undefined {
  const numbered = (count: number, name: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => ({ value: index, label: name(index) }));
  if (key === 'source') return numbered(sourceList(document).length, (index) => WORDS.source.one(index + 1));
  if (key === 'fault') return listAt(document, 'faults').map((fault, index) => ({ value: index, label: faultText(fault) }));
  return key === 'channel' ? numbered(series, (index) => WORDS.pack.cell(index + 1)) : undefined;
}

const [actionRows, changeRows] = (() => {
  const shapes = shapesAt('commands');
  const withKey = (key: string) => shapes.find((rows) => rows.some((row) => row.key === key))!;
  return [withKey('do'), withKey('set')] as const;
})();
const ACTIONS = actionRows.find(({ key }) => key === 'do')!.choices;
const CHANGE = 'set';

const actionText = (name: string) => (name in words.actions ? words.actions[name]! : plainWords(name));
const labelled = (row: SchemaRow, more: Partial<EntryRow> = {}): EntryRow => ({
  ...row,
  label: row.key in words.fields ? words.fields[row.key]! : plainWords(row.key),
  ...more,
});

function rowsOfChange(entry: JsonObject, document: Json, room: ChannelRoom): EntryRow[] {
  const path = String(entry['set'] ?? '');
  const choices = targets(document, room).map((value) => ({ value, label: targetText(value) }));
  const setting = settingAt(path);
  const { value } = entry;
  const complaint =
    setting !== undefined && typeof value === 'number' ? settingComplaint(setting, value, settingContextOf(document)) : undefined;
  return changeRows.map((row) => {
    if (row.key === 'set') return labelled(row, { kind: 'choice', offered: choices });
    return row.key === 'value' ? labelled(row, { kind: isSwitch(path) ? 'switch' : 'number', unitOf: path, complaint }) : labelled(row);
  });
}

function rowsOfAction(entry: JsonObject, document: Json, room: ChannelRoom): EntryRow[] {
  const { needed, optional } = fieldsOfAction(String(entry['do']) as Action['do']);
  return actionRows
    .filter(({ key }) => key === 'time_s' || needed.includes(key) || optional.includes(key))
    .map((row) => {
      const offered = choicesOf(row.key, document, room);
      return labelled(row, {
        isNeeded: row.isNeeded || needed.includes(row.key),
        ...(offered === undefined ? {} : { kind: 'choice', offered }),
      });
    });
}

/** What a needed field starts as: the first that it may be. */
function firstOf(row: EntryRow): Json {
  const [first] = row.offered ?? row.choices.map((value) => ({ value }));
  return row.key === 'version' ? 'v1.03' : (first?.value ?? 0);
}

export function commandModel(document: Json, room: ChannelRoom): EntryModel {
  const kindOf = (entry: JsonObject) => ('set' in entry ? CHANGE : String(entry['do']));
  const rows = (entry: JsonObject) => ('set' in entry ? rowsOfChange(entry, document, room) : rowsOfAction(entry, document, room));
  return {
    list: 'commands',
    kinds: [...ACTIONS.map((value) => ({ value, label: actionText(value) })), { value: CHANGE, label: words.change }],
    kindOf,
    rows,
    start(kind, time_s) {
      if (kind === CHANGE) {
        const [set = 'ambient_degC'] = targets(document, room);
        return { time_s, set, value: present(document, set) };
      }
      const bare: JsonObject = { time_s, do: kind };
      const needed = rows(bare).filter(({ key, isNeeded }) => isNeeded && key !== 'time_s');
      return { ...bare, ...Object.fromEntries(needed.map((row) => [row.key, firstOf(row)])) };
    },
    text(entry) {
      const at = clock(Number(entry['time_s']));
      if (!('set' in entry)) {
        const details = rows(entry).flatMap(({ key, offered }) => {
          const found = offered?.find(({ value }) => value === entry[key])?.label ?? (key === 'time_s' ? undefined : entry[key]);
          return found === undefined ? [] : [String(found)];
        });
        return `${at} · ${[actionText(kindOf(entry)), ...details].join(', ')}`;
      }
      const path = String(entry['set']);
      const { value } = entry;
      const to = typeof value === 'number' && !isSwitch(path) ? withUnit(value, unitOf(path)) : valueText('', value ?? null).text;
      return `${at} · ${targetText(path)} → ${to}`;
    },
    /** Another value to change starts as it stands in the design. */
    changed: (entry, key) => (key === 'set' ? { ...entry, value: present(document, String(entry['set'])) } : entry),
  };
}
