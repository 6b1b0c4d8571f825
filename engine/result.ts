/**
 * What a run leaves behind: events with names, indicators, and the hash that stands for all of it.
 * A pure reading of the kernel's memory; nothing here changes a run.
 */
import { printJson, sortedKeys } from '../domain/scenario/json.ts';
import type { CompiledRun } from './compile.ts';
import type { RunEvent } from './events.ts';
import type { ExpectationResult } from './expectation.ts';
import type { Measurement } from './instruments.ts';
import { LAYOUT, sha256 } from './kernel.ts';
import { RECORD_BASE } from '../domain/memory.ts';

/** A cell that was beyond its limits, from truth: for how long, and the worst it saw. Quantities it never passed are left out. */
export type Exposure = { group: number; position: number } & Record<string, number>;

export type Indicators = Record<string, number>;
export type RunStatus = 'completed' | 'stopped' | 'cancelled' | 'failed';

export interface RunResult {
  status: RunStatus;
  scenarioHash: string;
  kernelHash: string;
  seed: number;
  ticks: number;
  duration_s: number;
  resultHash: string;
  indicators: Indicators;
  /** Cells that were beyond their limits, from truth. */
  exposure: Exposure[];
  events: RunEvent[];
  measurements: Measurement[];
  expectations: ExpectationResult[];
  /** Where and when a value left the range of numbers. */
  failure?: string;
}

function extreme(values: readonly number[], better: (a: number, b: number) => boolean): { value: number; cell: number } {
  return values.reduce((best, value, cell) => (better(value, best.value) ? { value, cell } : best), { value: values[0]!, cell: 0 });
}

const EXPOSURES = {
  overVoltage_s: ['highestVoltage_V', 'highest_V'],
  underVoltage_s: ['lowestVoltage_V', 'lowest_V'],
  overChargeCurrent_s: ['highestCurrent_A', 'worstCharge_A'],
  overDischargeCurrent_s: ['lowestCurrent_A', 'worstDischarge_A'],
  overTemperature_s: ['highestTemperature_degC', 'hottest_degC'],
  underTemperature_s: ['lowestTemperature_degC', 'coldest_degC'],
  coldCharge_s: ['lowestTemperature_degC', 'coldest_degC'],
} as const;

/** Every cell that was beyond one of its limits. */
export function exposureOf(run: CompiledRun): Exposure[] {
  const { groupCount, positionCount } = run.scalars.run;
  const exposed: Exposure[] = [];
  for (let group = 0; group < groupCount; group++) {
    for (let position = 0; position < positionCount; position++) {
      const found: Exposure = { group, position };
      for (const [time, [worst, column]] of Object.entries(EXPOSURES)) {
        const seconds = run.cells[time as keyof typeof EXPOSURES].get(group, position);
        if (seconds > 0) Object.assign(found, { [time]: seconds, [worst]: run.cells[column].get(group, position) });
      }
      if (Object.keys(found).length > 2) exposed.push(found);
    }
  }
  return exposed;
}

const JOULES_PER_WH = 3600;

/** Where the energy through the terminals went; the parts add up to energyIn_Wh - energyOut_Wh. */
function lossesOf(run: CompiledRun, column: (name: keyof CompiledRun['cells']) => number[]): Indicators {
  const { total, pack, fuse, run: clock } = run.scalars;
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const groups = Array.from({ length: clock.groupCount }, (_, group) => group);
  const bars = groups.map((group) => run.groups.busHeat_J.get(group));
  const tabs = sum(column('tabHeat_J')) + sum(column('tab_Ohm')) * pack.alikeSquare_A2s;
  const links = groups.map((group) => run.groups.link_Ohm.get(group) * pack.squareCharge_A2s + run.groups.linkExtra_J.get(group));
  return {
    storedEnergy_Wh: sum(column('storedEnergy_J')) / JOULES_PER_WH,
    cellLoss_Wh: sum(column('heat_J')) / JOULES_PER_WH,
    jointLoss_Wh: (tabs + sum(links) + sum(bars)) / JOULES_PER_WH,
    fuseLoss_Wh: fuse.heat_J / JOULES_PER_WH,
    bleedLoss_Wh: total.bled_J / JOULES_PER_WH,
    harnessLoss_Wh: total.harness_J / JOULES_PER_WH,
    shortLoss_Wh: sum(column('shortHeat_J')) / JOULES_PER_WH,
    parasiticLoss_Wh: total.parasitic_Wh,
    relayConsumption_Wh: total.coil_J / JOULES_PER_WH,
    unitConsumption_Wh: total.consumption_Wh - total.coil_J / JOULES_PER_WH,
  };
}

