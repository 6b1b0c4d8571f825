/**
 * The state of the plain JavaScript: one Float64Array per column and plain objects for single values.
 * It is read out of a compiled kernel's memory, so that both implementations start from the same numbers.
 */
import type { CompiledRun } from '../../engine/compile.ts';
import type { ChunkedColumn, ScalarViews, StructureViews } from '../../engine/kernel.ts';

export type Columns<T> = { readonly [K in keyof T]: Float64Array };

/** Single values that the plain JavaScript uses, by the kernel's own sections. */
const SECTIONS = [
  ...([
    'run',
    'ocv',
    'parameter',
    'pack',
    'heat',
    'unit',
    'lcd',
    'lamp',
    'beeper',
    'serial',
    'impedance',
    'setting',
    'assumed',
    'sensing',
    'measured',
    'estimate',
    'balance',
    'driver',
    'harness',
    'limit',
    'total',
  ] as const),
];
type SectionName = (typeof SECTIONS)[number];

export type RelayRow = StructureViews['relay'][number];
export type SensorRow = StructureViews['sensor'][number];

export interface Profile {
  time_s: Float64Array;
  value: Float64Array;
}

/** An axis of the parameter tables, with the inverses of the distances between its knots. */
export interface Axis {
  knots: Float64Array;
  inverses: Float64Array;
}

export interface State extends Pick<ScalarViews, SectionName> {
  groupCount: number;
  cells: Columns<CompiledRun['cells']>;
  groups: Columns<CompiledRun['groups']>;
  /** One entry per protection in each column. */
  rules: Columns<CompiledRun['structures']['rule'][number]> & { trip: Float64Array };
  /** One entry per row of equipment in each column. */
  sources: Columns<CompiledRun['structures']['source'][number]>;
  profiles: Profile[];
  /** Groups that touch. */
  edges: { from: Int32Array; to: Int32Array; conductance_W_per_K: Float64Array };
  reading: Float64Array;
  /** While each measurand stays between its two no rule is violated. */
  bounds: { high: Float64Array; low: Float64Array };
  ocvBins: Float64Array;
  nodes: Float64Array;
  socAxis: Axis;
  temperatureAxis: Axis;
  unitOcv: Float64Array;
  relays: { charge: RelayRow; discharge: RelayRow };
  /** Each touches the group that the unit takes it to touch. */
  sensors: { first: SensorRow; second: SensorRow };
  protection: { busy: number; delaySamples: number; alarmOnly: number; alarm: number; trips: number };
  events: { total: number };
}

const VALUES_PER_NODE = 8;
const VALUES_PER_BIN = 4;
const VALUES_PER_EDGE = 3;
const MEASURANDS = 10;
/** Constant currents and profiles of current. */
const KINDS = [1, 2];
const BEHIND_RELAYS = 0;

function columnsOf<T extends Record<string, ChunkedColumn>>(views: T, count: number): Columns<T> {
  const copy = (view: ChunkedColumn) => Float64Array.from({ length: count }, (_, group) => view.get(group));
  return Object.fromEntries(Object.entries(views).map(([name, view]) => [name, copy(view)])) as unknown as Columns<T>;
}

function rowsOf<T extends object>(rows: readonly T[], count: number): Columns<T> {
  const names = Object.keys(rows[0]!) as (keyof T)[];
  const copy = (name: keyof T) => Float64Array.from(rows.slice(0, count), (row) => row[name] as number);
  return Object.fromEntries(names.map((name) => [name, copy(name)])) as unknown as Columns<T>;
}

/** Conductances between neighbours, by group instead of by address. */
function readEdges({ scalars: { heat, run }, cells, kernel }: CompiledRun): State['edges'] {
  const groupAt = new Map(Array.from({ length: run.groupCount }, (_, group) => [cells.soc.address(group), group]));
  const rows = Array.from({ length: heat.edgeCount }, (_, edge) => heat.edges / 8 + edge * VALUES_PER_EDGE);
  return {
    from: Int32Array.from(rows, (at) => groupAt.get(kernel.f64[at]!)!),
    to: Int32Array.from(rows, (at) => groupAt.get(kernel.f64[at + 1]!)!),
    conductance_W_per_K: Float64Array.from(rows, (at) => kernel.f64[at + 2]!),
  };
}

/** What the plain JavaScript does not compute is refused, so that it never does less work than the kernel. */
function refuseWhatIsLeftOut(run: CompiledRun): void {
  const { command, effect, fuse, harness, sensing, unit } = run.scalars;
  const sources = run.structures.source.slice(0, run.scalars.pack.sourceCount);
  if (sources.some(({ kind, place, feedsBack }) => !KINDS.includes(kind) || place !== BEHIND_RELAYS || feedsBack !== 0))
    throw new Error('Internal error: the plain JavaScript knows constant currents and profiles of current behind the relays only');
  if (effect.triggerCount > 0 || harness.loadsWhenIdle !== 0 || harness.abnormal !== 0 || fuse.fitted !== 0)
    throw new Error('Internal error: the plain JavaScript knows neither faults, leads with a resistance nor fuses');
  if (command.count > 0 || sensing.hasNoise !== 0 || sensing.currentNoise_A > 0 || unit.switchedOn !== unit.running)
    throw new Error('Internal error: the plain JavaScript knows neither commands nor noise');
  if (run.scalars.run.positionCount > 1) throw new Error('Internal error: the plain JavaScript knows no cells in parallel');
  if (run.scalars.heat.ambientRow !== 0) throw new Error('Internal error: the plain JavaScript knows no ambient profile');
}

