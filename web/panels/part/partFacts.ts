/**
 * What is known of a part of the bench at this moment: a title, and figures of truth beside what the unit has of them.
 * One entry for each kind of part, by the names that the drawing gives them.
 */
import { RELAY_COIL_POWER_W, RELAY_FOR_VERSION } from '../../../domain/device.ts';
import { valueOf } from '../../document.ts';
import { millivolts, withUnit } from '../../format.ts';
import { WORDS } from '../../words.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { type BenchNow, type CellNow, DIFFERS, equipmentOf, sensorGroups } from '../bench/now.ts';

export interface Fact {
  name: string;
  value: string;
  /** What the unit has instead, where it differs. */
  belief?: string | undefined;
}

export interface PartFacts {
  title: string;
  facts: Fact[];
}

const words = WORDS.part;

function cellBeside(name: string, { voltage_V, measured_V, differs }: CellNow): Fact {
  return { name, value: withUnit(voltage_V, 'V'), belief: differs ? withUnit(measured_V!, 'V') : undefined };
}

function beside(name: string, truth: number, belief: number, unit: 'A' | 'degC'): Fact {
  return { name, value: withUnit(truth, unit), belief: Math.abs(truth - belief) >= DIFFERS[unit] ? withUnit(belief, unit) : undefined };
}

function cellFacts(now: BenchNow, group: number, position: number | undefined): Fact[] {
  const { reader, parallel } = now;
  const cell = now.cells[group];
  if (cell === undefined) return [];
  const at = position ?? 0;
  const facts: Fact[] = [
    cellBeside(position === undefined ? words.voltage : words.groupVoltage, cell),
    { name: words.fromMean, value: millivolts(cell.voltage_V - now.mean_V) },
  ];
  if (parallel === 1 || position !== undefined)
    facts.push(
      ...(position === undefined ? [] : [{ name: words.voltage, value: withUnit(reader.value('cell.voltage_V', group, at), 'V') }]),
      { name: words.soc, value: withUnit(reader.value('cell.soc', group, at), 'soc') },
      { name: words.current, value: withUnit(reader.value('cell.current_A', group, at), 'A') },
      { name: words.temperature, value: withUnit(reader.value('cell.temperature_degC', group, at), 'degC') },
    );
  else facts.push({ name: words.soc, value: withUnit(cell.soc, 'soc') }, { name: words.inParallel, value: String(parallel) });
  if (now.hasUnit) facts.push({ name: words.bleed, value: cell.bleed_A > 0 ? withUnit(cell.bleed_A, 'A') : words.off });
  return facts;
}

function wireFacts(now: BenchNow, id: string): Fact[] {
  const tap = Number.parseInt(id, 10);
  const volts = now.cells.slice(0, tap).reduce((sum, { voltage_V }) => sum + voltage_V, 0);
  const below = now.cells[tap - 1];
  const above = now.cells[tap];
  const reads = (name: string, cell: CellNow | undefined): Fact[] => (cell === undefined ? [] : [cellBeside(name, cell)]);
  return [
    { name: words.tap, value: withUnit(volts, 'V') },
    ...reads(words.cellBelow, below),
    ...reads(words.cellAbove, above),
    ...(/b$/.test(id) ? [{ name: words.tied, value: words.tiedTo(tap) }] : []),
  ];
}

function relayFacts(now: BenchNow, document: Json, index: number): Fact[] {
  const version = Number(valueOf(document, 'bms.currentVersion_A') ?? 100) as keyof typeof RELAY_FOR_VERSION;
  const rating = Number(valueOf(document, 'bms.relays.rating_A') ?? RELAY_FOR_VERSION[version] ?? 100);
  const power = RELAY_COIL_POWER_W[rating as keyof typeof RELAY_COIL_POWER_W];
  return [
    { name: words.contact, value: now.reader.value('relay.closed', index) !== 0 ? WORDS.pack.closed : WORDS.pack.open },
    { name: words.coil, value: withUnit(now.reader.value('relay.coilVoltage_V', index), 'V') },
    { name: words.rating, value: `${rating} A` },
    ...(power === undefined ? [] : [{ name: words.coilPower, value: withUnit(power, 'W') }]),
  ];
}

