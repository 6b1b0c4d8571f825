/**
 * What a fault of a scenario is put on, and whether that part is there to fail: checked before any memory exists.
 * Apart from the kernel's rows because the page asks the same questions while somebody fills in a form.
 */
import { BLEED_OHM } from '../domain/device.ts';
import { InputError, type InputErrorDetails, shown } from '../domain/errors.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import type { ColumnChange, FaultRow, Target } from '../domain/faults/row.ts';
import { inverterOf } from '../domain/scenario/equipment.ts';
import type { FaultOfScenario } from '../domain/scenario/fault.ts';
import { type Scenario, sourcesOf } from '../domain/scenario/schema.ts';
import { hasHarness, pinsOf } from './harness.ts';

export interface PlannedFault {
  /** In the scenario's list. */
  index: number;
  row: FaultRow;
  given: FaultOfScenario;
  target: Target;
  severity: number;
  changes: ColumnChange[];
}

function refuse(path: string, value: unknown, allowed: string, message = `${shown(value)} is not allowed`): never {
  throw new InputError({ code: 'range', path, value, message, allowed });
}

const RELAYS = ['charge', 'discharge'];

/** Indices that a kind of target allows, with the words for an error. */
function choicesOf(kind: FaultRow['target'], scenario: Scenario): { indices: number[]; names?: readonly string[]; allowed: string } {
  const { series, parallel } = scenario.pack;
  const below = (count: number) => Array.from({ length: count }, (_, index) => index);
  const pins = pinsOf(series);
  const named = (keep: (tap: number, pin: number) => boolean) => {
    const kept = pins.map(({ tap }, pin) => ({ tap, pin })).filter(({ tap, pin }) => keep(tap, pin));
    return { indices: kept.map(({ pin }) => pin), allowed: `a wire: ${kept.map(({ pin }) => pins[pin]!.wire).join(', ')}` };
  };
  const sources = (keep: (source: object) => boolean, what: string) => ({
    indices: sourcesOf(scenario).flatMap((source, index) => (keep(source) ? [index] : [])),
    allowed: `the index of ${what} in \`source\``,
  });
  switch (kind) {
    case 'wire':
      return named(() => true);
    case 'innerWire':
      return named((tap) => tap > 0 && tap < series);
    case 'endWire':
      return { indices: [0, pins.length - 1], names: ['negative', 'positive'], allowed: '"negative" or "positive"' };
    case 'connector':
      return { indices: below(pins.at(-1)!.connector + 1), allowed: `a connector from 0 to ${pins.at(-1)!.connector}` };
    case 'joint':
      return { indices: below(series).slice(1), allowed: `the group above the joint, from 1 to ${series - 1}` };
    case 'cell':
    case 'channel':
      return { indices: below(series), allowed: `a group from 0 to ${series - 1}` };
    case 'parallelCell':
      return { indices: parallel > 1 ? below(series) : [], allowed: '[group, position] of a pack with cells in parallel' };
    case 'relay':
      return { indices: [0, 1], names: RELAYS, allowed: '"charge" or "discharge"' };
    case 'sensor':
      return { indices: [0, 1], allowed: '0 for T1 or 1 for T2' };
    case 'charger':
      return sources((source) => 'charger' in source, 'a charger');
    case 'inverter':
      return sources((source) => 'inverter' in source, 'an inverter');
    case 'load':
      return sources((source) => !('charger' in source), 'a load or profile');
    case 'none':
      return { indices: [0], allowed: 'no target' };
  }
}

function indexOf(
  given: FaultOfScenario,
  row: FaultRow,
  scenario: Scenario,
  path: string,
): { index: number; position?: number | undefined } {
  const { indices, names, allowed } = choicesOf(row.target, scenario);
  const { target } = given;
  if (row.target === 'none') {
    if (target !== undefined) refuse(`${path}.target`, target, allowed);
    return { index: 0 };
  }
  if (target === undefined) {
    if (['charger', 'inverter', 'load'].includes(row.target) && indices.length === 1) return { index: indices[0]! };
    throw new InputError({ code: 'missing', path: `${path}.target`, message: 'is missing', allowed });
  }
  if (Array.isArray(target)) {
    const [index, position] = target;
    const takesPosition = row.target === 'cell' || row.target === 'parallelCell';
    if (!takesPosition || !indices.includes(index) || position >= scenario.pack.parallel) refuse(`${path}.target`, target, allowed);
    return { index, position };
  }
  if (row.target === 'wire' || row.target === 'innerWire') {
    const pin = pinsOf(scenario.pack.series).findIndex(({ wire }) => wire === target);
    if (!indices.includes(pin)) refuse(`${path}.target`, target, allowed);
    return { index: pin };
  }
  const index = typeof target === 'number' ? target : (names?.indexOf(target) ?? -1);
  const found = names === undefined ? index : indices[index];
  if (found === undefined || !indices.includes(found)) refuse(`${path}.target`, target, allowed);
  return { index: found };
}

