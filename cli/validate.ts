/**
 * `packbench validate`: the model against measurement that no table was fitted on, a cell and a pack.
 * Prints how far it is off and fails where a gate of cli/gates.ts is missed.
 */
import { fileURLToPath } from 'node:url';
import { decodeText, printJson } from '../domain/scenario/json.ts';
import { loadScenario } from '../engine/load.ts';
import { readProfile } from '../engine/profile.ts';
import { Run } from '../engine/run.ts';
import { EXIT, printAnswer } from './answer.ts';
import { errorLine, ErrorSum } from './errorSum.ts';
import { loadKernel, readBytes, readerBeside } from './files.ts';
import { CELL_GATES, type CellGate, PACK_GATES } from './gates.ts';
import { packLines, validatePack } from './validatePack.ts';

const PROFILES = new URL('../library/profiles/', import.meta.url);
const FILE_LIMIT = 1 << 26;

async function validateCell(gate: CellGate) {
  const path = fileURLToPath(new URL(gate.profile, PROFILES));
  const text = decodeText(await readBytes(path, gate.profile, FILE_LIMIT), gate.profile);
  const measured = readProfile(
    text,
    { column: 'voltage_V', timeColumn: 'time_s', quantity: 'current', separator: ',', decimal: '.', blanks: 'interpolate' },
    gate.profile,
  );
  const blank = new Set(
    text
      .split('\n')
      .slice(1)
      .flatMap((line, index) => (line.split(',')[2] === '' ? [index] : [])),
  );
  const scenario = {
    formatVersion: 1,
    name: gate.name,
    duration_s: measured.time_s.at(-1),
    tick_s: gate.tick_s,
    pack: { series: 1, cell: gate.cell, initialSoc: gate.initialSoc },
    source: { csv: gate.profile, column: 'current_A', interpolation: 'next' },
  };
  const run = await Run.open(await loadScenario(printJson(scenario), readerBeside(path)), await loadKernel());
  const voltage = run.channel('cell.voltage_V[0][0]');
  const soc = run.channel('cell.soc[0][0]');
  const above = new ErrorSum();
  const below = new ErrorSum();
  measured.time_s.forEach((time, row) => {
    run.advance(Math.round(time / gate.tick_s));
    if (!blank.has(row)) (run.value(soc) >= gate.fromSoc ? above : below).add(run.value(voltage) - measured.value[row]!);
  });
  return {
    name: gate.name,
    cell: gate.cell,
    profile: gate.profile,
    gate_mV: gate.rmse_V * 1000,
    above20: above.figures,
    below20: below.figures,
    status: above.figures.rmse_mV <= gate.rmse_V * 1000 ? 'pass' : 'fail',
  };
}

type CellValidation = Awaited<ReturnType<typeof validateCell>>;

function cellLines({ name, above20, below20, gate_mV, status }: CellValidation, { fromSoc }: CellGate): string[] {
  const bound = `${fromSoc * 100} % SOC`;
  return [name, errorLine(`${bound} and above`, above20), errorLine(`below ${bound}`, below20), `  gate ${gate_mV} mV: ${status}`];
}

export async function validate(json: boolean): Promise<void> {
  const cells = [];
  for (const gate of CELL_GATES) cells.push(await validateCell(gate));
  const packs = [];
  for (const gate of PACK_GATES) packs.push(await validatePack(gate));
  const results = [...cells, ...packs];
  if (json) printAnswer(results);
  else {
    const lines = [
      ...cells.flatMap((result, index) => cellLines(result, CELL_GATES[index]!)),
      ...packs.flatMap((result, index) => packLines(result, PACK_GATES[index]!)),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  process.exitCode = results.every(({ status }) => status === 'pass') ? EXIT.ok : EXIT.no;
}
