/**
 * The model beside measurement: a drive cycle that no table was fitted on, and where every shipped cell comes from.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIBRARY_CELLS } from '../../domain/libraryCells.ts';
import { readCell } from '../../domain/scenario/read.ts';
import { inRepository, openRun } from '../scenarios.ts';

const TICK_S = 0.1;
const LOW_SOC = 0.2;
const GATE_V = 0.02;

it('the NCA cell follows a measured highway cycle within 20 mV RMSE above 20 % SOC', async () => {
  const text = readFileSync(inRepository('library/profiles/nca_hwfet_25C.csv'), 'utf8');
  const [header, ...lines] = text.trim().split('\n').map((line) => line.split(',')); // prettier-ignore
  const [time, voltage] = ['time_s', 'voltage_V'].map((name) => header.indexOf(name));
  const rows = lines.map((cells) => ({
    time_s: Number(cells[time]),
    measured_V: cells[voltage] === '' ? undefined : Number(cells[voltage]),
  }));
  const run = await openRun(
    {
      duration_s: rows.at(-1)!.time_s,
      tick_s: TICK_S,
      pack: { series: 1, cell: 'nca18650pf', initialSoc: 1 },
      source: { csv: 'cycle.csv', column: 'current_A', interpolation: 'next' },
    },
    { files: { 'cycle.csv': text } },
  );
  const squares: number[] = [];
  let lowest = 1;
  for (const { time_s, measured_V } of rows) {
    run.advance(Math.round(time_s / TICK_S));
    const soc = run.read('cell.soc[0][0]');
    lowest = Math.min(lowest, soc);
    if (measured_V === undefined || soc < LOW_SOC) continue;
    const error = run.read('cell.voltage_V[0][0]') - measured_V;
    squares.push(error * error);
  }
  expect(run.status).toBe('completed');
  expect(squares.length).toBeGreaterThan(3000);
  expect(lowest).toBeLessThan(LOW_SOC);
  const rmse_V = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  expect(rmse_V).toBeLessThanOrEqual(GATE_V);
  // A flat guess would be far away: the gate asks something of the model.
  expect(rmse_V).toBeGreaterThan(0);
});

describe('every cell of the library', () => {
  it('is in the list of cells, and every cell of the list is there', () => {
    const files = readdirSync(inRepository('library/cells')).map((name) => name.replace('.json', ''));
    expect(files.sort()).toEqual([...LIBRARY_CELLS].sort());
  });

  it.each(LIBRARY_CELLS)('%s is read without complaint and says source, licence and basis', (id) => {
    const cell = readCell(readFileSync(inRepository(`library/cells/${id}.json`), 'utf8'), `${id}.json`);
    expect(cell.source?.length).toBeGreaterThan(20);
    expect(cell.licence?.length).toBeGreaterThanOrEqual(3);
    expect(['measured', 'estimate', 'assumption']).toContain(cell.basis);
    expect(cell.chemistry).toBeDefined();
    if (cell.basis !== 'measured') expect(cell.assumptions?.length).toBeGreaterThan(0);
  });

  it.each(LIBRARY_CELLS)('%s rests, charges and discharges as a cell of its size should', async (id) => {
    const { capacity_Ah, limits } = readCell(readFileSync(inRepository(`library/cells/${id}.json`), 'utf8'), `${id}.json`);
    const source = [
      { constantCurrent_A: -capacity_Ah / 4, from_s: 60, until_s: 660 },
      { constantCurrent_A: capacity_Ah / 4, from_s: 1260, until_s: 1860 },
    ];
    const run = await openRun({ thermal: null, duration_s: 2460, tick_s: 1, pack: { series: 1, cell: id, initialSoc: 0.5 }, source });
    const voltageAt = (tick: number) => {
      run.advance(tick);
      return run.read('cell.voltage_V[0][0]');
    };
    const [rest, discharged, relaxed, charged] = [60, 660, 1260, 1860].map(voltageAt);
    expect(discharged).toBeLessThan(relaxed);
    expect(relaxed).toBeLessThanOrEqual(rest);
    expect(charged).toBeGreaterThan(relaxed);
    expect(discharged).toBeGreaterThan(limits?.minimumVoltage_V ?? 1);
    expect(charged).toBeLessThan(limits?.maximumVoltage_V ?? 4.3);
    run.advance();
    expect(Math.abs(run.read('cell.soc[0][0]') - 0.5)).toBeLessThan(0.002);
    expect(run.events).toEqual([]);
  });
});
