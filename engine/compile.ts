/**
 * A loaded scenario becomes a kernel's memory: start state, tables, profiles and the command log.
 * One loop a kind of thing; the kernel never sees a name.
 */
import { ASSUMPTION_NAMES } from '../domain/assumptions.ts';
import * as device from '../domain/device.ts';
import { EVENTS } from '../domain/events.ts';
import type { FaultName } from '../domain/faults/titles.ts';
import { COMMAND_ROW } from '../domain/memory.ts';
import { MEASURAND_NAMES, MEASURANDS, PROTECTIONS, type ProtectionRow } from '../domain/protections.ts';
import type { Bms, Scenario } from '../domain/scenario/schema.ts';
import { ocvBins, parameterNodes, unitOcvTable } from './cellTables.ts';
import { commandLog } from './commands.ts';
import { INTERPOLATION, writeEquipment } from './equipment.ts';
import { changeAddress, effectRows, planFaults, writeFaults } from './faults.ts';
import { writeHarness } from './harness.ts';
import {
  type CellViews,
  chunksOf,
  type GroupViews,
  Kernel,
  type KernelModule,
  LAYOUT,
  planRecord,
  type RecordPlan,
  type ScalarViews,
  type StructureViews,
} from './kernel.ts';
import type { LoadedScenario } from './load.ts';
import { heatEdges } from './neighbours.ts';
import { writeRelays } from './relays.ts';
import { planRecording, type RecordingOptions, type RecordingPlan, writeRecorder } from './recording.ts';
import { Watches, watchesOf, watchTable } from './watches.ts';
import { isIsothermal, writeCells, writeGroups, writeLimits } from './packState.ts';
import { writeSensing } from './sensing.ts';
import { settingAddress, writeUnitState } from './unit.ts';
import { writeImages } from './update.ts';

export interface CompiledRun {
  kernel: Kernel;
  plan: RecordPlan;
  scalars: ScalarViews;
  structures: StructureViews;
  cells: CellViews;
  groups: GroupViews;
  /** Names of the scenario's faults, by their index. */
  faultNames: FaultName[];
  watches: Watches;
  recording: RecordingPlan;
  ticks: number;
  firmwareTicks: number;
}

const SLOW_STEP = { ticks: 16, seconds: 16 } as const;
const RELEASE_KIND = { setting: 0, offset: 1, retry: 2, startOrCharge: 3, powerCycle: 4 } as const;
/** A chamber holds its set point no better than this: so far beyond the last temperature of a table is still inside it. */
const DATA_MARGIN_K = 1;
const SECONDS_PER_HOUR = 3600;
const TWO_TO_32 = 4294967296;

/** Ticks of a run: the last one may reach over the duration. */
export function ticksOf(scenario: Scenario): number {
  return Math.ceil(scenario.duration_s / scenario.tick_s - 1e-6);
}

export function firmwareTicksOf(scenario: Scenario): number {
  return scenario.bms?.period_ticks ?? Math.max(1, Math.round(device.FIRMWARE_PERIOD_S / scenario.tick_s));
}

function slowTicksOf(scenario: Scenario): number {
  return scenario.slowStep_ticks ?? Math.max(1, Math.min(SLOW_STEP.ticks, Math.floor(SLOW_STEP.seconds / scenario.tick_s + 1e-9)));
}

/** Hands out addresses behind the record, one array after the other. */
class Constants {
  private at: number;
  private readonly parts: { address: number; values: Float64Array }[] = [];

  constructor(start: number) {
    this.at = start;
  }

  add(values: Float64Array): number {
    const address = Math.ceil(this.at / 64) * 64;
    this.parts.push({ address, values });
    this.at = address + values.byteLength;
    return address;
  }

  get bytes(): number {
    return this.at;
  }

  writeTo(kernel: Kernel): void {
    for (const { address, values } of this.parts) kernel.f64.set(values, address / 8);
  }
}

