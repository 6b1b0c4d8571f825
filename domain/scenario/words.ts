/**
 * Expectations and measurements in words for people: what is looked at, and what is expected of it.
 * Pure text from the scenario alone, so that documents, command line and page say the same.
 */
import { CELLS_PER_CONNECTOR } from '../device.ts';
import { CHANNELS, type ChannelName } from '../channels.ts';
import { EVENTS } from '../events.ts';
import type { LcdNumber } from '../lcd/numbers.ts';
import { type Unit, UNITS, unitOf } from '../quantity.ts';
import type { ChannelExpectation, EventExpectation, Expectation, MeasurementExpectation } from './expect.ts';
import { type MeasureOfScenario, unitOfMeasure } from './measure.ts';

export interface Words {
  what: string;
  expected: string;
  unit: Unit;
}

const RELAY_NAMES = ['charge', 'discharge'] as const;

/** Names of what stands on the display or can be seen at the unit, by the index of the channel. */
const SPECIAL: Partial<Record<string, (index: number) => string>> = {
  'measuredCell.voltage_V': (group) => `Cell ${group + 1} on the LCD`,
  'measured.current_A': () => 'Current on the LCD',
  'measured.temperature_degC': (sensor) => `T${sensor + 1} on the LCD`,
  'estimate.soc': () => 'SOC on the LCD',
  'relay.closed': (relay) => `Contact of the ${RELAY_NAMES[relay]} relay`,
  'relay.coilVoltage_V': (relay) => `Voltage of the ${RELAY_NAMES[relay]} output`,
  'lamp.alarm': () => 'Alarm LED',
  'beeper.on': () => 'Beeper',
  'lcd.on': () => 'Display',
  'lcd.lit': () => 'Back light',
  'lcd.balancing': (group) => `Yellow bar of Cell ${group + 1}`,
  'lcd.impedance_Ohm': (group) => `Impedance of Cell ${group + 1} on the LCD`,
};

/** What 0 and 1 mean where a channel or a number of the display has no others. */
const STATES: Partial<Record<string, readonly [string, string]>> = {
  'relay.closed': ['open', 'closed'],
  'lamp.alarm': ['not lit', 'lit'],
  'beeper.on': ['silent', 'sounds'],
  'lcd.on': ['dark', 'alive'],
  'lcd.lit': ['off', 'on'],
  'lcd.balancing': ['not lit', 'lit'],
  balancing: ['not lit', 'lit'],
  light: ['off', 'on'],
};

/** Numbers of the display by name, of a cell or sensor where they have one. */
const LCD_WORDS: Record<LcdNumber, (index: number) => string> = {
  cellVoltage: (cell) => `Cell ${cell + 1} on the LCD`,
  packVoltage: () => 'Pack voltage on the LCD',
  cellDifference: () => 'Cell difference on the LCD',
  current: () => 'Current on the LCD',
  soc: () => 'SOC on the LCD',
  temperature: (sensor) => `T${sensor + 1} on the LCD`,
  capacity: () => 'Remaining capacity on the LCD',
  impedance: (cell) => `Impedance of Cell ${cell + 1} on the LCD`,
  balancing: (cell) => `Yellow bar of Cell ${cell + 1}`,
  page: () => 'Page of the LCD',
  light: () => 'Back light',
};

