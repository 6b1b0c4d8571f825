/**
 * What a scenario expects of its run: events in windows and limits on channels, judged when the run is over.
 * Channel limits are judged by the extremes that the kernel watched, because no record keeps every tick.
 */
import type { Unit } from '../domain/quantity.ts';
import { type ChannelExpectation, type EventExpectation, JOINTS, type MeasurementExpectation } from '../domain/scenario/expect.ts';
import { expectationWords, unitOfExpected } from '../domain/scenario/words.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import type { RunEvent } from './events.ts';
import type { Measurement } from './instruments.ts';
import type { WatchedRange } from './watches.ts';

export interface ExpectationResult {
  text: string;
  status: 'pass' | 'fail';
  /** What was looked at, in words for people. */
  what: string;
  /** What was found: of a window the value that comes nearest to a limit or is farthest beyond, of an event its time; null for nothing. */
  value: number | null;
  unit: Unit;
  expected: string;
}

type Found = Pick<ExpectationResult, 'text' | 'status' | 'value'>;
type Limits = Pick<ChannelExpectation, 'atLeast' | 'atMost'>;

const verdict = (holds: boolean) => (holds ? 'pass' : 'fail');

function windowText({ within_s, at_s }: { within_s?: ChannelExpectation['within_s']; at_s?: number | undefined }): string {
  if (at_s !== undefined) return ` at ${at_s} s`;
  return within_s === undefined ? '' : ` within ${within_s[0]}…${within_s[1]} s`;
}

/** What must never come has not been looked for where the run ended before its window. */
function judgeEvent(expectation: EventExpectation, events: readonly RunEvent[], scenario: Scenario, ended_s: number): Found {
  const [from, until] = expectation.within_s ?? [0, Infinity];
  const slack = scenario.tick_s * 1e-6;
  const seen = events.find(
    (event) =>
      event.code === expectation.event &&
      event.active === expectation.active &&
      (expectation.cell === undefined || event.cell === expectation.cell) &&
      event.time_s >= from - slack &&
      event.time_s <= until + slack,
  );
  const cell = expectation.cell === undefined ? '' : ` at Cell ${expectation.cell + 1}`;
  const text = `${expectation.event}${expectation.active ? '' : ' ends'}${cell} ${expectation.never ? 'never comes' : 'comes'}${windowText(expectation)}`;
  if (from > ended_s + slack) return { text: `${text} (the run did not get there)`, status: 'fail', value: null };
  return { text, status: verdict((seen !== undefined) !== expectation.never), value: seen?.time_s ?? null };
}

function holds({ atLeast = -Infinity, atMost = Infinity }: Limits, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

/** The end of a range that is farthest beyond a limit, or nearest to one. */
function nearest({ low, high }: WatchedRange, { atLeast = -Infinity, atMost = Infinity }: Limits): number {
  return low - atLeast < atMost - high ? low : high;
}

function judgeChannel(expectation: ChannelExpectation, seen: WatchedRange): Found {
  const parts = [
    expectation.atLeast === undefined ? '' : ` at least ${expectation.atLeast}`,
    expectation.atMost === undefined ? '' : ` at most ${expectation.atMost}`,
  ].filter((part) => part !== '');
  const { low, high } = seen;
  const cameThere = low <= high;
  const range = cameThere ? ` (was ${low} to ${high})` : ' (the run did not get there)';
  return {
    text: `${expectation.channel}${parts.join(' and')}${windowText(expectation)}${range}`,
    status: verdict(cameThere && holds(expectation, low) && holds(expectation, high)),
    value: cameThere ? nearest(seen, expectation) : null,
  };
}

const JOINED: Record<(typeof JOINTS)[number], (a: number, b: number) => number | null> = {
  plus: (a: number, b: number) => a + b,
  minus: (a: number, b: number) => a - b,
  over: (a: number, b: number) => (b === 0 ? null : a / b),
};

/** The value of a measurement, or what two give together; null where one shows nothing. */
function valueOf(expectation: MeasurementExpectation, measurements: readonly Measurement[]): number | null {
  const first = measurements[expectation.measurement]!.value;
  const [joint] = JOINTS.filter((name) => expectation[name] !== undefined);
  if (joint === undefined) return first;
  const second = measurements[expectation[joint]!]!.value;
  return first === null || second === null ? null : JOINED[joint](first, second);
}

function judgeMeasurement(expectation: MeasurementExpectation, measurements: readonly Measurement[], scenario: Scenario): Found {
  const { at, instrument } = measurements[expectation.measurement]!;
  const { atLeast, atMost } = expectation;
  const value = valueOf(expectation, measurements);
  const others = JOINTS.flatMap((joint) => {
    const other = expectation[joint];
    return other === undefined ? [] : [` ${joint} ${measurements[other]!.instrument} at ${measurements[other]!.at}`];
  });
  const parts = [atLeast === undefined ? [] : [`at least ${atLeast}`], atMost === undefined ? [] : [`at most ${atMost}`]].flat();
  const unit = unitOfExpected(expectation, scenario.measure);
  const text = `${instrument} at ${at}${others.join('')} ${parts.join(' and ')} ${unit} (was ${value ?? 'nothing'})`;
  return { text, status: verdict(value !== null && holds(expectation, value)), value };
}

/** Every expectation of the scenario, in order; `seen` has a range for each that names a channel, and the run ended at `ended_s`. */
export function judge(
  scenario: Scenario,
  events: readonly RunEvent[],
  seen: readonly WatchedRange[],
  measurements: readonly Measurement[],
  ended_s: number,
): ExpectationResult[] {
  let watched = 0;
  return scenario.expect.map((expectation) => {
    const words = expectationWords(expectation, scenario.measure);
    if ('measurement' in expectation) return { ...judgeMeasurement(expectation, measurements, scenario), ...words };
    const found =
      'channel' in expectation ? judgeChannel(expectation, seen[watched++]!) : judgeEvent(expectation, events, scenario, ended_s);
    return { ...found, ...words };
  });
}
