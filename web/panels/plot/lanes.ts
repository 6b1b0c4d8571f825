/**
 * What was on during which part of a run, from its events: relays, alarms, balancing and faults, as lanes of the chart.
 * Pure; the chart draws the spans and knows nothing of events.
 */
import { EVENTS, type EventName } from '../../../domain/events.ts';
import type { RunEvent } from '../../../engine/events.ts';
import { WORDS } from '../../words.ts';

export interface Span {
  from_s: number;
  until_s: number;
}

export interface Lane {
  name: string;
  colour: 'current' | 'mark' | 'bleed' | 'estimate';
  spans: Span[];
}

/** Spans during which a relay was closed; before its first event it was in the other state, and closed where there is none. */
function relaySpans(events: readonly RunEvent[], code: EventName, end_s: number): Span[] {
  const own = events.filter((event) => event.code === code);
  const spans: Span[] = [];
  let since: number | undefined = own[0]?.active === true ? undefined : 0;
  for (const { active, time_s } of own) {
    if (active) since ??= time_s;
    else if (since !== undefined) {
      if (time_s > since) spans.push({ from_s: since, until_s: time_s });
      since = undefined;
    }
  }
  return since === undefined ? spans : [...spans, { from_s: since, until_s: end_s }];
}

/** Spans during which at least one of some events was active, whichever cell it speaks of. */
function activeSpans(events: readonly RunEvent[], isMeant: (event: RunEvent) => boolean, end_s: number): Span[] {
  const active = new Set<string>();
  const spans: Span[] = [];
  let since = 0;
  for (const event of events) {
    if (!isMeant(event)) continue;
    const key = `${event.code}.${event.cell ?? ''}.${event.index ?? ''}`;
    const before = active.size;
    if (event.active) active.add(key);
    else active.delete(key);
    if (before === 0 && active.size > 0) since = event.time_s;
    else if (before > 0 && active.size === 0) spans.push({ from_s: since, until_s: event.time_s });
  }
  return active.size === 0 ? spans : [...spans, { from_s: since, until_s: end_s }];
}

const isAlarm = ({ code }: RunEvent) => EVENTS[code].severity === 'stop';
const isBalancing = ({ code }: RunEvent) => code === 'balancing';

const isFault = ({ code }: RunEvent) => code === 'fault';

/** From top to bottom; a pack without a unit has only faults. */
export function lanesOf(events: readonly RunEvent[], end_s: number, hasUnit = true): Lane[] {
  const words = WORDS.lanes;
  const faults: Lane = { name: words.faults, colour: 'estimate', spans: activeSpans(events, isFault, end_s) };
  if (!hasUnit) return [faults];
  return [
    { name: words.charge, colour: 'current', spans: relaySpans(events, 'chargeRelayClosed', end_s) },
    { name: words.discharge, colour: 'current', spans: relaySpans(events, 'dischargeRelayClosed', end_s) },
    { name: words.alarms, colour: 'mark', spans: activeSpans(events, isAlarm, end_s) },
    { name: words.balancing, colour: 'bleed', spans: activeSpans(events, isBalancing, end_s) },
    faults,
  ];
}

/** The value of the first lane on an axis of so many, and its range. */
export const laneRange = (count: number): [number, number] => [0.4, count + 0.6];

/** Where the lane of faults lies, as a share of the lanes' height from above. */
export function faultLaneShare(hasUnit: boolean): number {
  const [low, high] = laneRange(lanesOf([], 0, hasUnit).length);
  return (high - 1) / (high - low);
}
