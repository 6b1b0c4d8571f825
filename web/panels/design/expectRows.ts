/**
 * Expectations as the form shows them: an event, a limit on a channel, or one on a measurement.
 * Shapes come from the schema, names from the tables of events, channels and instruments.
 */
import { type ChannelRoom } from '../../../domain/channels.ts';
import { EVENTS, type EventName } from '../../../domain/events.ts';
import { unitOf } from '../../../domain/quantity.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { MeasureOfScenario } from '../../../domain/scenario/measure.ts';
import { measureWords } from '../../../domain/scenario/words.ts';
import { unitOfMeasure } from '../../../domain/scenario/measure.ts';
import { type JsonObject, valueOf } from '../../document.ts';
import { clock, withUnit } from '../../format.ts';
import { ENTRY_WORDS as words } from '../../words/entries.ts';
import { WORDS } from '../../words.ts';
import { channelText } from '../faults/condition.ts';
import type { Choice, EntryModel, EntryRow } from './entries.ts';
import { plainWords, type SchemaRow, shapesAt } from './schemaRows.ts';

type Kind = keyof typeof words.kinds;
const KINDS = Object.keys(words.kinds) as Kind[];
const SHAPES = shapesAt('expect');
const shapeOf = (kind: Kind): SchemaRow[] => SHAPES.find((rows) => rows.some(({ key }) => key === kind)) ?? [];
const kindOf = (entry: JsonObject): Kind => KINDS.find((kind) => kind in entry) ?? 'event';

/** The list `measure` of a document, as far as it can be put into words. */
function measured(document: Json): MeasureOfScenario[] {
  const list = valueOf(document, 'measure');
  return Array.isArray(list) ? (list as unknown as MeasureOfScenario[]) : [];
}

function eventText(name: Json | undefined): string {
  const known = Object.hasOwn(EVENTS, String(name)) ? EVENTS[name as EventName] : undefined;
  return known?.label ?? String(name);
}

function offeredOf(key: string, document: Json, { series }: ChannelRoom): Choice[] | undefined {
  if (key === 'event') return Object.entries(EVENTS).map(([value, { label }]) => ({ value, label }));
  if (key === 'cell') return Array.from({ length: series }, (_, index) => ({ value: index, label: WORDS.pack.cell(index + 1) }));
  const isMeasurement = ['measurement', 'plus', 'minus', 'over'].includes(key);
  return isMeasurement ? measured(document).map((each, value) => ({ value, label: measureWords(each) })) : undefined;
}

/** Limits have the unit of what they are set on; a ratio has none. */
function limitName(entry: JsonObject, document: Json): string {
  if ('channel' in entry) return String(entry['channel']);
  const given = measured(document)[Number(entry['measurement'])];
  return given === undefined || 'over' in entry ? 'limit_ratio' : `limit_${unitOfMeasure(given)}`;
}

function limitsText(entry: JsonObject, document: Json): string {
  const unit = unitOf(limitName(entry, document));
  return (['atLeast', 'atMost'] as const)
    .flatMap((key) => (typeof entry[key] === 'number' ? [`${words.fields[key]!.toLowerCase()} ${withUnit(entry[key], unit)}`] : []))
    .join(', ');
}

function windowText({ within_s, at_s }: JsonObject): string {
  if (typeof at_s === 'number') return clock(at_s);
  return Array.isArray(within_s) ? within_s.map((each) => clock(Number(each))).join(' … ') : '';
}

export function expectModel(document: Json, room: ChannelRoom): EntryModel {
  const whatOf = (entry: JsonObject) => {
    if ('channel' in entry) return channelText(String(entry['channel']), room);
    if (!('measurement' in entry))
      return `${eventText(entry['event'])}${entry['never'] === true ? ` (${words.fields['never']!.toLowerCase()})` : ''}`;
    return offeredOf('measurement', document, room)?.find(({ value }) => value === entry['measurement'])?.label ?? '';
  };
  return {
    list: 'expect',
    kinds: KINDS.filter((kind) => kind !== 'measurement' || measured(document).length > 0).map((value) => ({
      value,
      label: words.kinds[value],
    })),
    kindOf,
    start(kind): JsonObject {
      if (kind === 'channel') return { channel: 'pack.voltage_V', atLeast: 0 };
      return kind === 'measurement' ? { measurement: 0, atLeast: 0 } : { event: 'overCharge', never: true };
    },
    rows: (entry) =>
      shapeOf(kindOf(entry)).map((row): EntryRow => {
        const offered = offeredOf(row.key, document, room);
        const isLimit = row.key === 'atLeast' || row.key === 'atMost';
        return {
          ...row,
          label: row.key in words.fields ? words.fields[row.key]! : plainWords(row.key),
          ...(row.key === 'channel' ? { kind: 'channel' } : offered === undefined ? {} : { kind: 'choice', offered }),
          ...(isLimit ? { unitOf: limitName(entry, document) } : {}),
        };
      }),
    text: (entry) => [whatOf(entry), limitsText(entry, document), windowText(entry)].filter((part) => part !== '').join(' · '),
    changed: (entry) => entry,
  };
}
