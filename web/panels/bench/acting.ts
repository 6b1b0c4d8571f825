/**
 * Which faults of a run act at this moment, from its events.
 * Pure, and apart from the signs so that the drawing need not load the fault catalogue to know that there are none.
 */
import type { RunEvent } from '../../../engine/events.ts';

/** Indices of the acting faults in the run's design. */
export function actingFaults(events: readonly RunEvent[]): number[] {
  const acting = new Set<number>();
  for (const { fault, index, active } of events) {
    if (fault === undefined || index === undefined) continue;
    if (active) acting.add(index);
    else acting.delete(index);
  }
  return [...acting];
}
