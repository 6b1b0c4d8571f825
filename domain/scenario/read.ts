/**
 * From the text of a scenario file to checked data: strict JSON, migration, schema, then what fields must say together.
 * Everything a user can get wrong in the file alone is found here, before any other file is read.
 */
import { cellSchema, type Cell } from '../cells.ts';
import { MODELS } from '../device.ts';
import { InputError, shown } from '../errors.ts';
import { parseWith } from '../fields.ts';
import { defaultSettings, SETTING_NAMES, SETTING_ORDER, settingComplaint, type SettingContext, type Settings } from '../settings.ts';
import { checkActions } from './actions.ts';
import { JOINTS } from './expect.ts';
import { type Json, type JsonDocument, readJson } from './json.ts';
import { checkReadings } from './lab.ts';
import { unitOfMeasure } from './measure.ts';
import { migrate } from './migrate.ts';
import { assign, type Assignment } from './paths.ts';
import { type Bms, MOST_TICKS, type Scenario, scenarioSchema, sourcesOf } from './schema.ts';

export interface ReadOptions {
  file?: string;
  /** `path=value` changes, applied before the schema. */
  set?: readonly Assignment[];
  seed?: number;
}

/** The checked scenario, or an InputError with file, line, path, value and what is allowed. */
export function readScenario(text: string, options: ReadOptions = {}): Scenario {
  const document = readJson(text, options.file);
  const set = (options.set ?? []).map(({ path }) => path);
  return locate(document, options.file, () => checkScenario(changed(document.value, options)), set);
}

/** The same for a document that never was text (the page's own). */
export function checkScenario(document: Json): Scenario {
  const scenario = parseWith(scenarioSchema, migrate(document));
  checkTime(scenario);
  checkPack(scenario);
  if (scenario.bms !== null) checkBms(scenario, scenario.bms);
  checkActions(scenario);
  checkWindows(scenario);
  checkMeasurements(scenario);
  checkLimits(scenario);
  if (scenario.lab !== undefined) checkReadings(scenario.measure, scenario.expect);
  return scenario;
}

/** A cell file, with the same care. */
export function readCell(text: string, file?: string): Cell {
  const document = readJson(text, file);
  return locate(document, file, () => parseWith(cellSchema, document.value));
}

function changed(value: Json, options: ReadOptions): Json {
  const seeded = options.seed === undefined ? [] : [{ path: 'seed', value: options.seed }];
  return [...(options.set ?? []), ...seeded].reduce((document, change) => assign(document, change), value);
}

/** Adds file and line to an error that knows its path; a value given beside the file has no line in it. */
function located(error: InputError, document: JsonDocument, file: string | undefined, set: readonly string[]): InputError {
  const { path } = error.details;
  const notFromFile =
    path === undefined || set.some((given) => path === given || path.startsWith(`${given}.`) || path.startsWith(`${given}[`));
  const position = notFromFile ? undefined : document.positionOf(path);
  return error.with({ file, ...position });
}

function locate<T>(document: JsonDocument, file: string | undefined, work: () => T, set: readonly string[] = []): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InputError ? located(error, document, file, set) : error;
  }
}

/** File and line for what is found wrong in a scenario only after it was read, when the pack is known. An error of another file keeps its own. */
export function locatedIn(text: string, options: ReadOptions, error: InputError): InputError {
  const { file, line } = error.details;
  if (line !== undefined || (file !== undefined && file !== options.file)) return error;
  return located(
    error,
    readJson(text, options.file),
    options.file,
    (options.set ?? []).map(({ path }) => path),
  );
}

function refuse(code: string, path: string, value: unknown, allowed: string, message = `${shown(value)} is not allowed`): never {
  throw new InputError({ code, message, path, value, allowed });
}

function checkTime(scenario: Scenario): void {
  const ticks = scenario.duration_s / scenario.tick_s;
  if (ticks > MOST_TICKS)
    refuse(
      'too_many_ticks',
      'duration_s',
      scenario.duration_s,
      `at most ${MOST_TICKS} ticks`,
      `the run would take ${ticks.toPrecision(3)} ticks of ${scenario.tick_s} s`,
    );
}

function checkPack(scenario: Scenario): void {
  const { series, overrides, parallel, wires } = scenario.pack;
  wires.forEach(({ wire }, index) => {
    const tap = typeof wire === 'number' ? wire : Number.parseInt(wire, 10);
    const exists = typeof wire === 'number' ? tap <= series : tap < series;
    if (!exists) refuse('range', `pack.wires[${index}].wire`, wire, `a wire of ${series} groups`);
  });
  overrides.forEach((override, index) => {
    if (override.group >= series) refuse('range', `pack.overrides[${index}].group`, override.group, `a group from 0 to ${series - 1}`);
    if (override.position >= parallel)
      refuse('range', `pack.overrides[${index}].position`, override.position, `a position from 0 to ${parallel - 1}`);
  });
}

