/**
 * The order of the numbers in a state of the bench, and a state's numbers by the names of their channels.
 * Worker and page both count with it; separate from what makes a state, which needs the engine.
 */
import { CHANNELS, channelNames, type ChannelName, type ChannelRoom } from '../../domain/channels.ts';

/** Channels of the message, each for all its groups, cells, sensors or relays in index order. */
export const BENCH_CHANNELS = [
  'group.voltage_V',
  'measuredCell.voltage_V',
  'bleed.current_A',
  'cell.soc',
  'cell.voltage_V',
  'cell.current_A',
  'cell.temperature_degC',
  'relay.closed',
  'relay.coilVoltage_V',
  'measured.temperature_degC',
  'pack.current_A',
  'measured.current_A',
  'pack.voltage_V',
  'bus.voltage_V',
  'estimate.soc',
  'consumption.current_A',
] as const satisfies readonly ChannelName[];
export type BenchChannel = (typeof BENCH_CHANNELS)[number];

/** A state's values by channel; the views share its memory. */
export class BenchReader {
  private readonly places = new Map<BenchChannel, { from: number; until: number }>();

  constructor(
    private readonly values: Float64Array,
    private readonly room: ChannelRoom,
  ) {
    let from = 0;
    for (const name of BENCH_CHANNELS) {
      const until = from + channelNames(name, room).length;
      this.places.set(name, { from, until });
      from = until;
    }
  }

  list(name: BenchChannel): Float64Array {
    const { from, until } = this.places.get(name)!;
    return this.values.subarray(from, until);
  }

  /** One value; of a cell by group and position. */
  value(name: BenchChannel, index = 0, position = 0): number {
    const stride = CHANNELS[name].index === 'cell' ? this.room.parallel : 1;
    return this.values[this.places.get(name)!.from + index * stride + position]!;
  }
}
