/**
 * Columns of the protections: one row for each rule, and the vectors that hold all rules side by side.
 * They are a part of domain/memory.ts, where the rules of the memory stand.
 */
import { type Column, f64, i32 } from './column.ts';

/** Vectors of a fixed length beside the scalars: the rules' lanes. */
export const RULE_LANES = 16;
export const VECTORS = {
  reading: f64('firmware/sensing', 'every measurand in its integer unit'),
  ruleTrip: f64('firmware/protection', "the rule is violated from this on, by its measurand in the rule's own direction"),
  readingHigh: f64('firmware/protection', 'some rule is violated by the measurand from this on'),
  readingLow: f64('firmware/protection', 'and from this down'),
} as const satisfies Record<string, Column>;

export const RULE_STRUCTURE = {
  count: RULE_LANES,
  columns: {
    event: i32('compile', 'event code'),
    hold: i32('compile', 'event code while held between P and R, 0 none'),
    measurand: i32('compile', 'index of the measurand'),
    direction: f64('compile', '1 where above trips, -1 where below does'),
    strict: f64('compile', '1 where equality does not trip'),
    perUnit: f64('compile', 'integers per physical unit'),
    threshold: i32('compile', 'address of the setting, 0: the fixed level'),
    level: f64('compile', 'fixed threshold in physical units'),
    enabledBy: i32('compile', 'address of the switch, 0 always'),
    releaseBy: i32('compile', '0 setting, 1 offset, 2 retry, 3 START or charge, 4 power cycle'),
    releaseSetting: i32('compile', 'address of the release setting'),
    releaseOffset: f64('compile', 'distance of the release in physical units'),
    releaseLeast: f64('compile', 'a release by offset is never asked to go below this key'),
    opens: i32('compile', 'bit 0 charge, bit 1 discharge'),
    absolute: i32('compile', '1: only where cut-off is NO, at once'),
    retrySamples: i32('compile', 'samples until an over-current retries'),
    windowSamples: i32('compile', 'the third trip within it waits for START'),
    releaseKey: f64('firmware/protection', 'released at or below this key'),
    enabled: i32('firmware/protection', 'the rule is in force'),
    state: i32('firmware/protection', '0 idle, 1 tripped, 2 held'),
    pending: i32('firmware/protection', 'violating samples in a row'),
    releasing: i32('firmware/protection', 'released samples in a row'),
    tripSample: i32('firmware/protection', 'sample of the last trip, 0 none'),
    tripSampleBefore: i32('firmware/protection', 'sample of the trip before, 0 none'),
    latched: i32('firmware/protection', 'waits for START'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };
