/**
 * Arguments that make no sense, places that cannot be written, and what this version cannot compute yet:
 * all refused before any run, with exit code 2 and nothing written.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { channelOf } from '../../domain/channels.ts';
import { parseAssignment } from '../../domain/scenario/paths.ts';
import { readScenario } from '../../domain/scenario/read.ts';
import { bench } from '../firmware/bench.ts';
import { allowed_ms, type BadInput, Folder, packbench } from './packbench.ts';
import { refusalOf } from './refusal.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const quiet = folder.scenario('quiet.json', bench({ scenario: { duration_s: 10 } }));
const bare = folder.scenario('bare.json', { ...bench({ scenario: { duration_s: 10 } }), bms: null });
folder.write('regular', 'a file');
mkdirSync(`${folder.path}/folder`);
mkdirSync(`${folder.path}/locked`);
chmodSync(`${folder.path}/locked`, 0o500);
const before = folder.names();

async function refused(args: string[]): Promise<BadInput> {
  const answer = await packbench([...args, '--json'], folder.path);
  expect([answer.code, answer.stdout.slice(0, 2000)]).toEqual([2, expect.stringContaining('"error"')]);
  return (JSON.parse(answer.stdout) as { error: BadInput }).error;
}

const csv = (out: string, ...more: string[]) => ['run', quiet, '--csv', out, ...more];

describe('arguments', () => {
  it.each<[what: string, args: string[], shows: RegExp]>([
    ['no file', ['run'], /missing/],
    ['an unknown command', ['fly'], /fly/],
    ['an unknown option', ['run', quiet, '--fast'], /--fast/],
    ['an unknown event', ['run', quiet, '--until', 'fire'], /fire[^]*overCharge/],
    ['a seed that is a fraction', ['run', quiet, '--seed', '1.5'], /1\.5[^]*whole number/],
    ['a seed beyond what is exact', ['run', quiet, '--seed', '9007199254740993'], /9007199254740993/],
    ['--set of an unknown field', ['run', quiet, '--set', 'tick_ms=5'], /tick_ms/],
    ['--set with bait for slow patterns', ['run', quiet, '--set', `${'a.'.repeat(20_000)}!=1`], /path/],
    ['--channels without --csv', ['run', quiet, '--channels', 'pack.voltage_V'], /--csv/],
    ['--csv for two files', ['run', quiet, bare, '--csv', 'out.csv'], /one/],
    ['--every 0', csv('out.csv', '--every', '0'), /whole number/],
    ['a channel that does not exist', csv('out.csv', '--channels', 'pack.amps'), /pack\.amps[^]*pack\.current_A/],
    ['a channel beyond the pack', csv('out.csv', '--channels', 'cell.voltage_V[4][0]'), /cell\.voltage_V\[0…3\]\[0…0\]/],
    ['an empty channel', csv('out.csv', '--channels', 'pack.voltage_V,,pack.current_A'), /channel/],
    ['a reading without a unit that reads', ['run', bare, '--csv', 'out.csv', '--channels', 'measuredCell.voltage_V[0]'], /BMS/],
    ['a schema that does not exist', ['schema', 'moon'], /scenario/],
  ])('%s', async (_what, args, shows) => {
    const error = await refused(args);
    expect(error.code).toBeTruthy();
    expect(JSON.stringify(error)).toMatch(shows);
    expect(error.allowed).toBeTruthy();
    expect(folder.names()).toEqual(before);
  });

  it.each([
    ['no value', 'tick_s', 'argument'],
    ['no path', '=5', 'argument'],
    ['a value out of range', 'tick_s=0', 'range'],
    ['bad JSON', 'pack.overrides=[{', 'syntax'],
    ['half a number', 'tick_s=1e', 'syntax'],
    ['a prototype on the way', '__proto__.isAdmin=1', 'forbidden_key'],
    ['a prototype deep inside', 'pack.constructor.prototype.isAdmin=1', 'forbidden_key'],
    ['a list entry that does not exist', 'pack.overrides[5]={}', 'path'],
    ['a field inside a number', 'tick_s.ms=5', 'path'],
    ['two dots', 'pack..series=2', 'path'],
    ['a list index that never ends', `pack[${'1'.repeat(50_000)}=2`, 'path'],
  ])('--set with %s', (_what, argument, code) => {
    const text = JSON.stringify(bench({ scenario: { duration_s: 10 } }));
    const error = refusalOf(() => readScenario(text, { file: 'quiet.json', set: [parseAssignment(argument)] }));
    expect(error.code).toBe(code);
    if (code === 'syntax') return;
    expect(error.path ?? error.value).toBeTruthy();
    if (code !== 'forbidden_key') expect(error.allowed).toBeTruthy();
  });

  it('--set of a name that begins with a digit is a name', () => {
    expect(parseAssignment('bms.model=24T').value).toBe('24T');
    expect(parseAssignment('seed=24').value).toBe(24);
  });

  it.each([
    ['half its indices', 'cell.voltage_V[1]'],
    ['an index too many', 'group.voltage_V[1][0]'],
    ['an index where there is none', 'pack.voltage_V[0]'],
    ['a negative index', 'group.voltage_V[-1]'],
    ['a name of every object', 'constructor'],
    ['bait for slow patterns', `a.a${'[1]'.repeat(20_000)}!`],
    ['more bait', `${'a'.repeat(50_000)}.!`],
  ])('a channel with %s', (_what, name) => {
    expect(refusalOf(() => channelOf(name, { series: 4, parallel: 1 }))).toMatchObject({ code: 'channel', value: name });
  });

  it('no command at all says what there is; help is no error', async () => {
    const [none, help, version] = await Promise.all([packbench([]), packbench(['--help']), packbench(['run', '--help'])]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('run');
    expect([help.code, version.code]).toEqual([0, 0]);
    expect(version.stdout).toContain('--until');
  });
});

describe('40 places that cannot be written', () => {
  it.each([
    ['a device that is full', '/dev/full'],
    ['a folder', 'folder'],
    ['a path inside a regular file', 'regular/out.csv'],
    ['a folder that does not exist', 'nowhere/out.csv'],
    ['a path with a line feed', 'a\nb.csv'],
    ['a path with an escape sequence', 'a\u001b[2Jb.csv'],
    ['an empty path', ''],
  ])('%s', async (_what, out) => {
    const there = folder.names();
    const error = await refused(csv(out));
    expect(error.code).toMatch(/output|argument/);
    expect(error.allowed).toBeTruthy();
    expect(folder.names()).toEqual(there);
  });

  it('a folder without the right to write (for those whom rights bind)', async () => {
    if (process.getuid?.() === 0) return;
    expect(await refused(csv('locked/out.csv'))).toMatchObject({ code: 'output' });
  });

  it('says so before the run: even a run of hours is refused at once', async () => {
    const long = folder.scenario('long.json', bench({ scenario: { duration_s: 3e7, tick_s: 0.1 } }));
    const longest_ms = await allowed_ms(5000);
    const started = performance.now();
    const answer = await packbench(['run', long, '--csv', 'nowhere/out.csv', '--json'], folder.path);
    expect(answer.code).toBe(2);
    expect(performance.now() - started).toBeLessThan(longest_ms);
  });
});

describe('the documented example, and what faults and instruments cannot mean', () => {
  const pinned = {
    formatVersion: 1,
    name: 'three in parallel',
    seed: 1,
    duration_s: 3600,
    tick_s: 0.1,
    cells: {
      mine: {
        capacity_Ah: 5,
        ocv: { soc: [0, 0.05, 1], voltage_V: [3.0, 3.3, 4.19] },
        seriesResistance_Ohm: 0.02,
        rc: [
          { resistance_Ohm: 0.008, timeConstant_s: 30 },
          { resistance_Ohm: 0.012, timeConstant_s: 600 },
        ],
      },
    },
    pack: {
      series: 4,
      parallel: 3,
      cell: 'mine',
      initialSoc: 0.6,
      tab_Ohm: 0.002,
      bus_Ohm: 0.0005,
      link_Ohm: 0.0003,
      terminals: 'diagonal',
      overrides: [
        { group: 0, position: 1, capacity_Ah: 4.9, seriesResistance_Ohm: 0.022, initialSoc: 0.61 },
        { group: 3, position: 2, tab_Ohm: 0.012 },
      ],
      wires: [{ wire: 3, resistance_Ohm: 0.2 }],
    },
    thermal: null,
    bms: null,
    harness: null,
    source: { csv: 'profile.csv', column: 'current_A', interpolation: 'linear' },
    commands: [],
    faults: [],
    measure: [],
    expect: [],
  };
  it('the documented example runs: its loose wire carries nothing without a harness', async () => {
    folder.write('profile.csv', 'time_s,current_A\n0,-5\n3600,-5\n');
    const answer = await packbench(['run', folder.scenario('pinned.json', { ...pinned, duration_s: 60 }), '--json']);
    expect(answer.code).toBe(0);
    expect(JSON.parse(answer.stdout)).toMatchObject({ status: 'completed', ticks: 600, measurements: [] });
  });

  it('a second BMS profile is refused by its path, never ignored', async () => {
    const scenario = { ...pinned, pack: { series: 4, cell: 'mine' }, bms: { model: '8T', chemistry: 'LiPo', profile: null } };
    expect(await refused(['run', folder.scenario('profile.json', scenario)])).toMatchObject({ code: 'not_supported', path: 'bms.profile' });
  });

  it.each<[string, object, string]>([
    ['a fault that is not in the catalogue', { faults: [{ fault: 'gremlin' }] }, 'faults[0].fault'],
    ['a wire that the pack does not have', { faults: [{ fault: 'openSenseWire', target: 5 }], harness: {} }, 'faults[0].target'],
    ['a fault of a unit that is not there', { faults: [{ fault: 'lostSoc' }] }, 'faults[0].fault'],
    ['a severity beyond its range', { faults: [{ fault: 'softShort', target: 1, severity: -1 }] }, 'faults[0].severity'],
    [
      'a condition on no channel',
      { faults: [{ fault: 'softShort', target: 1, when: { channel: 'cell.mood', above: 1 } }] },
      'faults[0].when.channel',
    ],
    [
      'a point that the meter cannot reach',
      { measure: [{ time_s: 1, instrument: 'volts', between: ['tap 0', 'tap 9'] }] },
      'measure[0].between[1]',
    ],
    ['an expectation of a measurement that nobody makes', { expect: [{ measurement: 0, atLeast: 1 }] }, 'expect[0].measurement'],
    ['a repair of no fault', { commands: [{ time_s: 1, do: 'repair', fault: 3 }] }, 'commands[0].fault'],
  ])('%s is refused by its path: exit code 2', async (_what, changes, path) => {
    folder.write('profile.csv', 'time_s,current_A\n0,-5\n3600,-5\n');
    const scenario = { ...pinned, pack: { series: 4, cell: 'mine' }, ...changes };
    const error = await refused(['run', folder.scenario('wrong.json', scenario)]);
    expect(error).toMatchObject({ path });
    expect(error.allowed).toBeTruthy();
  });
});
