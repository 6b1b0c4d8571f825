/**
 * Channels that do not read their own pins: frozen, addressed wrongly, or with samples that are lost on their way.
 * Separate from sensing because a healthy front end never comes here.
 */
import { groupAt } from '../address';
import { group, run, sensing } from '../generated/layout';
import { uniform } from '../time/random';
import { worldVersion } from '../time/version';

const LOSS_STREAM: u32 = 0x10001;

function seed(): u64 {
  return ((<u64>(<u32>load<i32>(sensing.seedHigh))) << 32) | (<u64>(<u32>load<i32>(sensing.seedLow)));
}

function findDisturbed(): bool {
  if (load<f64>(sensing.loss_ratio) > 0.0) return true;
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    if (load<f64>(at, group.channelFrozen) != 0.0 || load<f64>(at, group.channelSource) != <f64>g) return true;
  }
  return false;
}

/**
 * Against a known voltage a channel learns what to take out again: its gain and offset as they are now,
 * and what the pins in front of it make of the voltage between the taps. Looked for when something has been done from outside.
 */
export function followFrontEnd(): void {
  const version = worldVersion();
  if (version == load<i32>(sensing.versionSeen)) return;
  store<i32>(sensing.versionSeen, version);
  store<i32>(sensing.disturbed, findDisturbed() ? 1 : 0);
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    const asked = load<f64>(at, group.calibrations);
    if (asked == load<f64>(at, group.calibrationsSeen)) continue;
    store<f64>(at, asked, group.calibrationsSeen);
    const seen = load<f64>(at, group.tapVoltage_V) == 0.0 ? 1.0 : load<f64>(at, group.afeVoltage_V) / load<f64>(at, group.tapVoltage_V);
    const gain = load<f64>(at, group.gain_ratio) * seen;
    // A channel that answers nothing learns nothing.
    if (gain == 0.0) continue;
    store<f64>(at, 1.0 / gain, group.correction_ratio);
    store<f64>(at, load<f64>(at, group.offset_V), group.correctionOffset_V);
  }
}

/** Whether some channel needs `disturb`; `followFrontEnd` looks it up. */
export function isDisturbed(): bool {
  return load<i32>(sensing.disturbed) != 0;
}

/** Keeps the readings that a frozen or lost channel will show again. */
export function keepReadings(): void {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) {
    const at = groupAt(g);
    store<f64>(at, load<f64>(at, group.measured_mV), group.lastReading_mV);
  }
}

/** Puts the fresh readings aside, so that channels may take one another's. */
export function keepOwnReadings(): void {
  const groups = load<i32>(run.groupCount);
  for (let g = 0; g < groups; g++) store<f64>(groupAt(g), load<f64>(groupAt(g), group.measured_mV), group.ownReading_mV);
}

/** What the firmware gets from a channel. */
export function received(g: i32, sample: i32): f64 {
  const at = groupAt(g);
  const lost = load<f64>(sensing.loss_ratio);
  const isLost = lost > 0.0 && uniform(seed(), LOSS_STREAM, <u32>sample) < lost;
  if (isLost || load<f64>(at, group.channelFrozen) != 0.0) return load<f64>(at, group.lastReading_mV);
  return load<f64>(groupAt(<i32>load<f64>(at, group.channelSource)), group.ownReading_mV);
}