/** A channel by its name in a file, such as `measuredCell.voltage_V[4]`: "Cell 5 on the LCD". */
export function channelWords(channel: string): string {
  const bare = channel.replace(/\[.*$/, '');
  const index = Number(/\[(\d+)\]/.exec(channel)?.[1] ?? 0);
  const special = SPECIAL[bare];
  if (special !== undefined) return special(index);
  const row = Object.hasOwn(CHANNELS, bare) ? CHANNELS[bare as ChannelName] : undefined;
  if (row === undefined) return channel;
  if (row.index === 'cell' || row.index === 'group') return `${row.label}, Cell ${index + 1}`;
  if (row.index === 'relay') return `${row.label}, ${RELAY_NAMES[index]}`;
  return row.label;
}

/** The cell whose balance port lies between two pins, counted from 1. */
function portBetween(from: string, to: string): number | undefined {
  const pins = [from, to].map((name) => /^pin (\d)\.(\d)$/.exec(name)?.slice(1).map(Number));
  const [low, high] = pins;
  if (low === undefined || high === undefined || low[0] !== high[0] || Math.abs(low[1]! - high[1]!) !== 1) return undefined;
  return (low[0]! - 1) * CELLS_PER_CONNECTOR + Math.min(low[1]!, high[1]!);
}

/** "the balance port of Cell 5", "the charge output", "pack + and bus +". */
function betweenWords([from, to]: readonly [string, string]): string {
  const port = portBetween(from, to);
  if (port !== undefined) return `the balance port of Cell ${port}`;
  const people = (name: string) =>
    name
      .replace(/^cell (\d+)/, (_, group) => `Cell ${Number(group) + 1}`)
      .replace(/^tap (\d+)$/, (_, tap) => (tap === '0' ? 'the minus of Cell 1' : `the plus of Cell ${tap}`));
  const bare = (name: string) => people(name).replace(/ [+-]$/, '');
  if (bare(from) !== bare(to)) return `${people(from)} and ${people(to)}`;
  const coil = /^coil (\w+)$/.exec(bare(from))?.[1];
  return coil === undefined ? bare(from).replace(/^(?=pack|bus|shunt)/, 'the ') : `the ${coil} output`;
}

const WAYS = { mean: 'Mean', rms: 'RMS', minimum: 'Lowest', maximum: 'Highest', peakToPeak: 'Swing' } as const;

function timeWords({ time_s, for_s = 0 }: { time_s: number; for_s?: number }): string {
  return for_s > 0 ? `from ${time_s} s to ${time_s + for_s} s` : `at ${time_s} s`;
}

function measuredThing(given: MeasureOfScenario): string {
  switch (given.instrument) {
    case 'volts':
      return `Voltmeter at ${betweenWords(given.between)}`;
    case 'ohms':
      return `Ohmmeter at ${betweenWords(given.between)}, ${given.between[0].startsWith('coil') ? 'coil unplugged' : 'battery disconnected'}`;
    case 'clamp':
      return `${given.reads === 'rms' ? 'RMS current' : 'Current'} by the clamp around the ${given.around === 'pack' ? 'battery cable' : `${given.around} cable`}`;
    case 'thermometer':
      return `Thermometer at ${given.at.replace(/^cell (\d+)/, (_, group) => `Cell ${Number(group) + 1}`)}`;
    case 'oscilloscope':
      return given.for_s === 0 ? channelWords(given.channel) : `${WAYS[given.reads]} of ${channelWords(given.channel)}`;
    case 'lcd':
      return LCD_WORDS[given.shows](given.cell ?? given.sensor ?? 0);
  }
}

/** What an instrument is asked: "Voltmeter at the balance port of Cell 5 at 60 s". */
export function measureWords(given: MeasureOfScenario): string {
  return `${measuredThing(given)} ${timeWords(given)}`;
}

/** A millionth of a unit is nothing that people look at. */
const DECIMALS = 6;
const DIGITS = 6;
const PERCENT = 100;

/** A number as people read it, with the sign of its unit; SOC in percent. */
export function shownAs(value: number, unit: Unit): { value: number; unit: string } {
  const [own, sign] = unit === 'soc' || unit === 'fraction' ? [value * PERCENT, '%'] : [value, UNITS[unit]];
  // Adding 0 takes the sign from a zero.
  return { value: Number(Number(own.toFixed(DECIMALS)).toPrecision(DIGITS)) + 0, unit: sign };
}

/** The same as text. */
export function numberWords(value: number, unit: Unit): string {
  const shown = shownAs(value, unit);
  return `${shown.value} ${shown.unit}`.trimEnd();
}

interface Limits {
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

function limitWords({ atLeast, atMost }: Limits, unit: Unit, states?: readonly [string, string]): string {
  if (states !== undefined && atMost === 0) return `0 (${states[0]})`;
  if (states !== undefined && atLeast === 1) return `1 (${states[1]})`;
  if (atLeast === undefined) return `at most ${numberWords(atMost!, unit)}`;
  if (atMost === undefined) return `at least ${numberWords(atLeast, unit)}`;
  if (atLeast === atMost) return numberWords(atLeast, unit);
  return `${numberWords(atLeast, unit)} to ${numberWords(atMost, unit)}`;
}

function eventWords({ event, active, cell, never, within_s }: EventExpectation): Words {
  const verb = active ? 'comes' : 'ends';
  const window = within_s === undefined ? '' : ` between ${within_s[0]} s and ${within_s[1]} s`;
  const what = `${EVENTS[event].label}${cell === undefined ? '' : ` at Cell ${cell + 1}`}`;
  return { what, expected: `${never ? 'never ' : ''}${verb}${window}`, unit: 's' };
}

function channelExpectationWords({ channel, at_s, within_s, ...limits }: ChannelExpectation): Words {
  const unit = unitOf(channel) ?? 'count';
  const window = within_s === undefined ? '' : ` from ${within_s[0]} s to ${within_s[1]} s`;
  const when = at_s === undefined ? window : ` at ${at_s} s`;
  return { what: `${channelWords(channel)}${when}`, expected: limitWords(limits, unit, STATES[channel.replace(/\[.*$/, '')]), unit };
}

/** Unit of what is expected of a measurement, alone or with another. */
export function unitOfExpected({ measurement, minus, over }: MeasurementExpectation, measure: readonly MeasureOfScenario[]): Unit {
  if (over !== undefined) return 'ratio';
  const unit = unitOfMeasure(measure[measurement]!);
  return unit === 'degC' && minus !== undefined ? 'K' : unit;
}

function measurementWords(expectation: MeasurementExpectation, measure: readonly MeasureOfScenario[]): Words {
  const { measurement, plus, minus, over, ...limits } = expectation;
  const unit = unitOfExpected(expectation, measure);
  const named = { plus, minus, 'divided by': over };
  const joined = Object.entries(named).flatMap(([joint, other]) =>
    other === undefined ? [] : [`, ${joint}: ${measureWords(measure[other]!)}`],
  );
  const given = measure[measurement]!;
  const states = given.instrument === 'lcd' ? STATES[given.shows] : undefined;
  return { what: [measureWords(given), ...joined].join(''), expected: limitWords(limits, unit, states), unit };
}

/** What is looked at and what is expected, of one expectation of a scenario with these measurements. */
export function expectationWords(expectation: Expectation, measure: readonly MeasureOfScenario[]): Words {
  if ('event' in expectation) return eventWords(expectation);
  return 'channel' in expectation ? channelExpectationWords(expectation) : measurementWords(expectation, measure);
}
