/**
 * Every channel that can be plotted, exported or expected: its name in files, its column and what people see.
 * Names carry their unit; indices are 0-based from pack negative.
 */
import { InputError, shown } from './errors.ts';

export type ChannelIndex = 'none' | 'cell' | 'group' | 'sensor' | 'relay';

/** What a pack may lack that a channel reads, as words. */
const NEEDED = { unit: 'a BMS', fuse: 'a main fuse' } as const;

export interface ChannelRow {
  label: string;
  index: ChannelIndex;
  world: 'truth' | 'belief' | 'order';
  /** `cell.x` and `group.x` are chunked columns, `relay.x` rows, the rest scalars; a list is chosen from by the index. */
  column: string | readonly string[];
  /** Raw value over channel value. */
  perUnit?: number;
  needs?: keyof typeof NEEDED;
}

export const CHANNELS = {
  'pack.current_A': { label: 'Pack current', index: 'none', world: 'truth', column: 'pack.current_A' },
  'pack.voltage_V': { label: 'Pack voltage', index: 'none', world: 'truth', column: 'pack.voltage_V' },
  'group.voltage_V': { label: 'Group voltage', index: 'group', world: 'truth', column: 'group.voltage_V' },
  'cell.current_A': { label: 'Cell current', index: 'cell', world: 'truth', column: 'cell.current_A' },
  'cell.voltage_V': { label: 'Cell voltage', index: 'cell', world: 'truth', column: 'cell.voltage_V' },
  'cell.soc': { label: 'State of charge', index: 'cell', world: 'truth', column: 'cell.soc' },
  'cell.temperature_degC': { label: 'Cell temperature', index: 'cell', world: 'truth', column: 'cell.temperature_degC' },
  'afe.voltage_V': { label: 'Voltage at the converter', index: 'group', world: 'truth', column: 'group.afeVoltage_V' },
  'measuredCell.voltage_V': {
    label: 'Measured cell voltage',
    index: 'group',
    world: 'belief',
    column: 'group.measured_mV',
    perUnit: 1000,
    needs: 'unit',
  },
  'measured.current_A': { label: 'Displayed current', index: 'none', world: 'belief', column: 'measured.current_A', needs: 'unit' },
  'measured.temperature_degC': {
    label: 'Measured temperature',
    index: 'sensor',
    world: 'belief',
    column: ['measured.temperature1_degC', 'measured.temperature2_degC'],
    needs: 'unit',
  },
  'estimate.soc': { label: 'Estimated state of charge', index: 'none', world: 'belief', column: 'estimate.soc', needs: 'unit' },
  'bleed.current_A': { label: 'Bleed current', index: 'group', world: 'truth', column: 'group.bleed_A' },
  'relay.closed': { label: 'Relay contact', index: 'relay', world: 'truth', column: 'relay.closed' },
  'relay.current_A': { label: 'Current through a relay', index: 'relay', world: 'truth', column: 'relay.current_A' },
  'relay.temperature_degC': {
    label: 'Temperature of a relay',
    index: 'relay',
    world: 'truth',
    column: 'relay.temperature_degC',
    needs: 'unit',
  },
  'relay.coilVoltage_V': {
    label: 'Coil voltage',
    index: 'relay',
    world: 'order',
    column: 'relay.coil_V',
    needs: 'unit',
  },
  'bus.voltage_V': { label: 'Bus voltage', index: 'none', world: 'truth', column: 'pack.busVoltage_V' },
  'case.temperature_degC': {
    label: 'Temperature of the main unit',
    index: 'none',
    world: 'truth',
    column: 'heat.case_degC',
    needs: 'unit',
  },
  'fuse.temperature_degC': {
    label: 'Main fuse temperature',
    index: 'none',
    world: 'truth',
    column: 'fuse.temperature_degC',
    needs: 'fuse',
  },
  'unit.state': { label: 'State of the main unit', index: 'none', world: 'belief', column: 'unit.state', needs: 'unit' },
  'unit.current_A': { label: 'Current that the unit draws', index: 'none', world: 'truth', column: 'unit.current_A', needs: 'unit' },
  'lamp.alarm': { label: 'Alarm LED', index: 'none', world: 'belief', column: 'lamp.alarm', needs: 'unit' },
  'beeper.on': { label: 'Beeper', index: 'none', world: 'belief', column: 'beeper.on', needs: 'unit' },
  'lcd.on': { label: 'Display alive', index: 'none', world: 'belief', column: 'lcd.on', needs: 'unit' },
  'lcd.lit': { label: 'Back light', index: 'none', world: 'belief', column: 'lcd.lit', needs: 'unit' },
  'lcd.page': { label: 'Page of the display', index: 'none', world: 'belief', column: 'lcd.page', needs: 'unit' },
  'lcd.balancing': { label: 'Yellow indicator', index: 'group', world: 'belief', column: 'group.indicator', needs: 'unit' },
  'lcd.impedance_Ohm': {
    label: 'Displayed impedance',
    index: 'group',
    world: 'belief',
    column: 'group.impedance_Ohm',
    needs: 'unit',
  },
  'serial.sends': { label: 'COM3 sends', index: 'none', world: 'belief', column: 'serial.sends', needs: 'unit' },
  'unit.firmware_index': { label: 'Firmware of the main unit', index: 'none', world: 'belief', column: 'unit.firmware', needs: 'unit' },
  'update.state': { label: 'Update tool', index: 'none', world: 'truth', column: 'update.state', needs: 'unit' },
  'update.progress_ratio': { label: 'Update progress', index: 'none', world: 'truth', column: 'update.progress_ratio', needs: 'unit' },
  'update.lcdFirmware_index': {
    label: 'Firmware of the LCD unit',
    index: 'none',
    world: 'truth',
    column: 'update.lcdFirmware',
    needs: 'unit',
  },
  'consumption.current_A': { label: 'Consumption of the unit', index: 'none', world: 'truth', column: 'pack.consumption_A' },
} as const satisfies Record<string, ChannelRow>;