function busFacts(now: BenchNow): Fact[] {
  return [
    { name: words.current, value: withUnit(now.current_A, 'A') },
    { name: words.bus, value: withUnit(now.reader.value('bus.voltage_V'), 'V') },
    { name: words.power, value: withUnit(now.current_A * now.reader.value('bus.voltage_V'), 'W') },
  ];
}

/** Title of a part; undefined where there is no such part. */
function titleOf(name: string): string | undefined {
  const [kind, rest = ''] = name.split(/-(.*)/s);
  const [group, position] = rest.split('.').map(Number);
  if (kind === 'cell') return position === undefined ? WORDS.pack.cell(group! + 1) : WORDS.heat.cell(group! + 1, position + 1);
  if (kind === 'wire') return words.wire(rest);
  if (kind === 'bleed') return WORDS.bench.bleed(group! + 1);
  if (kind === 'sensor') return words.sensor(group!);
  if (kind === 'relay') return WORDS.bench.relays[rest as 'charge' | 'discharge'];
  const plain: Record<string, string> = {
    shunt: WORDS.bench.shunt,
    fuse: WORDS.bench.fuse,
    charger: WORDS.bench.charger,
    load: WORDS.bench.load,
    unit: WORDS.bench.unit,
  };
  return plain[name];
}

function factsOf(name: string, now: BenchNow, document: Json): Fact[] {
  const [kind, rest = ''] = name.split(/-(.*)/s);
  const [group = 0, position] = rest.split('.').map(Number);
  if (kind === 'cell') return cellFacts(now, group, position);
  if (kind === 'wire') return wireFacts(now, rest);
  if (kind === 'bleed') {
    const cell = now.cells[group];
    if (cell === undefined) return [];
    return [
      { name: words.current, value: cell.bleed_A > 0 ? withUnit(cell.bleed_A, 'A') : words.off },
      { name: words.heat, value: withUnit(cell.bleed_A * cell.voltage_V, 'W') },
      cellBeside(words.voltage, cell),
    ];
  }
  if (kind === 'sensor') {
    const at = sensorGroups(document, now.cells.length)[group - 1] ?? 0;
    const truth = now.reader.value('cell.temperature_degC', at);
    return [
      { name: words.touches, value: WORDS.pack.cell(at + 1) },
      beside(words.temperature, truth, now.reader.value('measured.temperature_degC', group - 1), 'degC'),
    ];
  }
  if (kind === 'relay') return relayFacts(now, document, rest === 'charge' ? 0 : 1);
  if (name === 'shunt') {
    const measured = now.hasUnit ? now.reader.value('measured.current_A') : now.current_A;
    return [
      beside(words.current, now.current_A, measured, 'A'),
      { name: words.past, value: withUnit(now.reader.value('consumption.current_A'), 'A') },
    ];
  }
  if (name === 'unit')
    return [
      { name: words.kind, value: String(valueOf(document, 'bms.model') ?? '–') },
      { name: words.estimate, value: withUnit(now.reader.value('estimate.soc'), 'soc') },
      { name: words.draws, value: withUnit(now.reader.value('consumption.current_A'), 'A') },
    ];
  if (name === 'fuse')
    return [{ name: words.rating, value: `${String(valueOf(document, 'pack.fuse.rating_A') ?? '–')} A` }, ...busFacts(now)];
  const equipment = equipmentOf(document);
  return [{ name: words.kind, value: name === 'charger' ? equipment.charger : equipment.load }, ...busFacts(now)];
}

export function partFacts(name: string, now: BenchNow | undefined, document: Json): PartFacts | undefined {
  const title = titleOf(name);
  if (title === undefined) return undefined;
  const facts = now === undefined ? [] : factsOf(name, now, document);
  // Another pack may have no such part.
  return now !== undefined && facts.length === 0 ? undefined : { title, facts };
}
