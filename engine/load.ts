/**
 * A scenario with everything that it names: cells and profiles, read through a reader the platform gives.
 * What comes out is complete and checked, and its hash stands for all of it.
 */
import { cellSchema, type Cell } from '../domain/cells.ts';
import { LIBRARY_CELLS } from '../domain/libraryCells.ts';
import { InputError, shown } from '../domain/errors.ts';
import { decodeText, printJson, sortedKeys } from '../domain/scenario/json.ts';
import { type ReadOptions, readCell, readScenario } from '../domain/scenario/read.ts';
import { playedBy, type Table } from '../domain/scenario/equipment.ts';
import { type ProfileSource, type Scenario, type Source, sourcesOf } from '../domain/scenario/schema.ts';
import { nodeTables } from './cellTables.ts';
import { drivePower } from './driveCycle.ts';
import { householdPower } from './household.ts';
import { sha256 } from './kernel.ts';
import { PROFILE_LIMITS } from '../domain/profileLimits.ts';
import { type Profile, readProfile, readRows } from './profile.ts';

/** How a platform reads: files beside the scenario, and the shipped library. Both throw an InputError for what is not there. */
export interface FileReader {
  /** Bytes of a file named relative to the scenario; `limit` is the most bytes worth reading. */
  beside(name: string, limit: number): Promise<Uint8Array>;
  libraryCell(id: string): Promise<Uint8Array>;
}

/** A profile and how it is played. */
export interface LoadedProfile extends Profile, Pick<ProfileSource, 'interpolation' | 'scale' | 'repeat'> {}

export interface LoadedScenario {
  scenario: Scenario;
  cell: Cell;
  /** By index of the source; undefined where the source is no profile. */
  profiles: (LoadedProfile | undefined)[];
  /** SHA-256 over the scenario with its cell and the files it names. */
  hash: string;
}

async function namedCell(name: string, scenario: Scenario, reader: FileReader, path: string): Promise<Cell> {
  const own = Object.hasOwn(scenario.cells, name) ? scenario.cells[name] : undefined;
  if (typeof own === 'object') return own;
  const target = own ?? name;
  if ((LIBRARY_CELLS as readonly string[]).includes(target))
    return readCell(decodeText(await reader.libraryCell(target), `${target}.json`), `${target}.json`);
  if (!target.endsWith('.json')) {
    throw new InputError({
      code: 'unknown_cell',
      message: `there is no cell ${shown(target)}`,
      path,
      value: target,
      allowed: `a cell of \`cells\`, a file ending in .json, or ${LIBRARY_CELLS.join(', ')}`,
    });
  }
  return readCell(decodeText(await reader.beside(target, 1 << 24), target), target);
}

/** Text of a file that a source names; remembers its hash. */
type TextReader = (file: string) => Promise<string>;

const STEPS_OF_POWER = { quantity: 'power', interpolation: 'previous', scale: 1 } as const;

async function loadProfile(source: Source, read: TextReader): Promise<LoadedProfile | undefined> {
  const rows = async (table: Table) => readRows(await read(table.csv), table, table.csv);
  const played = async (spec: ProfileSource) => {
    const { interpolation, scale, repeat } = spec;
    return { ...readProfile(await read(spec.csv), spec, spec.csv), interpolation, scale, repeat };
  };
  if ('csv' in source) return played(source);
  const output = playedBy(source);
  if (output !== undefined) {
    const power = await played(output);
    checkPower(power, output.csv, 'inverter' in source);
    return power;
  }
  if ('household' in source) {
    const { household } = source;
    const power = householdPower(await rows(household.solar), await rows(household.load), household);
    return { ...power, ...STEPS_OF_POWER, repeat: household.repeat };
  }
  if (!('driveCycle' in source)) return undefined;
  const speed = await rows(source.driveCycle);
  refuseNegative(speed.value, source.driveCycle.csv, 'a speed');
  return { ...drivePower(speed, source.driveCycle), ...STEPS_OF_POWER, repeat: source.driveCycle.repeat };
}

