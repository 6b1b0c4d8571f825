/**
 * `packbench validate`: the model against measurement that no table was fitted on.
 * Prints voltage errors above and below 20 % SOC and fails where the gate is missed.
 */
import { fileURLToPath } from 'node:url';
import { decodeText, printJson } from '../domain/scenario/json.ts';
import { loadScenario } from '../engine/load.ts';
import { readProfile } from '../engine/profile.ts';
import { Run } from '../engine/run.ts';
import { EXIT, printAnswer } from './answer.ts';
import { loadKernel, readBytes, readerBeside } from './files.ts';

const PROFILES = new URL('../library/profiles/', import.meta.url);
const FILE_LIMIT = 1 << 26;

interface Gate {
  name: string;
  cell: string;
  profile: string;
  tick_s: number;
  initialSoc: number;
  /** Largest root mean square error allowed at 20 % SOC and above. */
  rmse_V: number;
}

const GATES: readonly Gate[] = [
  {
    name: 'NCA cell on the measured highway cycle at 25 degC',
    cell: 'nca18650pf',
    profile: 'nca_hwfet_25C.csv',
    tick_s: 0.1,
    initialSoc: 1,
    rmse_V: 0.02,
  },
];
const LOW_SOC = 0.2;

interface Errors {
  samples: number;
  rmse_mV: number;
  maximum_mV: number;
}

class ErrorSum {
  private squares = 0;
  private samples = 0;
  private largest = 0;

  add(error_V: number): void {
    this.squares += error_V * error_V;
    this.samples++;
    this.largest = Math.max(this.largest, Math.abs(error_V));
  }

  get figures(): Errors {
    return { samples: this.samples, rmse_mV: Math.sqrt(this.squares / Math.max(this.samples, 1)) * 1000, maximum_mV: this.largest * 1000 };
  }
}

async function measure(gate: Gate) {
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
    if (!blank.has(row)) (run.value(soc) >= LOW_SOC ? above : below).add(run.value(voltage) - measured.value[row]!);
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

function line(where: string, { samples, rmse_mV, maximum_mV }: Errors): string {
  return `  ${where}: RMSE ${rmse_mV.toFixed(1)} mV, maximum ${maximum_mV.toFixed(1)} mV over ${samples} samples`;
}

export async function validate(json: boolean): Promise<void> {
  const results = [];
  for (const gate of GATES) results.push(await measure(gate));
  if (json) printAnswer(results);
  else {
    for (const result of results) {
      process.stdout.write(
        `${[result.name, line('20 % SOC and above', result.above20), line('below 20 % SOC', result.below20), `  gate ${result.gate_mV} mV: ${result.status}`].join('\n')}\n`,
      );
    }
  }
  process.exitCode = results.every(({ status }) => status === 'pass') ? EXIT.ok : EXIT.no;
}
