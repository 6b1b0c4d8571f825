/**
 * How a unit measures, as rows of the kernel's memory: channels, current, temperature sensors, the converter's clock.
 */
import * as device from '../domain/device.ts';
import { FIRMWARE_VERSIONS } from '../domain/firmwares.ts';
import type { Bms, Scenario } from '../domain/scenario/schema.ts';
import type { CellViews, GroupViews, Kernel, ScalarViews, StructureViews } from './kernel.ts';

const TWO_TO_32 = 4294967296;
/** Streams of the seed for the converter's clock and the ripple's phase. */
const CLOCK_STREAM = 0x20010;
const PHASE_STREAM = 0x20011;

interface SensingTarget {
  kernel: Kernel;
  scalars: ScalarViews;
  structures: StructureViews;
  cells: CellViews;
  groups: GroupViews;
}

/** Evenly in 0…1, from the seed. */
function drawn(kernel: Kernel, seed: number, stream: number): number {
  return kernel.exports.uniform(Math.floor(seed / TWO_TO_32), seed >>> 0, stream, 0);
}

function writeCurrent({ kernel, scalars: { sensing } }: SensingTarget, bms: Bms, scenario: Scenario): void {
  const { current } = bms.sensing;
  const own = FIRMWARE_VERSIONS[bms.firmware].uncalibrated;
  sensing.currentGain_ratio = current.gain_ratio ?? 1;
  sensing.currentOffset_A = current.offset_A ?? 0;
  // What a scenario gives is all that is wrong.
  sensing.firmwareGain_ratio = current.gain_ratio === undefined ? own.gain_ratio : 1;
  sensing.firmwareOffset_A = current.offset_A === undefined ? own.offset_A : 0;
  sensing.currentNoise_A = current.noise_A;
  sensing.correction_ratio = 1;
  sensing.versionSeen = -1;
  sensing.linesFor = -1;
  sensing.versionFelt = -1;
  sensing.currentRange_A = current.range_A ?? device.CURRENT_RANGE_RATIO * bms.currentVersion_A;
  sensing.filterTime_s = current.filterTime_s;
  sensing.shunt_Ohm = current.shuntFullScale_V / bms.currentVersion_A;
  sensing.commonMode_ratio = current.commonModeRejection_ratio;
  sensing.cableResistance_Ohm = current.cableLength_m * device.CABLE.resistance_Ohm_per_m;
  sensing.cableInductance_H = current.cableLength_m * device.CABLE.inductance_H_per_m;
  sensing.clock_ratio = current.clock_ratio ?? 1 + device.CLOCK_TOLERANCE * (2 * drawn(kernel, scenario.seed, CLOCK_STREAM) - 1);
  sensing.ripplePhase_cycles = current.ripplePhase_cycles ?? drawn(kernel, scenario.seed, PHASE_STREAM);
}

function writeChannels({ scalars, groups }: SensingTarget, bms: Bms, scenario: Scenario): void {
  for (let g = 0; g < scenario.pack.series; g++) groups.noise_V.set(g, bms.sensing.noise_V);
  for (const channel of bms.sensing.channels) {
    groups.gain_ratio.set(channel.group, channel.gain_ratio);
    groups.offset_V.set(channel.group, channel.offset_V);
    groups.noise_V.set(channel.group, channel.noise_V);
  }
  const noiseLater = scenario.commands.some((command) => 'set' in command && command.set.endsWith('.noise_V'));
  const noisy = bms.sensing.noise_V > 0 || bms.sensing.channels.some((channel) => channel.noise_V > 0);
  scalars.sensing.hasNoise = noiseLater || noisy ? 1 : 0;
}

function writeSensors({ structures, cells }: SensingTarget, bms: Bms, series: number, ambient_degC: number): void {
  const places = bms.sensing.temperature ?? [
    { group: 0, offset_K: 0 },
    { group: Math.floor(series / 2), offset_K: 0 },
  ];
  places.forEach(({ group, offset_K }, index) => {
    const row = structures.sensor[index]!;
    row.group = group;
    row.cell = cells.temperature_degC.address(group);
    row.element = index;
    row.offset_K = offset_K;
    row.contact_ratio = 1;
    row.slope_ratio = 1;
    row.temperature_degC = ambient_degC;
  });
}

export function writeSensing(target: SensingTarget, bms: Bms, scenario: Scenario): void {
  writeChannels(target, bms, scenario);
  writeCurrent(target, bms, scenario);
  writeSensors(target, bms, scenario.pack.series, scenario.ambient_degC);
}