/** A copy of the compiled run's state. */
export function readState(run: CompiledRun): State {
  refuseWhatIsLeftOut(run);
  const { scalars, structures, kernel } = run;
  const groupCount = scalars.run.groupCount;
  const array = (address: number, length: number) => kernel.f64.slice(address / 8, address / 8 + length);
  const axis = (address: number, count: number) => ({ knots: array(address, count), inverses: array(address + 8 * count, count - 1) });
  const { ocv, parameter, pack } = scalars;
  const cells = columnsOf(run.cells, groupCount);
  const rules = rowsOf(structures.rule, scalars.protection.ruleCount);
  const sources = rowsOf(structures.source, pack.sourceCount);
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, { ...scalars[name] }]));
  const state = {
    ...(sections as unknown as Pick<State, SectionName>),
    groupCount,
    cells,
    groups: columnsOf(run.groups, groupCount),
    rules: { ...rules, trip: new Float64Array(scalars.protection.ruleCount) },
    sources,
    profiles: structures.source.slice(0, pack.sourceCount).map((row) => ({
      time_s: array(row.times, row.rows),
      value: array(row.values, row.rows),
    })),
    edges: readEdges(run),
    reading: new Float64Array(MEASURANDS),
    bounds: { high: new Float64Array(MEASURANDS).fill(Infinity), low: new Float64Array(MEASURANDS).fill(-Infinity) },
    ocvBins: array(ocv.base, ocv.binCount * VALUES_PER_BIN),
    nodes: array(parameter.base, parameter.socCount * parameter.temperatureCount * VALUES_PER_NODE),
    socAxis: axis(parameter.socKnots, parameter.socCount),
    temperatureAxis: axis(parameter.temperatureKnots, parameter.temperatureCount),
    unitOcv: array(scalars.estimate.ocvBase, scalars.estimate.ocvCount),
    relays: { charge: { ...structures.relay[0]! }, discharge: { ...structures.relay[1]! } },
    sensors: { first: { ...structures.sensor[0]! }, second: { ...structures.sensor[1]! } },
    protection: { busy: 0, delaySamples: 0, alarmOnly: 0, alarm: 0, trips: 0 },
    events: { total: scalars.event.total },
  };
  compileLevels(state, (address) => kernel.f64[address / 8]!);
  return state;
}

/** Levels of the protections in their integer units; settings do not change here, so once is enough. */
function compileLevels({ bounds, rules, protection, setting, unit }: State, valueAt: (address: number) => number): void {
  const delay = setting.cutOffDelay_s;
  const units = (value: number, row: number) => nearest(value * rules.perUnit[row]!);
  protection.alarmOnly = delay === 0 ? 1 : 0;
  protection.delaySamples = Math.ceil(delay / (unit.periodHours * 3600) - 1e-9);
  for (let i = 0; i < rules.event.length; i++) {
    const direction = rules.direction[i]!;
    const threshold = rules.threshold[i]!;
    const key = direction * units(threshold === 0 ? rules.level[i]! : valueAt(threshold), i);
    const released = rules.releaseSetting[i]!;
    const switched = rules.enabledBy[i] === 0 || valueAt(rules.enabledBy[i]!) !== 0;
    const enabled = switched && (rules.absolute[i] === 0 || delay === 0);
    rules.trip[i] = enabled ? key + rules.strict[i]! : Infinity;
    const byOffset = Math.max(key - units(rules.releaseOffset[i]!, i), rules.releaseLeast[i]! * rules.perUnit[i]!);
    rules.releaseKey[i] = released === 0 ? byOffset : direction * units(valueAt(released), i);
    rules.enabled[i] = enabled ? 1 : 0;
    const which = rules.measurand[i]!;
    if (direction > 0) bounds.high[which] = Math.min(bounds.high[which]!, rules.trip[i]!);
    else bounds.low[which] = Math.max(bounds.low[which]!, -rules.trip[i]!);
  }
}

/** Adding and taking away 1.5 * 2^52 leaves the nearest whole number, ties to even. */
const ROUNDER = 6755399441055744;

export function nearest(x: number): number {
  return x + ROUNDER - ROUNDER;
}

/** Writes one state's values into another of the same shape. */
export function copyInto<T extends object>(target: T, source: T): void {
  for (const name of Object.keys(source) as (keyof T)[]) {
    const value = source[name];
    if (value instanceof Float64Array || value instanceof Int32Array) (target[name] as typeof value).set(value);
    else if (typeof value === 'object' && value !== null) copyInto(target[name] as object, value);
    else target[name] = value;
  }
}