interface Tables {
  ocv: number;
  binCount: number;
  nodes: number;
  socKnots: number[];
  socAddress: number;
  temperatureKnots: number[];
  temperatureAddress: number;
  unitOcv: number;
  unitOcvCount: number;
  profiles: { times: number; values: number }[];
  ambient: { times: number; values: number; rows: number };
  edges: number;
  edgeCount: number;
  substeps: number;
}

/** Knots, then the inverses of their distances. */
function axis(knots: readonly number[]): Float64Array {
  return Float64Array.of(...knots, ...knots.slice(1).map((knot, index) => 1 / (knot - knots[index]!)));
}

function addTables(constants: Constants, loaded: LoadedScenario): Tables {
  const { bins, binCount } = ocvBins(loaded.cell);
  const parameters = parameterNodes(loaded.cell);
  const unitOcv = unitOcvTable(loaded.cell);
  const edges = heatEdges(loaded, slowTicksOf(loaded.scenario) * loaded.scenario.tick_s);
  const ambient = loaded.scenario.ambientProfile;
  return {
    ocv: constants.add(bins),
    binCount,
    nodes: constants.add(parameters.nodes),
    socKnots: parameters.soc,
    socAddress: constants.add(axis(parameters.soc)),
    temperatureKnots: parameters.temperature_degC,
    temperatureAddress: constants.add(axis(parameters.temperature_degC)),
    unitOcv: constants.add(unitOcv),
    unitOcvCount: unitOcv.length,
    edges: constants.add(edges.rows),
    edgeCount: edges.rows.length / 3,
    substeps: edges.substeps,
    ambient: {
      times: constants.add(Float64Array.from(ambient?.time_s ?? [])),
      values: constants.add(Float64Array.from(ambient?.temperature_degC ?? [])),
      rows: ambient?.time_s.length ?? 0,
    },
    profiles: loaded.profiles.map((profile) =>
      profile === undefined ? { times: 0, values: 0 } : { times: constants.add(profile.time_s), values: constants.add(profile.value) },
    ),
  };
}

function writeClock(run: CompiledRun, scenario: Scenario): void {
  const { run: clock } = run.scalars;
  const slowTicks = slowTicksOf(scenario);
  clock.tick_s = scenario.tick_s;
  clock.slow_s = slowTicks * scenario.tick_s;
  clock.slowTicks = slowTicks;
  clock.slowLeft = slowTicks;
  clock.firmwareTicks = run.firmwareTicks;
  clock.firmwareLeft = run.firmwareTicks;
  clock.groupCount = scenario.pack.series;
  clock.positionCount = scenario.pack.parallel;
  clock.chunkBytes = chunksOf(scenario.pack.series) * LAYOUT.cellChunkBytes;
  clock.groupBytes = chunksOf(scenario.pack.series) * LAYOUT.groupChunkBytes;
  clock.groupBase = run.plan.groupBase;
  clock.recorderBase = run.plan.recorderBase;
  run.scalars.sensing.seedLow = scenario.seed | 0;
  run.scalars.sensing.seedHigh = Math.floor(scenario.seed / TWO_TO_32);
  run.scalars.event.base = run.plan.ringBase;
  run.scalars.event.capacity = run.plan.ringRows;
  run.scalars.event.reserve = run.plan.ringReserve;
}

function writeTables(run: CompiledRun, tables: Tables, loaded: LoadedScenario): void {
  const { ocv, parameter, estimate } = run.scalars;
  ocv.base = tables.ocv;
  ocv.binCount = tables.binCount;
  ocv.lastBin = tables.binCount - 1;
  parameter.base = tables.nodes;
  parameter.socKnots = tables.socAddress;
  parameter.socCount = tables.socKnots.length;
  parameter.temperatureKnots = tables.temperatureAddress;
  parameter.temperatureCount = tables.temperatureKnots.length;
  const dependsOnTemperature = tables.temperatureKnots.length > 1;
  parameter.minimumTemperature_degC = dependsOnTemperature ? tables.temperatureKnots[0]! - DATA_MARGIN_K : -1e9;
  parameter.maximumTemperature_degC = dependsOnTemperature ? tables.temperatureKnots.at(-1)! + DATA_MARGIN_K : 1e9;
  run.scalars.run.hasHysteresis = loaded.cell.hysteresis === undefined ? 0 : 1;
  estimate.ocvBase = tables.unitOcv;
  estimate.ocvCount = tables.unitOcvCount;
  estimate.efficiency_ratio = loaded.cell.coulombicEfficiency_ratio;
}

