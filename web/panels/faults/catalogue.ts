/**
 * The fault catalogue as the page shows it: grouped, searched, with its targets in words, and by the part of the bench that it breaks.
 * Rows, ranges and targets come from the domain and the engine; only what people read is made here.
 */
import { faultRow, type FaultRow } from '../../../domain/faults/catalogue.ts';
import { FAULT_NAMES, FAULT_TITLES, type FaultName } from '../../../domain/faults/titles.ts';
import type { FaultOfScenario } from '../../../domain/scenario/fault.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { Scenario } from '../../../domain/scenario/schema.ts';
import { targetChoices } from '../../../engine/faultTargets.ts';
import { pinsOf } from '../../../engine/harness.ts';
import type { JsonObject } from '../../document.ts';
import { WORDS } from '../../words.ts';
import { FAULT_WORDS } from '../../words/faults.ts';

const words = FAULT_WORDS.faults;

export interface CatalogueEntry {
  name: FaultName;
  title: string;
  row: FaultRow;
}

export interface CatalogueGroup {
  letter: string;
  heading: string;
  entries: CatalogueEntry[];
}

const ENTRIES: readonly CatalogueEntry[] = FAULT_NAMES.map((name) => ({ name, title: FAULT_TITLES[name], row: faultRow(name) }));

/** Everything whose name, number, symptom or clause holds each of the words, by groups of the public catalogue. */
export function searched(text: string): CatalogueGroup[] {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  const told = ({ title, name, row }: CatalogueEntry) =>
    `${title} ${name} ${row.catalogue} ${row.symptom} ${row.faq.join(' ')} ${words.groups[row.catalogue[0]!]}`.toLowerCase();
  const found = ENTRIES.filter((entry) => parts.every((part) => told(entry).includes(part)));
  return Object.entries(words.groups).flatMap(([letter, heading]) => {
    const entries = found.filter(({ row }) => row.catalogue[0] === letter);
    return entries.length === 0 ? [] : [{ letter, heading, entries }];
  });
}

/** A target as people read it. */
export function targetText(row: FaultRow, target: Json | undefined): string {
  const number = Number(Array.isArray(target) ? target[0] : target) + 1;
  switch (row.target) {
    case 'wire':
    case 'innerWire':
      return words.targets.wire(String(target));
    case 'endWire':
      return words.targets.end(String(target));
    case 'relay':
      return words.targets.relay(String(target));
    case 'cell':
    case 'parallelCell':
      return Array.isArray(target) ? WORDS.heat.cell(number, Number(target[1]) + 1) : words.targets.cell(number);
    case 'connector':
    case 'joint':
    case 'channel':
    case 'sensor':
      return words.targets[row.target](number);
    case 'charger':
    case 'inverter':
    case 'load':
      return words.targets.source(number);
    case 'none':
      return '';
  }
}

/** A fault of a document with its target, as people call it. */
export function faultText(fault: JsonObject): string {
  const name = FAULT_NAMES.find((known) => known === fault['fault']);
  if (name === undefined) return String(fault['fault']);
  const target = fault['target'] === undefined ? '' : targetText(faultRow(name), fault['target']);
  return target === '' ? FAULT_TITLES[name] : `${FAULT_TITLES[name]}, ${target}`;
}

/** What a fault starts as when somebody chooses it: its first possible target, or the one that was meant. */
export function newFault(name: FaultName, scenario: Scenario | undefined, target?: Json): JsonObject {
  const [first] = scenario === undefined ? [] : targetChoices(faultRow(name), scenario);
  const meant = target ?? (first as Json | undefined);
  return { fault: name, ...(meant === undefined ? {} : { target: meant }) };
}

/** Faults without a target, by the letter or number of the catalogue, that belong to a part of the drawing. */
const WHOLE_PARTS: Record<string, (row: FaultRow) => boolean> = {
  shunt: ({ catalogue }) => catalogue.startsWith('C'),
  fuse: ({ catalogue }) => catalogue === 'R12',
  charger: ({ catalogue }) => catalogue === 'X4',
  load: ({ catalogue }) => ['X5', 'X8'].includes(catalogue),
  unit: ({ catalogue }) => /^[ABHMT]/.test(catalogue) || ['L11', 'R3', 'R4'].includes(catalogue),
};

