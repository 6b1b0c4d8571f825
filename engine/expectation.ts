/**
 * What a scenario expects of its run: events in windows and limits on channels, judged when the run is over.
 * Channel limits are judged by the extremes that the kernel watched, because no record keeps every tick.
 */
import type { EventName } from '../domain/events.ts';
import type { Expectation, Scenario } from '../domain/scenario/schema.ts';
import type { RunEvent } from './events.ts';
import type { Measurement } from './instruments.ts';
import type { WatchedRange } from './watches.ts';

export interface ExpectationResult {
  text: string;
  status: 'pass' | 'fail';
}

type ChannelExpectation = Extract<Expectation, { channel: string }>;
type MeasurementExpectation = Extract<Expectation, { measurement: number }>;
type EventExpectation = Extract<Expectation, { event: EventName }>;

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

function judgeChannel(expectation: ChannelExpectation, seen: WatchedRange): ExpectationResult {
  const parts = [
    expectation.atLeast === undefined ? '' : ` at least ${expectation.atLeast}`,
    expectation.atMost === undefined ? '' : ` at most ${expectation.atMost}`,
  ].filter((part) => part !== '');
  const { low, high } = seen;
  const cameThere = low <= high;
  const holds = cameThere && low >= (expectation.atLeast ?? -Infinity) && high <= (expectation.atMost ?? Infinity);
  const range = cameThere ? ` (was ${low} to ${high})` : ' (the run did not get there)';
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

/** Every expectation of the scenario, in order; `seen` has a range for each that names a channel. */
export function judge(
  scenario: Scenario,
  events: readonly RunEvent[],
  seen: readonly WatchedRange[],
  measurements: readonly Measurement[],
): ExpectationResult[] {
  let watched = 0;
  return scenario.expect.map((expectation) => {
    if ('measurement' in expectation) return judgeMeasurement(expectation, measurements);
    return 'channel' in expectation ? judgeChannel(expectation, seen[watched++]!) : judgeEvent(expectation, events, scenario);
  });
}
