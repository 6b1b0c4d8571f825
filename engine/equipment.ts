/**
 * Chargers, loads, profiles and the main fuse of a scenario as rows of the kernel's memory.
 * It is separate from the rest of the compiler so that a new kind of equipment is one entry here.
 */
import { fuseBody, type InverterInput, inverterOf } from '../domain/scenario/equipment.ts';
import { type Scenario, type Source, sourcesOf } from '../domain/scenario/schema.ts';
import type { ScalarViews, StructureViews } from './kernel.ts';
import type { LoadedProfile, LoadedScenario } from './load.ts';

const KIND = {
  constantCurrent: 1,
  currentProfile: 2,
  powerProfile: 3,
  charger: 4,
  constantPower: 5,
  resistor: 6,
  inverter: 7,
  hybridInverter: 8,
} as const;
const PLACE = { terminals: 1, beforeShunt: 2 } as const;
export const INTERPOLATION = { previous: 0, next: 1, linear: 2 } as const;
const NEVER_S = 1e300;

type Row = StructureViews['source'][number];

export interface EquipmentTarget {
  scalars: ScalarViews;
  structures: StructureViews;
  /** The kernel's own exponential. */
  exp: (x: number) => number;
  /** Addresses of the profiles, by index of the source. */
  profiles: readonly { times: number; values: number }[];
}

function writeParasite(row: Row, source: Extract<Source, { beforeShunt: boolean }>): void {
  row.place = source.beforeShunt ? PLACE.beforeShunt : PLACE.terminals;
  row.kind = 'parasitic_A' in source ? KIND.constantCurrent : KIND.constantPower;
  if ('parasitic_A' in source) row.current_A = -source.parasitic_A;
  else row.power_W = -source.parasitic_W;
}

function writeCharger(row: Row, { charger }: Extract<Source, { charger: object }>): void {
  row.kind = KIND.charger;
  row.enabled = charger.switchedOn ? 1 : 0;
  row.current_A = charger.current_A;
  row.voltage_V = charger.voltage_V;
  row.endCurrent_A = charger.endCurrent_A;
  row.smart = charger.smart ? 1 : 0;
  row.taper_V = charger.taper_V;
  row.response_s = charger.response_s;
  row.ignoresStop = charger.ignoresStop ? 1 : 0;
  row.overVoltage_ratio = charger.overVoltage_ratio;
  row.overCurrent_ratio = charger.overCurrent_ratio;
}

function writeProfile(row: Row, profile: LoadedProfile, at: { times: number; values: number }): void {
  row.scale = profile.scale;
  row.times = at.times;
  row.values = at.values;
  row.rows = profile.time_s.length;
  row.interpolation = INTERPOLATION[profile.interpolation];
  row.period_s = profile.repeat ? profile.time_s.at(-1)! : 0;
}

/** What every inverter has on the battery's side; one that is in force from the start runs already. */
function writeInput(row: Row, inverter: InverterInput, from_s: number, tick_s: number, exp: (x: number) => number): void {
  row.cutOff_V = inverter.lowVoltageCutOff_V;
  row.reconnect_V = inverter.reconnect_V ?? inverter.lowVoltageCutOff_V;
  row.capacitance_F = inverter.busCapacitance_F;
  row.connection_Ohm = inverter.connection_Ohm;
  row.precharge_Ohm = inverter.precharge?.resistance_Ohm ?? 0;
  row.prechargeTicks = Math.ceil((inverter.precharge?.time_s ?? 0) / tick_s - 1e-9);
  row.drainKeep = exp(-tick_s / Math.max(inverter.bleeder_Ohm * inverter.busCapacitance_F, 1e-9));
  row.surge_ratio = inverter.surge?.ratio ?? 1;
  row.surgeTicks = Math.floor((inverter.surge?.duration_s ?? 0) / tick_s + 1e-9);
  row.ripple_ratio = inverter.ripple_ratio;
  row.rippleFrequency_Hz = inverter.rippleFrequency_Hz;
  row.inverterState = from_s === 0 ? 1 : 0;
}

function writeInverter(row: Row, { inverter }: Extract<Source, { inverter: object }>): void {
  row.kind = KIND.inverter;
  if (typeof inverter.outputPower_W === 'number') row.power_W = inverter.outputPower_W;
  row.efficiency_ratio = inverter.efficiency_ratio;
}

