/**
 * A pack against the measured voltages of its groups: how far each is off, which ends first and in which order the next stand.
 * Order and first group of the measurement are read from its last row; nothing of them is written here.
 */
import { fileURLToPath } from 'node:url';
import { decodeText } from '../domain/scenario/json.ts';
import { loadScenario } from '../engine/load.ts';
import { readRows } from '../engine/profile.ts';
import { Run } from '../engine/run.ts';
import { errorLine, type Errors, ErrorSum } from './errorSum.ts';
import { loadKernel, readBytes, readerBeside } from './files.ts';
import type { PackGate } from './gates.ts';

const PACKS = new URL('../library/packs/', import.meta.url);
const FILE_LIMIT = 1 << 26;

interface Measured {
  time_s: Float64Array;
  /** Voltages of each group at these times. */
  voltage_V: Float64Array[];
}

export interface PackValidation {
  name: string;
  scenario: string;
  gate: { rmse_mV: number; maximum_mV: number };
  groups: ({ group: number } & Errors)[];
  /** Group that ends the discharge; null where none does. */
  first: { measured: number; model: number | null };
  /** Lowest voltage first, at the measured end. */
  order: { measured: number[]; model: number[] };
  status: 'pass' | 'fail';
}

async function readPack(file: string): Promise<string> {
  return decodeText(await readBytes(fileURLToPath(new URL(file, PACKS)), file, FILE_LIMIT), file);
}

function measuredOf(text: string, file: string, groups: readonly number[]): Measured {
  const columns = groups.map((group) =>
    readRows(text, { column: `group${group}_V`, timeColumn: 'time_s', separator: ',', decimal: '.', blanks: 'refuse' }, file),
  );
  return { time_s: columns[0]!.time_s, voltage_V: columns.map(({ value }) => value) };
}

function lowestFirst(voltage_V: readonly number[]): number[] {
  return voltage_V.map((_, group) => group).toSorted((a, b) => voltage_V[a]! - voltage_V[b]!);
}

/** Goes on until a group is empty; null where the run ends before. */
function firstEmpty(run: Run, voltages: () => number[], empty_V: number): number | null {
  while (run.status === 'running' && Math.min(...voltages()) > empty_V) run.advance(run.tick + 1);
  const [lowest] = lowestFirst(voltages());
  return voltages()[lowest!]! <= empty_V ? lowest! : null;
}

export async function validatePack(gate: PackGate): Promise<PackValidation> {
  const path = fileURLToPath(new URL(gate.scenario, PACKS));
  const run = await Run.open(await loadScenario(await readPack(gate.scenario), readerBeside(path)), await loadKernel());
  const { pack, tick_s } = run.loaded.scenario;
  const groups = Array.from({ length: pack.series }, (_, group) => group);
  const channels = groups.map((group) => ({
    voltage: run.channel(`group.voltage_V[${group}]`),
    soc: run.channel(`cell.soc[${group}][0]`),
    errors: new ErrorSum(),
  }));
  const voltages = () => channels.map(({ voltage }) => run.value(voltage));
  const measured = measuredOf(await readPack(gate.measured), gate.measured, groups);
  measured.time_s.forEach((time, row) => {
    run.advance(Math.round(time / tick_s));
    channels.forEach(({ voltage, soc, errors }, group) => {
      if (run.value(soc) >= gate.fromSoc) errors.add(run.value(voltage) - measured.voltage_V[group]![row]!);
    });
  });
  const order = { measured: lowestFirst(measured.voltage_V.map((values) => values.at(-1)!)), model: lowestFirst(voltages()) };
  const first = { measured: order.measured[0]!, model: firstEmpty(run, voltages, gate.empty_V) };
  const result = {
    name: gate.name,
    scenario: gate.scenario,
    gate: { rmse_mV: gate.rmse_V * 1000, maximum_mV: gate.maximum_V * 1000 },
    groups: channels.map(({ errors }, group) => ({ group, ...errors.figures })),
    first,
    order,
  };
  return { ...result, status: holds(result, gate.inOrder) ? 'pass' : 'fail' };
}

/** A group without a single sample proves nothing. */
function holds({ gate, groups, first, order }: Omit<PackValidation, 'status'>, inOrder: number): boolean {
  const close = groups.every(({ samples, rmse_mV, maximum_mV }) => samples > 0 && rmse_mV <= gate.rmse_mV && maximum_mV <= gate.maximum_mV);
  const ordered = order.measured.slice(0, inOrder).every((group, place) => order.model[place] === group);
  return close && ordered && first.model === first.measured;
}

const cellText = (group: number | null) => (group === null ? 'none' : `Cell ${group + 1}`);
const orderText = (order: readonly number[]) => order.map((group) => group + 1).join(', ');

export function packLines({ name, gate, groups, first, order, status }: PackValidation, { fromSoc }: PackGate): string[] {
  const worst = groups.reduce((most, one) => (one.rmse_mV > most.rmse_mV ? one : most));
  const where = `${fromSoc * 100} % SOC and above`;
  return [
    name,
    ...groups.map(({ group, ...errors }) => errorLine(`${cellText(group)}, ${where}`, errors)),
    `  largest: RMSE ${worst.rmse_mV.toFixed(1)} mV, error ${Math.max(...groups.map(({ maximum_mV }) => maximum_mV)).toFixed(1)} mV`,
    `  ends first: ${cellText(first.model)}, measured ${cellText(first.measured)}`,
    `  order at the measured end: ${orderText(order.model)}, measured ${orderText(order.measured)}`,
    `  gate ${gate.rmse_mV} mV and ${gate.maximum_mV} mV: ${status}`,
  ];
}
