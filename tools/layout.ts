/**
 * Writes the kernel's address constants from domain/memory.ts and holds every column to its one writer.
 * `--check` writes nothing and fails where the committed file is stale.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layOut, type Layout } from '../domain/layout.ts';
import {
  CELL,
  type Column,
  EVENT_ROW,
  F64_BYTES,
  GROUP,
  LANES_PER_CHUNK,
  RULE_LANES,
  SCALARS,
  STRUCTURES,
  VECTORS,
} from '../domain/memory.ts';
import { FOLD, OPEN_BUCKET, PACK_TRACES, RECORDER, RECORDER_LEVEL, WATCH_HEADER_BYTES, WATCH_ROW } from '../domain/memoryRecorder.ts';
import { EVENTS } from '../domain/events.ts';
import { EFFECT_OPS, EFFECT_ROW, SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import { SETTING_NAMES, SETTING_ORDER } from '../domain/settings.ts';
import { layoutFingerprint } from '../domain/fingerprint.ts';
import * as device from '../domain/device.ts';
import { BUTTONS, HOLD_REPEAT, LCD_NOTICES, LCD_PAGES } from '../domain/lcd/pages.ts';
import { FIRMWARE_VERSIONS, FIRMWARES } from '../domain/firmwares.ts';
import { LEAST_TOOL_VERSION, toolHundredths, UPDATE_PORTS, UPDATE_STATES } from '../domain/update.ts';
import { MEASURAND_NAMES } from '../domain/protections.ts';

const ASSEMBLY = fileURLToPath(new URL('../assembly/', import.meta.url));
const TARGET = join(ASSEMBLY, 'generated/layout.ts');

function enumeration(name: string, members: Iterable<readonly [string, number]>): string {
  const lines = [...members].map(([member, value]) => `  ${member} = ${value},`);
  return `export enum ${name} {\n${lines.join('\n')}\n}\n`;
}

function constants(): string {
  const values: [string, number][] = [
    ['STORAGE_CURRENT_A', device.STORAGE_CURRENT_A],
    ['OPEN_SENSOR_DEGC', device.OPEN_SENSOR_DEGC],
    ['SHORT_SENSOR_DEGC', device.SHORT_SENSOR_DEGC],
    ['LEAST_TOOL_VERSION', toolHundredths(LEAST_TOOL_VERSION)!],
  ];
  const { packVoltage_V, awake_A, asleep_A } = device.CONSUMPTION;
  const power_W = (currents: readonly number[]) => currents.map((current, row) => current * packVoltage_V[row]!);
  /** Rises from each row to the next, 0 behind the last. */
  const slopes = (values: readonly number[]) =>
    values.map((value, row) =>
      row + 1 < values.length ? (values[row + 1]! - value) / (packVoltage_V[row + 1]! - packVoltage_V[row]!) : 0,
    );
  const errors = FIRMWARES.map((version) => FIRMWARE_VERSIONS[version].uncalibrated);
  const lists: [string, readonly number[]][] = [
    ['consumption_packVoltage_V', packVoltage_V],
    ['consumption_awake_W', power_W(awake_A)],
    ['consumption_awakeSlope_A', slopes(power_W(awake_A))],
    ['consumption_asleep_W', power_W(asleep_A)],
    ['consumption_asleepSlope_A', slopes(power_W(asleep_A))],
    ['firmware_gain_ratio', errors.map(({ gain_ratio }) => gain_ratio)],
    ['firmware_offset_A', errors.map(({ offset_A }) => offset_A)],
  ];
  const tables = lists.map(([name, list]) => `export const ${name}: usize = memory.data<f64>([${list.map(asF64).join(', ')}]);\n`);
  const rows = `export const consumption_rows: i32 = ${packVoltage_V.length};\n`;
  return values.map(([name, value]) => `export const ${name}: f64 = ${asF64(value)};\n`).join('') + rows + tables.join('');
}

