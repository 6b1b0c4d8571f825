/**
 * The bench for wiring, relays and instruments: sixteen stiff cells of 3.30 V, a unit, and what a story changes.
 * Apart from the firmware's bench because here currents flow and the unit may draw its own.
 */
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, flatOcv, type OpenOptions, openRun, type ScenarioObject } from '../scenarios.ts';

export type BmsFile = NonNullable<ScenarioFile['bms']>;
export type FaultFile = NonNullable<ScenarioFile['faults']>[number];
export type MeasureFile = NonNullable<ScenarioFile['measure']>[number];
export type CommandFile = NonNullable<ScenarioFile['commands']>[number];

export const CELL_V = 3.3;
export const SERIES = 16;
export const PACK_V = SERIES * CELL_V;
/** Cells that nothing moves. */
export const STIFF = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(CELL_V), seriesResistance_Ohm: 0 });

export interface BenchParts extends Partial<ScenarioObject> {
  unit?: Partial<BmsFile>;
}

/** A 16S bench; its unit draws nothing and looks at no temperature unless the story says so. */
export function bench({ unit, ...parts }: BenchParts = {}): ScenarioObject {
  const bms: BmsFile = {
    model: '16T',
    chemistry: 'LiFe',
    currentVersion_A: 600,
    consumption: 'none',
    ...unit,
    settings: { batteryCapacity_Ah: 1000, temperatureAlarm: false, lowSoc_fraction: 0, ...unit?.settings },
  };
  return { cell: STIFF, thermal: null, tick_s: 0.1, duration_s: 20, bms, ...parts, pack: { series: SERIES, ...parts.pack } };
}

export async function runTo(scenario: ScenarioObject, time_s: number, options: OpenOptions = {}): Promise<Run> {
  const run = await openRun(scenario, options);
  run.advance(Math.round(time_s / scenario.tick_s!));
  return run;
}

export const CHARGE = 0;
export const DISCHARGE = 1;
export const OFF_AT = (time_s: number): CommandFile => ({ time_s, do: 'powerOff' });
export const ON_AT = (time_s: number): CommandFile => ({ time_s, do: 'powerOn' });
