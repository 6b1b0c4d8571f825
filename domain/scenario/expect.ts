/**
 * What a scenario expects of its run: events, limits on channels, and limits on measurements or on what two of them give together.
 * Apart from the scenario because labs have rules of their own for it.
 */
import { z } from 'zod';
import { EVENT_NAMES } from '../events.ts';
import { flag, oneOf, record, text, whole } from '../fields.ts';
import { time_s } from './equipment.ts';

export const MOST_MEASUREMENTS = 1000;

const index = whole(0, MOST_MEASUREMENTS - 1);
const limit = z.number({ error: 'a number' }).optional();
const limits = { atLeast: limit, atMost: limit };
const within_s = z.tuple([time_s, time_s], { error: 'two times [from, until]' }).optional();

const eventExpectation = record({
  event: oneOf(EVENT_NAMES),
  active: flag.default(true),
  cell: whole(0, 23).optional(),
  within_s,
  never: flag.default(false),
});

/** How a second measurement may be joined to the first. */
export const JOINTS = ['plus', 'minus', 'over'] as const;
const measurementExpectation = record({
  measurement: index.meta({ description: 'of the list `measure`' }),
  plus: index.optional().meta({ description: 'the sum with this other measurement' }),
  minus: index.optional().meta({ description: 'the difference to this other measurement' }),
  over: index.optional().meta({ description: 'the ratio to this other measurement' }),
  ...limits,
}).refine((given) => JOINTS.filter((joint) => given[joint] !== undefined).length < 2, {
  error: 'one of `plus`, `minus` and `over`',
  path: ['over'],
});

const channelExpectation = record({
  channel: text(),
  ...limits,
  within_s,
  at_s: time_s.optional().meta({ description: 'its value at this time only' }),
}).refine(({ within_s: window, at_s }) => window === undefined || at_s === undefined, {
  error: 'one of `within_s` and `at_s`',
  path: ['at_s'],
});

export const expectationSchema = z.union([eventExpectation, measurementExpectation, channelExpectation], {
  error: '{event, within_s, never}, {channel, atLeast, atMost, within_s | at_s} or {measurement, plus | minus | over, atLeast, atMost}',
});

export const EXPECT_EXAMPLES = [
  { event: 'overCharge', cell: 3, within_s: [600, 1200] },
  { event: 'lowSoc', never: true },
  { channel: 'cell.voltage_V[0][0]', atMost: 3.7 },
  { channel: 'estimate.soc', at_s: 3600, atLeast: 0.89, atMost: 0.91 },
  { measurement: 0, atLeast: 3.2, atMost: 3.4 },
  { measurement: 1, minus: 0, atMost: 0.01 },
];

export type Expectation = z.output<typeof expectationSchema>;
export type EventExpectation = z.output<typeof eventExpectation>;
export type MeasurementExpectation = z.output<typeof measurementExpectation>;
export type ChannelExpectation = z.output<typeof channelExpectation>;
