/**
 * Where every part of the drawing stands, in pixels, for a pack and a size.
 * Pure and separate from the drawing, so that text keeps its size and nothing overlaps at any number of cells.
 */

export interface BenchSize {
  width: number;
  height: number;
}

export interface BenchPlan {
  series: number;
  hasUnit: boolean;
  isCommonPort: boolean;
  /** Groups that T1 and T2 touch; the first and the middle one by default. */
  sensors?: readonly [number, number];
}

export interface Wire {
  /** As it stands in `data-part`: the tap, with a `b` for the tied second lead of a connector's end. */
  id: string;
  tap: number;
  connector: number;
  pin: number;
  /** At the connector and at the tap. */
  top: number;
  bottom: number;
}

export interface Connector {
  index: number;
  left: number;
  right: number;
}

const PINS = 9;
const CELLS_PER_CONNECTOR = 8;
const WIDEST_PITCH = 88;
/** Few cells become wider with the height, so that they keep the look of cells. */
const WIDEST_OF_HEIGHT = 0.36;
const SIDE = 40;
/** Below this pitch figures stand upright, and below the next one they are small. */
const FLAT_PITCH = 34;
const TIGHT_PITCH = 40;
/** From this pitch on each cell tells its state of charge as well. */
const ROOMY_PITCH = 62;

/** The leads of the balance harness: where one connector ends and another begins, the tap has two. */
export function wiresOf(series: number): { id: string; tap: number; connector: number; pin: number }[] {
  const wires = [];
  for (let connector = 0; connector * CELLS_PER_CONNECTOR < series; connector++) {
    for (let pin = 1; pin <= PINS; pin++) {
      const tap = connector * CELLS_PER_CONNECTOR + pin - 1;
      if (tap <= series) wires.push({ id: connector > 0 && pin === 1 ? `${tap}b` : `${tap}`, tap, connector, pin });
    }
  }
  return wires;
}

export interface BenchLayout extends BenchSize {
  pitch: number;
  /** Figures of the cells fit side by side. */
  isFlat: boolean;
  /** They fit by being small. */
  isTight: boolean;
  /** Each cell has room for another figure. */
  hasRoom: boolean;
  left: number;
  right: number;
  board: { top: number; bottom: number };
  pinTop: number;
  cell: { top: number; height: number; width: number };
  labels: { number: number; truth: number; belief: number };
  sensorTop: number;
  /** Middle of T1 and T2. */
  sensorX: readonly [number, number];
  rows: { charge: number; middle: number; discharge: number };
  shunt: number;
  fuse: number;
  minus: number;
  plus: number;
  relays: { charge: { x: number; y: number }; discharge: { x: number; y: number } };
  equipment: { x: number; width: number };
  connectors: Connector[];
  wires: Wire[];
  tapX: (tap: number) => number;
  cellX: (group: number) => number;
}

const ROW_GAP = 42;
const POWER_HEIGHT = 96;
const BOARD_TOP = 4;
const BOARD_HEIGHT = 52;
const LEAST_CELL_HEIGHT = 34;

/** Vertical stations: board, leads, cells, figures, sensors and the power path, one under the other. */
function stations(height: number, hasUnit: boolean, isFlat: boolean) {
  const figures = isFlat ? 42 : 53;
  const sensors = hasUnit ? 16 : 0;
  const boardBottom = hasUnit ? BOARD_TOP + BOARD_HEIGHT : BOARD_TOP;
  const leads = hasUnit ? 22 : 12;
  const top = boardBottom + leads;
  const cellHeight = Math.max(height - top - figures - sensors - POWER_HEIGHT, LEAST_CELL_HEIGHT);
  const below = top + cellHeight;
  const middle = below + figures + sensors + POWER_HEIGHT / 2 + 2;
  return { boardBottom, top, cellHeight, below, sensorTop: below + figures - 2, middle };
}

