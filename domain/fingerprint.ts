/**
 * A number that changes with every address and code that kernel and engine must agree on.
 * The generator writes it into the kernel; the engine refuses a kernel that answers another.
 */
import { UNIT_STATES } from './device.ts';
import { EVENTS } from './events.ts';
import { layOut } from './layout.ts';
import { BUTTONS, LCD_NOTICES, LCD_PAGES } from './lcd/pages.ts';
import { EVENT_ROW, COMMAND_ROW, PARAMETER_NODE } from './memory.ts';
import { EFFECT_OPS, EFFECT_ROW, SLOT_ROW, TRIGGER_ROW } from './memoryEffects.ts';
import { PACK_TRACES, WATCH_ROW } from './memoryRecorder.ts';
import { MEASURAND_NAMES } from './protections.ts';
import { UPDATE_PORTS, UPDATE_STATES } from './update.ts';

/** FNV-1a over 32 bits (Fowler, Noll, Vo 1991), as a signed integer. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

let known: number | undefined;

export function layoutFingerprint(): number {
  return (known ??= fingerprintOfLayout());
}

function fingerprintOfLayout(): number {
  const layout = layOut();
  const plain = (map: Map<string, unknown>): unknown =>
    [...map].map(([name, value]) => [name, value instanceof Map ? plain(value) : value]);
  const structures = [...layout.structures].map(([name, { offsets, ...rest }]) => [name, rest, plain(offsets)]);
  const maps = [layout.scalars, layout.vectors, layout.cellOffsets, layout.groupOffsets, layout.openBucketOffsets].map(plain);
  const recorder = [layout.recorder, layout.recorderLevel].map(({ offsets }) => plain(offsets));
  const codes = Object.entries(EVENTS).map(([name, row]) => [name, row.code]);
  return fnv1a(
    JSON.stringify([
      ...[maps, structures, recorder, layout.cellBase, codes],
      ...[MEASURAND_NAMES, PACK_TRACES, EVENT_ROW, COMMAND_ROW, WATCH_ROW, PARAMETER_NODE],
      ...[UNIT_STATES, UPDATE_STATES, UPDATE_PORTS, BUTTONS, LCD_PAGES, LCD_NOTICES],
      ...[TRIGGER_ROW, SLOT_ROW, EFFECT_ROW, EFFECT_OPS],
    ]),
  );
}
