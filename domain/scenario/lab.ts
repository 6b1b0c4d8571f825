/**
 * A lab: a scenario that plays one clause of the FAQ, with its words and with what its premise and its remedy are.
 * Nothing of it reaches the kernel. A lab may read only what its user could: this file says what that is and refuses the rest.
 */
import { z } from 'zod';
import { CHANNEL_NAMES } from '../channels.ts';
import { InputError, shown } from '../errors.ts';
import { EVENT_NAMES, type EventName } from '../events.ts';
import { FAQ_CLAUSES } from '../faqClauses.ts';
import { listOf, oneOf, record, text } from '../fields.ts';
import { UPDATE_ENDINGS, type UpdateEndingName } from '../update.ts';
import type { Expectation } from './expect.ts';
import type { Json } from './json.ts';
import type { MeasureOfScenario } from './measure.ts';
import { assign, without } from './paths.ts';

const value = z.union([z.number(), z.boolean(), z.string().max(200), z.null()], { error: 'a number, text, true, false or null' });
const edit = z.union([record({ remove: text() }), record({ set: text(), value })], { error: '{remove: path} or {set: path, value}' });
const MOST_EDITS = 20;

const LONGEST_WORDS = 1000;
const words = text(LONGEST_WORDS).min(1, { error: 'text of at least one character' });

export const labSchema = record({
  clause: oneOf(FAQ_CLAUSES),
  title: words,
  symptom: words.meta({ description: 'what the user sees' }),
  check: words.meta({ description: 'what the user should look at or measure' }),
  remedy: words.meta({ description: 'what helps' }),
  withoutPremise: listOf(edit, MOST_EDITS, 1).meta({ description: 'changes that take the cause out of this file; the lab then fails' }),
  withoutRemedy: listOf(edit, MOST_EDITS)
    .default([])
    .meta({ description: 'changes that take the remedy out of this file; the lab then fails. None where the clause has no remedy' }),
}).meta({
  description: 'makes the scenario a lab of the FAQ; without effect on its run. Removals name places of the file as it stands',
  examples: [
    {
      clause: '2d',
      title: 'Calibration takes an error out of a channel',
      symptom: 'Cell 5 is displayed 30 mV too high.',
      check: 'A multimeter at its balance port shows the true voltage.',
      remedy: 'Calibrate the channel.',
      withoutPremise: [{ remove: 'faults[0]' }],
      withoutRemedy: [{ remove: 'commands[0]' }],
    },
  ],
});

export type Lab = z.output<typeof labSchema>;

/** Channels that stand on the display, or can be seen and heard at the unit; a dot ends the beginning of a name. */
const USER_CHANNELS = [
  'measuredCell.voltage_V',
  'measured.current_A',
  'measured.temperature_degC',
  'estimate.soc',
  'relay.coilVoltage_V',
  'relay.closed',
  'lamp.alarm',
  'beeper.on',
  'lcd.',
  'unit.current_A',
  'update.',
] as const;

/** Events that no user sees: truth of the plant, what the scenario itself did, and why an update came to nothing, of which the tool shows less. */
const HIDDEN_EVENTS: readonly EventName[] = [
  ...(Object.keys(UPDATE_ENDINGS) as UpdateEndingName[]),
  'fault',
  'outsideCellData',
  'loadBeyondMaximumPower',
  'notFinite',
  'fuseBeyondBreakingCapacity',
  'inrush',
  'inrushSquare',
  'surgeBelowTick',
  'relayBounce',
  'contactWelded',
];

function isForUsers(channel: string): boolean {
  const name = channel.replace(/\[.*$/, '');
  return USER_CHANNELS.some((allowed) => (allowed.endsWith('.') ? name.startsWith(allowed) : name === allowed));
}

function refuseHidden(path: string, given: string, allowed: readonly string[]): never {
  throw new InputError({
    code: 'hidden',
    path,
    value: given,
    message: `a user of the unit cannot read ${shown(given)}, so a lab may not`,
    allowed: allowed.join(', '),
  });
}

/** Refuses what a lab reads although its user could not: plant truth, injected values, events that nothing announces. */
export function checkReadings(measure: readonly MeasureOfScenario[], expect: readonly Expectation[]): void {
  const checkChannel = (path: string, channel: string) => {
    if (!isForUsers(channel)) refuseHidden(path, channel, CHANNEL_NAMES.filter(isForUsers));
  };
  measure.forEach((given, index) => {
    if (given.instrument === 'oscilloscope') checkChannel(`measure[${index}].channel`, given.channel);
  });
  expect.forEach((expectation, index) => {
    if ('channel' in expectation) checkChannel(`expect[${index}].channel`, expectation.channel);
    if ('event' in expectation && HIDDEN_EVENTS.includes(expectation.event))
      refuseHidden(
        `expect[${index}].event`,
        expectation.event,
        EVENT_NAMES.filter((name) => !HIDDEN_EVENTS.includes(name)),
      );
  });
}

export type LabPart = 'premise' | 'remedy';

/** The document of a lab without its premise or its remedy. */
export function labWithout(part: LabPart, document: Json, lab: Lab): Json {
  const list = part === 'premise' ? lab.withoutPremise : lab.withoutRemedy;
  const changed = list.reduce(
    (whole, change) => ('set' in change ? assign(whole, { path: change.set, value: change.value }) : whole),
    document,
  );
  return without(
    changed,
    list.flatMap((change) => ('remove' in change ? [change.remove] : [])),
  );
}
