/**
 * Whether the three implementations compute the same thing, checked before any of them is timed.
 * The kernels must agree in every byte, the plain JavaScript within the last digits of its exponentials.
 */
import { stateBytes } from '../engine/result.ts';
import type { Contestants } from './implementations.ts';

const TICKS = 10_000;
const EVERY_TICKS = 100;
const VOLTAGE_V = 1e-9;
const SOC = 1e-12;

export interface Agreement {
  /** What first differed, undefined where all agree. */
  complaint?: string;
  /** Largest differences that were seen. */
  voltage_V: number;
  soc: number;
  events: number;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((byte, index) => byte !== b[index]);
}

function largestDifference({ simd, plain }: Contestants, name: 'voltage_V' | 'soc'): number {
  const differences = Array.from(plain.state.cells[name], (value, group) => Math.abs(value - simd.cells[name].get(group)));
  return differences.reduce((most, value) => (value <= most ? most : value), 0);
}

function complaintOf({ simd, scalar, plain }: Contestants, voltage_V: number, soc: number): string | undefined {
  const byte = firstDifference(stateBytes(simd), stateBytes(scalar));
  if (byte >= 0) return `the SIMD and the scalar kernel differ in byte ${byte} of their state`;
  if (!(voltage_V <= VOLTAGE_V)) return `plain JavaScript differs by ${voltage_V} V in a cell's voltage`;
  if (!(soc <= SOC)) return `plain JavaScript differs by ${soc} in a cell's SOC`;
  const { relay, event } = simd.scalars;
  const other = plain.state;
  if (relay.chargeClosed !== other.relay.chargeClosed || relay.dischargeClosed !== other.relay.dischargeClosed)
    return 'plain JavaScript has another relay closed';
  if (event.total !== other.events.total) return `plain JavaScript counts ${other.events.total} events and the kernel ${event.total}`;
  return undefined;
}

/** Runs all three from their start and compares them every EVERY_TICKS ticks. */
export function checkAgreement(contestants: Contestants): Agreement {
  const found: Agreement = { voltage_V: 0, soc: 0, events: 0 };
  const runners = Object.values(contestants.runners);
  for (const runner of runners) runner.restart();
  for (let tick = EVERY_TICKS; tick <= TICKS; tick += EVERY_TICKS) {
    for (const runner of runners) runner.runTo(tick);
    const voltage_V = largestDifference(contestants, 'voltage_V');
    const soc = largestDifference(contestants, 'soc');
    const complaint = complaintOf(contestants, voltage_V, soc);
    if (complaint !== undefined) return { ...found, complaint: `at tick ${tick} ${complaint}` };
    found.voltage_V = Math.max(found.voltage_V, voltage_V);
    found.soc = Math.max(found.soc, soc);
  }
  found.events = contestants.simd.scalars.event.total;
  return found;
}