export function layOutBench(
  { width, height }: BenchSize,
  { series, hasUnit, isCommonPort, sensors = [0, Math.floor(series / 2)] }: BenchPlan,
): BenchLayout {
  const pitch = Math.min((width - 2 * SIDE) / series, Math.max(WIDEST_PITCH, height * WIDEST_OF_HEIGHT));
  const isFlat = pitch >= FLAT_PITCH;
  const left = (width - pitch * series) / 2;
  const tapX = (tap: number) => left + tap * pitch;
  const cellX = (group: number) => left + (group + 0.5) * pitch;
  const { boardBottom, top, cellHeight, below, sensorTop, middle } = stations(height, hasUnit, isFlat);
  const apart = Math.min(pitch * 0.16, 4.5);
  const leads = wiresOf(series).map((wire) => {
    const isEnd = wire.pin === PINS && wire.tap < series;
    const shift = wire.id.endsWith('b') ? apart : isEnd ? -apart : 0;
    return { ...wire, top: tapX(wire.tap) + shift, bottom: tapX(wire.tap) };
  });
  const connectors = [...new Set(leads.map(({ connector }) => connector))].map((index) => {
    const pins = leads.filter(({ connector }) => connector === index).map((wire) => wire.top);
    const edge = Math.min(pitch * 0.12, 6);
    return { index, left: Math.min(...pins) - edge, right: Math.max(...pins) + edge };
  });
  const rows = { charge: middle - ROW_GAP / 2, middle, discharge: middle + ROW_GAP / 2 };
  const power = powerPath(width, rows, isCommonPort, hasUnit);
  return {
    width,
    height,
    pitch,
    isFlat,
    isTight: pitch < TIGHT_PITCH,
    hasRoom: pitch >= ROOMY_PITCH,
    left,
    right: tapX(series),
    board: { top: BOARD_TOP, bottom: boardBottom },
    pinTop: boardBottom - 13,
    cell: { top, height: cellHeight, width: pitch - Math.min(Math.max(pitch * 0.14, 3), 8) },
    labels: { number: below + 12, truth: below + 25, belief: below + 37 },
    sensorTop,
    sensorX: sensorPlaces(sensors.map(cellX) as [number, number], width),
    rows,
    connectors,
    wires: leads,
    tapX,
    cellX,
    ...power,
  };
}

/** Half of the room that T1 or T2 takes with both its figures. */
const SENSOR_HALF = 62;

function sensorPlaces([first, second]: [number, number], width: number): [number, number] {
  const within = (x: number) => Math.min(Math.max(x, SENSOR_HALF + 4), width - SENSOR_HALF - 4);
  const places: [number, number] = [within(first), within(second)];
  return Math.abs(places[0] - places[1]) < 2 * SENSOR_HALF ? [places[0], within(places[0] + 2 * SENSOR_HALF + 8)] : places;
}

/** The horizontal stations of the power path; on a common port both relays lie in its trunk. */
function powerPath(width: number, rows: BenchLayout['rows'], isCommonPort: boolean, hasUnit: boolean) {
  const [shunt, minus] = [84, 140];
  const fuse = width - 62;
  const first = fuse - 34;
  const step = 96;
  const trunk = isCommonPort && hasUnit;
  const plus = trunk ? first - 2 * step : first;
  const relays = trunk
    ? { charge: { x: plus + step / 2, y: rows.middle }, discharge: { x: plus + step * 1.5, y: rows.middle } }
    : { charge: { x: plus - 72, y: rows.charge }, discharge: { x: plus - 72, y: rows.discharge } };
  const until = trunk || !hasUnit ? plus - 24 : plus - 134;
  const equipmentWidth = Math.min(Math.max(until - minus - 24, 90), 260);
  return { shunt, minus, fuse, plus, relays, equipment: { x: (minus + until) / 2, width: equipmentWidth } };
}

/** Where a sign on a part stands; undefined where the drawing has no such part. */
export function placeOfPart(layout: BenchLayout, part: string): { x: number; y: number } | undefined {
  const { cell, board, rows, equipment } = layout;
  const [kind, rest = ''] = part.split(/-(.*)/s);
  const group = Number.parseInt(rest, 10);
  if (kind === 'wire') {
    const wire = layout.wires.find(({ id }) => id === rest);
    return wire === undefined ? undefined : { x: (wire.top + wire.bottom) / 2, y: (board.bottom + cell.top) / 2 - 2 };
  }
  if (kind === 'cell') return { x: layout.cellX(group) - cell.width / 2 + 8, y: cell.top + 9 };
  if (kind === 'bleed') return { x: layout.cellX(group) + Math.min(layout.pitch * 0.3, 12), y: board.top + 18 };
  if (kind === 'sensor') return { x: layout.sensorX[group === 1 ? 0 : 1] + SENSOR_HALF + 2, y: layout.sensorTop + 8 };
  if (part === 'relay-charge' || part === 'relay-discharge') {
    const { x, y } = layout.relays[part === 'relay-charge' ? 'charge' : 'discharge'];
    return { x: x + 30, y: y - 13 };
  }
  const places: Record<string, { x: number; y: number }> = {
    unit: { x: layout.left + 140, y: board.top + 9 },
    shunt: { x: layout.shunt + 32, y: rows.middle - 12 },
    fuse: { x: layout.fuse + 22, y: rows.middle - 12 },
    charger: { x: equipment.x + equipment.width / 2 - 3, y: rows.charge - 13 },
    load: { x: equipment.x + equipment.width / 2 - 3, y: rows.discharge - 13 },
  };
  return places[part];
}
