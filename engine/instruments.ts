/**
 * The instruments of a scenario: when the run has to stop for them, and what they read.
 * Accumulated values belong to the run's host state, so a run that is taken up again measures the same.
 */
import { type Channel, channelOf, checkFitted } from '../domain/channels.ts';
import { InputError, shown } from '../domain/errors.ts';
import { lcdNumberRow, shownNumber } from '../domain/lcd/numbers.ts';
import type { Unit } from '../domain/quantity.ts';
import { type MeasureOfScenario, unitOfMeasure } from '../domain/scenario/measure.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import type { CompiledRun } from './compile.ts';
import { readLcd } from './lcd.ts';
import { clampAround, ohmsBetween, pointOf, voltsBetween } from './meter.ts';

export interface Measurement {
  time_s: number;
  instrument: MeasureOfScenario['instrument'];
  /** Where it was held, in the scenario's words. */
  at: string;
  /** null where the run did not get there, or the meter shows no connection. */
  value: number | null;
  unit: Unit;
}

/** What an instrument has seen so far. */
export interface Seen {
  count: number;
  sum: number;
  squares: number;
  low: number;
  high: number;
}

export const NOTHING_SEEN: Seen = { count: 0, sum: 0, squares: 0, low: Infinity, high: -Infinity };

interface Probe {
  given: MeasureOfScenario;
  at: string;
  fromTick: number;
  untilTick: number;
  /** Value at this moment, and the mean of its square over the tick. */
  read: (run: CompiledRun, channel: (channel: Channel) => number) => [value: number | undefined, square: number];
}

const plain = (value: number | undefined): [number | undefined, number] => [value, value === undefined ? 0 : value * value];

function meterProbe(given: Extract<MeasureOfScenario, { between: unknown }>, scenario: Scenario, path: string): Omit<Probe, Ticks> {
  const [from, to] = given.between.map((name, place) => pointOf(name, scenario, `${path}.between[${place}]`)) as [
    ReturnType<typeof pointOf>,
    ReturnType<typeof pointOf>,
  ];
  const at = given.between.join(' to ');
  if (given.instrument === 'volts') return { given, at, read: (run) => plain(voltsBetween(run, from, to)) };
  return { given, at, read: (run) => plain(ohmsBetween(run, scenario.pack.series, from, to)) };
}

type Ticks = 'fromTick' | 'untilTick';

function clampProbe(given: Extract<MeasureOfScenario, { instrument: 'clamp' }>): Omit<Probe, Ticks> {
  return { given, at: given.around, read: (run) => clampAround(run, given.around) };
}

function temperatureAt(name: string, scenario: Scenario, path: string): (run: CompiledRun) => number {
  const { series, parallel } = scenario.pack;
  const cell = /^cell (\d{1,2})(?:\.(\d{1,2}))?$/.exec(name);
  if (cell !== null && Number(cell[1]) < series && Number(cell[2] ?? 0) < parallel)
    return (run) => run.cells.temperature_degC.get(Number(cell[1]), Number(cell[2] ?? 0));
  if (name === 'ambient') return (run) => run.scalars.pack.ambientNow_degC;
  const hasUnit = scenario.bms !== null;
  if (name === 'case' && hasUnit) return (run) => run.scalars.heat.case_degC;
  if (name === 'relay charge' && hasUnit) return (run) => run.structures.relay[0]!.temperature_degC;
  if (name === 'relay discharge' && hasUnit) return (run) => run.structures.relay[1]!.temperature_degC;
  throw new InputError({
    code: 'point',
    path: `${path}.at`,
    value: name,
    message: `${shown(name)} is no place for a thermometer here`,
    allowed: 'ambient, cell N, cell N.P, and with a BMS: case, relay charge, relay discharge',
  });
}

function oscilloscopeProbe(
  given: Extract<MeasureOfScenario, { instrument: 'oscilloscope' }>,
  scenario: Scenario,
  path: string,
): Omit<Probe, Ticks> {
  const channel = channelOf(given.channel, scenario.pack, `${path}.channel`);
  checkFitted(channel, scenario, `${path}.channel`);
  return { given, at: given.channel, read: (_, value) => plain(value(channel)) };
}