function writePack(run: CompiledRun, scenario: Scenario): void {
  const { pack } = run.scalars;
  pack.busSegment_Ohm = scenario.pack.bus_Ohm;
  pack.terminalSides = scenario.pack.terminals === 'same' ? 2 : 1;
  pack.ambient_degC = scenario.ambient_degC;
  pack.commonPort = scenario.bms?.topology === 'commonPort' ? 1 : 0;
}

/** Neighbours, and the ambient profile in the row behind the equipment. */
function writeHeat(run: CompiledRun, tables: Tables, scenario: Scenario): void {
  const { heat } = run.scalars;
  heat.edges = tables.edges;
  heat.edgeCount = tables.edgeCount;
  heat.substeps = tables.substeps;
  if (scenario.ambientProfile === undefined) return;
  const { structures } = LAYOUT;
  const index = run.structures.source.length - 1;
  const row = run.structures.source[index]!;
  row.times = tables.ambient.times;
  row.values = tables.ambient.values;
  row.rows = tables.ambient.rows;
  row.interpolation = INTERPOLATION.linear;
  row.period_s = scenario.ambientProfile.repeat ? scenario.ambientProfile.time_s.at(-1)! : 0;
  row.cursor = -1;
  heat.ambientRow = structures.get('source')!.address + index * structures.get('source')!.bytes;
}

function writeRule(run: CompiledRun, protection: ProtectionRow, index: number, period_s: number): void {
  const { assumed } = run.scalars;
  const row = run.structures.rule[index]!;
  const { release, threshold } = protection;
  const inSamples = (seconds: number) => Math.ceil(seconds / period_s - 1e-9);
  row.event = EVENTS[protection.event].code;
  row.hold = release.by === 'setting' ? EVENTS[release.hold].code : 0;
  row.measurand = MEASURAND_NAMES.indexOf(protection.measurand);
  row.direction = protection.trips === 'atLeast' || protection.trips === 'above' ? 1 : -1;
  row.strict = protection.trips === 'above' || protection.trips === 'below' ? 1 : 0;
  row.perUnit = MEASURANDS[protection.measurand].perUnit;
  row.threshold = typeof threshold === 'string' ? settingAddress(threshold) : 0;
  row.level = typeof threshold === 'number' ? threshold : 0;
  row.enabledBy = protection.enabledBy === undefined ? 0 : settingAddress(protection.enabledBy);
  row.releaseBy = RELEASE_KIND[release.by];
  row.releaseSetting = release.by === 'setting' ? settingAddress(release.setting) : 0;
  row.releaseOffset = release.by === 'offset' ? assumed[release.offset] : 0;
  row.releaseLeast = release.by === 'offset' ? (release.least ?? -Infinity) : -Infinity;
  row.retrySamples = release.by === 'retry' ? inSamples(assumed.overCurrentRetry_s) : 0;
  row.windowSamples = inSamples(assumed.overCurrentWindow_s);
  row.opens = (protection.opens.includes('charge') ? 1 : 0) | (protection.opens.includes('discharge') ? 2 : 0);
  row.absolute = protection.delay === 'absolute' ? 1 : 0;
}

