/**
 * The CSV of a run: its header, its digits, its rows, and that it is there whole or not at all.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import type { RunResult } from '../../engine/result.ts';
import { bench } from '../firmware/bench.ts';
import { allowed_ms, columnsOf, Folder, packbench, start } from './packbench.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const lively: ScenarioFile = {
  ...bench({ scenario: { duration_s: 10, tick_s: 0.1, source: { constantCurrent_A: -1 / 3 } } }),
  cells: {
    mine: { capacity_Ah: 5, ocv: { soc: [0, 0.05, 1], voltage_V: [3.0, 3.3, 4.19] }, seriesResistance_Ohm: 0.0213 },
  },
  pack: { series: 4, cell: 'mine', initialSoc: 0.6 },
};
const file = folder.scenario('lively.json', lively);
const out = (name: string) => join(folder.path, name);

async function rowsOf(name: string, args: string[]): Promise<string[][]> {
  const answer = await packbench(['run', file, '--json', '--csv', out(name), ...args]);
  expect([answer.code, answer.stderr]).toEqual([0, '']);
  return folder
    .read(name)
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','));
}

it('the header names the channels as asked, and every row has as many cells', async () => {
  const channels = 'time_s,pack.current_A,cell.voltage_V[2][0],relay.closed[1],measuredCell.voltage_V[3],estimate.soc';
  const [header, ...rows] = await rowsOf('header.csv', ['--channels', channels]);
  expect(header!.join(',')).toBe(channels);
  expect(rows).toHaveLength(101);
  for (const row of rows) expect(row).toHaveLength(6);
});

it('a name without its indices means all of them; all documented channels exist', async () => {
  const documented = [
    ...[
      'time_s',
      'pack.current_A',
      'pack.voltage_V',
      'group.voltage_V',
      'cell.current_A',
      'cell.voltage_V',
      'cell.soc',
      'cell.temperature_degC',
    ],
    ...['afe.voltage_V', 'measuredCell.voltage_V', 'measured.current_A', 'measured.temperature_degC', 'estimate.soc', 'bleed.current_A'],
    ...['relay.closed', 'relay.coilVoltage_V', 'bus.voltage_V'],
  ];
  const [header] = await rowsOf('all.csv', ['--channels', documented.join(','), '--every', '100']);
  for (const name of [
    ...[
      'time_s',
      'pack.current_A',
      'group.voltage_V[3]',
      'cell.current_A[0][0]',
      'cell.voltage_V[3][0]',
      'afe.voltage_V[2]',
      'bus.voltage_V',
    ],
    ...['measured.temperature_degC[1]', 'relay.closed[0]', 'relay.coilVoltage_V[1]', 'bleed.current_A[3]', 'estimate.soc'],
  ])
    expect(header).toContain(name);
});

it('numbers have 17 significant digits: read back they are the same doubles', async () => {
  const [header, ...rows] = await rowsOf('digits.csv', ['--channels', 'time_s,pack.current_A,cell.voltage_V,cell.soc']);
  const current = header!.indexOf('pack.current_A');
  expect(rows.at(-1)![current]).toBe((-1 / 3).toPrecision(17));
  for (const cell of rows.flat()) {
    if (/^-?\d+$/.test(cell)) continue;
    expect(Number(cell).toPrecision(17)).toBe(cell);
  }
});

describe('a row at time 0 and at the end of every N-th tick', () => {
  it.each([
    [1, 101, 10],
    [7, 15, 9.8],
    [10, 11, 10],
    [100, 2, 10],
    [1000, 1, 0],
  ])('--every %i: %i rows, the last at %f s', async (every, count, last_s) => {
    const rows = (await rowsOf(`every${every}.csv`, ['--channels', 'time_s', '--every', String(every)]))
      .slice(1)
      .map(([time]) => Number(time));
    expect(rows).toHaveLength(count);
    expect(rows[0]).toBe(0);
    expect(rows.at(-1)).toBeCloseTo(last_s, 12);
    rows.forEach((time, index) => expect(time).toBe(index * every * 0.1));
  });

  it('the rows do not depend on N: the run is the same', async () => {
    const [fine, coarse] = [out('fine.csv'), out('coarse.csv')];
    const answers = await Promise.all([
      packbench(['run', file, '--json', '--csv', fine, '--channels', 'time_s,cell.voltage_V', '--every', '1']),
      packbench(['run', file, '--json', '--csv', coarse, '--channels', 'time_s,cell.voltage_V', '--every', '10']),
    ]);
    expect((JSON.parse(answers[0].stdout) as RunResult).resultHash).toBe((JSON.parse(answers[1].stdout) as RunResult).resultHash);
    const every = folder.read('fine.csv').trimEnd().split('\n').slice(1);
    const tenth = folder.read('coarse.csv').trimEnd().split('\n').slice(1);
    expect(tenth).toEqual(every.filter((_, index) => index % 10 === 0));
  });

  it('row 0 is the network solved at the start: the current already flows', async () => {
    await rowsOf('zero.csv', ['--channels', 'time_s,pack.current_A,cell.voltage_V[0][0],cell.soc[0][0]']);
    const columns = columnsOf(folder.read('zero.csv'));
    expect(columns['pack.current_A']![0]).toBe(-1 / 3);
    expect(columns['cell.soc[0][0]']![0]).toBe(0.6);
    expect(columns['cell.voltage_V[0][0]']![0]).toBeCloseTo(3.3 + (0.55 / 0.95) * 0.89 - 0.0213 / 3, 12);
  });
});

it('an older file is replaced when the run is done, and stays when the run is refused', async () => {
  writeFileSync(out('old.csv'), 'old');
  const refused = await packbench(['run', file, '--json', '--csv', out('old.csv'), '--channels', 'pack.amps']);
  expect([refused.code, folder.read('old.csv')]).toEqual([2, 'old']);
  await rowsOf('old.csv', ['--channels', 'time_s']);
  expect(folder.read('old.csv').startsWith('time_s\n0\n')).toBe(true);
});

it('--until and --csv: the rows end where the run does', async () => {
  // The cells rest above Over charge P: the first sample at 1 s, the trip at 6 s, after 60 ticks.
  const rows = await rowsOf('until.csv', ['--channels', 'time_s', '--until', 'overCharge']);
  expect(rows).toHaveLength(1 + 61);
  expect(Number(rows.at(-1)![0])).toBeCloseTo(6, 12);
});

describe('Ctrl-C', () => {
  const long = { ...lively, duration_s: 3e7 };

  it.each([
    ['while it computes', []],
    ['while it writes a CSV', ['--csv', 'stopped.csv', '--channels', 'cell.voltage_V']],
  ])('%s: exit code 130 within a second, one value, and no half file', async (_what, more) => {
    const place = new Folder();
    try {
      const longest_ms = await allowed_ms(1000);
      const { child, answer } = start(['run', place.scenario('long.json', long), '--json', ...more], place.path);
      // It tells how far it has come.
      await once(child.stderr!, 'data');
      const pressed = performance.now();
      child.kill('SIGINT');
      const ended = await answer;
      expect(performance.now() - pressed).toBeLessThan(longest_ms);
      expect(ended.code).toBe(130);
      expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'cancelled' });
      expect(place.names()).toEqual(['long.json']);
    } finally {
      place.remove();
    }
  });

  it('progress goes to standard error alone', async () => {
    const { child, answer } = start(['run', folder.scenario('long.json', long)]);
    await once(child.stderr!, 'data');
    child.kill('SIGINT');
    const ended = await answer;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/simulated \d+ s/);
    expect(ended.stdout).not.toMatch(/simulated \d+ s/);
  });
});