/** Kinds of target that a part of the drawing stands for, with the target as a file writes it. */
function targetsOfPart(part: string, scenario: Scenario): Partial<Record<FaultRow['target'], NonNullable<FaultOfScenario['target']>>> {
  const [kind, rest = ''] = part.split(/-(.*)/s);
  const [index = 0, position] = rest.split('.').map(Number);
  if (kind === 'wire') {
    const pins = pinsOf(scenario.pack.series);
    const place = pins.findIndex(({ wire }) => String(wire) === rest);
    const pin = pins[place];
    if (pin === undefined) return {};
    const end = place === 0 ? 'negative' : place === pins.length - 1 ? 'positive' : undefined;
    return { wire: pin.wire, innerWire: pin.wire, connector: pin.connector, ...(end === undefined ? {} : { endWire: end }) };
  }
  if (kind === 'cell')
    return position === undefined
      ? { cell: index, channel: index, joint: index }
      : { cell: [index, position], parallelCell: [index, position] };
  if (kind === 'bleed') return { channel: index };
  if (kind === 'relay') return { relay: rest };
  if (kind === 'sensor') return { sensor: index - 1 };
  const sources = (wanted: FaultRow['target']) => targetChoices({ target: wanted } as FaultRow, scenario)[0];
  const found: Partial<Record<FaultRow['target'], NonNullable<FaultOfScenario['target']>>> = {};
  for (const wanted of part === 'charger' ? (['charger'] as const) : part === 'load' ? (['load', 'inverter'] as const) : []) {
    const first = sources(wanted);
    if (first !== undefined) found[wanted] = first;
  }
  return found;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export interface OfferedFault {
  entry: CatalogueEntry;
  target: Json | undefined;
}

/** Faults of a part of the drawing, each with the target that the part is. */
export function faultsOfPart(part: string, scenario: Scenario): OfferedFault[] {
  const targets = targetsOfPart(part, scenario);
  const isWhole = WHOLE_PARTS[part];
  return ENTRIES.flatMap((entry): OfferedFault[] => {
    const { row } = entry;
    if (row.target === 'none') return isWhole?.(row) === true ? [{ entry, target: undefined }] : [];
    // A bleed is a channel's, and so are faults of its reading: each stands at its own part.
    const isBleed = row.catalogue.startsWith('B');
    if (row.target === 'channel' && isBleed !== part.startsWith('bleed')) return [];
    const target = targets[row.target];
    const isPossible = target !== undefined && targetChoices(row, scenario).some((choice) => same(choice, target) || Array.isArray(target));
    return isPossible ? [{ entry, target: target as Json }] : [];
  });
}

/** The part of the drawing that a fault is on. */
export function partOfFault(fault: JsonObject, series: number): string | undefined {
  const name = FAULT_NAMES.find((known) => known === fault['fault']);
  if (name === undefined) return undefined;
  const row = faultRow(name);
  const { target } = fault;
  const pins = pinsOf(series);
  const [group, position] = Array.isArray(target) ? target : [target];
  switch (row.target) {
    case 'wire':
    case 'innerWire':
      return `wire-${String(target)}`;
    case 'endWire':
      return `wire-${(target === 'negative' ? pins[0] : pins.at(-1))!.wire}`;
    case 'connector':
      return `wire-${pins.find(({ connector }) => connector === target)?.wire ?? 0}`;
    case 'channel':
      return `${row.catalogue.startsWith('B') ? 'bleed' : 'cell'}-${String(target)}`;
    case 'cell':
    case 'parallelCell':
    case 'joint':
      return position === undefined ? `cell-${String(group)}` : `cell-${String(group)}.${String(position)}`;
    case 'relay':
      return `relay-${String(target)}`;
    case 'sensor':
      return `sensor-${Number(target) + 1}`;
    case 'charger':
      return 'charger';
    case 'load':
    case 'inverter':
      return 'load';
    case 'none':
      return Object.keys(WHOLE_PARTS).find((part) => WHOLE_PARTS[part]!(row)) ?? 'unit';
  }
}

/** Faults by which a lead touches nothing. */
const OPENS_WIRE: readonly unknown[] = [
  'openSenseWire',
  'openEndWire',
  'openWireWhileBleeding',
  'blownSenseFuse',
  'looseSenseWire',
] satisfies FaultName[];

export const opensWire = (fault: JsonObject): boolean => OPENS_WIRE.includes(fault['fault']);
