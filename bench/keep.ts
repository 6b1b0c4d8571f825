/**
 * Results of a machine as a CSV file of its own under bench/results/, a block of rows for each time; the compiler's report beside it.
 * Kept so that a change of speed can be traced to a date and a version of the tools.
 */
import Papa from 'papaparse';
import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.ts';

const FOLDER = fileURLToPath(new URL('../bench/results/', import.meta.url));
/** Length of an ISO time without its seconds: two blocks of a day can be told apart. */
const MINUTES = 16;
const HEADER = ['date', 'node', 'compiler', 'figure', 'value', 'unit'];

type Row = [figure: string, value: number, unit: string];

function rowsOf({ cases, ratios, seconds, memory }: Figures): Row[] {
  return [
    ...cases.flatMap(({ name, implementation, nsPerCellTick: { min, median } }): Row[] => [
      [`${name}, ${implementation}, min`, min, 'ns per cell-tick'],
      [`${name}, ${implementation}, median`, median, 'ns per cell-tick'],
    ]),
    ...Object.entries(ratios).map(([name, value]): Row => [name, value, 'ratio']),
    ...Object.entries(seconds).map(([name, value]): Row => [name, value, 's']),
    ...Object.entries(memory).map(([name, value]): Row => [`memory, ${name}`, value, 'bytes']),
  ];
}

/** Letters and digits of a name, the rest as single hyphens. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** Appends to the machine's file; returns its path. */
export async function keepFigures(figures: Figures, vectorised: string | undefined): Promise<string> {
  const { cpu, cores, node, platform, compiler } = figures.machine;
  const name = slug(`${cpu} ${cores} cores ${platform}`);
  const file = `${FOLDER}${name}.csv`;
  await mkdir(FOLDER, { recursive: true });
  const isNew = await stat(file).then(
    () => false,
    () => true,
  );
  const date = `${new Date().toISOString().slice(0, MINUTES)}Z`;
  const rows = rowsOf(figures).map(([figure, value, unit]) => [date, node, compiler ?? '', figure, value.toPrecision(6), unit]);
  await appendFile(file, `${Papa.unparse([...(isNew ? [HEADER] : []), ...rows], { newline: '\n' })}\n`);
  if (vectorised !== undefined) await writeFile(`${FOLDER}${name}-vectorised.txt`, vectorised);
  return file;
}
