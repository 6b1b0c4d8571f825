/**
 * The packs that are measured, as scenarios in memory with a profile made here.
 * Every run starts at the same state and goes through the same ticks, whatever computes it.
 */
import { readFile } from 'node:fs/promises';
import type { ScenarioFile } from '../domain/scenario/schema.ts';
import { type FileReader, type LoadedScenario, loadScenario } from '../engine/load.ts';

export interface Case {
  name: string;
  /** A case that is only checked reaches the branches that a quiet pack never takes. */
  timed: boolean;
  loaded: LoadedScenario;
}

const PROFILE = 'profile.csv';
const ROW_S = 10;
/** Discharge, rest, charge, rest; the current swings about its mean within a phase. */
const PHASES = [
  { rows: 180, mean_A: -100 },
  { rows: 60, mean_A: 0 },
  { rows: 180, mean_A: 100 },
  { rows: 60, mean_A: 0 },
] as const;
const SWING = 0.4;
const SWING_ROWS = 12;

/** Between -1 and 1, up and down once in SWING_ROWS. */
function triangle(row: number): number {
  return Math.abs(((row % SWING_ROWS) / SWING_ROWS) * 4 - 2) - 1;
}

function profileText(): string {
  const currents = PHASES.flatMap(({ rows, mean_A }) => Array.from({ length: rows }, (_, row) => mean_A * (1 + SWING * triangle(row))));
  const lines = [...currents, currents[0]!].map((current, row) => `${row * ROW_S},${current}`);
  return ['time_s,current_A', ...lines].join('\n');
}

const reader: FileReader = {
  beside: async () => new TextEncoder().encode(profileText()),
  libraryCell: (id) => readFile(new URL(`../library/cells/${id}.json`, import.meta.url)),
};

const profile = { csv: PROFILE, column: 'current_A', interpolation: 'linear', repeat: true } as const;

const pack: ScenarioFile['pack'] = {
  series: 16,
  cell: 'lfp280',
  initialSoc: 0.6,
  tab_Ohm: 5e-5,
  link_Ohm: 5e-5,
  spread: { capacity_ratio: 0.01, seriesResistance_ratio: 0.05, initialSoc: 0.005, selfDischarge_ratio: 0.1 },
};

const unit = { model: '16T', currentVersion_A: 300, chemistry: 'LiFe' } as const;

const bare: ScenarioFile = { formatVersion: 1, name: 'bench', duration_s: 1e8, tick_s: 1, pack, source: profile };

const whole: ScenarioFile = { ...bare, bms: { ...unit, settings: { batteryCapacity_Ah: 280 } } };

/** The same with four cells a group on two bars, through which the current reaches them at opposite corners. */
const parallel: ScenarioFile = {
  ...whole,
  pack: { ...pack, cell: 'lfp100', parallel: 4, bus_Ohm: 2e-5 },
  bms: { ...unit, settings: { batteryCapacity_Ah: 400 } },
  source: { ...profile, scale: 2 },
};

/** Forty cells a group. */
const widePack: ScenarioFile = {
  ...parallel,
  pack: { ...parallel.pack, parallel: 40 },
  bms: { ...unit, settings: { batteryCapacity_Ah: 1000 } },
  source: { ...profile, scale: 20 },
};

/** Faults of every kind that wait for a time which does not come. */
const IDLE_FAULTS = [
  { fault: 'openSenseWire', target: 5 },
  { fault: 'corrodedSenseWire', target: 3 },
  { fault: 'swappedSenseWires', target: 7 },
  { fault: 'looseBusbar', target: 4 },
  { fault: 'channelGain', target: 2 },
  { fault: 'channelLeak', target: 8 },
  { fault: 'stuckChannel', target: 9 },
  { fault: 'noisyFrontEnd' },
  { fault: 'bleedStuckOn', target: 4 },
  { fault: 'weldedContact', target: 'charge' },
  { fault: 'coilSupplySag' },
  { fault: 'wrongShunt' },
  { fault: 'frozenCurrent' },
  { fault: 'openSensor', target: 1 },
  { fault: 'capacityLoss', target: 6 },
  { fault: 'highImpedance', target: 10 },
  { fault: 'softShort', target: 11 },
  { fault: 'thermalRunaway', target: 12 },
  { fault: 'externalShort' },
  { fault: 'movedThreshold' },
] as const satisfies ScenarioFile['faults'];

const armed: ScenarioFile = { ...whole, faults: IDLE_FAULTS.map((fault) => ({ ...fault, when: { time_s: 9.9e7 } })) };

const limits = {
  batteryCapacity_Ah: 100,
  cutOffDelay_s: 2,
  balanceInStorage: true,
  balanceInCharge: true,
  balanceInDischarge: true,
  balanceStartVoltage_V: 3.2,
  balanceStartDifference_V: 0.005,
} as const;

/** Over-currents that retry until they wait for START, heat, and bleeds; relays are slow and bounce, the current is filtered. */
const beyondCurrents: ScenarioFile = {
  ...whole,
  thermal: { heatCapacity_J_per_K: 200, toAmbient_W_per_K: 0.05, neighbour_W_per_K: 0.5 },
  ambient_degC: 54,
  bms: {
    ...unit,
    policy: 'anyAlarmOpensBoth',
    topology: 'commonPort',
    settings: { ...limits, overChargeCurrent_A: 230, overDischargeCurrent_A: 220 },
    relays: { openDelay_s: 2, closeDelay_s: 1, bounce_s: 3, contact_Ohm: 2e-4 },
    sensing: { current: { filterTime_s: 0.8, cableLength_m: 1 }, temperature: [{ group: 3, offset_K: 0.4 }, { group: 12 }] },
  },
  source: { ...profile, scale: 2 },
};

/** Emptied, then filled by a constant current beside the profile, then emptied again, with everything that holds and releases. */
const beyondVoltages: ScenarioFile = {
  ...whole,
  pack: { ...pack, cell: 'lfp100', initialSoc: 0.3 },
  bms: {
    ...unit,
    settings: { ...limits, overDischargeProtectionVoltage_V: 2.9, overDischargeReleaseVoltage_V: 3, lowSoc_fraction: 0 },
  },
  source: [profile, { constantCurrent_A: 130, from_s: 2400, until_s: 4200 }],
};

async function open(name: string, timed: boolean, scenario: ScenarioFile): Promise<Case> {
  return { name, timed, loaded: await loadScenario(JSON.stringify(scenario), reader) };
}

export const WHOLE_MODEL = '16S1P whole model';
export const PARALLEL_4 = '16S4P whole model';
export const PARALLEL_40 = '16S40P whole model';
export const ARMED = '16S1P with 20 idle faults';

export function openCases(): Promise<Case[]> {
  return Promise.all([
    open('16S1P bare plant', true, bare),
    open(WHOLE_MODEL, true, whole),
    open(PARALLEL_4, true, parallel),
    open(PARALLEL_40, true, widePack),
    open(ARMED, true, armed),
    open('16S1P beyond its currents', false, beyondCurrents),
    open('16S1P beyond its voltages', false, beyondVoltages),
  ]);
}