/** Figures of the whole run; names carry their units. */
export function indicatorsOf(run: CompiledRun): Indicators {
  const { total, pack, estimate, unit, run: clock } = run.scalars;
  const series = clock.groupCount;
  const count = series * clock.positionCount;
  const column = (name: keyof CompiledRun['cells']) =>
    Array.from({ length: count }, (_, index) => run.cells[name].get(index % series, Math.floor(index / series)));
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const low = extreme(column('lowest_V'), (a, b) => a < b);
  const high = extreme(column('highest_V'), (a, b) => a > b);
  const hot = extreme(column('hottest_degC'), (a, b) => a > b);
  const cold = extreme(column('coldest_degC'), (a, b) => a < b);
  const soc = column('soc');
  const indicators: Indicators = {
    chargeIn_Ah: total.chargeIn_Ah,
    chargeOut_Ah: total.chargeOut_Ah,
    energyIn_Wh: total.energyIn_Wh,
    energyOut_Wh: total.energyOut_Wh,
    consumption_Ah: total.consumption_Ah,
    consumption_Wh: total.consumption_Wh,
    bled_Ah: total.bled_Ah,
    converterLoss_Wh: total.converterLoss_J / JOULES_PER_WH,
    ...lossesOf(run, column),
    reversibleHeat_J: sum(column('reversibleHeat_J')),
    lostHeat_J: sum(column('lostHeat_J')),
    lowestCellVoltage_V: low.value,
    lowestVoltageGroup_index: low.cell % series,
    highestCellVoltage_V: high.value,
    highestVoltageGroup_index: high.cell % series,
    lowestTemperature_degC: cold.value,
    highestTemperature_degC: hot.value,
    hottestGroup_index: hot.cell % series,
    finalPackVoltage_V: pack.voltage_V,
    finalSocMean_soc: sum(soc) / soc.length,
    finalSocSpread_soc: Math.max(...soc) - Math.min(...soc),
    events_count: run.scalars.event.total,
  };
  if (clock.hasUnit !== 0) indicators['finalEstimate_soc'] = estimate.soc;
  if (clock.hasUnit !== 0) indicators['unitRunning_count'] = unit.running;
  return indicators;
}

/** Bytes of the run's state; up to date with the present tick; when the host wants to be woken, and that it was, are no part of it. */
export function stateBytes(run: CompiledRun): Uint8Array {
  run.kernel.exports.settle();
  const bytes = run.kernel.bytes.slice(RECORD_BASE, run.plan.stateEnd);
  const words = new DataView(bytes.buffer);
  for (const name of ['event.stopCode', 'event.stopSeen']) words.setInt32(LAYOUT.scalars.get(name)!.address - RECORD_BASE, 0, true);
  return bytes;
}

/** SHA-256 over final state, events and indicators. */
export async function resultHash(run: CompiledRun, events: readonly RunEvent[], indicators: Indicators): Promise<string> {
  const text = new TextEncoder().encode(printJson(sortedKeys({ events, indicators })));
  const state = stateBytes(run);
  const all = new Uint8Array(state.length + text.length);
  all.set(state);
  all.set(text, state.length);
  return sha256(all);
}

/** Names the first cell and column that is no number, for a run that failed. */
export function describeFailure(run: CompiledRun, tick: number): string {
  const { groupCount, positionCount } = run.scalars.run;
  for (const [name, column] of Object.entries(run.cells)) {
    for (let index = 0; index < groupCount * positionCount; index++) {
      const [group, position] = [index % groupCount, Math.floor(index / groupCount)];
      const value = column.get(group, position);
      if (!Number.isFinite(value)) return `cell.${name}[${group}][${position}] became ${value} at tick ${tick}`;
    }
  }
  return `pack.voltage_V became ${run.scalars.pack.voltage_V} at tick ${tick}`;
}
