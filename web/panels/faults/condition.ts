/**
 * Channels that a fault may wait for, as people choose them: what is measured, and of which part.
 * Separate from the form because it only turns tables into choices.
 */
import { CHANNEL_NAMES, type ChannelName, channelNames, type ChannelRoom, type ChannelRow, CHANNELS } from '../../../domain/channels.ts';
import { WORDS } from '../../words.ts';
import { FAULT_WORDS } from '../../words/faults.ts';

export interface Choice {
  value: string;
  label: string;
}

export interface FittedParts {
  hasUnit: boolean;
  hasFuse: boolean;
}

const rowOf = (name: ChannelName): ChannelRow => CHANNELS[name];

/** Quantities that this pack has. */
export function quantityChoices({ hasUnit, hasFuse }: FittedParts): Choice[] {
  const isFitted = ({ needs }: ChannelRow) => needs === undefined || (needs === 'unit' ? hasUnit : needs === 'fuse' ? hasFuse : true);
  return CHANNEL_NAMES.filter((name) => isFitted(rowOf(name))).map((name) => ({ value: name, label: rowOf(name).label }));
}

/** The quantity of a channel such as `cell.soc[0][0]`. */
export function quantityOf(channel: string): ChannelName | undefined {
  const bare = channel.replace(/\[.*$/, '');
  return CHANNEL_NAMES.find((name) => name === bare);
}

function partText(name: ChannelName, channel: string, { parallel }: ChannelRoom): string {
  const [index = 0, position = 0] = [...channel.matchAll(/\[(\d+)\]/g)].map(([, digits]) => Number(digits));
  const { index: kind } = rowOf(name);
  if (kind === 'sensor') return FAULT_WORDS.faults.targets.sensor(index + 1);
  if (kind === 'relay') return index === 0 ? WORDS.pack.chargeRelay : WORDS.pack.dischargeRelay;
  return kind === 'cell' && parallel > 1 ? WORDS.heat.cell(index + 1, position + 1) : WORDS.pack.cell(index + 1);
}

/** Which part's: every channel of a quantity; empty where there is only one. */
export function partChoices(name: ChannelName, room: ChannelRoom): Choice[] {
  if (rowOf(name).index === 'none') return [];
  return channelNames(name, room).map((channel) => ({ value: channel, label: partText(name, channel, room) }));
}

/** The first channel of a quantity. */
export function firstChannel(name: ChannelName, room: ChannelRoom): string {
  return channelNames(name, room)[0] ?? name;
}

/** A channel in words: "Cell 3: State of charge". */
export function channelText(channel: string, room: ChannelRoom): string {
  const name = quantityOf(channel);
  if (name === undefined) return channel;
  const { label, index } = rowOf(name);
  return index === 'none' ? label : `${partText(name, channel, room)}: ${label}`;
}
