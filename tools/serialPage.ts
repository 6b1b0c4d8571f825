/**
 * Writes docs/serial.md: the frames of the serial output as a page for those who write a client.
 * Tables come from the rows that encoder and decoder follow; `--check` writes nothing and fails where the committed page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  EMPTY_SLOT_NOISE_mV,
  FRAME_NAMES,
  FRAME_START,
  type FrameName,
  FRAMES,
  SEPARATOR,
  WRITE_SPACING_s,
} from '../domain/serialFrames.ts';
import { FRAME_LAYOUTS, type FieldPlace, type FrameLayout } from '../domain/serialLayout.ts';
import { unitOf } from '../domain/quantity.ts';
import { numberWords } from '../domain/scenario/words.ts';

const PAGE = fileURLToPath(new URL('../docs/serial.md', import.meta.url));

const hexadecimal = (value: number) => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
const bytesOf = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

function firmwaresOf({ firmwares }: FrameLayout): string {
  return firmwares.length === 1 ? firmwares[0]! : `${firmwares[0]} to ${firmwares.at(-1)}`;
}

function codingOf({ name, row }: FieldPlace): string {
  if (row.codes !== undefined) return row.codes.map((meaning, code) => `${code} ${meaning}`).join(', ');
  const sign = row.signed === true ? ', signed' : '';
  return `${numberWords(1 / row.perUnit, unitOf(name) ?? 'count')}${sign}`;
}

/** Forms of a frame with the same fields: they differ only in how many cells they carry. */
function formsOf(frame: FrameName): FrameLayout[][] {
  const forms = new Map<string, FrameLayout[]>();
  for (const layout of FRAME_LAYOUTS.filter((one) => one.frame === frame)) {
    const fields = [firmwaresOf(layout), ...layout.places.map(({ name }) => name)].join();
    forms.set(fields, [...(forms.get(fields) ?? []), layout]);
  }
  return [...forms.values()];
}

const entriesOf = ({ places }: FrameLayout) => places.find(({ count }) => count !== undefined)?.count;

/** Offset of a field: a number, or from where it counts behind a list of N entries. */
function offsetOf(place: FieldPlace, { places }: FrameLayout): string {
  const list = places.find(({ count, offset }) => count !== undefined && offset < place.offset);
  return list === undefined ? `${place.offset}` : `${place.offset - list.row.bytes * list.count!} + ${list.row.bytes} N`;
}

/** Most forms whose lengths are listed; more are given by their rule. */
const MOST_LISTED = 3;

function lengthsOf(layouts: readonly FrameLayout[]): string {
  const [first, last] = [layouts[0]!, layouts.at(-1)!];
  const list = first.places.find(({ count }) => count !== undefined);
  if (list === undefined) return hexadecimal(first.bytes);
  if (layouts.length <= MOST_LISTED)
    return layouts.map((layout) => `${hexadecimal(layout.bytes)} (N = ${entriesOf(layout)} ${list.row.each}s)`).join(', ');
  const fixed = first.bytes - list.row.bytes * list.count!;
  return `${fixed} + ${list.row.bytes} N for N = ${list.count} to ${entriesOf(last)} ${list.row.each}s`;
}

function tableOf(layouts: readonly FrameLayout[]): string[] {
  const form = layouts[0]!;
  return [
    `**${firmwaresOf(form)}**, length ${lengthsOf(layouts)}:`,
    '',
    '| offset | bytes | field | coding |',
    '|---|---|---|---|',
    ...form.places.map((place) => {
      const { bytes, order, label } = place.row;
      const size = `${place.count === undefined ? '' : 'N × '}${bytes}${order === undefined ? '' : ` ${order}-endian`}`;
      return `| ${offsetOf(place, form)} | ${size} | ${label} | ${codingOf(place)} |`;
    }),
    '',
  ];
}

function sectionOf(frame: FrameName): string[] {
  const { command, label, every_s } = FRAMES[frame];
  const often = every_s === null ? 'whenever there is a new set; this version estimates none yet' : `every ${every_s} s`;
  return [`## ${hexadecimal(command)} ${label}`, '', `Sent ${often}.`, '', ...formsOf(frame).flatMap(tableOf)];
}

function page(): string {
  return [
    '# The serial output COM3',
    '',
    '<!-- Written by tools/serialPage.ts from domain/serialFrames.ts: change those. -->',
    '',
    'What `packbench serial` sends, for those who write a client. The line only sends: 115200 8N1 on the device, here the same bytes on a TCP port of',
    'the loopback address or on a pseudo-terminal. **[A]** marks an assumption of this project.',
    '',
    `A frame is \`${bytesOf(FRAME_START)}\`, a command byte, the length of the whole frame, the fields, and the sum of all bytes before it modulo 256.`,
    'Every frame is one write. Offsets count from the first byte of the frame. A value is rounded to the nearest step and kept within its field.',
    '',
    `The writes of one second carry the measurement of that second and begin ${WRITE_SPACING_s} s apart **[A]**, in the order of this page. After those of every fifth`,
    `second (0, ${SEPARATOR.every_s}, ${2 * SEPARATOR.every_s} …) **[A]** comes the text \`${SEPARATOR.text.trim()}\` with CR and LF (\`${bytesOf(new TextEncoder().encode(SEPARATOR.text))}\`). Times are simulated: at \`--speed 10\` everything comes ten`,
    'times as often. A unit that is off, asleep, booting or taking a new firmware is silent. After an update the frames are those of the new version.',
    'Faults of the line ([faults.md](faults.md), M1 to M6) change what leaves, the same for every reader.',
    '',
    `Slots without a cell carry noise of 0 to ${EMPTY_SLOT_NOISE_mV} mV, drawn from the run's seed. The energy that is left is the unit's own OCV table integrated up to its`,
    'estimate of the state of charge **[A]**. A status is 1 from the trip of its protection until its release **[A]**. That firmware before V1.22 sends cell',
    'voltages as V1.22 does, and that every firmware sends impedance, is assumed **[A]**.',
    '',
    ...FRAME_NAMES.flatMap(sectionOf),
    '## Receiving',
    '',
    'A receiver may start anywhere and must find its way: look for the start, take command and length, check the sum. The header of a known frame inside',
    'another frame means that the first was cut short. `engine/serial/lineDecoder.ts` does so in constant memory and counts what it could not use.',
    'An 8-bit sum lets one of 256 damaged frames pass, so a client should also look whether values are possible. One that has got no frame for three',
    'seconds should say so, and not go on showing the last values.',
    '',
  ].join('\n');
}

function main(): void {
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page());
  else if (readFileSync(PAGE, 'utf8') !== page()) {
    console.error('docs/serial.md is stale: run npm run layout');
    process.exitCode = 1;
  }
}

main();
