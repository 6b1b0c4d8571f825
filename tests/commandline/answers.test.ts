/**
 * How the command line answers: exit codes, one JSON value on standard output, and what each command knows.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIBRARY_CELLS } from '../../domain/libraryCells.ts';
import { bench, reads } from '../firmware/bench.ts';
import type { RunResult } from '../../engine/result.ts';
import { type Answer, type BadInput, Folder, packbench, ROOT } from './packbench.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const json = <T>(answer: Answer) => JSON.parse(answer.stdout) as T;
const quiet = folder.scenario('quiet.json', bench({ scenario: { duration_s: 60 } }));
const trips = folder.scenario('trips.json', bench({ commands: reads.cell(30, 2, 3.7) }));
const disappointed = folder.scenario('disappointed.json', bench({ scenario: { expect: [{ event: 'overCharge' }], duration_s: 60 } }));
const content = folder.scenario(
  'content.json',
  bench({
    commands: reads.cell(30, 2, 3.7),
    scenario: {
      expect: [
        { event: 'overCharge', cell: 2, within_s: [36, 36] },
        { event: 'lowSoc', never: true },
      ],
    },
  }),
);
const bad = folder.write(
  'bad.json',
  '{\n "formatVersion": 1,\n "name": "x", "duration_s": 5, "tick_s": -1, "pack": {"series": 2, "cell": "lto"}\n}',
);
const spread = folder.scenario('spread.json', {
  ...bench({ scenario: { duration_s: 60, source: { constantCurrent_A: 2 } } }),
  pack: { series: 4, cell: 'still', spread: { capacity_ratio: 0.05, initialSoc: 0.02 } },
});

describe('run', () => {
  it('one file: one value with everything that is promised, exit code 0, and not a word on standard error', async () => {
    const answer = await packbench(['run', trips, '--json']);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    const result = json<RunResult>(answer);
    expect(Object.keys(result).sort()).toEqual(
      [
        ...['status', 'scenarioHash', 'kernelHash', 'seed', 'ticks', 'duration_s', 'resultHash'],
        ...['indicators', 'exposure', 'events', 'measurements', 'expectations'],
      ].sort(),
    );
    expect(result).toMatchObject({ status: 'completed', seed: 1, ticks: 240, duration_s: 120, measurements: [], expectations: [] });
    for (const hash of [result.scenarioHash, result.kernelHash, result.resultHash]) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    for (const event of result.events)
      expect(Object.keys(event).sort()).toEqual(['active', 'cell', 'code', 'faq', 'limit', 'position', 'time_s', 'trueValue', 'value']);
  });

  it('several files: an array in their order', async () => {
    const answer = await packbench(['run', trips, quiet, content, '--json']);
    expect(answer.code).toBe(0);
    expect(json<RunResult[]>(answer).map(({ ticks, events }) => [ticks, events.length])).toEqual([
      [240, 2],
      [120, 0],
      [240, 2],
    ]);
  });

  it('an expectation that is not met: exit code 1, and the value says which', async () => {
    const answer = await packbench(['run', content, disappointed, '--json']);
    expect(answer.code).toBe(1);
    expect(json<RunResult[]>(answer).map(({ expectations }) => expectations.map(({ status }) => status))).toEqual([
      ['pass', 'pass'],
      ['fail'],
    ]);
    expect(json<RunResult[]>(answer)[1]!.expectations[0]!.text).toContain('overCharge');
  });

  it('for people every event is a line in their words: what happens, where, and figures with their units', async () => {
    const day = folder.scenario('day.json', bench({ commands: [...reads.cell(30, 2, 3.7), { time_s: 60, do: 'powerOff' }], scenario: { duration_s: 90 } })); // prettier-ignore
    const { stdout } = await packbench(['run', day]);
    expect(stdout).toMatch(/36\.0 s {2}Over charge.* Cell 3: measured 3\.7 V, true 3\.3 V, limit 3\.65 V {2}\(FAQ 9a\)/);
    expect(stdout).toContain('Charge relay opens\n');
    expect(stdout).toContain('Main unit switches off\n');
  });

  it('what must never come in a window that the run does not reach has not been looked for: it fails', async () => {
    const never = { event: 'overCharge', never: true } as const;
    const late = folder.scenario('late.json', bench({ scenario: { duration_s: 60, expect: [{ ...never, within_s: [61, 90] }, { ...never, within_s: [60, 90] }] } })); // prettier-ignore
    const answer = await packbench(['run', late, '--json']);
    expect(answer.code).toBe(1);
    expect(json<RunResult>(answer).expectations.map(({ status }) => status)).toEqual(['fail', 'pass']);
  });

  it.each(['run', 'check'])('what only the whole pack shows to be wrong has its line all the same: %s', async (command) => {
    const text = JSON.stringify(bench({ commands: [{ time_s: 1, do: 'sourceOff', source: 5 }] }), null, 1);
    const answer = await packbench([command, folder.write('fifth.json', text), '--json']);
    expect(answer.code).toBe(2);
    const { error } = json<{ error: BadInput }>(answer);
    expect(error).toMatchObject({ path: 'commands[0].source', value: 5 });
    expect(text.split('\n')[error.line! - 1]).toContain('"source": 5');
  });

  it('--until an event that comes: stopped there, exit code 0', async () => {
    const answer = await packbench(['run', trips, '--until', 'overCharge', '--json']);
    expect(answer.code).toBe(0);
    expect(json<RunResult>(answer)).toMatchObject({ status: 'stopped', duration_s: 36 });
    expect(json<RunResult>(answer).events.at(-1)).toMatchObject({ code: 'overCharge', time_s: 36 });
  });

  it('--until an event that never comes: the whole run, exit code 1', async () => {
    const answer = await packbench(['run', trips, '--until', 'lowSoc', '--json']);
    expect(answer.code).toBe(1);
    expect(json<RunResult>(answer)).toMatchObject({ status: 'completed', duration_s: 120 });
  });

  it('bad input: exit code 2, path, line, value and what is allowed; for people the same in words on standard error', async () => {
    const [machine, people] = await Promise.all([packbench(['run', bad, '--json']), packbench(['run', bad])]);
    expect([machine.code, people.code]).toEqual([2, 2]);
    const { error } = json<{ error: BadInput }>(machine);
    expect(error).toMatchObject({ code: 'range', path: 'tick_s', line: 3, value: -1 });
    expect(error.file).toContain('bad.json');
    expect(error.allowed).toContain('0.001');
    expect(error.message).toBeTruthy();
    expect(people.stdout).toBe('');
    for (const part of ['bad.json', 'tick_s', 'line 3', '-1', '0.001']) expect(people.stderr).toContain(part);
  });

  it('one bad file among good ones is bad input as a whole', async () => {
    const answer = await packbench(['run', quiet, bad, '--json']);
    expect(answer.code).toBe(2);
    expect(json<{ error: BadInput }>(answer).error.file).toContain('bad.json');
  });

  it('for people it names events by their clause of the FAQ', async () => {
    const answer = await packbench(['run', trips]);
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(/36\.0 s {2}Over charge Cell 3.*3\.65 V.*FAQ 9a/);
  });

  it('for people it counts cells and positions from 1', async () => {
    const pack = { series: 2, parallel: 3, cell: 'nmc21700', initialSoc: 0.0001 };
    const source = { constantCurrent_A: -9 };
    const emptied = folder.scenario('emptied.json', { formatVersion: 1, name: 'emptied', duration_s: 20, pack, source });
    const answer = await packbench(['run', emptied]);
    expect(answer.stdout).toMatch(/Cell outside the range of its data Cell 2, position 3:/);
    expect(answer.stdout).toMatch(/beyond its limits: Cell 2, position 3: .*underVoltage_s/);
  });

  it('--set and --seed do what the same values in the file do', async () => {
    const changed = folder.scenario('changed.json', {
      ...JSON.parse(folder.read('spread.json')),
      seed: 9,
      duration_s: 30,
      pack: { series: 4, cell: 'still', spread: { capacity_ratio: 0.05, initialSoc: 0.02 }, initialSoc: 0.7 },
    });
    const [told, written] = await Promise.all([
      packbench(['run', spread, '--seed', '9', '--set', 'duration_s=30', '--set', 'pack.initialSoc=0.7', '--json']),
      packbench(['run', changed, '--json']),
    ]);
    expect(json<RunResult>(told).seed).toBe(9);
    expect(json<RunResult>(told)).toEqual(json<RunResult>(written));
  });

  it('--set writes text, lists and objects too', async () => {
    const answer = await packbench([
      ...['run', quiet, '--json', '--set', 'bms.policy=anyAlarmOpensBoth', '--set', 'bms.settings={"cutOffDelay_s": 2}'],
      ...['--set', 'pack.overrides=[{"group": 1, "initialSoc": 0.6}]', '--set', 'pack.overrides[0].initialSoc=0.7'],
    ]);
    expect(answer.code).toBe(0);
    expect(json<RunResult>(answer).indicators['finalSocSpread_soc']).toBeCloseTo(0.2, 12);
  });

  it('same scenario and seed: the same bytes; another seed: another pack', async () => {
    const text = folder.read('spread.json');
    const reordered = folder.write(
      'reordered.json',
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse())),
    );
    const answers = await Promise.all([
      packbench(['run', spread, '--json']),
      packbench(['run', spread, spread, reordered, '--json']),
      packbench(['run', spread, '--seed', '2', '--json']),
    ]);
    const first = json<RunResult>(answers[0]);
    const again = json<RunResult[]>(answers[1]);
    expect(again).toEqual([first, first, first]);
    const other = json<RunResult>(answers[2]);
    expect(other.resultHash).not.toBe(first.resultHash);
    expect(other.kernelHash).toBe(first.kernelHash);
    expect(other.scenarioHash).not.toBe(first.scenarioHash);
  });
});

describe('commands that only read', () => {
  it.each(['scenario', 'cell'])('schema %s is a JSON Schema that refuses unknown fields', async (name) => {
    const answer = await packbench(['schema', name]);
    expect(answer.code).toBe(0);
    const schema = json<{ $schema: string; type: string; properties: object; additionalProperties: boolean }>(answer);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(schema.$schema).toContain('json-schema.org');
    const fields = {
      scenario: ['pack', 'bms', 'source', 'commands', 'expect', 'faults', 'measure', 'thermal'],
      cell: ['capacity_Ah', 'ocv', 'rc'],
    };
    for (const field of fields[name as 'scenario']) expect(Object.keys(schema.properties)).toContain(field);
  });

  it('schema alone is that of a scenario, and shows examples of sources, commands and expectations', async () => {
    const [alone, named] = await Promise.all([packbench(['schema']), packbench(['schema', 'scenario'])]);
    expect(alone.stdout).toBe(named.stdout);
    for (const example of ['constantCurrent_A', 'within_s', '"do": "start"']) expect(alone.stdout.replaceAll('\n', ' ')).toContain(example);
  });

  it('cells --json names every cell with its source, licence and capacity', async () => {
    const answer = await packbench(['cells', '--json']);
    expect(answer.code).toBe(0);
    const cells = json<Record<string, unknown>[]>(answer);
    expect(cells.map(({ id }) => id)).toEqual([...LIBRARY_CELLS]);
    expect(cells.map(({ id }) => id)).toEqual(['lfp26650', 'lfp18650', 'nca18650pf', 'nmc18650', 'nmc21700', 'lfp280', 'lfp100', 'lto']);
    for (const cell of cells)
      for (const field of ['name', 'chemistry', 'basis', 'capacity_Ah', 'source', 'licence'])
        expect(cell[field], `${String(cell['id'])} ${field}`).toBeTruthy();
  });

  it('check --json tells a design that works from one that does not, without running it', async () => {
    const sound = folder.scenario('sound.json', {
      ...bench({ settings: { batteryCapacity_Ah: 100 } }),
      cells: {},
      pack: { series: 4, cell: 'lfp100' },
    });
    const unsound = folder.scenario('unsound.json', {
      ...bench({ settings: { batteryCapacity_Ah: 50, overChargeProtectionVoltage_V: 3.9 } }),
      cells: {},
      pack: { series: 4, cell: 'lfp100' },
      source: { charger: { current_A: 200, voltage_V: 15, endCurrent_A: 5 } },
    });
    const [yes, no, wrong] = await Promise.all([
      packbench(['check', sound, '--json']),
      packbench(['check', unsound, '--json']),
      packbench(['check', bad, '--json']),
    ]);
    expect([yes.code, no.code, wrong.code]).toEqual([0, 1, 2]);
    expect(json<{ ok: boolean }>(yes).ok).toBe(true);
    const { ok, findings } = json<{ ok: boolean; findings: { severity: string; path: string }[] }>(no);
    expect(ok).toBe(false);
    const problems = findings.filter(({ severity }) => severity === 'problem').map(({ path }) => path);
    for (const path of ['bms.settings.batteryCapacity_Ah', 'bms.settings.overChargeProtectionVoltage_V', 'source.charger.current_A'])
      expect(problems).toContain(path);
    expect(json<{ error: BadInput }>(wrong).error.path).toBe('tick_s');
  });
});

describe('the shipped scenarios', () => {
  const shipped = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.json'));
  let answer: Answer;
  beforeAll(async () => {
    answer = await packbench(['run', ...shipped.map((name) => join('scenarios', name)), '--json']);
  });

  it.each(shipped.map((name, index) => ({ name, index })))('$name does what it says', ({ index }) => {
    const result = json<RunResult[]>(answer)[index]!;
    expect(result.status).toBe('completed');
    expect(result.expectations.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(result.expectations.length).toBeGreaterThan(0);
  });

  it('together they end with exit code 0', () => {
    expect(answer.code).toBe(0);
  });
});
