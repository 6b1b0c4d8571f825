/**
 * The pack's start state: every cell's own figures from the cell, the spread and the overrides, and the groups' joints.
 * Apart from the rest of compiling because it alone knows which figure of a cell comes from where.
 */
import { CELL, GROUP } from '../domain/memory.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import { nodeTables, tableAt } from './cellTables.ts';
import { type CellViews, chunksOf, type GroupViews, type Kernel, type ScalarViews } from './kernel.ts';
import type { LoadedScenario } from './load.ts';

type Override = Scenario['pack']['overrides'][number];
type CellState = Partial<Record<keyof CellViews, number>>;

const REFERENCE = { soc: 0.5, temperature_degC: 25 } as const;
const SPREAD_CUT = 3;
/** Streams of the seed for what is drawn once a run; a channel's own noise uses its group as stream. */
const SPREAD_STREAM = {
  capacity_ratio: 0x20000,
  seriesResistance_ratio: 0x20001,
  initialSoc: 0x20002,
  selfDischarge_ratio: 0x20003,
} as const;
const GROUPS_PER_POSITION = 64;
const SECONDS_PER_HOUR = 3600;
/** Heat of a decomposing cell at 120 degC, and all that it can give: half of what it stores at 3.6 V (assumed). */
const DECOMPOSITION = { power_W_per_Ah: 0.3, energy_J_per_Ah: 6480 } as const;
const TWO_TO_32 = 4294967296;
const PADDING_BIAS = 1e12;

/** Heat figures of a cell; undefined where it is held at ambient. */
export function thermalOf(loaded: LoadedScenario): { heatCapacity_J_per_K: number; toAmbient_W_per_K: number } | undefined {
  const { thermal } = loaded.scenario;
  if (thermal === null) return undefined;
  const heatCapacity_J_per_K = thermal?.heatCapacity_J_per_K ?? loaded.cell.thermal?.heatCapacity_J_per_K;
  const toAmbient_W_per_K = thermal?.toAmbient_W_per_K ?? loaded.cell.thermal?.toAmbient_W_per_K;
  return heatCapacity_J_per_K === undefined || toAmbient_W_per_K === undefined ? undefined : { heatCapacity_J_per_K, toAmbient_W_per_K };
}

/** Whether cells are held at ambient in this scenario. */
export function isIsothermal(loaded: LoadedScenario): boolean {
  return thermalOf(loaded) === undefined;
}

type Draw = (quantity: keyof typeof SPREAD_STREAM) => number;

/** Draws of one cell: standard deviation times a normal deviate cut at three. */
function drawsOf(kernel: Kernel, scenario: Scenario, group: number, position: number): Draw {
  return (quantity) => {
    const sigma = scenario.pack.spread[quantity] ?? 0;
    if (sigma === 0) return 0;
    const high = Math.floor(scenario.seed / TWO_TO_32);
    const drawn = kernel.exports.normal(high, scenario.seed >>> 0, SPREAD_STREAM[quantity], position * GROUPS_PER_POSITION + group);
    return sigma * Math.min(Math.max(drawn, -SPREAD_CUT), SPREAD_CUT);
  };
}

function ratioTo(value: number, reference: number): number {
  return reference === 0 ? 0 : value / reference;
}

/** Own resistances and time constants over those of the table, at the reference point. */
function factorsOf({ cell }: LoadedScenario, own: Partial<Override>, draw: Draw): CellState {
  const tables = nodeTables(cell);
  const reference = (table: Parameters<typeof tableAt>[0]) => tableAt(table, REFERENCE.soc, REFERENCE.temperature_degC);
  const factor = (given: number | undefined, table: Parameters<typeof tableAt>[0]) =>
    given === undefined ? 1 : ratioTo(given, reference(table));
  const spread = 1 + draw('seriesResistance_ratio');
  const series = (table: Parameters<typeof tableAt>[0]) =>
    own.seriesResistance_Ohm === undefined ? spread : ratioTo(own.seriesResistance_Ohm, reference(table));
  return {
    chargeFactor_ratio: series(tables.charge),
    dischargeFactor_ratio: series(tables.discharge),
    rc1Factor_ratio: factor(own.rc?.[0]?.resistance_Ohm, tables.resistance1),
    rc2Factor_ratio: factor(own.rc?.[1]?.resistance_Ohm, tables.resistance2),
    rc1TimeFactor_ratio: factor(own.rc?.[0]?.timeConstant_s, tables.timeConstant1),
    rc2TimeFactor_ratio: factor(own.rc?.[1]?.timeConstant_s, tables.timeConstant2),
  };
}

