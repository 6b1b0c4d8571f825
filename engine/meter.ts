/**
 * The multimeter: volts between any two named points of a running pack, ohms at the balance ports with the battery taken off.
 * A pure reading of the kernel's memory; it loads nothing.
 */
import { InputError, shown } from '../domain/errors.ts';
import type { CompiledRun } from './compile.ts';
import { hasHarness, pinsOf } from './harness.ts';
import type { Scenario } from '../domain/scenario/schema.ts';

/** A point that a lead of the meter can touch. Indices from 0, connectors and their pins as people count them. */
export type Point =
  | { kind: 'tap'; tap: number }
  | { kind: 'pin'; connector: number; pin: number; tap: number }
  | { kind: 'cell'; group: number; plus: boolean }
  | { kind: 'coil'; relay: 0 | 1; plus: boolean }
  | { kind: 'shunt' | 'bus' | 'pack'; plus: boolean };

/** Cables that a clamp goes around. */
export type ClampPlace = 'pack' | 'charge' | 'discharge';

const POINTS = 'tap N, pin C.P, cell N + or -, coil charge|discharge + or -, shunt, bus or pack + or -';

function refuse(name: string, path: string, allowed: string): never {
  throw new InputError({ code: 'point', path, value: name, message: `${shown(name)} is not a point of this pack`, allowed });
}

/** The point of a name such as `tap 4`, `pin 1.5`, `cell 4 +` or `coil charge -`; throws an InputError. */
export function pointOf(name: string, scenario: Scenario, path: string): Point {
  const { series } = scenario.pack;
  const tap = /^tap (\d{1,2})$/.exec(name);
  if (tap !== null) return Number(tap[1]) <= series ? { kind: 'tap', tap: Number(tap[1]) } : refuse(name, path, `tap 0 to tap ${series}`);
  const pin = /^pin (\d)\.(\d)$/.exec(name);
  if (pin !== null) {
    const found = pinsOf(series).find((one) => one.connector + 1 === Number(pin[1]) && one.pin === Number(pin[2]));
    if (found === undefined || !hasHarness(scenario)) refuse(name, path, 'a pin of a connector that is there');
    return { kind: 'pin', connector: found.connector, pin: found.pin, tap: found.tap };
  }
  const other = /^(?:cell (\d{1,2})|coil (charge|discharge)|(shunt|bus|pack)) ([+-])$/.exec(name);
  if (other === null) refuse(name, path, POINTS);
  const plus = other[4] === '+';
  if (other[1] !== undefined)
    return Number(other[1]) < series ? { kind: 'cell', group: Number(other[1]), plus } : refuse(name, path, `cell 0 to cell ${series - 1}`);
  if (other[2] === undefined) return { kind: other[3] as 'shunt' | 'bus' | 'pack', plus };
  if (scenario.bms === null) refuse(name, path, 'points of the plant: there is no BMS');
  return { kind: 'coil', relay: other[2] === 'charge' ? 0 : 1, plus };
}

/** Every point of a pack by its name, from pack negative up. */
export function pointNames(scenario: Scenario): string[] {
  const { series } = scenario.pack;
  const both = (name: string) => [`${name} +`, `${name} -`];
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    ...both('pack'),
    ...range(series + 1).map((tap) => `tap ${tap}`),
    ...range(series).flatMap((group) => both(`cell ${group}`)),
    ...(hasHarness(scenario) ? pinsOf(series).map(({ connector, pin }) => `pin ${connector + 1}.${pin}`) : []),
    ...(scenario.bms === null ? [] : [...both('coil charge'), ...both('coil discharge')]),
    ...both('shunt'),
    ...both('bus'),
  ];
}

/** Current through a clamp at this moment, and the mean of its square over the tick, with the ripple of inverters. */
export function clampAround(run: CompiledRun, around: ClampPlace): [current_A: number, square_A2: number] {
  const { pack } = run.scalars;
  const relay = { charge: 0, discharge: 1 } as const;
  const current = around === 'pack' ? pack.current_A : run.structures.relay[relay[around]]!.current_A;
  const ripple = around === 'charge' && pack.commonPort === 0 ? 0 : pack.rippleSquare_A2;
  return [current, current * current + ripple];
}

function tapVoltage(run: CompiledRun, tap: number): number {
  let sum = 0;
  for (let group = 0; group < tap; group++) sum += run.groups.tapVoltage_V.get(group);
  return sum;
}

