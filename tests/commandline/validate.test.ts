/**
 * `packbench validate`: what it answers, and that a gate that is missed is an answer of no.
 * The second is asked of a copy of the program beside a library whose measurement was changed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CELL_GATES, PACK_GATES } from '../../cli/gates.ts';
import type { PackValidation } from '../../cli/validatePack.ts';
import { Folder, packbench, ROOT } from './packbench.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const [gate] = PACK_GATES;
const packIn = (stdout: string) => (JSON.parse(stdout) as PackValidation[]).find(({ scenario }) => scenario === gate!.scenario)!;

describe('with the shipped library', () => {
  it('--json has a row for each gate, and every one is passed', async () => {
    const answer = await packbench(['validate', '--json']);
    expect(answer.code).toBe(0);
    const rows = JSON.parse(answer.stdout) as { name: string; status: string }[];
    expect(rows.map(({ name, status }) => ({ name, status }))).toEqual(
      [...CELL_GATES, ...PACK_GATES].map(({ name }) => ({ name, status: 'pass' })),
    );
    const { groups, first, order } = packIn(answer.stdout);
    expect(groups.map(({ group }) => group)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { samples, rmse_mV, maximum_mV } of groups) {
      expect(samples).toBeGreaterThan(800);
      expect(rmse_mV).toBeGreaterThan(0);
      expect(rmse_mV).toBeLessThanOrEqual(gate!.rmse_V * 1000);
      expect(maximum_mV).toBeGreaterThan(rmse_mV);
      expect(maximum_mV).toBeLessThanOrEqual(gate!.maximum_V * 1000);
    }
    expect(first).toEqual({ measured: 0, model: 0 });
    expect(order.model.slice(0, gate!.inOrder)).toEqual(order.measured.slice(0, gate!.inOrder));
  });

  it('in words names the largest errors, who ends first and the order', async () => {
    const { stdout } = await packbench(['validate']);
    expect(stdout).toMatch(/largest: RMSE \d\.\d mV, error \d+\.\d mV/);
    expect(stdout).toContain('ends first: Cell 1, measured Cell 1');
    expect(stdout).toMatch(/order at the measured end: 1, 4, 6, 5, 2, 3, measured 1, 4, 6, 5, 2, 3/);
  });
});

describe('exit code 1 where the measurement says otherwise', () => {
  const program = join(folder.path, 'copy');
  mkdirSync(join(program, 'library'), { recursive: true });
  for (const part of ['dist', 'package.json', 'library/cells', 'library/profiles', 'library/packs'])
    cpSync(join(ROOT, part), join(program, part), { recursive: true, filter: (path) => !path.includes('dist/web') });
  symlinkSync(join(ROOT, 'node_modules'), join(program, 'node_modules'));
  const measured = join(program, 'library/packs', gate!.measured);
  const lines = readFileSync(measured, 'utf8').trimEnd().split('\n');

  function validateWith(change: (row: number[], place: number) => number[]): { code: number | null; pack: PackValidation } {
    const rows = lines.slice(1).map((line, place) => change(line.split(',').map(Number), place).join(','));
    writeFileSync(measured, `${[lines[0], ...rows].join('\n')}\n`);
    const { status, stdout } = spawnSync(process.execPath, ['dist/cli.js', 'validate', '--json'], { cwd: program, encoding: 'utf8' });
    return { code: status, pack: packIn(stdout) };
  }
  const last = lines.length - 2;

  it.each([
    { wrong: 'one group is off by 30 mV', change: ([time, ...v]: number[]) => [time!, v[0]! + 0.03, ...v.slice(1)] },
    {
      wrong: 'one sample is off by 50 mV',
      change: ([time, ...v]: number[], place: number) => [time!, ...v.map((x) => (place === 9 ? x + 0.05 : x))],
    },
    {
      wrong: 'another group stands lowest at the end',
      change: ([time, ...v]: number[], place: number) => [time!, ...v.map((x, group) => (place === last && group === 2 ? 2.5 : x))],
    },
    {
      wrong: 'two of the next four are the other way round',
      change: ([time, ...v]: number[], place: number) => [
        time!,
        ...v.map((_, group) => v[place === last && (group === 3 || group === 5) ? 8 - group : group]!),
      ],
    },
  ])('$wrong', ({ change }) => {
    const { code, pack } = validateWith(change);
    expect(code).toBe(1);
    expect(pack.status).toBe('fail');
  });

  it('and 0 again with the measurement as it was', () => {
    expect(validateWith((row) => row)).toMatchObject({ code: 0, pack: { status: 'pass' } });
  });
});
