/**
 * The channels that a scenario expects something of, as the kernel's table: it keeps their extremes tick by tick.
 * The table lies outside the state; who copies or puts back a state takes the extremes along.
 */
import { type Channel, channelOf, checkFitted } from '../domain/channels.ts';
import { F64_BYTES } from '../domain/memory.ts';
import { WATCH_HEADER_BYTES, WATCH_ROW } from '../domain/memoryRecorder.ts';
import type { ChannelExpectation } from '../domain/scenario/expect.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import { channelPlace } from './channelPlace.ts';
import type { RecordPlan } from './kernel.ts';

/** One channel within the window of its expectation. */
export interface Watch {
  channel: Channel;
  fromTick: number;
  untilTick: number;
}

/** Lowest and highest value so far; crossed where the run has not come into the window. */
export interface WatchedRange {
  low: number;
  high: number;
}

const HEADER_WORDS = WATCH_HEADER_BYTES / F64_BYTES;
const LOW = WATCH_ROW.indexOf('low');
const HIGH = WATCH_ROW.indexOf('high');

function windowTicks({ within_s, at_s }: ChannelExpectation, scenario: Scenario, ticks: number): [number, number] {
  if (at_s !== undefined) {
    const tick = Math.ceil(at_s / scenario.tick_s - 1e-9);
    return [tick, Math.min(tick, ticks)];
  }
  const [from, until] = within_s ?? [0, ticks * scenario.tick_s];
  return [Math.ceil(from / scenario.tick_s - 1e-9), Math.min(Math.floor(until / scenario.tick_s + 1e-9), ticks)];
}

/** One watch for each channel expectation, in their order. */
export function watchesOf(scenario: Scenario, ticks: number): Watch[] {
  return scenario.expect.flatMap((expectation, index) => {
    if (!('channel' in expectation)) return [];
    const path = `expect[${index}].channel`;
    const channel = channelOf(expectation.channel, scenario.pack, path);
    checkFitted(channel, scenario, path);
    const [fromTick, untilTick] = windowTicks(expectation, scenario, ticks);
    return [{ channel, fromTick, untilTick }];
  });
}

/** An empty table with room for these watches; their addresses are known once there are views. */
export function watchTable(watches: readonly Watch[]): Float64Array {
  const table = new Float64Array(HEADER_WORDS + watches.length * WATCH_ROW.length);
  table[0] = watches.length;
  return table;
}

export class Watches {
  constructor(
    private readonly list: readonly Watch[],
    /** The table in the kernel's memory. */
    private readonly table: Float64Array,
    plan: RecordPlan,
    series: number,
  ) {
    list.forEach(({ channel, fromTick, untilTick }, index) => {
      const { address, isInteger } = channelPlace(channel, plan, series);
      table.set([address, isInteger ? 1 : 0, fromTick, untilTick, Infinity, -Infinity], this.row(index));
    });
  }

  private row(index: number): number {
    return HEADER_WORDS + index * WATCH_ROW.length;
  }

  /** In raw values, as they lie in memory. */
  get ranges(): WatchedRange[] {
    return this.list.map((_, index) => ({ low: this.table[this.row(index) + LOW]!, high: this.table[this.row(index) + HIGH]! }));
  }

  set ranges(ranges: readonly WatchedRange[]) {
    ranges.forEach(({ low, high }, index) => {
      this.table[this.row(index) + LOW] = low;
      this.table[this.row(index) + HIGH] = high;
    });
  }

  /** In the channels' own units. */
  get seen(): WatchedRange[] {
    return this.ranges.map(({ low, high }, index) => {
      const { perUnit = 1 } = this.list[index]!.channel.row;
      return { low: low / perUnit, high: high / perUnit };
    });
  }
}