export type ChannelName = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as ChannelName[];

export interface Channel {
  name: string;
  row: ChannelRow;
  /** Group, sensor or relay; 0 where the channel has no index. */
  group: number;
  position: number;
}

export interface ChannelRoom {
  series: number;
  parallel: number;
}

const LIMITS: Record<ChannelIndex, (room: ChannelRoom) => number[]> = {
  none: () => [],
  cell: (room) => [room.series, room.parallel],
  group: (room) => [room.series],
  sensor: () => [2],
  relay: () => [2],
};

/** The channel of a name such as `cell.voltage_V[3][0]`, or an InputError that names what is allowed. */
export function channelOf(name: string, room: ChannelRoom, path?: string): Channel {
  const match = /^([A-Za-z]+\.[A-Za-z_]+|time_s)((?:\[\d{1,4}\])*)$/.exec(name);
  const bare = match?.[1] ?? name;
  if (match === null || !Object.hasOwn(CHANNELS, bare))
    throw new InputError({
      code: 'channel',
      message: `${shown(name)} is not a channel`,
      path,
      value: name,
      allowed: CHANNEL_NAMES.join(', '),
    });
  const row: ChannelRow = CHANNELS[bare as ChannelName];
  const given = [...match[2]!.matchAll(/\d+/g)].map(Number);
  const limits = LIMITS[row.index](room);
  if (given.length !== limits.length || given.some((index, place) => index >= limits[place]!)) {
    const allowed = `${bare}${limits.map((limit) => `[0…${limit - 1}]`).join('')}`;
    throw new InputError({ code: 'channel', message: `${shown(name)} is not a channel of this pack`, path, value: name, allowed });
  }
  return { name, row, group: given[0] ?? 0, position: given[1] ?? 0 };
}

/** Refuses a channel of something that the scenario has not fitted. */
export function checkFitted({ name, row }: Channel, scenario: { bms: object | null; pack: { fuse: object | null } }, path?: string): void {
  const fitted = { unit: scenario.bms !== null, fuse: scenario.pack.fuse !== null };
  if (row.needs === undefined || fitted[row.needs]) return;
  const needed = NEEDED[row.needs];
  throw new InputError({
    code: 'channel',
    path,
    value: name,
    message: `${shown(name)} needs ${needed}`,
    allowed: `channels that do not need ${needed}`,
  });
}

/** All names of a channel in a pack, in index order. */
export function channelNames(name: ChannelName, room: ChannelRoom): string[] {
  const limits = LIMITS[CHANNELS[name].index](room);
  return limits.reduce<string[]>(
    (names, limit) => names.flatMap((prefix) => Array.from({ length: limit }, (_, index) => `${prefix}[${index}]`)),
    [name],
  );
}