function probeOf(given: MeasureOfScenario, scenario: Scenario, path: string): Omit<Probe, Ticks> {
  switch (given.instrument) {
    case 'volts':
    case 'ohms':
      return meterProbe(given, scenario, path);
    case 'clamp':
      return clampProbe(given);
    case 'thermometer': {
      const read = temperatureAt(given.at, scenario, path);
      return { given, at: given.at, read: (run) => plain(read(run)) };
    }
    case 'oscilloscope':
      return oscilloscopeProbe(given, scenario, path);
    case 'lcd':
      return lcdProbe(given, scenario, path);
  }
}

/** An eye on the display. */
function lcdProbe(given: Extract<MeasureOfScenario, { instrument: 'lcd' }>, scenario: Scenario, path: string): Omit<Probe, Ticks> {
  const { shows, cell, sensor } = given;
  const row = lcdNumberRow(shows);
  const { series } = scenario.pack;
  const refuse = (key: string, value: unknown, allowed: string): never => {
    throw new InputError({ code: 'range', path: `${path}.${key}`, value, message: `${shown(value)} is not allowed`, allowed });
  };
  if (scenario.bms === null) refuse('instrument', 'lcd', 'a scenario with a BMS');
  if (cell !== undefined && (row.each !== 'cell' || cell >= series))
    refuse('cell', cell, row.each === 'cell' ? `a group from 0 to ${series - 1}` : `left out: ${shows} has no cell`);
  if (sensor !== undefined && row.each !== 'sensor') refuse('sensor', sensor, `left out: ${shows} has no sensor`);
  const place = row.each === undefined ? '' : row.each === 'cell' ? ` of Cell ${(cell ?? 0) + 1}` : ` of T${(sensor ?? 0) + 1}`;
  const read: Probe['read'] = (run) => plain(shownNumber(readLcd(run, scenario), shows, { cell, sensor }) ?? undefined);
  return { given, at: `${shows}${place}`, read };
}

/** What an instrument shows of what it has seen. */
function shownOf(given: MeasureOfScenario, { count, sum, squares, low, high }: Seen): number | null {
  if (count === 0) return null;
  if (!('reads' in given)) return sum / count;
  switch (given.reads) {
    case 'mean':
      return sum / count;
    case 'rms':
      return Math.sqrt(squares / count);
    case 'minimum':
      return low;
    case 'maximum':
      return high;
    case 'peakToPeak':
      return high - low;
  }
}

export class Instruments {
  private readonly probes: Probe[];
  private seen: Seen[];

  constructor(scenario: Scenario) {
    const tick = (time_s: number) => Math.ceil(time_s / scenario.tick_s - 1e-9);
    this.probes = scenario.measure.map((given, index) => {
      const for_s = 'for_s' in given ? given.for_s : 0;
      // A clamp shows means of ticks: the first one of its time ends a tick after it began.
      const fromTick = tick(given.time_s) + (given.instrument === 'clamp' && for_s > 0 ? 1 : 0);
      return { ...probeOf(given, scenario, `measure[${index}]`), fromTick, untilTick: Math.max(tick(given.time_s + for_s), fromTick) };
    });
    this.seen = this.probes.map(() => ({ ...NOTHING_SEEN }));
  }

  /** The last tick up to which the run may go without stopping for an instrument. */
  freeUntil(tick: number, limit: number): number {
    let free = limit;
    for (const { fromTick, untilTick } of this.probes) {
      if (untilTick > tick) free = Math.min(free, fromTick > tick ? fromTick : tick + 1);
    }
    return free;
  }

  look(run: CompiledRun, tick: number, channel: (channel: Channel) => number): void {
    this.probes.forEach(({ fromTick, untilTick, read }, index) => {
      if (tick < fromTick || tick > untilTick) return;
      const [value, square] = read(run, channel);
      const seen = this.seen[index]!;
      if (value === undefined) return;
      seen.count++;
      seen.sum += value;
      seen.squares += square;
      seen.low = Math.min(seen.low, value);
      seen.high = Math.max(seen.high, value);
    });
  }

  state(): Seen[] {
    return this.seen.map((seen) => ({ ...seen }));
  }

  putBack(state: readonly Seen[]): void {
    this.seen = this.probes.map((_, index) => ({ ...(state[index] ?? NOTHING_SEEN) }));
  }

  results(): Measurement[] {
    return this.probes.map(({ given, at }, index) => ({
      time_s: given.time_s,
      instrument: given.instrument,
      at,
      value: shownOf(given, this.seen[index]!),
      unit: unitOfMeasure(given),
    }));
  }
}
