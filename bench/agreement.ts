/**
 * Whether the implementations compute the same thing, checked before any of them is timed.
 * The kernels must agree in every byte, the others with them within the last digits of their sums and exponentials.
 */
import { stateBytes } from '../engine/result.ts';
import { type Contestants, type Implementation, type Look, TITLES } from './implementations.ts';

const TICKS = 10_000;
const EVERY_TICKS = 100;
const VOLTAGE_V = 1e-9;
const SOC = 1e-12;

/** Largest differences from the SIMD kernel that were seen. */
export interface Distance {
  voltage_V: number;
  soc: number;
}

export interface Agreement {
  /** What first differed, undefined where all agree. */
  complaint?: string;
  distances: Map<Implementation, Distance>;
  events: number;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((byte, index) => byte !== b[index]);
}

/** Not a number counts as infinitely far. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const differences = Array.from(a, (value, index) => Math.abs(value - b[index]!));
  return differences.reduce((most, value) => (value <= most ? most : Number.isNaN(value) ? Infinity : value), 0);
}

function complaintOf(name: Implementation, kernel: Look, other: Look, { voltage_V, soc }: Distance): string | undefined {
  if (voltage_V > VOLTAGE_V) return `${TITLES[name]} differs by ${voltage_V} V in a cell's voltage`;
  if (soc > SOC) return `${TITLES[name]} differs by ${soc} in a cell's SOC`;
  if (kernel.chargeClosed !== other.chargeClosed || kernel.dischargeClosed !== other.dischargeClosed)
    return `${TITLES[name]} has another relay closed`;
  if (kernel.events !== other.events) return `${TITLES[name]} counts ${other.events} events and the kernel ${kernel.events}`;
  return undefined;
}

/** Compares everybody with the SIMD kernel as they stand. */
async function compare({ simd, scalar, runners }: Contestants, found: Agreement): Promise<string | undefined> {
  const byte = firstDifference(stateBytes(simd), stateBytes(scalar));
  if (byte >= 0) return `the SIMD and the scalar kernel differ in byte ${byte} of their state`;
  const kernel = await runners.get('simd')!.look();
  for (const [name, runner] of runners) {
    if (name === 'simd' || name === 'scalar') continue;
    const other = await runner.look();
    const now = { voltage_V: largestDifference(other.voltage_V, kernel.voltage_V), soc: largestDifference(other.soc, kernel.soc) };
    const complaint = complaintOf(name, kernel, other, now);
    if (complaint !== undefined) return complaint;
    const before = found.distances.get(name) ?? { voltage_V: 0, soc: 0 };
    found.distances.set(name, { voltage_V: Math.max(before.voltage_V, now.voltage_V), soc: Math.max(before.soc, now.soc) });
  }
  return undefined;
}

/** Runs all from their start and compares them every EVERY_TICKS ticks. */
export async function checkAgreement(contestants: Contestants): Promise<Agreement> {
  const found: Agreement = { distances: new Map(), events: 0 };
  const runners = [...contestants.runners.values()];
  for (const runner of runners) await runner.restart();
  for (let tick = EVERY_TICKS; tick <= TICKS; tick += EVERY_TICKS) {
    for (const runner of runners) await runner.runTo(tick);
    const complaint = await compare(contestants, found);
    if (complaint !== undefined) return { ...found, complaint: `at tick ${tick} ${complaint}` };
  }
  found.events = contestants.simd.scalars.event.total;
  return found;
}
