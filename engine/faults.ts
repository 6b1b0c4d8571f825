/**
 * Faults of a scenario as triggers and effects of the kernel, which knows nothing else of them.
 * Everything is checked and laid out before a kernel exists, so that a wrong target changes nothing.
 */
import { channelOf, checkFitted } from '../domain/channels.ts';
import { BLEED_OHM } from '../domain/device.ts';
import { assert, InputError, shown } from '../domain/errors.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import type { ColumnChange, FaultRow, Target } from '../domain/faults/row.ts';
import { EFFECT_OPS, EFFECT_ROW, SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import { inverterOf } from '../domain/scenario/equipment.ts';
import type { FaultOfScenario } from '../domain/scenario/fault.ts';
import { printJson, sortedKeys } from '../domain/scenario/json.ts';
import { type Scenario, sourcesOf } from '../domain/scenario/schema.ts';
import { placeOf } from './addresses.ts';
import { channelPlace } from './channelPlace.ts';
import { hasHarness, pinsOf } from './harness.ts';
import type { Kernel, RecordPlan } from './kernel.ts';

/** Streams of the seed for intermittent faults lie above this. */
const FIRST_STREAM = 0x80000000;
const FOREVER = Infinity;

interface PlannedFault {
  /** In the scenario's list. */
  index: number;
  row: FaultRow;
  given: FaultOfScenario;
  target: Target;
  severity: number;
  changes: ColumnChange[];
}

export interface FaultPlan {
  /** In the order of the kernel's rows: by name and target, so that the order in the file does not matter. */
  triggers: PlannedFault[];
  /** Addresses of columns that effects change, rising. */
  slots: number[];
  effects: { trigger: number; change: ColumnChange; address: number }[];
  hasShorts: boolean;
  hasReactions: boolean;
  reactsToVoltage: boolean;
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

function planFault(given: FaultOfScenario, index: number, scenario: Scenario): PlannedFault {
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

/** One stream for each fault and target, whatever other faults there are (FNV-1a, 32 bits); `same` counts its own kind before it. */
function streamOf({ fault, target }: FaultOfScenario, same: number): number {
  let hash = 0x811c9dc5;
  for (const letter of `${fault} ${String(target)} ${same}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return FIRST_STREAM + (hash >>> 1);
}

const orderKey = ({ given }: PlannedFault) => printJson(sortedKeys({ ...given }));

/** Checks every fault and lays out what the kernel needs for it. */
export function planFaults(scenario: Scenario, addresses: (change: ColumnChange) => number): FaultPlan {
  const declared = scenario.faults.map((given, index) => planFault(given, index, scenario));
  const triggers = [...declared].sort((a, b) => (orderKey(a) < orderKey(b) ? -1 : orderKey(a) > orderKey(b) ? 1 : a.index - b.index));
  const effects = declared.flatMap((fault) =>
    fault.changes.map((change) => ({ trigger: triggers.indexOf(fault), change, address: addresses(change) })),
  );
  const lasting = effects.filter(({ change }) => EFFECT_OPS[change.op] < EFFECT_OPS.impulseSet);
  const touches = (...columns: string[]) => effects.some(({ change }) => columns.includes(change.column));
  return {
    triggers,
    slots: [...new Set(lasting.map(({ address }) => address))].sort((a, b) => a - b),
    effects,
    hasShorts: touches('cell.short_S'),
    hasReactions: touches('cell.abuse_W', 'cell.short_S'),
    reactsToVoltage: touches('pack.externalShort_S', 'pack.reversedCharger_S', 'cell.short_S', 'relay.contact_Ohm'),
  };
}

/** The address of a change in a run, which must be a column that no stage of the kernel writes, unless it strikes once. */
export function changeAddress(change: ColumnChange, plan: RecordPlan, series: number): number {
  const { address, column } = placeOf(change.column, plan, series, change.index, change.position);
  const strikes = EFFECT_OPS[change.op] >= EFFECT_OPS.impulseSet;
  assert(column.type === 'f64', 'an effect changes numbers only', { column: change.column });
  assert(strikes || column.writer === 'compile' || column.writer === 'command', 'a stage of the kernel writes this column', {
    column: change.column,
  });
  return address;
}

type TriggerValues = Partial<Record<(typeof TRIGGER_ROW)[number], number>>;

function triggerValues(fault: PlannedFault, same: number, scenario: Scenario, plan: RecordPlan): TriggerValues {
  const { given, row, index, severity, target } = fault;
  const ticks = (seconds: number) => Math.ceil(seconds / scenario.tick_s - 1e-9);
  const lasts_s = given.for_s ?? row.lasts_s;
  const pulses = given.intermittent ?? row.intermittent;
  const groupTargets: FaultRow['target'][] = ['cell', 'parallelCell', 'channel', 'joint'];
  const values: TriggerValues = {
    durationTicks: row.ends === 'impulse' ? Math.min(1, ticks(lasts_s ?? 1)) : lasts_s === undefined ? FOREVER : ticks(lasts_s),
    onTicks: pulses === undefined ? 0 : pulses.on_s / scenario.tick_s,
    offTicks: pulses === undefined ? 0 : pulses.off_s / scenario.tick_s,
    stream: streamOf(given, same),
    cell: groupTargets.includes(row.target) ? target.index : -1,
    severity,
    index,
    perUnit: 1,
    endTick: FOREVER,
    turnTick: FOREVER,
  };
  if (given.when === 'always') return { ...values, fromTick: 0 };
  if ('time_s' in given.when) return { ...values, fromTick: ticks(given.when.time_s) };
  const { channel: name, above, below, for_s } = given.when;
  const path = `faults[${index}].when.channel`;
  const channel = channelOf(name, scenario.pack, path);
  checkFitted(channel, scenario, path);
  const { address, isInteger } = channelPlace(channel, plan, scenario.pack.series);
  return {
    ...values,
    address,
    isInteger: isInteger ? 1 : 0,
    perUnit: channel.row.perUnit ?? 1,
    direction: above === undefined ? -1 : 1,
    level: above ?? below!,
    holdTicks: ticks(for_s),
    fromTick: Infinity,
  };
}

function writeRow(kernel: Kernel, names: readonly string[], address: number, values: Record<string, number | undefined>): void {
  names.forEach((name, place) => (kernel.f64[address / 8 + place] = values[name] ?? 0));
}

/** Effect rows lie with the constants: they never change. */
export function effectRowCount(faults: FaultPlan): number {
  return faults.effects.length * EFFECT_ROW.length;
}

export function slotAddress(faults: FaultPlan, plan: RecordPlan, address: number): number | undefined {
  const place = faults.slots.indexOf(address);
  return place < 0 ? undefined : plan.slotBase + place * SLOT_ROW.length * 8;
}

export function triggerAddress(faults: FaultPlan, plan: RecordPlan, fault: number): number {
  return plan.triggerBase + faults.triggers.findIndex(({ index }) => index === fault) * TRIGGER_ROW.length * 8;
}

/** Effect rows as they lie among the constants. */
export function effectRows(faults: FaultPlan, plan: RecordPlan): Float64Array {
  return Float64Array.from(
    faults.effects.flatMap(({ trigger, change, address }) => [
      plan.triggerBase + trigger * TRIGGER_ROW.length * 8,
      EFFECT_OPS[change.op],
      slotAddress(faults, plan, address) ?? address,
      change.value,
    ]),
  );
}

/** Writes triggers and slots once everything else of the start state is in memory: a slot's nominal value is what stands there. */
export function writeFaults(kernel: Kernel, faults: FaultPlan, plan: RecordPlan, scenario: Scenario, rows: number): void {
  const { effect } = kernel.scalars();
  effect.triggers = plan.triggerBase;
  effect.triggerCount = faults.triggers.length;
  effect.conditionCount = faults.triggers.filter(({ given }) => typeof given.when === 'object' && 'channel' in given.when).length;
  effect.slots = plan.slotBase;
  effect.slotCount = faults.slots.length;
  effect.rows = rows;
  effect.rowCount = faults.effects.length;
  faults.triggers.forEach((fault, place) => {
    const address = plan.triggerBase + place * TRIGGER_ROW.length * 8;
    const isSame = ({ given }: PlannedFault) => given.fault === fault.given.fault && String(given.target) === String(fault.given.target);
    const same = faults.triggers.slice(0, place).filter(isSame).length;
    writeRow(kernel, TRIGGER_ROW, address, triggerValues(fault, same, scenario, plan));
  });
  faults.slots.forEach((address, place) => {
    const nominal = kernel.f64[address / 8]!;
    writeRow(kernel, SLOT_ROW, plan.slotBase + place * SLOT_ROW.length * 8, { address, nominal, value: nominal });
  });
}