function refuseNegative(values: Float64Array, file: string, what: string): void {
  const row = values.findIndex((value) => value < 0);
  if (row < 0) return;
  const message = `${what} is negative in row ${row + 2}`;
  throw new InputError({ code: 'range', file, line: row + 2, value: values[row], message, allowed: 'values from 0 up' });
}

/** What an inverter is set to is a power, and what one gives that cannot charge is never negative. */
function checkPower({ quantity, value, scale }: LoadedProfile, file: string, onlyGives: boolean): void {
  if (quantity !== 'power')
    throw new InputError({ code: 'value', file, message: 'the power of an inverter is not a current', allowed: 'a profile of power' });
  if (!onlyGives) return;
  refuseNegative(
    value.map((each) => each * scale),
    file,
    'the output of the inverter',
  );
}

async function loadProfiles(scenario: Scenario, reader: FileReader): Promise<{ profiles: (LoadedProfile | undefined)[]; texts: string[] }> {
  const texts: string[] = [];
  const profiles: (LoadedProfile | undefined)[] = [];
  const read: TextReader = async (file) => {
    const bytes = await reader.beside(file, PROFILE_LIMITS.bytes);
    texts.push(await sha256(bytes));
    return decodeProfile(bytes, file);
  };
  for (const source of sourcesOf(scenario)) profiles.push(await loadProfile(source, read));
  return { profiles, texts };
}

function decodeProfile(bytes: Uint8Array, file: string): string {
  if (bytes.length > PROFILE_LIMITS.bytes)
    throw new InputError({
      code: 'too_large',
      file,
      message: `the file has ${bytes.length} bytes`,
      allowed: `at most ${PROFILE_LIMITS.bytes}`,
    });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({ code: 'encoding', file, message: 'the file is not UTF-8 text', allowed: 'UTF-8' });
  }
}

/** Least resistance of a cell with its tabs that a parallel group can be split by. */
const LEAST_PARALLEL_OHM = 1e-7;

/** Cells in parallel without any resistance have no defined split. */
function checkParallel({ scenario, cell }: Pick<LoadedScenario, 'scenario' | 'cell'>): void {
  if (scenario.pack.parallel < 2) return;
  const { charge, discharge } = nodeTables(cell);
  const values = [charge, discharge].flatMap((table) => (typeof table === 'number' ? [table] : table.value.flat()));
  const own = scenario.pack.overrides.flatMap(({ seriesResistance_Ohm }) => seriesResistance_Ohm ?? []);
  const tabs = scenario.pack.overrides.flatMap(({ tab_Ohm }) => tab_Ohm ?? []);
  const least = Math.min(...values, ...own) + Math.min(scenario.pack.tab_Ohm, ...tabs);
  if (least >= LEAST_PARALLEL_OHM) return;
  const message = `cells in parallel have only ${least} Ohm with their tabs`;
  throw new InputError({
    code: 'range',
    path: 'pack.tab_Ohm',
    value: scenario.pack.tab_Ohm,
    message,
    allowed: `cell and tabs together at least ${LEAST_PARALLEL_OHM} Ohm`,
  });
}

/** Completes a checked scenario. */
export async function completeScenario(scenario: Scenario, reader: FileReader): Promise<LoadedScenario> {
  const cell = cellSchema.parse(await namedCell(scenario.pack.cell, scenario, reader, 'pack.cell'));
  checkParallel({ scenario, cell });
  const { profiles, texts } = await loadProfiles(scenario, reader);
  const canonical = printJson(sortedKeys({ scenario, cell, files: texts }));
  return { scenario, cell, profiles, hash: await sha256(canonical) };
}

/** Reads, checks and completes the text of a scenario file. */
export async function loadScenario(text: string, reader: FileReader, options: ReadOptions = {}): Promise<LoadedScenario> {
  return completeScenario(readScenario(text, options), reader);
}
