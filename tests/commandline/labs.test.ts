/**
 * `packbench labs` through the built command line: the list, single labs, a lab that fails, and a clause that is none.
 */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FAQ_CLAUSES } from '../../domain/faqClauses.ts';
import { printJson, readJson } from '../../domain/scenario/json.ts';
import { type Lab, labWithout } from '../../domain/scenario/lab.ts';
import { type BadInput, Folder, packbench, ROOT } from './packbench.ts';

interface LabAnswer {
  clause: string;
  title: string;
  status: string;
  evidence: { what: string; value: number | null; unit: string; expected: string; status: string }[];
}

describe('the list', () => {
  it('has every clause with its title and what the FAQ is about', async () => {
    const { code, stdout } = await packbench(['labs', '--json']);
    expect(code).toBe(0);
    const labs = JSON.parse(stdout) as Record<string, string>[];
    expect(labs.map(({ clause }) => clause)).toEqual(FAQ_CLAUSES);
    for (const lab of labs) {
      expect(Object.keys(lab)).toEqual(['clause', 'title', 'faq']);
      expect(lab['title']!.length).toBeGreaterThan(10);
      expect(lab['faq']!.length).toBeGreaterThan(lab['title']!.length);
    }
  });

  it('is a line a lab for people', async () => {
    const { stdout } = await packbench(['labs']);
    expect(stdout.trimEnd().split('\n').map((line) => line.split(/\s/)[0])).toEqual(FAQ_CLAUSES); // prettier-ignore
  });
});

describe('run', () => {
  it('all of them: one answer each, in order, all pass', async () => {
    const { code, stdout } = await packbench(['labs', 'run', '--json']);
    const answers = JSON.parse(stdout) as LabAnswer[];
    expect(answers.map(({ clause, status }) => `${clause} ${status}`)).toEqual(FAQ_CLAUSES.map((clause) => `${clause} pass`));
    expect(code).toBe(0);
  });

  it('those that are named, with evidence in words for people', async () => {
    const { code, stdout } = await packbench(['labs', 'run', '9d', '2a', '--json']);
    expect(code).toBe(0);
    const answers = JSON.parse(stdout) as LabAnswer[];
    expect(answers.map(({ clause }) => clause)).toEqual(['9d', '2a']);
    expect(answers[1]!.evidence).toContainEqual({
      what: 'Cell 5 on the LCD from 65 s to 150 s',
      value: 3.267,
      unit: 'V',
      expected: '3.264 V to 3.27 V',
      status: 'pass',
    });
  });

  it('as text for people', async () => {
    const { code, stdout } = await packbench(['labs', 'run', '6e']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pass {2}6e {3}A bleed/);
    expect(stdout).toContain('Ohmmeter at the balance port of Cell 5, battery disconnected at 80000 s: 9.999 Ω (expected: 0 Ω to 10 Ω)');
    expect(stdout).toMatch(/1 lab passes\n$/);
  });

  it.each([
    ['labs', 'run', '12a'],
    ['labs', 'run', '2a', '../../package'],
    ['labs', 'run', '2A'],
  ])('%s %s %s: bad input', async (...args) => {
    const { code, stdout } = await packbench([...args, '--json']);
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout) as { error: BadInput };
    expect(error).toMatchObject({ code: 'argument', value: args.at(-1) });
    expect(error.allowed).toBe(FAQ_CLAUSES.join(', '));
  });
});

describe('a lab that fails', () => {
  const folder = new Folder();
  afterAll(() => folder.remove());

  it('is told by exit code 1, its status and the evidence that is off', () => {
    const isPage = (path: string) => basename(path) === 'web' || basename(path) === '.stamp';
    cpSync(join(ROOT, 'dist'), join(folder.path, 'dist'), { recursive: true, filter: (path) => !isPage(path) });
    cpSync(join(ROOT, 'scenarios/labs'), join(folder.path, 'scenarios/labs'), { recursive: true });
    for (const shared of ['library', 'node_modules', 'package.json']) symlinkSync(join(ROOT, shared), join(folder.path, shared));
    const file = join(folder.path, 'scenarios/labs/2c.json');
    const document = readJson(readFileSync(file, 'utf8')).value;
    const { lab } = document as unknown as { lab: Lab };
    writeFileSync(file, printJson(labWithout('remedy', document, lab)));

    const cli = join(folder.path, 'dist/cli.js');
    const { status, stdout } = spawnSync(process.execPath, [cli, 'labs', 'run', '2b', '2c', '--json'], { encoding: 'utf8' });
    expect(status).toBe(1);
    const [healthy, broken] = JSON.parse(stdout) as [LabAnswer, LabAnswer];
    expect([healthy.status, broken.status]).toEqual(['pass', 'fail']);
    const off = broken.evidence.filter((one) => one.status === 'fail').map(({ what }) => what);
    expect(off).toEqual(['Cell 5 on the LCD at 180 s', 'Ohmmeter at the balance port of Cell 5, battery disconnected at 180 s']);
  });
});
