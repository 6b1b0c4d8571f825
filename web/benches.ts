/**
 * The shipped scenarios as people choose them: ready benches in this order, then everything else as examples.
 * Names are those of the files themselves.
 */
import { SHIPPED_SCENARIOS } from './bundled.ts';

export const READY_BENCHES = [
  'home-storage-day',
  'e-bike-ride',
  'golf-cart-drive',
  'camper-day',
  'boat-at-anchor',
  'ev-module-drive',
  'telecom-outage',
  'drone-flight',
  'solar-shed-winter',
  'second-hand-pack',
] as const;

export interface BenchName {
  id: string;
  name: string;
  isReady: boolean;
}

function nameOf(text: string): string {
  return String((JSON.parse(text) as { name: unknown }).name);
}

export function benchNames(): BenchName[] {
  const ready: readonly string[] = READY_BENCHES;
  const others = [...SHIPPED_SCENARIOS.keys()].filter((id) => !ready.includes(id));
  return [...ready, ...others].flatMap((id) => {
    const text = SHIPPED_SCENARIOS.get(id);
    return text === undefined ? [] : [{ id, name: nameOf(text), isReady: ready.includes(id) }];
  });
}
