/**
 * The text of layout.h: the kernel's memory as C structures, and the device's figures as constants.
 * It is made from the same tables as the kernel's own addresses, so that the C program works on the very bytes of a compiled run.
 */
import * as device from '../../domain/device.ts';
import { EVENTS } from '../../domain/events.ts';
import { layOut } from '../../domain/layout.ts';
import { type Column, type ColumnType, LANES_PER_CHUNK, PARAMETER_NODE, RECORD_BASE, RULE_LANES, SCALARS } from '../../domain/memory.ts';
import { MEASURAND_NAMES } from '../../domain/protections.ts';

const LAYOUT = layOut();
const C_TYPE = { f64: 'double', i32: 'int32_t' } as const;

interface Member {
  name: string;
  type: string;
  offset: number;
  suffix?: string;
}

/** A structure whose members stand in the order of their offsets, each held to its offset by the compiler. */
function structure(name: string, members: readonly Member[], bytes?: number): string {
  const lines = members.map(({ name: member, type, suffix = '' }) => `  ${type} ${member}${suffix};`);
  const checks = members.map(({ name: member, offset }) => `_Static_assert(offsetof(${name}, ${member}) == ${offset}, "${member}");`);
  const size = bytes === undefined ? [] : [`_Static_assert(sizeof(${name}) == ${bytes}, "${name}");`];
  return [`typedef struct {`, ...lines, `} ${name};`, ...checks, ...size, ''].join('\n');
}

function chunk(name: string, offsets: Map<string, number>): string {
  const members = [...offsets].map(([column, offset]) => ({ name: column, type: 'double', offset, suffix: `[${LANES_PER_CHUNK}]` }));
  return structure(name, members, members.length * LANES_PER_CHUNK * 8);
}

/** The type that holds a row of a structure. */
function rowType(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

function row(name: string, { offsets, bytes }: { offsets: Map<string, { offset: number; type: ColumnType }>; bytes: number }): string {
  const members = [...offsets].map(([column, { offset, type }]) => ({ name: column, type: C_TYPE[type], offset }));
  return structure(rowType(name), members, bytes);
}

function scalarMembers(): Member[] {
  return Object.entries(SCALARS).flatMap(([section, columns]) =>
    Object.keys(columns as Record<string, Column>).map((name) => {
      const { address, type }: { address: number; type: ColumnType } = LAYOUT.scalars.get(`${section}.${name}`)!;
      return { name: `${section}_${name}`, type: C_TYPE[type], offset: address - RECORD_BASE };
    }),
  );
}

/** Everything from RECORD_BASE on; the chunks of the groups follow those of the cells at an address of the run. */
function memory(): string {
  const vectors = [...LAYOUT.vectors].map(([name, { address }]) => ({
    name,
    type: '_Alignas(64) double',
    offset: address - RECORD_BASE,
    suffix: `[${RULE_LANES}]`,
  }));
  const tables = [...LAYOUT.structures].map(([name, { address, count }]) => ({
    name,
    type: rowType(name),
    offset: address - RECORD_BASE,
    suffix: `[${count}]`,
  }));
  const cells = { name: 'cells', type: '_Alignas(64) Cells', offset: LAYOUT.cellBase - RECORD_BASE, suffix: '[]' };
  return structure('Memory', [...scalarMembers().sort((a, b) => a.offset - b.offset), ...vectors, ...tables, cells]);
}

function enumeration(prefix: string, members: readonly (readonly [string, number])[]): string {
  return `enum { ${members.map(([name, value]) => `${prefix}_${name} = ${value}`).join(', ')} };`;
}

function constants(): string {
  const { packVoltage_V, awake_A } = device.CONSUMPTION;
  const awake_W = awake_A.map((current, row) => current * packVoltage_V[row]!);
  const slopes_A = awake_W.slice(1).map((power, row) => (power - awake_W[row]!) / (packVoltage_V[row + 1]! - packVoltage_V[row]!));
  const values = {
    STORAGE_CURRENT_A: device.STORAGE_CURRENT_A,
  };
  return [
    ...Object.entries(values).map(([name, value]) => `#define ${name} ((double)${value})`),
    `#define CONSUMPTION_KNOTS ${packVoltage_V.length}`,
    `#define CONSUMPTION_V { ${packVoltage_V.join(', ')} }`,
    `#define CONSUMPTION_W { ${awake_W.join(', ')} }`,
    `#define CONSUMPTION_SLOPE_A { ${slopes_A.join(', ')} }`,
    `#define RECORD_BASE ${RECORD_BASE}`,
    `#define RULE_LANES ${RULE_LANES}`,
    `#define MEASURANDS ${MEASURAND_NAMES.length}`,
    `#define LANES ${LANES_PER_CHUNK}`,
    `#define NODE_VALUES ${PARAMETER_NODE.length}`,
    '',
  ].join('\n');
}

export function layoutHeader(): string {
  return [
    '/* Made by the benchmark from domain/memory.ts and its neighbours. */',
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    constants(),
    enumeration(
      'MEASURAND',
      MEASURAND_NAMES.map((name, index) => [name, index]),
    ),
    enumeration(
      'STATE',
      device.UNIT_STATES.map((name, index) => [name, index]),
    ),
    enumeration(
      'EVENT',
      Object.entries(EVENTS).map(([name, { code }]) => [name, code]),
    ),
    '',
    chunk('Cells', LAYOUT.cellOffsets),
    chunk('Groups', LAYOUT.groupOffsets),
    ...[...LAYOUT.structures].map(([name, placed]) => row(name, placed)),
    memory(),
  ].join('\n');
}