function writeHybrid(row: Row, { hybridInverter: hybrid }: Extract<Source, { hybridInverter: object }>): void {
  row.kind = KIND.hybridInverter;
  if (typeof hybrid.power_W === 'number') row.power_W = hybrid.power_W;
  row.maximumCharge_W = hybrid.maximumCharge_W;
  row.maximumDischarge_W = hybrid.maximumDischarge_W;
  row.voltage_V = hybrid.chargeVoltage_V ?? 0;
  row.chargeEfficiency_ratio = hybrid.chargeEfficiency_ratio;
  row.efficiency_ratio = hybrid.dischargeEfficiency_ratio;
}

function writeSource(row: Row, source: Source, index: number, target: EquipmentTarget, loaded: LoadedScenario): void {
  row.enabled = 1;
  row.from_s = source.from_s;
  row.until_s = source.until_s ?? NEVER_S;
  row.scale = 1;
  row.cursor = -1;
  if ('constantCurrent_A' in source) {
    row.kind = KIND.constantCurrent;
    row.current_A = source.constantCurrent_A;
  } else if ('constantPower_W' in source) {
    row.kind = KIND.constantPower;
    row.power_W = source.constantPower_W;
  } else if ('constantResistance_Ohm' in source) {
    row.kind = KIND.resistor;
    row.resistance_Ohm = source.constantResistance_Ohm;
  } else if ('beforeShunt' in source) writeParasite(row, source);
  else if ('charger' in source) writeCharger(row, source);
  else if ('inverter' in source) writeInverter(row, source);
  else if ('hybridInverter' in source) writeHybrid(row, source);
  const input = inverterOf(source);
  if (input !== undefined) writeInput(row, input, source.from_s, loaded.scenario.tick_s, target.exp);
  const profile = loaded.profiles[index];
  if (profile === undefined) return;
  if (row.kind === 0) row.kind = profile.quantity === 'current' ? KIND.currentProfile : KIND.powerProfile;
  if ('household' in source) row.voltage_V = source.household.chargeVoltage_V ?? 0;
  writeProfile(row, profile, target.profiles[index]!);
}

/** Equation (21) of the model: two states, each with the time constant that makes its steady limit. */
function writeFuse({ scalars, exp }: EquipmentTarget, scenario: Scenario): void {
  const { fuse } = scenario.pack;
  if (fuse === null) return;
  const elementTime_s = fuse.i2t_A2s / (4 * fuse.rating_A * fuse.rating_A);
  const fusing_A = fuse.fusingCurrent_ratio * fuse.rating_A;
  scalars.fuse.fitted = 1;
  scalars.fuse.rating_A = fuse.rating_A;
  scalars.fuse.i2t_A2s = fuse.i2t_A2s;
  scalars.fuse.breakingCapacity_A = fuse.breakingCapacity_A;
  scalars.fuse.fusingSquare_A2 = fusing_A * fusing_A;
  scalars.fuse.elementTime_s = elementTime_s;
  const { resistance_Ohm, toAmbient_W_per_K } = fuseBody(fuse);
  scalars.fuse.resistance_Ohm = resistance_Ohm;
  scalars.fuse.toAmbient_W_per_K = toAmbient_W_per_K;
  scalars.fuse.elementKeep = exp(-scenario.tick_s / elementTime_s);
  scalars.fuse.bodyKeep = exp(-scenario.tick_s / fuse.timeConstant_s);
}

/** Writes every row of `source` and the fuse. */
export function writeEquipment(target: EquipmentTarget, loaded: LoadedScenario): void {
  const sources = sourcesOf(loaded.scenario);
  sources.forEach((source, index) => writeSource(target.structures.source[index]!, source, index, target, loaded));
  const rows = target.structures.source.slice(0, sources.length);
  const fixed: number[] = [KIND.constantCurrent, KIND.currentProfile];
  const { pack } = target.scalars;
  pack.sourceCount = sources.length;
  pack.needsThevenin = rows.some((row) => !fixed.includes(row.kind)) ? 1 : 0;
  pack.hasInverter = sources.some((source) => inverterOf(source) !== undefined) ? 1 : 0;
  pack.directLoads = rows.some((row) => row.place === PLACE.beforeShunt) ? 1 : 0;
  writeFuse(target, loaded.scenario);
}