function severityOf(given: FaultOfScenario, row: FaultRow, path: string): number {
  if (row.severity === undefined) {
    if (given.severity !== undefined) refuse(`${path}.severity`, given.severity, 'left out: this fault has none');
    return 1;
  }
  const { min, max } = row.severity;
  const severity = given.severity ?? row.severity.default;
  if (!(severity >= min && severity <= max)) refuse(`${path}.severity`, severity, `a number from ${min} to ${max} (${row.severity.unit})`);
  return severity;
}

const UNIT_SECTIONS = [
  'sensing',
  'estimate',
  'setting',
  'assumed',
  'unit',
  'driver',
  'relay',
  'sensor',
  'lcd',
  'button',
  'serial',
  'update',
];
const CHANNEL_COLUMNS = ['gain_ratio', 'offset_V', 'noise_V', 'channelSource', 'channelFrozen'];

/** A fault needs the part that it breaks. */
function checkParts(changes: readonly ColumnChange[], target: Target, scenario: Scenario, path: string): void {
  const sections = changes.map(({ column }) => column.split('.') as [string, string]);
  const needsUnit = sections.some(
    ([section, name]) => UNIT_SECTIONS.includes(section) || (section === 'group' && CHANNEL_COLUMNS.includes(name)),
  );
  if (needsUnit && scenario.bms === null) refuse(`${path}.fault`, null, 'a scenario with a BMS', 'there is no BMS that could fail');
  const needsHarness = sections.some(([section, name]) => section === 'pin' || /^(bleed|inputLeak)/.test(name));
  if (needsHarness && !hasHarness(scenario))
    refuse(`${path}.fault`, null, 'a scenario with a harness', 'there is no harness that could fail');
  if (sections.some(([section]) => section === 'fuse') && scenario.pack.fuse === null)
    refuse(`${path}.fault`, null, 'a pack with a main fuse', 'there is no fuse that could blow');
  const touches = (column: string) => changes.some((change) => change.column === column);
  const source = sourcesOf(scenario)[target.index];
  const input = source === undefined ? undefined : inverterOf(source);
  if (touches('source.precharge_Ohm') && input?.precharge === null)
    refuse(`${path}.fault`, null, 'an inverter with `precharge`', 'there is no pre-charge resistor that could fail');
  if (touches('source.busLeak_S') && input?.busCapacitance_F === 0)
    refuse(`${path}.fault`, null, 'an inverter with `busCapacitance_F`', 'there is no bus that could be loaded');
  if (touches('pack.ambient_degC') && scenario.ambientProfile !== undefined)
    refuse(`${path}.fault`, null, 'ambient_degC in place of ambientProfile', 'the profile gives the ambient temperature');
}

/** Checks one fault of a scenario; throws an InputError that names what is allowed. */
export function planFault(given: FaultOfScenario, index: number, scenario: Scenario): PlannedFault {
  const path = `faults[${index}]`;
  const row = faultRow(given.fault);
  const { series, parallel } = scenario.pack;
  const pins = pinsOf(series);
  const target: Target = {
    ...indexOf(given, row, scenario, path),
    series,
    parallel,
    pinTaps: pins.map(({ tap }) => tap),
    pinConnectors: pins.map(({ connector }) => connector),
    bleed_Ohm: scenario.harness?.bleed_Ohm ?? BLEED_OHM,
    tick_s: scenario.tick_s,
  };
  const severity = severityOf(given, row, path);
  const changes = row.effects(target, severity);
  checkParts(changes, target, scenario, path);
  return { index, row, given, target, severity, changes };
}

/** What a fault may be put on in this scenario, as a file writes it; empty where it needs no target or has no possible one. */
export function targetChoices(row: FaultRow, scenario: Scenario): NonNullable<FaultOfScenario['target']>[] {
  if (row.target === 'none') return [];
  const { indices, names } = choicesOf(row.target, scenario);
  if (names !== undefined) return [...names];
  if (row.target === 'wire' || row.target === 'innerWire') return indices.map((pin) => pinsOf(scenario.pack.series)[pin]!.wire);
  if (row.target !== 'parallelCell') return indices;
  const positions = Array.from({ length: scenario.pack.parallel }, (_, position) => position);
  return indices.flatMap((group) => positions.map((position): [number, number] => [group, position]));
}

/** What speaks against a fault in this scenario; undefined where nothing does. */
export function faultComplaint(given: FaultOfScenario, scenario: Scenario): InputErrorDetails | undefined {
  try {
    planFault(given, 0, scenario);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.details;
    throw error;
  }
}
