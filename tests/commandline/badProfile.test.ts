/**
 * Bad CSV profiles: refused by file, row and cell as a spreadsheet names it, with the first five that are wrong.
 * Nothing is guessed silently: other separators and blanks are accepted only when the scenario says so.
 */
import { truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILE_LIMITS } from '../../domain/profileLimits.ts';
import { type Profile, readProfile } from '../../engine/profile.ts';
import { JSON_LIMITS } from '../../domain/scenario/json.ts';
import { allowed_ms, type BadInput, Folder, packbench } from './packbench.ts';
import { GOOD, refusalOf } from './refusal.ts';

type Spec = Parameters<typeof readProfile>[1];
const SPEC: Spec = { column: 'current_A', timeColumn: 'time_s', quantity: undefined, separator: ',', decimal: '.', blanks: 'refuse' };
const profile = (rows: string[]) => ['time_s,current_A', ...rows].join('\n');
const read = (text: string, spec: Partial<Spec> = {}): Profile => readProfile(text, { ...SPEC, ...spec }, 'p.csv');
const refused = (text: string, spec: Partial<Spec> = {}, longest_ms?: number) => refusalOf(() => read(text, spec), longest_ms);

describe('cells and times', () => {
  it.each([
    ['24 NaN', ['0,1', '1,NaN'], 'B3', 3],
    ['24 an empty cell', ['0,1', '1,', '2,3'], 'B3', 3],
    ['24 #REF!', ['0,#REF!'], 'B2', 2],
    ['24 1,234 in quotes', ['0,1', '1,1', '2,"1,234"'], 'B4', 4],
    ['24 a typographic minus', ['0,\u22125'], 'B2', 2],
    ['24 Infinity', ['0,Infinity'], 'B2', 2],
    ['24 1e400', ['0,1e400'], 'B2', 2],
    ['24 0x10', ['0,0x10'], 'B2', 2],
    ['24 Arabic-Indic digits', ['0,\u0661'], 'B2', 2],
    ['24 a formula', ['0,=1+1'], 'B2', 2],
    ['24 a missing cell', ['0,1', '1'], 'B3', 3],
    ['24 a time that is no number', ['0,1', 'later,2'], 'A3', 3],
    ['24 an empty time', ['0,1', ',2'], 'A3', 3],
  ])('%s is refused at its cell', (_what, rows, cell, line) => {
    const details = refused(profile(rows));
    expect(details).toMatchObject({ code: 'cell', file: 'p.csv', line });
    expect(details.message).toContain(`cell ${cell} `);
    expect(details.allowed).toContain('numbers such as -1.5');
  });

  it.each([
    ['falling', ['0,1', '2,1', '1,1'], 4],
    ['twice', ['0,1', '1,1', '1,1'], 4],
    ['negative', ['-1,1', '0,1'], 2],
    ['a gap of 1e9 s', ['0,1', '1000000000,1'], 3],
  ])('22 a time that is %s is refused by its row', (_what, rows, line) => {
    expect(refused(profile(rows))).toMatchObject({ code: 'time', file: 'p.csv', line });
  });

  it('22 and 24 the first five wrong rows are listed and the others counted', () => {
    const times = refused(profile(Array.from({ length: 10 }, () => '5,1')));
    for (const row of [3, 4, 5, 6, 7]) expect(times.message).toContain(`row ${row} `);
    expect(times.message).not.toContain('row 8');
    expect(times.message).toContain('4 more');
    const cells = refused(profile(Array.from({ length: 7 }, (_, index) => `${index},x`)));
    expect(cells.message).toContain('cell B6');
    expect(cells.message).not.toContain('cell B7');
    expect(cells.message).toContain('2 more');
  });

  it('a row is named as the editor counts it, even after an empty line', () => {
    expect(refused('time_s,current_A\n0,1\n\n1,x\n')).toMatchObject({ line: 4 });
    expect(refused('time_s,current_A\n0,1\n\n1,x\n').message).toContain('B4');
  });

  it('24 blanks are filled along a straight line when the scenario asks for it', () => {
    const filled = read(profile(['0,', '1,2', '2,', '4,8', '5,']), { blanks: 'interpolate' });
    expect([...filled.value]).toEqual([2, 2, 4, 8, 8]);
    expect(refused(profile(['0,', '1,']), { blanks: 'interpolate' }).code).toBe('cell');
    expect(refused(profile(['0,1', '1,x']), { blanks: 'interpolate' }).message).toContain('B3');
  });
});

