/**
 * Prints how closely each library cell, as stored on disk, follows measured runs: `npx tsx library/build/report.ts`.
 * A held-out run was not read by any voltage fit; the others were, and say only how well the model can follow what it has seen.
 */
import { readFileSync } from 'node:fs';
import type { Cell } from './cell.ts';
import { readSeries, rows, type Series } from './series.ts';
import { misfit, simulate, type Start } from './simulate.ts';
import { socAt } from './openCircuit.ts';

interface Row {
  cell: string;
  run: string;
  heldOut: boolean;
  temperature: Start['temperatureDegC'];
  ambientDegC?: number;
  hysteresisV?: number;
  /** Start at the SOC of the first measured voltage, for cells that were charged in the cold. */
  startByVoltage?: boolean;
  /** Only the discharge and the rest after it. */
  dischargeOnly?: boolean;
}

const nca = 'nca_panasonic_ncr18650pf';
const k2 = 'lfp_k2_26650';
const about = 'lfp_aboutenergy_18650_2ah';
const q30 = 'nmc_samsung_30q';
const m50 = 'nmc_lgm50_multicell';

const table: Row[] = [
  { cell: 'nca18650pf', run: `${nca}/25C_hwfet`, heldOut: true, temperature: 25 },
  { cell: 'nca18650pf', run: `${nca}/25C_hwfet`, heldOut: true, temperature: 'model' },
  { cell: 'nca18650pf', run: `${nca}/25C_hwfet`, heldOut: true, temperature: 'measured' },
  { cell: 'nca18650pf', run: `${nca}/25C_cycle1`, heldOut: false, temperature: 'measured' },
  { cell: 'nca18650pf', run: `${nca}/25C_nn`, heldOut: false, temperature: 'measured' },
  { cell: 'nca18650pf', run: `${nca}/25C_dis1c_new`, heldOut: false, temperature: 'measured' },
  { cell: 'nca18650pf', run: `${nca}/10C_cycle1`, heldOut: false, temperature: 'measured' },
  { cell: 'nca18650pf', run: `${nca}/00C_cycle1`, heldOut: false, temperature: 'measured' },
  { cell: 'lfp26650', run: `${k2}/20C_dis1c`, heldOut: true, temperature: 'measured', hysteresisV: 0.02 },
  { cell: 'lfp26650', run: `${k2}/40C_dis1c`, heldOut: true, temperature: 'measured', hysteresisV: 0.02 },
  { cell: 'lfp26650', run: `${k2}/20C_hppc_1hz`, heldOut: false, temperature: 'measured', hysteresisV: 0.02 },
  { cell: 'lfp18650', run: `${about}/25C_dis_c2`, heldOut: true, temperature: 25, hysteresisV: 0.03 },
  { cell: 'lfp18650', run: `${about}/25C_dis_1c`, heldOut: false, temperature: 25, hysteresisV: 0.03 },
  { cell: 'nmc18650', run: `${q30}/S001_rt_dis_3c`, heldOut: true, temperature: 'measured' },
  { cell: 'nmc18650', run: `${q30}/S001_rt_dis_3c`, heldOut: true, temperature: 'model', ambientDegC: 23 },
  { cell: 'nmc18650', run: `${q30}/S001_rt_dis_1c`, heldOut: false, temperature: 'measured' },
  { cell: 'nmc21700', run: `${m50}/25C_dis_1c`, heldOut: true, temperature: 'measured', dischargeOnly: true },
  { cell: 'nmc21700', run: `${m50}/25C_dis_2c`, heldOut: true, temperature: 'measured', dischargeOnly: true },
  { cell: 'nmc21700', run: `${m50}/25C_dis_1c`, heldOut: true, temperature: 'measured' },
  { cell: 'nmc21700', run: `${m50}/0C_dis_1c`, heldOut: true, temperature: 'measured', startByVoltage: true, dischargeOnly: true },
];

function seriesOf(row: Row): Series {
  const series = readSeries(row.run);
  if (!row.dischargeOnly) return series;
  const charging = series.currentA.findIndex((current) => current > 0.05);
  return charging < 0 ? series : rows(series, 0, charging);
}

/** Root-mean-square difference between simulated and measured case temperature. */
function temperatureMisfitK(series: Series, simulatedDegC: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < series.count; k++) sum += (simulatedDegC[k] - series.temperatureDegC[k]) ** 2;
  return Math.sqrt(sum / series.count);
}

const milli = (volts: number, count: number) => (count > 0 ? (volts * 1000).toFixed(1) : '-').padStart(7);

console.log(
  'cell        run                                        held out  temperature  |  20 % SOC and above: RMSE mV  max mV  |  below 20 %: RMSE mV  max mV',
);
for (const row of table) {
  const cell = JSON.parse(readFileSync(new URL(`../cells/${row.cell}.json`, import.meta.url), 'utf8')) as Cell;
  const series = seriesOf(row);
  const soc = row.startByVoltage ? socAt({ soc: cell.ocv.soc, value: cell.ocv.voltage_V }, series.voltageV[0]) : 1;
  const trace = simulate(cell, series, {
    soc,
    hysteresisV: row.hysteresisV,
    temperatureDegC: row.temperature,
    ambientDegC: row.ambientDegC,
  });
  const above = misfit(series, trace, 0.2);
  const below = misfit(series, trace, -1, 0.2);
  const name = row.run.slice(row.run.indexOf('/') + 1) + (row.dischargeOnly ? ', discharge' : '');
  const temperature = typeof row.temperature === 'number' ? `${row.temperature} degC` : row.temperature;
  const heat = row.temperature === 'model' ? `  temperature RMSE ${temperatureMisfitK(series, trace.temperatureDegC).toFixed(2)} K` : '';
  console.log(
    `${row.cell.padEnd(11)} ${name.padEnd(42)} ${(row.heldOut ? 'yes' : 'no').padEnd(9)} ${temperature.padEnd(12)} | ${milli(above.rmseV, above.count)} ${milli(above.maximumV, above.count)} | ${milli(below.rmseV, below.count)} ${milli(below.maximumV, below.count)}${heat}`,
  );
}
