/**
 * Faults of a scenario as triggers and effects of the kernel, which knows nothing else of them.
 * Everything is checked and laid out before a kernel exists, so that a wrong target changes nothing.
 */
import { channelOf, checkFitted } from '../domain/channels.ts';
import { assert } from '../domain/errors.ts';
import type { ColumnChange, FaultRow } from '../domain/faults/row.ts';
import { EFFECT_OPS, EFFECT_ROW, SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import type { FaultOfScenario } from '../domain/scenario/fault.ts';
import { printJson, sortedKeys } from '../domain/scenario/json.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import { placeOf } from './addresses.ts';
import { channelPlace } from './channelPlace.ts';
import { planFault, type PlannedFault } from './faultTargets.ts';
import type { Kernel, RecordPlan } from './kernel.ts';

/** Streams of the seed for intermittent faults lie above this. */
const FIRST_STREAM = 0x80000000;
const FOREVER = Infinity;

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