describe('the file as a whole', () => {
  it('21 semicolons and decimal commas are noticed, asked about, and read when the scenario says so', () => {
    const text = 'time_s;current_A\n0;-1,5\n1,5;2,25\n';
    const details = refused(text);
    expect(details.code).toBe('separator');
    expect(details.allowed).toContain('"separator": ";"');
    expect(refused(text, { separator: ';' }).message).toContain('cell A3 is "1,5"');
    const told = read(text, { separator: ';', decimal: ',' });
    expect([...told.time_s, ...told.value]).toEqual([0, 1.5, -1.5, 2.25]);
    expect(refused('time_s;current_A\n0;1.5\n', { separator: ';', decimal: ',' }).message).toContain('B2');
  });

  it.each([
    ['23 one line of 20 MB', () => `time_s,current_A\n0,${'1'.repeat(20_000_000)}`, 'too_large'],
    ['23 a million columns', () => `${'c,'.repeat(49_000)}c\n`, 'too_large'],
    ['23 a quote that never closes', () => 'time_s,current_A\n0,"1\n1,2\n', 'syntax'],
    ['nothing at all', () => '', 'empty'],
    ['a header alone', () => 'time_s,current_A\n', 'empty'],
    ['no such column', () => 'time_s,amps\n0,1\n', 'column'],
    ['no time column', () => 't,current_A\n0,1\n', 'column'],
    ['NUL characters', () => 'time_s,current_A\n0,1\0\n', 'encoding'],
  ])('%s is refused', (_what, text, code) => {
    const details = refused(text());
    expect(details).toMatchObject({ code, file: 'p.csv' });
    expect(details.allowed).toBeTruthy();
  });

  it('a column that does not exist is refused with those that do', () => {
    const details = refused('time_s,amps,"a ""b"""\n0,1,2\n');
    expect(details).toMatchObject({ code: 'column', line: 1, path: 'source.column', value: 'current_A' });
    expect(details.allowed).toContain('"amps"');
  });

  it('a column whose name tells no quantity is asked about', () => {
    expect(refused('time_s,load\n0,1\n', { column: 'load' })).toMatchObject({ code: 'missing', path: 'source.quantity' });
    expect(read('time_s,load\n0,1\n', { column: 'load', quantity: 'power' }).quantity).toBe('power');
    expect(read('time_s,load_W\n0,1\n', { column: 'load_W' }).quantity).toBe('power');
  });

  it('a byte order mark, CRLF, spaces and quotes around numbers do no harm', () => {
    const told = read('\ufefftime_s, current_A\r\n0,"1.5"\r\n 1 ,+2e-1\r\n');
    expect([...told.time_s, ...told.value]).toEqual([0, 1, 1.5, 0.2]);
  });

  it('25 bait for slow patterns is refused at once', () => {
    for (const bait of [
      `${'1'.repeat(50_000)}!`,
      `${'1.'.repeat(25_000)}`,
      `${'+-'.repeat(25_000)}1`,
      `1e${'1'.repeat(50_000)}`,
      `${' '.repeat(50_000)}x`,
    ])
      expect(refused(profile([`0,${bait}`])).code).toBe('cell');
  });

  it('a hundred thousand wrong rows are refused in one go', () => {
    expect(refused(profile(Array.from({ length: 100_000 }, (_, index) => `${index},?`)), {}, 3000).message).toContain('and 99995 more');
  });
});

describe('files, through the command line', () => {
  let folder: Folder;
  const answers: Record<string, { error: BadInput; code: number | null; took_ms: number }> = {};
  let longest_ms: number;
  const withCsv = (csv: string) => ({ ...GOOD, source: { csv, column: 'current_A', interpolation: 'next' } });
  beforeAll(async () => {
    folder = new Folder();
    folder.write('huge.csv', '');
    truncateSync(`${folder.path}/huge.csv`, 2 * 1024 * 1024 * 1024);
    folder.write('huge.json', '');
    truncateSync(`${folder.path}/huge.json`, 200 * 1024 * 1024);
    folder.write('utf16.csv', Buffer.from('\ufefftime_s,current_A\n0,1\n', 'utf16le'));
    folder.write('wrong.csv', 'time_s,current_A\n0,1\n1,x\n');
    const files = {
      '23 2 GB of CSV': folder.scenario('a.json', withCsv('huge.csv')),
      '4 200 MB of scenario': `${folder.path}/huge.json`,
      '13 a CSV in UTF-16': folder.scenario('c.json', withCsv('utf16.csv')),
      '24 a wrong cell': folder.scenario('d.json', withCsv('wrong.csv')),
      'a CSV that is not there': folder.scenario('e.json', withCsv('absent.csv')),
      'a CSV that is a folder': folder.scenario('f.json', withCsv('.')),
      'a scenario that is not there': `${folder.path}/absent.json`,
      'a scenario that is a folder': folder.path,
    };
    longest_ms = await allowed_ms(5000);
    for (const [what, file] of Object.entries(files)) {
      const started = performance.now();
      const answer = await packbench(['run', file, '--json']);
      const { error } = JSON.parse(answer.stdout) as { error: BadInput };
      answers[what] = { error, code: answer.code, took_ms: performance.now() - started };
    }
  });
  afterAll(() => folder.remove());

  it.each([
    ['23 2 GB of CSV', 'too_large', 'huge.csv', String(PROFILE_LIMITS.bytes)],
    ['4 200 MB of scenario', 'too_large', 'huge.json', String(JSON_LIMITS.bytes)],
    ['13 a CSV in UTF-16', 'encoding', 'utf16.csv', 'UTF-8'],
    ['24 a wrong cell', 'cell', 'wrong.csv', 'numbers'],
    ['a CSV that is not there', 'file', 'absent.csv', 'read'],
    ['a CSV that is a folder', 'file', '.', ''],
    ['a scenario that is not there', 'file', 'absent.json', 'read'],
    ['a scenario that is a folder', 'file', '', ''],
  ])('%s: exit code 2, the file named, and fast', (what, code, file, allowed) => {
    const answer = answers[what]!;
    expect(answer.code).toBe(2);
    expect(answer.error.code).toBe(code);
    expect(answer.error.file).toContain(file);
    expect(answer.error.allowed ?? '').toContain(allowed);
    expect(answer.took_ms).toBeLessThan(longest_ms);
  });
});
