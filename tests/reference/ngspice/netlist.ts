/**
 * A linear pack as an ngspice netlist, a run of ngspice, and what it printed.
 * The netlist is written from the pack's topology alone; it knows nothing of sweeps, ticks or Thevenin sources.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cornersOf, DURATION_s, type LinearCell, type LinearPack } from './randomPack.ts';

/** Both the largest step of ngspice and the step of its output: the middle of every tick of 0.1 s is a row. */
export const OUTPUT_STEP_s = 0.05;
const TIMEOUT_ms = 120_000;

/** Whether `ngspice` can be started. */
export function hasNgspice(): boolean {
  return spawnSync('ngspice', ['--version']).status === 0;
}

/** Runs a netlist in a folder of its own and returns the rows of the file that it writes, the header left out. */
export function runNgspice(netlist: string, output: string): number[][] {
  const folder = mkdtempSync(join(tmpdir(), 'packbench-ngspice-'));
  try {
    writeFileSync(join(folder, 'circuit.cir'), netlist);
    const { status, error, stdout, stderr } = spawnSync('ngspice', ['-b', 'circuit.cir'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: TIMEOUT_ms,
      maxBuffer: 1 << 26,
    });
    // It ends with 0 even when it gave up on the way.
    if (status !== 0 || stdout.includes('aborted') || stderr.includes('aborted'))
      throw new Error(`ngspice ended with ${status ?? error?.message}: ${stdout.slice(-1000)}${stderr.slice(-1000)}`);
    return rowsOf(readFileSync(join(folder, output), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowsOf(text: string): number[][] {
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/).map(Number));
  const bad = rows.find((row) => row.some(Number.isNaN));
  if (rows.length === 0 || bad !== undefined) throw new Error(`ngspice printed what is no number: ${bad?.join(' ') ?? 'nothing'}`);
  return rows;
}

/** Lines of a circuit in which a resistance of 0 makes its two nodes one. */
class Circuit {
  private readonly lines: ((name: (node: string) => string) => string)[] = [];
  private readonly joined = new Map<string, string>();

  private name(node: string): string {
    let found = node;
    while (this.joined.has(found)) found = this.joined.get(found)!;
    return found;
  }

  add(kind: string, nodes: string[], value: string): void {
    this.lines.push((name) => [kind, ...nodes.map(name), value].join(' '));
  }

  resistor(kind: string, a: string, b: string, value_Ohm: number): void {
    if (value_Ohm > 0) this.add(kind, [a, b], String(value_Ohm));
    else this.join(a, b);
  }

  /** Makes `a` and `b` one node, named as `b`. */
  join(a: string, b: string): void {
    const [from, to] = [this.name(a), this.name(b)];
    if (from === to) return;
    if (from === '0') this.joined.set(to, from);
    else this.joined.set(from, to);
  }

  /** The lines, and what a node is called in the end. */
  text(): { lines: string[]; name: (node: string) => string } {
    const name = (node: string) => this.name(node);
    return { lines: this.lines.map((line) => line(name)), name };
  }
}

/** One cell between a node of the plus bar and one of the minus bar; its charge is the voltage of a capacitor. */
function addCell(circuit: Circuit, id: string, plus: string, minus: string, cell: LinearCell, pack: LinearPack): void {
  const node = (name: string) => `${name}${id}`;
  circuit.add(`Cs${id}`, [node('s'), '0'], `${3600 * cell.capacity_Ah} ic=${cell.initialSoc}`);
  circuit.add(`Fs${id}`, [node('s'), '0'], `Vi${id} 1`);
  circuit.resistor(`Rm${id}`, node('m'), minus, cell.tab_Ohm / 2);
  circuit.add(`Vo${id}`, [node('o'), node('m')], String(pack.ocv_V));
  circuit.add(`Es${id}`, [node('e'), node('o'), node('s'), '0'], String(pack.slope_V));
  circuit.resistor(`R0${id}`, node('e'), node('r'), cell.seriesResistance_Ohm);
  let before = node('r');
  cell.rc.forEach(({ resistance_Ohm, timeConstant_s }, index) => {
    const after = node(`q${index}x`);
    circuit.resistor(`Rq${index}x${id}`, before, after, resistance_Ohm);
    circuit.add(`Cq${index}x${id}`, [before, after], `${timeConstant_s / resistance_Ohm} ic=0`);
    before = after;
  });
  circuit.add(`Vi${id}`, [before, node('t')], '0');
  circuit.resistor(`Rp${id}`, node('t'), plus, cell.tab_Ohm / 2);
}

/** The netlist of a pack; it writes `out.txt`: time, group voltages, cell currents (discharge positive), SOC. */
export function netlistOf(pack: LinearPack): string {
  const circuit = new Circuit();
  const last = pack.groups[0]!.length - 1;
  const plus = (group: number, position = 0) => `p${group}x${position}`;
  const minus = (group: number, position = pack.terminals === 'diagonal' ? last : 0) => `n${group}x${position}`;
  const cells = pack.groups.flatMap((cellsOfGroup, group) => cellsOfGroup.map((cell, position) => ({ cell, group, position })));
  circuit.join(minus(0), '0');
  pack.groups.forEach((_, group) => {
    if (group > 0) circuit.resistor(`Rl${group}`, plus(group - 1), minus(group), pack.link_Ohm);
    for (let position = 0; position < last; position++) {
      circuit.resistor(`Ra${group}x${position}`, plus(group, position), plus(group, position + 1), pack.bus_Ohm);
      circuit.resistor(`Rb${group}x${position}`, minus(group, position), minus(group, position + 1), pack.bus_Ohm);
    }
  });
  for (const { cell, group, position } of cells)
    addCell(circuit, `c${group}x${position}`, plus(group, position), minus(group, position), cell, pack);
  const corners = cornersOf(pack).map(([time, current]) => `${time} ${-current}`);
  circuit.add('Iload', [plus(pack.groups.length - 1), '0'], `PWL(${corners.join(' ')})`);
  const { lines, name } = circuit.text();
  const voltage = (node: string) => (name(node) === '0' ? '0*time' : `v(${name(node)})`);
  const currents = cells.map(({ group, position }) => `i(Vic${group}x${position})`);
  const charges = cells.map(({ group, position }) => `v(sc${group}x${position})`);
  const nodes = new Set(pack.groups.flatMap((_, group) => [plus(group), minus(group)].map(name)));
  nodes.delete('0');
  const vectors = [...[...nodes].map((node) => `v(${node})`), ...currents, ...charges];
  return [
    '* linear pack',
    ...lines,
    // Without chgtol, 1e-14 C by default, ngspice takes rounding in a cell's charge for an error and stops with "Timestep too small".
    '.options reltol=1e-5 abstol=1e-9 vntol=1e-8 chgtol=1e-5 method=gear',
    `.tran ${OUTPUT_STEP_s} ${DURATION_s} 0 ${OUTPUT_STEP_s} uic`,
    '.control',
    'set wr_singlescale',
    'set wr_vecnames',
    'option numdgt=11',
    'run',
    `linearize ${vectors.join(' ')}`,
    ...pack.groups.map((_, group) => `let g${group}=${voltage(plus(group))}-${voltage(minus(group))}`),
    `wrdata out.txt ${[...pack.groups.map((_, group) => `g${group}`), ...currents, ...charges].join(' ')}`,
    'quit 0',
    '.endc',
    '.end',
    '',
  ].join('\n');
}
