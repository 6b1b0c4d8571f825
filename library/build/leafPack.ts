/**
 * The aged pack of three Nissan Leaf modules as a scenario: one capacity and one resistance factor a group, found on the 1C discharge.
 * It is separate from the cells because it is the only pack; the 0.3C discharge gives it start voltages and the current, and is otherwise held out.
 */
import { at, type Cell, scaled, type Table } from './cell.ts';
import { leafCell } from './leafCell.ts';
import { NormalEquations } from './leastSquares.ts';
import { socAt } from './openCircuit.ts';
import { numbers, readColumns, type Series } from './series.ts';
import { simulate } from './simulate.ts';
import { jsonText, rounded, roundedCell } from './write.ts';

const GROUPS = 6;
const PARALLEL = 2;
const CELL_FILE = 'leaf_33ah.json';
const LOAD_FILE = 'leaf_6s_dis_0p3c.csv';
const MEASURED_FILE = 'leaf_6s_measured.csv';

/** Time between rows of the measured group voltages; each is a row of the source, none is interpolated. */
const MEASURED_STEP_S = 10;

interface Discharge {
  /** One cell's share of the current with the voltage of its group, a series a group. */
  groups: Series[];
  timeText: string[];
  currentText: string[];
  voltageText: string[][];
}

interface GroupFit {
  capacityAh: number;
  resistanceRatio: number;
}

function readDischarge(name: string): Discharge {
  const columns = readColumns(`pack_leaf_6s_65ah/${name}`);
  const timeS = numbers(columns, 'time_s');
  const currentA = numbers(columns, 'current_A').map((current) => current / PARALLEL);
  const names = Array.from({ length: GROUPS }, (_, group) => `cell${group + 1}_V`);
  const temperatureDegC = new Float64Array(timeS.length).fill(25);
  return {
    groups: names.map((column) => ({
      name: `${name} ${column}`,
      count: timeS.length,
      timeS,
      currentA,
      voltageV: numbers(columns, column),
      temperatureDegC,
    })),
    timeText: columns.get('time_s')!,
    currentText: columns.get('current_A')!,
    voltageText: names.map((column) => columns.get(column)!),
  };
}

/** The cell with another capacity and all its resistances multiplied. */
function aged(cell: Cell, { capacityAh, resistanceRatio }: GroupFit): Cell {
  return {
    ...cell,
    capacity_Ah: capacityAh,
    seriesResistance_Ohm: scaled(cell.seriesResistance_Ohm as Table, resistanceRatio),
    rc: cell.rc.map((pair) => ({ ...pair, resistance_Ohm: scaled(pair.resistance_Ohm, resistanceRatio) })) as Cell['rc'],
  };
}

/** SOC at which the cell's OCV equals the voltage before the load came on. */
function startSoc(cell: Cell, series: Series): number {
  return socAt({ soc: cell.ocv.soc, value: cell.ocv.voltage_V }, series.voltageV[0]);
}

/** Capacity and resistance that follow a group's voltage best in the least-squares sense over time (Gauss-Newton, derivatives by differences). */
function fitGroup(cell: Cell, series: Series): GroupFit {
  const soc = startSoc(cell, series);
  const voltage = (trial: GroupFit) => simulate(aged(cell, trial), series, { soc, temperatureDegC: 25 }).voltageV;
  const step = 1e-4;
  let best: GroupFit = { capacityAh: cell.capacity_Ah, resistanceRatio: 1 };
  for (let round = 0; round < 12; round++) {
    const here = voltage(best);
    const more = voltage({ ...best, capacityAh: best.capacityAh * (1 + step) });
    const stiffer = voltage({ ...best, resistanceRatio: best.resistanceRatio * (1 + step) });
    const equations = new NormalEquations(2);
    const index = Int32Array.of(0, 1);
    for (let k = 1; k < series.count; k++) {
      const slope = Float64Array.of((more[k] - here[k]) / step, (stiffer[k] - here[k]) / step);
      equations.add(index, slope, 2, series.voltageV[k] - here[k], series.timeS[k] - series.timeS[k - 1]);
    }
    const [capacity, resistance] = equations.solve(Float64Array.of(-Infinity, -Infinity));
    best = { capacityAh: best.capacityAh * (1 + capacity), resistanceRatio: best.resistanceRatio * (1 + resistance) };
  }
  return best;
}

