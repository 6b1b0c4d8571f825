/**
 * A fault of a scenario: which row of the catalogue, where, how bad, when, for how long.
 * Apart from the scenario because the page and campaigns write faults too.
 */
import { z } from 'zod';
import { FAULT_NAMES } from '../faults/titles.ts';
import { oneOf, record, text, whole, within } from '../fields.ts';
import { time_s } from './equipment.ts';

export const MOST_FAULTS = 1000;

const byTime = record({ time_s });
const byCondition = record({
  channel: text(),
  above: z.number().optional(),
  below: z.number().optional(),
  for_s: within(0, 1e7).default(0).meta({ description: 'the condition must hold this long' }),
}).refine((when) => (when.above === undefined) !== (when.below === undefined), {
  error: 'one of `above` and `below`',
  path: ['above'],
});

export const faultSchema = record({
  fault: oneOf(FAULT_NAMES),
  target: z
    .union([whole(0, 99), z.string().max(20), z.tuple([whole(0, 23), whole(0, 99)])], {
      error: 'an index, a name such as "8b" or "charge", or [group, position]',
    })
    .optional()
    .meta({ description: 'what the row asks for: a wire, a cell, a relay …; indices from 0' }),
  severity: z.number().optional().meta({ description: "in the row's unit; its default otherwise" }),
  when: z
    .union([z.literal('always'), byTime, byCondition], { error: '"always", {time_s} or {channel, above | below, for_s}' })
    .default('always'),
  for_s: within(0, 3.2e8).optional().meta({ description: 'it ends by itself after this time' }),
  intermittent: record({
    on_s: within(1e-4, 1e7),
    off_s: within(1e-4, 1e7),
  })
    .optional()
    .meta({ description: 'mean lengths of the two states, drawn from the seed' }),
});

export const FAULT_EXAMPLES = [
  { fault: 'openSenseWire', target: 5, when: { time_s: 60 }, for_s: 30 },
  { fault: 'capacityLoss', target: 2, severity: 0.7 },
  { fault: 'weldedContact', target: 'charge', when: { channel: 'cell.soc[0][0]', above: 0.9, for_s: 2 } },
  { fault: 'openSenseWire', target: 3, when: { time_s: 10 }, intermittent: { on_s: 0.05, off_s: 0.2 } },
];

export type FaultOfScenario = z.output<typeof faultSchema>;