function asF64(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function body(layout: Layout): string {
  const parts: string[] = [];
  for (const [section, columns] of Object.entries(SCALARS)) {
    parts.push(
      enumeration(
        section,
        Object.keys(columns).map((name) => [name, layout.scalars.get(`${section}.${name}`)!.address]),
      ),
    );
  }
  parts.push(
    enumeration(
      'vector',
      [...layout.vectors].map(([name, { address }]) => [name, address]),
    ),
  );
  for (const [name, structure] of layout.structures) {
    parts.push(
      enumeration(name, [
        ['base', structure.address],
        ['bytes', structure.bytes],
        ...[...structure.offsets].map(([column, { offset }]) => [column, offset] as const),
      ]),
    );
  }
  parts.push(
    enumeration('cell', layout.cellOffsets),
    enumeration('group', layout.groupOffsets),
    enumeration('openBucket', layout.openBucketOffsets),
  );
  for (const [name, columns] of [
    ['triggerRow', TRIGGER_ROW],
    ['slotRow', SLOT_ROW],
    ['effectRow', EFFECT_ROW],
  ] as const) {
    parts.push(
      enumeration(name, [...columns.map((column, index) => [column, index * F64_BYTES] as const), ['bytes', columns.length * F64_BYTES]]),
    );
  }
  parts.push(enumeration('effectOp', Object.entries(EFFECT_OPS)));
  for (const name of ['recorder', 'recorderLevel'] as const) {
    const { bytes, offsets } = layout[name];
    parts.push(enumeration(name, [['bytes', bytes], ...[...offsets].map(([column, { offset }]) => [column, offset] as const)]));
  }
  const rows = { packTrace: PACK_TRACES, eventRow: EVENT_ROW, watchRow: WATCH_ROW };
  for (const [name, columns] of Object.entries(rows)) {
    parts.push(
      enumeration(
        name,
        columns.map((column, index) => [column, index * F64_BYTES]),
      ),
    );
  }
  parts.push(
    enumeration(
      'measurand',
      MEASURAND_NAMES.map((name, index) => [name, index]),
    ),
  );
  parts.push(
    enumeration(
      'eventCode',
      Object.entries(EVENTS).map(([name, row]) => [name, row.code]),
    ),
  );
  const lists = {
    unitState: device.UNIT_STATES,
    updateState: UPDATE_STATES,
    updatePort: UPDATE_PORTS,
    lcdPage: LCD_PAGES,
    lcdNotice: LCD_NOTICES,
    buttonCode: BUTTONS,
  };
  for (const [name, members] of Object.entries(lists)) {
    parts.push(
      enumeration(
        name,
        members.map((member, index) => [member, index]),
      ),
    );
  }
  parts.push(
    enumeration('layout', [
      ['cellBase', layout.cellBase],
      ['cellChunkBytes', layout.cellChunkBytes],
      ['groupChunkBytes', layout.groupChunkBytes],
      ['laneBytes', LANES_PER_CHUNK * F64_BYTES],
      ['openBucketStart', layout.openBucketStart],
      ['openBucketChunkBytes', layout.openBucketOffsets.size * LANES_PER_CHUNK * F64_BYTES],
      ['recorderFold', FOLD],
      ['packTraceBytes', PACK_TRACES.length * F64_BYTES],
      ['watchHeaderBytes', WATCH_HEADER_BYTES],
      ['watchRowBytes', WATCH_ROW.length * F64_BYTES],
      ['ruleLanes', RULE_LANES],
      ['measurandBytes', MEASURAND_NAMES.length * F64_BYTES],
      ['menuRows', SETTING_NAMES.length],
      ['orderRows', SETTING_ORDER.length],
      ['holdSteps', HOLD_REPEAT.steps],
    ]),
  );
  parts.push(constants());
  return parts.join('\n');
}

/** The text of assembly/generated/layout.ts, and the fingerprint in it. */
function generate(): string {
  const text = body(layOut());
  return `// Generated by tools/layout.ts from domain/memory.ts and its neighbours. Do not edit.\n\nexport const FINGERPRINT: i32 = ${layoutFingerprint()};\n\n${text}`;
}

/** Stores into a column from a file that is not its writer, as readable lines. */
function wrongWriters(): string[] {
  const writers = new Map<string, string>();
  const add = (section: string, columns: Record<string, Column>) =>
    Object.entries(columns).forEach(([name, column]) => writers.set(`${section}.${name}`, column.writer));
  Object.entries(SCALARS).forEach(([section, columns]) => add(section, columns));
  Object.entries(STRUCTURES).forEach(([section, { columns }]) => add(section, columns));
  add('cell', CELL);
  add('group', GROUP);
  add('vector', VECTORS);
  add('recorder', RECORDER);
  add('recorderLevel', RECORDER_LEVEL);
  add('openBucket', OPEN_BUCKET);
  const wrong: string[] = [];
  for (const file of sources(ASSEMBLY)) {
    const name = relative(ASSEMBLY, file).replace(/\.ts$/, '');
    for (const column of storedColumns(readFileSync(file, 'utf8'))) {
      const writer = writers.get(column);
      if (writer !== undefined && writer !== name) wrong.push(`assembly/${name}.ts stores ${column}, whose one writer is ${writer}`);
    }
  }
  return wrong;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

/** Columns that stand as the address (first) or the offset (last) of a store. */
function storedColumns(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/\bstore<\w+>\(([^;]*)\);/g)) {
    const first = /^\s*(\w+\.\w+)\b/.exec(match[1]!);
    const last = /,\s*(\w+\.\w+),?\s*$/.exec(match[1]!);
    if (first) found.push(first[1]!);
    if (last) found.push(last[1]!);
  }
  return found;
}

function main(): void {
  const text = generate();
  const wrong = wrongWriters();
  wrong.forEach((line) => console.error(line));
  if (process.argv.includes('--check')) {
    const stale = readFileSync(TARGET, 'utf8') !== text;
    if (stale) console.error('assembly/generated/layout.ts is stale: run npm run layout');
    process.exitCode = stale || wrong.length > 0 ? 1 : 0;
    return;
  }
  writeFileSync(TARGET, text);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

main();
