/**
 * Where the points of the multimeter lie on the drawing, and what people call them.
 * Names are those of the engine's meter, so that a scenario can measure what somebody has touched.
 */
import { hasUnit } from '../../document.ts';
import { WORDS } from '../../words.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { BenchLayout } from '../bench/layout.ts';

export interface PointPlace {
  name: string;
  x: number;
  y: number;
}

const words = WORDS.meter.points;

/** A point as people count: cells and taps from 1 up where files count from 0. */
export function pointText(name: string): string {
  const cell = /^cell (\d+) ([+-])$/.exec(name);
  if (cell !== null) return words.cell(Number(cell[1]) + 1, sign(cell[2]!));
  const tap = /^tap (\d+)$/.exec(name);
  if (tap !== null) return words.tap(tap[1]!);
  const pin = /^pin (\d)\.(\d)$/.exec(name);
  if (pin !== null) return words.pin(pin[1]!, pin[2]!);
  const [, kind = '', end = ''] = /^(.*) ([+-])$/.exec(name) ?? [];
  return Object.hasOwn(words.others, kind) ? `${words.others[kind]!} ${sign(end)}` : name;
}

const sign = (end: string) => (end === '-' ? '−' : '+');

/** Every point of a drawing; pack negative is on its left. */
export function placesOf(layout: BenchLayout, document: Json, series: number): PointPlace[] {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const { cell, rows, relays } = layout;
  const poleY = cell.top + 10;
  const poles = [
    { name: 'pack -', x: Math.min(layout.left - 14, 18), y: poleY + 14 },
    { name: 'pack +', x: Math.max(layout.right + 14, layout.width - 18), y: poleY + 14 },
    { name: 'bus -', x: layout.minus, y: rows.middle },
    { name: 'bus +', x: layout.plus, y: rows.middle },
    { name: 'shunt +', x: layout.shunt - 24, y: rows.middle },
    { name: 'shunt -', x: layout.shunt + 24, y: rows.middle },
  ];
  const cells = range(series).flatMap((group) => [
    { name: `cell ${group} -`, x: layout.cellX(group) - cell.width * 0.25, y: cell.top + 12 },
    { name: `cell ${group} +`, x: layout.cellX(group) + cell.width * 0.25, y: cell.top + 12 },
  ]);
  const taps = range(series + 1).map((tap) => ({ name: `tap ${tap}`, x: layout.tapX(tap), y: cell.top - 4 }));
  if (!hasUnit(document)) return [...taps, ...cells, ...poles];
  const pins = layout.wires.map(({ connector, pin, top }) => ({ name: `pin ${connector + 1}.${pin}`, x: top, y: layout.pinTop + 6 }));
  const coils = (['charge', 'discharge'] as const).flatMap((kind) => [
    { name: `coil ${kind} +`, x: relays[kind].x - 10, y: relays[kind].y - 17 },
    { name: `coil ${kind} -`, x: relays[kind].x + 10, y: relays[kind].y - 17 },
  ]);
  return [...pins, ...taps, ...cells, ...poles, ...coils];
}
