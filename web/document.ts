/**
 * Reading and changing the scenario document that the forms show, by path.
 * The document may be wrong while somebody types; what is wrong with it is told by `scenarioReader.ts`.
 */
import { CHEMISTRIES, type Chemistry } from '../domain/chemistries.ts';
import { type Json, readJson } from '../domain/scenario/json.ts';
import { migrate } from '../domain/scenario/migrate.ts';
import { partsOf, valueAt } from '../domain/scenario/paths.ts';
import { defaultSettings, type SettingContext, type SettingName, type Settings } from '../domain/settings.ts';

export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Longest name of a design or a run, as of a scenario. */
export const MOST_NAME = 200;

/** A document that is shipped with the page, in today's format. It is not checked: the build's tests have read it. */
export function shippedDocument(text: string): Json {
  return migrate(readJson(text).value);
}

export function valueOf(document: Json, path: string): Json | undefined {
  return valueAt(document, partsOf(path)) as Json | undefined;
}

/** Kinds of source by the key that only they have, and what one starts as when somebody chooses it; null where it needs files first. */
export const SOURCE_KINDS = {
  constantCurrent: { key: 'constantCurrent_A', start: { constantCurrent_A: -10 } },
  constantPower: { key: 'constantPower_W', start: { constantPower_W: -500 } },
  resistor: { key: 'constantResistance_Ohm', start: { constantResistance_Ohm: 5 } },
  parasitic: { key: 'parasitic_A', start: { parasitic_A: 0.02 } },
  charger: { key: 'charger', start: { charger: { current_A: 20, voltage_V: 56, endCurrent_A: 2 } } },
  profile: { key: 'csv', start: { csv: '', column: '', interpolation: 'next' } },
  inverter: { key: 'inverter', start: { inverter: { outputPower_W: 1500, lowVoltageCutOff_V: 44, reconnect_V: 50 } } },
  hybridInverter: {
    key: 'hybridInverter',
    start: {
      hybridInverter: { power_W: -1000, maximumCharge_W: 3000, maximumDischarge_W: 3000, lowVoltageCutOff_V: 44, reconnect_V: 50 },
    },
  },
  household: { key: 'household', start: null },
  driveCycle: { key: 'driveCycle', start: null },
} as const satisfies Record<string, { key: string; start: JsonObject | null }>;
export type SourceKind = keyof typeof SOURCE_KINDS;

/** The kind of a source; undefined where its keys say none that the form knows. */
export function sourceKind(source: JsonObject): SourceKind | undefined {
  return (Object.keys(SOURCE_KINDS) as SourceKind[]).find((kind) => SOURCE_KINDS[kind].key in source);
}

/** What a source of a kind starts as when somebody chooses it. */
export function newSource(kind: SourceKind, csv = ''): JsonObject {
  return kind === 'profile' ? { ...SOURCE_KINDS.profile.start, csv } : { ...SOURCE_KINDS[kind].start };
}

/** Paths of all numbers in a source but its window, in the order of the document. */
export function numbersIn(source: JsonObject, before = ''): string[] {
  return Object.entries(source).flatMap(([key, value]) => {
    if (isObject(value)) return numbersIn(value, `${before}${key}.`);
    return typeof value === 'number' && key !== 'from_s' && key !== 'until_s' ? [`${before}${key}`] : [];
  });
}

/** The sources as a list, however the document writes them. */
export function sourceList(document: Json): JsonObject[] {
  const source = valueOf(document, 'source');
  const list = Array.isArray(source) ? source : [source];
  return list.filter(isObject);
}

/** Path of one source; a document with a single source has no list. */
export function sourcePath(document: Json, index: number): string {
  return Array.isArray(valueOf(document, 'source')) ? `source[${index}]` : 'source';
}

export function hasUnit(document: Json): boolean {
  return isObject(valueOf(document, 'bms'));
}

/** Chemistry and current version that decide a setting's default and range; the first ones while a choice is wrong. */
export function settingContextOf(document: Json): SettingContext {
  const chemistry = valueOf(document, 'bms.chemistry');
  const version = valueOf(document, 'bms.currentVersion_A');
  return {
    chemistry: (CHEMISTRIES as readonly unknown[]).includes(chemistry) ? (chemistry as Chemistry) : 'LiFe',
    currentVersion_A: typeof version === 'number' ? version : 100,
  };
}

/** A setting in effect: what the document says, else the default of the unit. */
export function settingValue(document: Json, name: SettingName): Json {
  const given = valueOf(document, `bms.settings.${name}`);
  if (given !== undefined) return given;
  const defaults: Settings = defaultSettings(settingContextOf(document));
  if (name === 'cellEmptyVoltage_V') return settingValue(document, 'overDischargeProtectionVoltage_V');
  if (name === 'cellFullVoltage_V') return settingValue(document, 'overChargeProtectionVoltage_V');
  return defaults[name];
}

/** Rated capacity as the unit counts it; undefined where nothing says one. */
export function capacityOf(document: Json): number | undefined {
  const capacity = hasUnit(document) ? settingValue(document, 'batteryCapacity_Ah') : undefined;
  return typeof capacity === 'number' ? capacity : undefined;
}