export function settingContext(bms: Bms): SettingContext {
  return { chemistry: bms.chemistry, currentVersion_A: bms.currentVersion_A };
}

/** All settings of the unit: what the scenario sets over the defaults, switches as 0 and 1. */
export function settingsOf(bms: Bms): Settings {
  const settings = defaultSettings(settingContext(bms));
  for (const name of SETTING_NAMES) {
    const given = bms.settings[name];
    if (given !== undefined) settings[name] = Number(given);
  }
  if (bms.settings.cellEmptyVoltage_V === undefined) settings.cellEmptyVoltage_V = settings.overDischargeProtectionVoltage_V;
  if (bms.settings.cellFullVoltage_V === undefined) settings.cellFullVoltage_V = settings.overChargeProtectionVoltage_V;
  return settings;
}

function checkSettings(bms: Bms): void {
  const context = settingContext(bms);
  const settings = settingsOf(bms);
  for (const name of SETTING_NAMES) {
    const allowed = settingComplaint(name, settings[name], context);
    if (allowed !== undefined) refuse('range', `bms.settings.${name}`, settings[name], allowed);
  }
  for (const [lower, upper] of SETTING_ORDER) {
    if (settings[lower] < settings[upper]) continue;
    const message = `${lower} (${settings[lower]}) is not below ${upper} (${settings[upper]})`;
    const path = bms.settings[lower] === undefined ? upper : lower;
    refuse('order', `bms.settings.${path}`, settings[path], `${lower} below ${upper}`, message);
  }
}

function checkBms(scenario: Scenario, bms: Bms): void {
  const { series } = scenario.pack;
  const slots = MODELS[bms.model];
  if (series < 2 || series > slots) refuse('range', 'pack.series', series, `2 to ${slots} groups for a ${bms.model}`);
  checkSettings(bms);
  if (bms.profile === null) refuse('not_supported', 'bms.profile', null, '"faq"', 'is not computed by this version');
  const { balanceResume_degC, balanceStop_degC } = bms.assumptions;
  if (balanceResume_degC >= balanceStop_degC)
    refuse('order', 'bms.assumptions.balanceResume_degC', balanceResume_degC, `below balanceStop_degC (${balanceStop_degC})`);
  bms.sensing.channels.forEach((channel, index) => {
    if (channel.group >= series) refuse('range', `bms.sensing.channels[${index}].group`, channel.group, `a group from 0 to ${series - 1}`);
  });
  bms.sensing.temperature?.forEach((sensor, index) => {
    if (sensor.group >= series) refuse('range', `bms.sensing.temperature[${index}].group`, sensor.group, `a group from 0 to ${series - 1}`);
  });
}

function checkWindows(scenario: Scenario): void {
  const inList = Array.isArray(scenario.source);
  sourcesOf(scenario).forEach((source, index) => {
    const path = inList ? `source[${index}]` : 'source';
    if (source.until_s !== undefined && source.until_s <= source.from_s)
      refuse('order', `${path}.until_s`, source.until_s, `later than from_s (${source.from_s})`);
  });
  scenario.expect.forEach((expectation, index) => {
    if ('measurement' in expectation) return;
    const window = expectation.within_s;
    if (window !== undefined && window[1] < window[0])
      refuse('order', `expect[${index}].within_s`, window, 'an end that is not before the start');
  });
}

/** What expectations say of measurements: they are there, and two that are added or subtracted have one unit. */
function checkMeasurements({ measure, expect }: Scenario): void {
  expect.forEach((expectation, index) => {
    if (!('measurement' in expectation)) return;
    for (const name of ['measurement', ...JOINTS] as const) {
      const given = expectation[name];
      if (given !== undefined && given >= measure.length)
        refuse(
          'range',
          `expect[${index}].${name}`,
          given,
          measure.length === 0 ? 'none: there is nothing in `measure`' : `a measurement from 0 to ${measure.length - 1}`,
        );
    }
    for (const joint of ['plus', 'minus'] as const) {
      const other = expectation[joint];
      if (other === undefined) continue;
      const unit = unitOfMeasure(measure[expectation.measurement]!);
      if (unitOfMeasure(measure[other]!) !== unit) refuse('unit', `expect[${index}].${joint}`, other, `a measurement in ${unit}`);
    }
  });
}

/** An expectation that cannot fail is a mistake, and so is one that cannot hold. */
function checkLimits({ expect }: Scenario): void {
  expect.forEach((expectation, index) => {
    if ('event' in expectation) return;
    const { atLeast, atMost } = expectation;
    if (atLeast === undefined && atMost === undefined)
      refuse('missing', `expect[${index}].atLeast`, undefined, '`atLeast`, `atMost` or both', 'there is no limit');
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      refuse('order', `expect[${index}].atLeast`, atLeast, 'atLeast not above atMost', `atLeast (${atLeast}) is above atMost (${atMost})`);
  });
}