function meanSoc(run: CompiledRun, { series, parallel }: Scenario['pack']): number {
  const values = Array.from({ length: series * parallel }, (_, index) => run.cells.soc.get(index % series, Math.floor(index / series)));
  return values.every((value) => value === values[0]) ? values[0]! : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function writeUnit(run: CompiledRun, bms: Bms, loaded: LoadedScenario): void {
  const { scenario } = loaded;
  const { unit, protection } = run.scalars;
  const period_s = run.firmwareTicks * scenario.tick_s;
  for (const name of ASSUMPTION_NAMES) run.scalars.assumed[name] = bms.assumptions[name];
  PROTECTIONS.forEach((row, index) => writeRule(run, row, index, period_s));
  protection.ruleCount = PROTECTIONS.length;
  protection.settingsUsed = -1;
  run.scalars.run.hasUnit = 1;
  unit.periodHours = period_s / SECONDS_PER_HOUR;
  writeUnitState(run, bms, bms.initialSoc ?? meanSoc(run, scenario.pack));
  writeSensing(run, bms, scenario);
  writeImages(run, bms);
}

/** What the kernel's memory gets beside the scenario; neither changes a result. */
export interface CompileOptions {
  /** Levels of detail for a reader; without them only the extremes of the whole run are kept. */
  recording?: RecordingOptions | undefined;
}

/** Instantiates a kernel for the scenario and writes its start state; the kernel has been started. */
export async function compile(loaded: LoadedScenario, module: KernelModule, options: CompileOptions = {}): Promise<CompiledRun> {
  const { scenario } = loaded;
  const { series, parallel } = scenario.pack;
  const bare = planRecord(series, parallel);
  const faults = planFaults(scenario, (change) => changeAddress(change, bare, series));
  const plan = planRecord(series, parallel, faults.triggers.length, faults.slots.length);
  const constants = new Constants(plan.constantsBase);
  const tables = addTables(constants, loaded);
  const log = commandLog(scenario, plan, faults);
  const logAddress = constants.add(log);
  const effects = constants.add(effectRows(faults, plan));
  const ticks = ticksOf(scenario);
  const watches = watchesOf(scenario, ticks);
  // Behind the constants: no address in the state depends on what is expected or recorded.
  const table = watchTable(watches);
  const watchAddress = constants.add(table);
  const recording = planRecording(series, ticks, constants.bytes, options.recording);
  const kernel = await Kernel.open(module, recording.end);
  constants.writeTo(kernel);
  const run: CompiledRun = {
    kernel,
    plan,
    scalars: kernel.scalars(),
    structures: kernel.structures(),
    faultNames: scenario.faults.map(({ fault }) => fault),
    cells: kernel.cells(series),
    groups: kernel.groups(plan),
    watches: new Watches(watches, kernel.f64.subarray(watchAddress / 8, watchAddress / 8 + table.length), plan, series),
    recording,
    ticks,
    firmwareTicks: firmwareTicksOf(scenario),
  };
  writeClock(run, scenario);
  writeTables(run, tables, loaded);
  run.scalars.run.isothermal = isIsothermal(loaded) ? 1 : 0;
  writeCells(run.kernel, run.cells, loaded);
  writeGroups(run.groups, scenario);
  writePack(run, scenario);
  writeEquipment({ ...run, exp: kernel.exports.exp, profiles: tables.profiles }, loaded);
  writeHeat(run, tables, scenario);
  writeLimits(run.scalars.limit, loaded);
  writeRelays(run.structures, run.scalars, scenario);
  writeHarness(run, scenario);
  if (scenario.bms !== null) writeUnit(run, scenario.bms, loaded);
  run.scalars.command.base = logAddress;
  run.scalars.command.count = log.length / COMMAND_ROW.length;
  run.scalars.run.hasShorts = faults.hasShorts ? 1 : 0;
  run.scalars.run.hasReactions = faults.hasReactions ? 1 : 0;
  run.scalars.pack.faultsReact = faults.reactsToVoltage ? 1 : 0;
  writeFaults(kernel, faults, plan, scenario, effects);
  run.scalars.watch.base = watchAddress;
  writeRecorder(kernel, plan, recording);
  kernel.exports.start();
  return run;
}
