/**
 * What a scenario expects of its run: events in windows and limits on channels, judged tick by tick.
 * Channel limits are watched while the run goes on, because no record keeps every tick.
 */
import { type Channel, channelOf, checkFitted } from '../domain/channels.ts';
import type { EventName } from '../domain/events.ts';
import type { Expectation, Scenario } from '../domain/scenario/schema.ts';
import type { RunEvent } from './events.ts';
import type { Measurement } from './instruments.ts';

export interface ExpectationResult {
  text: string;
  status: 'pass' | 'fail';
}

type ChannelExpectation = Extract<Expectation, { channel: string }>;
type MeasurementExpectation = Extract<Expectation, { measurement: number }>;
type EventExpectation = Extract<Expectation, { event: EventName }>;

/** Extremes of one channel within its window. */
export interface Watch {
  channel: Channel;
  fromTick: number;
  untilTick: number;
  low: number;
  high: number;
}

function windowTicks(expectation: ChannelExpectation, scenario: Scenario, ticks: number): [number, number] {
  const [from, until] = expectation.within_s ?? [0, ticks * scenario.tick_s];
  return [Math.ceil(from / scenario.tick_s - 1e-9), Math.min(Math.floor(until / scenario.tick_s + 1e-9), ticks)];
}

/** One watch for each channel expectation, in their order. */
export function watchesOf(scenario: Scenario, ticks: number): Watch[] {
  return scenario.expect.flatMap((expectation, index) => {
    if (!('channel' in expectation)) return [];
    const path = `expect[${index}].channel`;
    const channel = channelOf(expectation.channel, scenario.pack, path);
    checkFitted(channel, scenario, path);
    const [fromTick, untilTick] = windowTicks(expectation, scenario, ticks);
    return [{ channel, fromTick, untilTick, low: Infinity, high: -Infinity }];
  });
}

/** The last tick up to which the run may go without stopping for a watch. */
export function freeUntil(watches: readonly Watch[], tick: number, limit: number): number {
  let free = limit;
  for (const watch of watches) {
    if (watch.untilTick <= tick) continue;
    free = Math.min(free, watch.fromTick > tick ? watch.fromTick : tick + 1);
  }
  return free;
}

export function look(watches: readonly Watch[], tick: number, read: (channel: Channel) => number): void {
  for (const watch of watches) {
    if (tick < watch.fromTick || tick > watch.untilTick) continue;
    const value = read(watch.channel);
    watch.low = Math.min(watch.low, value);
    watch.high = Math.max(watch.high, value);
  }
}

function windowText(expectation: ChannelExpectation | EventExpectation): string {
  return expectation.within_s === undefined ? '' : ` within ${expectation.within_s[0]}…${expectation.within_s[1]} s`;
}

function judgeEvent(expectation: EventExpectation, events: readonly RunEvent[], scenario: Scenario): ExpectationResult {
  const [from, until] = expectation.within_s ?? [0, Infinity];
  const slack = scenario.tick_s * 1e-6;
  const seen = events.some(
    (event) =>
      event.code === expectation.event &&
      event.active === expectation.active &&
      (expectation.cell === undefined || event.cell === expectation.cell) &&
      event.time_s >= from - slack &&
      event.time_s <= until + slack,
  );
  const cell = expectation.cell === undefined ? '' : ` at Cell ${expectation.cell + 1}`;
  const text = `${expectation.event}${expectation.active ? '' : ' ends'}${cell} ${expectation.never ? 'never comes' : 'comes'}${windowText(expectation)}`;
  return { text, status: seen !== expectation.never ? 'pass' : 'fail' };
}

function judgeChannel(expectation: ChannelExpectation, watch: Watch): ExpectationResult {
  const parts = [
    expectation.atLeast === undefined ? '' : ` at least ${expectation.atLeast}`,
    expectation.atMost === undefined ? '' : ` at most ${expectation.atMost}`,
  ].filter((part) => part !== '');
  const seen = watch.low <= watch.high;
  const holds = seen && watch.low >= (expectation.atLeast ?? -Infinity) && watch.high <= (expectation.atMost ?? Infinity);
  const range = seen ? ` (was ${watch.low} to ${watch.high})` : ' (the run did not get there)';
  return { text: `${expectation.channel}${parts.join(' and')}${windowText(expectation)}${range}`, status: holds ? 'pass' : 'fail' };
}

function judgeMeasurement(expectation: MeasurementExpectation, measurements: readonly Measurement[]): ExpectationResult {
  const { at, value, unit, instrument } = measurements[expectation.measurement]!;
  const { atLeast, atMost } = expectation;
  const parts = [atLeast === undefined ? [] : [`at least ${atLeast}`], atMost === undefined ? [] : [`at most ${atMost}`]].flat();
  const holds = value !== null && value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  const text = `${instrument} at ${at} ${parts.join(' and ')} ${unit} (was ${value ?? 'nothing'})`;
  return { text, status: holds ? 'pass' : 'fail' };
}

/** Every expectation of the scenario, in order. */
export function judge(
  scenario: Scenario,
  events: readonly RunEvent[],
  watches: readonly Watch[],
  measurements: readonly Measurement[],
): ExpectationResult[] {
  let watched = 0;
  return scenario.expect.map((expectation) => {
    if ('measurement' in expectation) return judgeMeasurement(expectation, measurements);
    return 'channel' in expectation ? judgeChannel(expectation, watches[watched++]!) : judgeEvent(expectation, events, scenario);
  });
}