function stateOf(loaded: LoadedScenario, own: Partial<Override>, draw: Draw): CellState {
  const { scenario, cell } = loaded;
  const thermal = thermalOf(loaded);
  const ambient = scenario.ambientProfile?.temperature_degC[0] ?? scenario.ambient_degC;
  const temperature = thermal === undefined ? ambient : (scenario.thermal?.initialTemperature_degC ?? ambient);
  const capacity = own.capacity_Ah ?? cell.capacity_Ah * (1 + draw('capacity_ratio'));
  const coulombs = SECONDS_PER_HOUR * capacity;
  const leak = own.selfDischarge_per_s ?? cell.selfDischarge_per_s * (1 + draw('selfDischarge_ratio'));
  return {
    soc: own.initialSoc ?? Math.min(Math.max(scenario.pack.initialSoc + draw('initialSoc'), 0), 1),
    temperature_degC: temperature,
    coldest_degC: temperature,
    hottest_degC: temperature,
    lowest_V: Infinity,
    highest_V: -Infinity,
    capacity_Ah: capacity,
    socPerAmpereTick: scenario.tick_s / coulombs,
    perCoulomb: 1 / coulombs,
    efficiency_ratio: cell.coulombicEfficiency_ratio,
    leak_A: leak * coulombs,
    hysteresisPerAmpere: ((cell.hysteresis?.decay_ratio ?? 0) * scenario.tick_s) / coulombs,
    heatCapacity_J_per_K: thermal?.heatCapacity_J_per_K ?? 1,
    toAmbient_W_per_K: thermal?.toAmbient_W_per_K ?? 1,
    tab_Ohm: own.tab_Ohm ?? scenario.pack.tab_Ohm,
    reaction_W: DECOMPOSITION.power_W_per_Ah * capacity,
    reactionLeft_J: DECOMPOSITION.energy_J_per_Ah * capacity,
    ladderFraction: 1 / scenario.pack.parallel,
    ...factorsOf(loaded, own, draw),
  };
}

/** Writes every lane of every layer; padding lanes are plain cells without spread. */
export function writeCells(kernel: Kernel, cells: CellViews, loaded: LoadedScenario): void {
  const { scenario } = loaded;
  const { series, parallel, overrides } = scenario.pack;
  const noDraw: Draw = () => 0;
  for (let position = 0; position < parallel; position++) {
    for (let group = 0; group < chunksOf(series) * 4; group++) {
      const inPack = group < series;
      const own = inPack
        ? (Object.assign({}, ...overrides.filter((one) => one.group === group && one.position === position)) as Partial<Override>)
        : {};
      const state = stateOf(loaded, own, inPack ? drawsOf(kernel, scenario, group, position) : noDraw);
      for (const name of Object.keys(CELL) as (keyof CellViews)[]) cells[name].set(group, state[name] ?? 0, position);
    }
  }
}

/** Writes joints, ideal channels and what marks the padding lanes. */
export function writeGroups(groups: GroupViews, scenario: Scenario): void {
  const { series, link_Ohm, overrides } = scenario.pack;
  for (let group = 0; group < chunksOf(series) * 4; group++) {
    const inPack = group < series;
    const own = overrides.findLast((one) => one.group === group && one.link_Ohm !== undefined)?.link_Ohm ?? link_Ohm;
    const joint = inPack && group > 0 ? own : 0;
    const state: Partial<Record<keyof GroupViews, number>> = {
      present: inPack ? 1 : 0,
      link_Ohm: joint,
      linkCounted_Ohm: joint,
      slowLink_Ohm: joint,
      gain_ratio: 1,
      correction_ratio: 1,
      lowBias: inPack ? group : PADDING_BIAS,
      highBias: inPack ? group : -PADDING_BIAS,
    };
    for (const name of Object.keys(GROUP) as (keyof GroupViews)[]) groups[name].set(group, state[name] ?? 0);
  }
}

const NO_LIMIT = 1e9;

/** Limits of the cell that exposure is judged by; a limit that the cell does not name is never passed. */
export function writeLimits(limit: ScalarViews['limit'], { cell }: LoadedScenario): void {
  const { limits } = cell;
  limit.maximumVoltage_V = limits?.maximumVoltage_V ?? NO_LIMIT;
  limit.minimumVoltage_V = limits?.minimumVoltage_V ?? -NO_LIMIT;
  limit.chargeCurrent_A = limits?.chargeCurrent_A ?? NO_LIMIT;
  limit.dischargeCurrent_A = -(limits?.dischargeCurrent_A ?? NO_LIMIT);
  limit.maximumTemperature_degC = limits?.maximumTemperature_degC ?? NO_LIMIT;
  limit.minimumTemperature_degC = limits?.minimumTemperature_degC ?? -NO_LIMIT;
  limit.chargeTemperature_degC = limits?.minimumChargeTemperature_degC ?? -NO_LIMIT;
}
