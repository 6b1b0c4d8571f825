/**
 * The test bench for the firmware: four cells that rest at 3.300 V whatever happens, and knobs for what the unit reads.
 * The cell's resistance is 0 and its capacity huge, so that every reading is exactly what the knob says.
 */
import { EVENTS } from '../../domain/events.ts';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunEvent } from '../../engine/events.ts';
import type { RunResult } from '../../engine/result.ts';

type Command = NonNullable<ScenarioFile['commands']>[number];
type BmsFile = NonNullable<ScenarioFile['bms']>;
export type SettingsFile = NonNullable<BmsFile['settings']>;

export const REST_V = 3.3;
export const REST_degC = 25;

export interface BenchParts {
  settings?: SettingsFile;
  bms?: Partial<BmsFile>;
  commands?: Command[];
  scenario?: Partial<ScenarioFile>;
}

/** A 4S LiFe bench with a unit that draws nothing; parts replace what they name. */
export function bench({ settings, bms, commands, scenario }: BenchParts = {}): ScenarioFile {
  return {
    formatVersion: 1,
    name: 'bench',
    duration_s: 120,
    tick_s: 0.5,
    thermal: null,
    cells: { still: { capacity_Ah: 10_000, ocv: { soc: [0, 1], voltage_V: [REST_V, REST_V] }, seriesResistance_Ohm: 0 } },
    pack: { series: 4, cell: 'still', initialSoc: 0.5 },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      consumption: 'none',
      ...bms,
      settings: { batteryCapacity_Ah: 1000, ...settings },
    },
    commands: commands ?? [],
    ...scenario,
  };
}

/** Commands that make the unit read something else from a time on. */
export const reads = {
  /** One channel, by 0-based group; the cell itself stays where it is. */
  cell: (time_s: number, group: number, voltage_V: number): Command[] => [
    { time_s, set: `bms.sensing.channels[${group}].offset_V`, value: round(voltage_V - REST_V) },
  ],
  /** T1 and T2. */
  temperatures: (time_s: number, t1_degC: number, t2_degC: number): Command[] => [
    { time_s, set: 'bms.sensing.temperature[0].offset_K', value: round(t1_degC - REST_degC) },
    { time_s, set: 'bms.sensing.temperature[1].offset_K', value: round(t2_degC - REST_degC) },
  ],
  /** A true current through the pack: the first source's. */
  current: (time_s: number, current_A: number): Command[] => [{ time_s, set: 'source[0].constantCurrent_A', value: current_A }],
};

function round(x: number): number {
  return Math.round(x * 1e6) / 1e6;
}

const RELAYS: Record<string, string> = { chargeRelayClosed: 'charge relay', dischargeRelayClosed: 'discharge relay' };

function line({ time_s, code, active, cell }: RunEvent): string {
  const time = `${Math.round(time_s * 1e6) / 1e6}`;
  const relay = RELAYS[code];
  if (relay !== undefined) return `${time} ${relay} ${active ? 'closes' : 'opens'}`;
  return `${time} ${code}${active ? (cell === null ? '' : ` Cell ${cell + 1}`) : ' ends'}`;
}

/** The event log in words, one line an event; what happens at one time is in order of the words. */
export function logOf(result: RunResult): string[] {
  const lines = result.events.map((event) => ({ time_s: event.time_s, text: line(event) }));
  return lines.sort((a, b) => a.time_s - b.time_s || (a.text < b.text ? -1 : 1)).map(({ text }) => text);
}

/** A log as a test writes it: one line an event. */
export function asLog(text: string): string[] {
  const lines = text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const time = (row: string) => Number(row.split(' ')[0]);
  return lines.sort((a, b) => time(a) - time(b) || (a < b ? -1 : 1));
}

/** Names of the causes that a run named: everything that stops charging or discharging. */
export function causesOf(result: RunResult): string[] {
  return [...new Set(result.events.filter(({ code }) => EVENTS[code].severity === 'stop').map(({ code }) => code as string))];
}

/** The first row of an event, or a clear failure. */
export function firstEvent(result: RunResult, code: string, active = true): RunEvent {
  const found = result.events.find((event) => event.code === code && event.active === active);
  if (found === undefined) throw new Error(`no ${code}${active ? '' : ' ends'} among: ${logOf(result).join('; ')}`);
  return found;
}

export function timesOf(result: RunResult, code: string, active = true): number[] {
  return result.events.filter((event) => event.code === code && event.active === active).map(({ time_s }) => time_s);
}
