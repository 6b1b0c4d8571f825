/**
 * Commands that only read: `check`, `schema`, `cells` and `faults`.
 * They run nothing and answer from the tables and the files.
 */
import { LIBRARY_CELLS } from '../domain/libraryCells.ts';
import { InputError, shown } from '../domain/errors.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import { FAULT_NAMES, FAULT_TITLES } from '../domain/faults/titles.ts';
import { UNITS } from '../domain/quantity.ts';
import { decodeText } from '../domain/scenario/json.ts';
import { readCell } from '../domain/scenario/read.ts';
import { jsonSchemaOf, SCHEMA_NAMES, type SchemaName } from '../domain/scenario/jsonSchema.ts';
import { checkDesign } from '../engine/designCheck.ts';
import { compile } from '../engine/compile.ts';
import { EXIT, printAnswer } from './answer.ts';
import { loadKernel, readerBeside, withScenario } from './files.ts';

/** `check FILE`: everything that reading and compiling finds, then the design check. */
export async function checkFile(file: string, json: boolean): Promise<void> {
  const loaded = await withScenario(file, {}, async (checked) => {
    await compile(checked, await loadKernel());
    return checked;
  });
  const findings = checkDesign(loaded);
  const ok = !findings.some((finding) => finding.severity === 'problem');
  if (json) printAnswer({ ok, scenarioHash: loaded.hash, findings });
  else {
    const lines = findings.map(
      ({ severity, path, message, faq }) => `${severity.padEnd(8)} ${path}: ${message}${faq.length > 0 ? ` (FAQ ${faq.join(', ')})` : ''}`,
    );
    process.stdout.write(`${[...lines, ok ? `${file}: no problem found` : `${file}: will not work as designed`].join('\n')}\n`);
  }
  process.exitCode = ok ? EXIT.ok : EXIT.no;
}

/** `schema [NAME]`: JSON Schema of what a file may hold. */
export function printSchema(name: string): void {
  if (!(SCHEMA_NAMES as string[]).includes(name))
    throw new InputError({ code: 'argument', value: name, message: `there is no schema ${shown(name)}`, allowed: SCHEMA_NAMES.join(', ') });
  printAnswer(jsonSchemaOf(name as SchemaName));
}

/** `cells`: the library with sources, licences and what is assumed. */
export async function printCells(json: boolean): Promise<void> {
  const reader = readerBeside('.');
  const cells = await Promise.all(
    LIBRARY_CELLS.map(async (id) => {
      const cell = readCell(decodeText(await reader.libraryCell(id), id), id);
      const { name, chemistry, basis, capacity_Ah, source, licence, assumptions } = cell;
      return { id, name, chemistry, basis, capacity_Ah, source, licence, assumptions };
    }),
  );
  if (json) printAnswer(cells);
  else
    process.stdout.write(
      `${cells.map((cell) => `${cell.id.padEnd(12)} ${String(cell.capacity_Ah).padStart(6)} Ah  ${cell.chemistry}  ${(cell.basis ?? '').padEnd(10)} ${cell.name}`).join('\n')}\n`,
    );
}

/** `faults`: the catalogue, a row a fault. */
export function printFaults(json: boolean): void {
  const rows = FAULT_NAMES.map((id) => {
    const { effects: _, ...facts } = faultRow(id);
    return { id, label: FAULT_TITLES[id], ...facts };
  });
  if (json) {
    printAnswer(rows);
    return;
  }
  const lines = rows.map(({ id, catalogue, label, target, severity, detectable }) => {
    const range =
      severity === undefined ? '' : `  ${severity.min} to ${severity.max} ${UNITS[severity.unit]}, ${severity.default} by default`;
    return `${catalogue.padEnd(4)} ${id.padEnd(24)} ${target.padEnd(13)} ${label}${range}${detectable ? '' : '  (not detectable)'}`;
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}
