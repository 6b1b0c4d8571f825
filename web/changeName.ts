/**
 * What a change of the design is called: "Over charge P 3.65 → 3.60 V".
 * Labels and units come from the domain's tables and the page's words, so a new setting needs nothing here.
 */
import type { Json } from '../domain/scenario/json.ts';
import { rowOf, SETTING_NAMES, type SettingName } from '../domain/settings.ts';
import { settingValue, valueOf } from './document.ts';
import { unitText } from './format.ts';
import { CIRCUIT_WORDS, HEAT_FIELDS } from './words/design.ts';
import { wordFor, WORDS } from './words.ts';

const SETTINGS_PATH = 'bms.settings.';
const LONGEST_TEXT = 40;
/** Labels of all fields of the form that have a path of their own. */
const FIELDS: Record<string, string> = { ...WORDS.fields, ...CIRCUIT_WORDS.fields, ...HEAT_FIELDS };

function settingAt(path: string): SettingName | undefined {
  const name = path.startsWith(SETTINGS_PATH) ? path.slice(SETTINGS_PATH.length) : '';
  return SETTING_NAMES.find((known) => known === name);
}

/** The last word of a path, as people know it. */
export function labelOf(path: string): string {
  const setting = settingAt(path);
  if (setting !== undefined) return rowOf(setting).label;
  const last = path.slice(path.lastIndexOf('.') + 1);
  const own = FIELDS[path];
  if (own !== undefined) return own;
  const source = /^source(?:\[(\d)\])?$/.exec(path);
  if (source !== null) return source[1] === undefined ? WORDS.design.source : WORDS.source.one(Number(source[1]) + 1);
  const named = wordFor(WORDS.source.fields, last);
  const plain = WORDS.source[last as keyof typeof WORDS.source];
  return named === last && typeof plain === 'string' ? plain : named;
}

function digitsOf(step: number): number {
  return (String(step).split('.')[1] ?? '').length;
}

function textOf(value: Json | undefined, step: number | undefined): string {
  if (value === undefined || value === null) return WORDS.history.nothing;
  if (typeof value === 'boolean') return value ? WORDS.history.on : WORDS.history.off;
  if (typeof value === 'number') return step === undefined ? String(value) : value.toFixed(Math.max(digitsOf(step), digitsOf(value)));
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  return '';
}

/** What a document says at a path, or what holds where it says nothing; empty for what is no single value. */
export function valueText(path: string, document: Json): { text: string; unit: string } {
  const setting = settingAt(path);
  if (setting === undefined) return { text: textOf(valueOf(document, path), undefined), unit: unitText(path) };
  const { kind, step } = rowOf(setting);
  const value = settingValue(document, setting);
  return kind === 'switch' ? { text: textOf(Boolean(value), undefined), unit: '' } : { text: textOf(value, step), unit: unitText(path) };
}

/** Name of the step from one document to another by a change at the path, with the label of its field where the caller knows it. */
export function nameOfChange(path: string, before: Json, after: Json, label = labelOf(path)): string {
  const [{ text: from }, { text: to, unit }] = [valueText(path, before), valueText(path, after)];
  if (from === '' || to === '') return WORDS.history.changed(label);
  return `${label} ${from} → ${to}${unit === '' ? '' : ` ${unit}`}`;
}