/** Distance of a board node from its tap, 0 while nothing flows in the leads. */
function boardDeviation(run: CompiledRun, tap: number): number {
  const { harness } = run.scalars;
  if (harness.loadsWhenIdle === 0 && harness.abnormal === 0 && harness.bleeding === 0) return 0;
  const system = harness.paused_s > 0 ? run.structures.quietNode : run.structures.bleedingNode;
  return system[2 * tap]!.deviation_V;
}

/** Potential of a point against pack negative, in V. */
function potential(run: CompiledRun, point: Point): number {
  const { scalars, structures, groups } = run;
  switch (point.kind) {
    case 'tap':
      return tapVoltage(run, point.tap);
    case 'pin':
      return tapVoltage(run, point.tap) + boardDeviation(run, point.tap);
    case 'cell':
      return tapVoltage(run, point.group + 1) - (point.plus ? 0 : groups.voltage_V.get(point.group));
    case 'coil':
      return point.plus ? structures.relay[point.relay]!.coil_V : 0;
    case 'shunt':
      return point.plus ? scalars.pack.current_A * scalars.sensing.shunt_Ohm : 0;
    case 'bus':
      return point.plus ? scalars.pack.busVoltage_V : 0;
    case 'pack':
      return point.plus ? scalars.pack.voltage_V : 0;
  }
}

/** Voltage of the red lead against the black one. */
export function signedVolts(run: CompiledRun, red: Point, black: Point): number {
  return potential(run, red) - potential(run, black);
}

export function voltsBetween(run: CompiledRun, from: Point, to: Point): number {
  return Math.abs(signedVolts(run, from, to));
}

/** Conductances of the board with nothing plugged in: pin resistors, inputs, leaks and stuck bleeds. */
function boardMatrix(run: CompiledRun, series: number): Float64Array[] {
  const count = 2 * (series + 1);
  const matrix = Array.from({ length: count }, () => new Float64Array(count));
  const join = (a: number, b: number, conductance: number) => {
    matrix[a]![a]! += conductance;
    matrix[b]![b]! += conductance;
    matrix[a]![b]! -= conductance;
    matrix[b]![a]! -= conductance;
  };
  const { harness } = run.scalars;
  for (let tap = 0; tap <= series; tap++) join(2 * tap, 2 * tap + 1, harness.pinConductance_S);
  for (let group = 0; group < series; group++) {
    join(2 * group, 2 * group + 2, run.groups.bleedStuck_S.get(group));
    join(2 * group + 1, 2 * group + 3, harness.inputConductance_S + run.groups.inputLeak_S.get(group));
  }
  return matrix;
}

/** Solves A x = b by elimination with the diagonal as pivot: A is symmetric and grounded. */
function solved(matrix: Float64Array[], right: Float64Array): Float64Array {
  const count = right.length;
  for (let k = 0; k < count; k++) {
    for (let row = k + 1; row < count; row++) {
      const factor = matrix[row]![k]! / matrix[k]![k]!;
      if (factor === 0) continue;
      for (let column = k; column < count; column++) matrix[row]![column]! -= factor * matrix[k]![column]!;
      right[row]! -= factor * right[k]!;
    }
  }
  for (let k = count - 1; k >= 0; k--) {
    let sum = right[k]!;
    for (let column = k + 1; column < count; column++) sum -= matrix[k]![column]! * right[column]!;
    right[k] = sum / matrix[k]![k]!;
  }
  return right;
}

/** Holds the black lead's node at 0 V with a conductance far above all others. */
const GROUND_S = 1e6;

/** Ohms between two pins, or of a coil; undefined where the meter shows no connection. */
export function ohmsBetween(run: CompiledRun, series: number, from: Point, to: Point): number | undefined {
  if (from.kind === 'coil' && to.kind === 'coil' && from.relay === to.relay && from.plus !== to.plus) {
    const row = run.structures.relay[from.relay]!;
    return row.coilResistance_Ohm * (1 + 0.0039 * (row.temperature_degC - 20));
  }
  if (from.kind !== 'pin' || to.kind !== 'pin') return undefined;
  if (from.tap === to.tap) return 0;
  const matrix = boardMatrix(run, series);
  matrix[2 * to.tap]![2 * to.tap]! += GROUND_S;
  const injected = new Float64Array(matrix.length);
  injected[2 * from.tap] = 1;
  const volts = solved(matrix, injected);
  return volts[2 * from.tap]! - volts[2 * to.tap]!;
}