/** What sets both cells of a group apart from the cell file. */
function overridesOf(cell: Cell, group: number, { capacityAh, resistanceRatio }: GroupFit, soc: number) {
  const ohm = (table: Table) => rounded(at(table, 0.5, 25) * resistanceRatio, 4);
  return Array.from({ length: PARALLEL }, (_, position) => ({
    group,
    position,
    capacity_Ah: rounded(capacityAh, 4),
    seriesResistance_Ohm: ohm(cell.seriesResistance_Ohm as Table),
    initialSoc: rounded(soc, 4),
    rc: cell.rc.map((pair) => ({ resistance_Ohm: ohm(pair.resistance_Ohm) })),
  }));
}

function scenarioOf(cell: Cell, fits: GroupFit[], held: Discharge): object {
  const end_s = Number(held.timeText.at(-1));
  return {
    formatVersion: 1,
    name: 'Aged Nissan Leaf modules, 6S2P, discharged at 0.3C',
    description:
      'Three modules of a used Nissan Leaf in series (65 Ah when new, 55 Ah measured) follow the measured 0.3C discharge. The cell is a measured one (pulses at 25 degC). One capacity and one factor on all resistances a group were found on the 1C discharge of the same pack, each with its start SOC from the voltage before the load; of the 0.3C discharge only the voltages before the load are used, for the start SOC. After the measured end the same current goes on until the first group is below 3.0 V.',
    duration_s: 10_500,
    tick_s: 0.1,
    ambient_degC: 25,
    pack: {
      series: GROUPS,
      parallel: PARALLEL,
      cell: CELL_FILE,
      overrides: fits.flatMap((found, group) => overridesOf(cell, group, found, startSoc(cell, held.groups[group]))),
    },
    thermal: null,
    source: [
      { csv: LOAD_FILE, column: 'current_A', interpolation: 'next', until_s: end_s },
      { constantCurrent_A: Number(held.currentText.at(-1)), from_s: end_s },
    ],
    expect: [
      { channel: 'group.voltage_V[0]', atMost: 3, within_s: [10_500, 10_500] },
      ...Array.from({ length: GROUPS - 1 }, (_, k) => ({ channel: `group.voltage_V[${k + 1}]`, atLeast: 3 })),
    ],
  };
}

function loadCsv({ timeText, currentText }: Discharge): string {
  return `time_s,current_A\n${timeText.map((time, k) => `${time},${currentText[k]}`).join('\n')}\n`;
}

function measuredCsv({ timeText, voltageText }: Discharge): string {
  const lines = [`time_s,${voltageText.map((_, group) => `group${group}_V`).join(',')}`];
  let next = 0;
  timeText.forEach((time, k) => {
    if (Number(time) < next && k + 1 < timeText.length) return;
    lines.push([time, ...voltageText.map((column) => column[k])].join(','));
    next = Number(time) + MEASURED_STEP_S;
  });
  return `${lines.join('\n')}\n`;
}

/** File name and text of everything in `library/packs/` that is computed. */
export function leafFiles(): { file: string; text: string }[] {
  const cell = roundedCell(leafCell());
  const fits = readDischarge('dis_1p0c').groups.map((series) => fitGroup(cell, series));
  const held = readDischarge('dis_0p3c');
  return [
    { file: CELL_FILE, text: `${jsonText(cell)}\n` },
    { file: 'leaf_6s.json', text: `${jsonText(scenarioOf(cell, fits, held))}\n` },
    { file: LOAD_FILE, text: loadCsv(held) },
    { file: MEASURED_FILE, text: measuredCsv(held) },
  ];
}
