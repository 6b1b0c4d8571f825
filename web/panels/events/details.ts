/**
 * What stands behind an event: which setting, since when, until when, and what takes it back.
 * Derived from the table of the protections and the design; it comes with the first event that is chosen.
 */
import { ASSUMPTIONS, type AssumptionName } from '../../../domain/assumptions.ts';
import { type ProtectionRow, PROTECTIONS } from '../../../domain/protections.ts';
import { unitOf } from '../../../domain/quantity.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { rowOf, type SettingName } from '../../../domain/settings.ts';
import type { RunEvent } from '../../../engine/events.ts';
import { settingValue, valueOf } from '../../document.ts';
import { clock, figure } from '../../format.ts';
import { WORDS } from '../../words.ts';

export interface EventFact {
  name: string;
  value: string;
}

const words = WORDS.events.details;

function protectionOf({ code }: RunEvent): ProtectionRow | undefined {
  return PROTECTIONS.find((row) => row.event === code || (row.release.by === 'setting' && row.release.hold === code));
}

function settingText(document: Json, name: SettingName): string {
  return `${rowOf(name).label} (${figure(name, Number(settingValue(document, name)))})`;
}

function assumption(document: Json, name: AssumptionName): string {
  const value = Number(valueOf(document, `bms.assumptions.${name}`) ?? ASSUMPTIONS[name].default);
  return unitOf(name) === undefined ? String(value) : figure(name, value);
}

function releaseText(document: Json, { release, trips }: ProtectionRow): string {
  const side = trips === 'atLeast' || trips === 'above' ? words.under : words.over;
  switch (release.by) {
    case 'setting':
      return words.bySetting(settingText(document, release.setting));
    case 'offset':
      return words.byOffset(assumption(document, release.offset), side);
    case 'retry':
      return words.byRetry(assumption(document, 'overCurrentRetry_s'));
    case 'startOrCharge':
      return words.byStart;
    case 'powerCycle':
      return words.byPower;
  }
}

/** When an event that has begun ended, and when one that ends had begun. */
function courseOf(event: RunEvent, events: readonly RunEvent[]): EventFact[] {
  const place = events.indexOf(event);
  const isSame = (other: RunEvent) =>
    other.code === event.code && other.cell === event.cell && other.index === event.index && other.active !== event.active;
  if (!event.active) {
    const begun = events.slice(0, place).findLast(isSame);
    return begun === undefined ? [] : [{ name: words.since, value: clock(begun.time_s) }];
  }
  const ended = events.slice(place + 1).find(isSame);
  return [{ name: words.until, value: ended === undefined ? words.lasts : clock(ended.time_s) }];
}

export function eventFacts(event: RunEvent, events: readonly RunEvent[], document: Json): EventFact[] {
  const protection = protectionOf(event);
  if (protection === undefined) return courseOf(event, events);
  const { threshold, delay, opens } = protection;
  const delay_s = delay === 'cutOff' ? Number(settingValue(document, 'cutOffDelay_s')) : 0;
  const isTrip = event.active && event.code === protection.event;
  return [
    ...(typeof threshold === 'string' ? [{ name: words.setting, value: settingText(document, threshold) }] : []),
    ...(isTrip ? [{ name: words.violated, value: clock(Math.max(event.time_s - delay_s, 0)) }] : []),
    ...courseOf(event, events),
    { name: words.opens, value: opens.map((relay) => WORDS.bench.relays[relay]).join(', ') },
    { name: words.releases, value: releaseText(document, protection) },
  ];
}
