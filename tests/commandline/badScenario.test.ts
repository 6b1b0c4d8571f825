/**
 * Bad scenario files: each is refused by code, path, line and what is allowed, fast, and with nothing changed.
 * The numbers are those of the list of bad inputs in the specification.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../domain/errors.ts';
import { decodeText, JSON_LIMITS, readJson } from '../../domain/scenario/json.ts';
import { INSTRUMENTS } from '../../domain/scenario/measure.ts';
import { readScenario } from '../../domain/scenario/read.ts';
import { GOOD, refusalOf, refusedScenario, spoilt } from './refusal.ts';

const good = JSON.stringify(GOOD, null, 1);

it('the scenario that is spoilt below is good by itself', () => {
  expect(readScenario(good).pack.series).toBe(4);
});

describe('texts that are refused before anything is understood of them', () => {
  const big = 'a'.repeat(50 * 1024 * 1024);
  const table: [what: string, text: () => string, code: string][] = [
    ['1 __proto__ at the top', () => '{"__proto__": {"isAdmin": 1}}', 'forbidden_key'],
    ['1 __proto__ deep inside', () => spoilt('pack', '{"series": 4, "a": {"b": [{"__proto__": {"isAdmin": 1}}]}}'), 'forbidden_key'],
    ['1 __proto__ written with an escape', () => '{"__pr\\u006fto__": {"isAdmin": 1}}', 'forbidden_key'],
    ['2 constructor.prototype', () => '{"constructor": {"prototype": {"isAdmin": 1}}}', 'forbidden_key'],
    ['2 prototype', () => spoilt('cells', '{"prototype": {"isAdmin": 1}}'), 'forbidden_key'],
    ['3 a hundred thousand lists in one another', () => '['.repeat(100_000), 'too_deep'],
    ['3 a hundred thousand objects in one another', () => '{"a":'.repeat(100_000), 'too_deep'],
    ['3 sixty-six levels, all closed', () => `${'['.repeat(66)}1${']'.repeat(66)}`, 'too_deep'],
    ['4 a key of 50 MB', () => `{"${big}": 1}`, 'too_large'],
    ['4 a key of 1 MB', () => `{"${'a'.repeat(1_000_000)}": 1}`, 'too_long'],
    ['7 1e999', () => spoilt('duration_s', '1e999'), 'number_too_large'],
    ['7 -1e999', () => spoilt('duration_s', '-1e999'), 'number_too_large'],
    ['7 1e-400', () => spoilt('duration_s', '1e-400'), 'number_too_small'],
    ['7 9007199254740993', () => spoilt('seed', '9007199254740993'), 'number_not_exact'],
    ['12 a key that stands twice', () => '{"a":1,"a":2}', 'duplicate_key'],
    ['12 a key twice, once with an escape', () => '{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['13 half a character', () => spoilt('name', '"\\ud800"'), 'encoding'],
    ['13 the character NUL, escaped', () => spoilt('name', '"a\\u0000b"'), 'control_character'],
    ['13 the character NUL, raw', () => spoilt('name', '"a\0b"'), 'control_character'],
    ['13 Arabic-Indic digits', () => spoilt('seed', '\u0661\u0662'), 'syntax'],
    ['14 NaN', () => spoilt('tick_s', 'NaN'), 'syntax'],
    ['14 Infinity', () => spoilt('tick_s', 'Infinity'), 'syntax'],
    ['14 -Infinity', () => spoilt('tick_s', '-Infinity'), 'syntax'],
    ['14 0x10', () => spoilt('tick_s', '0x10'), 'syntax'],
    ['14 1_000', () => spoilt('tick_s', '1_000'), 'syntax'],
    ['14 +1', () => spoilt('tick_s', '+1'), 'syntax'],
    ['14 .5', () => spoilt('tick_s', '.5'), 'syntax'],
    ['14 1.', () => spoilt('tick_s', '1.'), 'syntax'],
    ['14 01', () => spoilt('tick_s', '01'), 'syntax'],
    ['14 1e', () => spoilt('tick_s', '1e'), 'syntax'],
    ['14 -', () => spoilt('tick_s', '-'), 'syntax'],
    ['a trailing comma', () => '{"a": [1, 2,]}', 'syntax'],
    ['a comment', () => '{"a": 1} // one', 'syntax'],
    ['single quotes', () => "{'a': 1}", 'syntax'],
    ['two documents', () => '{} {}', 'syntax'],
    ['nothing at all', () => '', 'syntax'],
    ['a string that never ends', () => '{"name": "abc', 'syntax'],
    ['TRUE', () => '{"a": TRUE}', 'syntax'],
    ['truely', () => '{"a": truely}', 'syntax'],
  ];
  it.each(table)('%s', (_what, text, code) => {
    const refused = refusedScenario(text());
    expect(refused.code).toBe(code);
    expect(refused.file).toBe('bad.json');
    if (code !== 'too_large') expect(refused.line).toBeGreaterThan(0);
  });

  it('line and column are those of an editor, with any kind of line end', () => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const refused = refusedScenario(['{', ' "formatVersion": 1,', ' "tick_s": 0x10', '}'].join(lineEnd));
      expect(refused).toMatchObject({ path: 'tick_s', line: 3, column: 12 });
    }
    expect(refusedScenario('{\n"a": 1,\n  "a": 2}')).toMatchObject({ path: 'a', line: 3, column: 3 });
  });

  it('13 a byte order mark and mixed line ends are accepted', () => {
    expect(readScenario(`\ufeff${good}`).name).toBe('good');
    expect(readScenario(good.replaceAll('\n', '\r\n')).name).toBe('good');
    expect(readScenario(good.split('\n').join('\r')).name).toBe('good');
  });

  it('13 UTF-16 and broken UTF-8 are refused as no UTF-8', () => {
    const utf16 = Uint8Array.from([...`\ufeff${good}`].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]));
    expect(refusalOf(() => readScenario(decodeText(utf16, 'bad.json'))).code).toMatch(/encoding|syntax/);
    expect(refusalOf(() => decodeText(Uint8Array.from([0x7b, 0xff, 0x7d]), 'bad.json'))).toMatchObject({
      code: 'encoding',
      file: 'bad.json',
    });
  });

  it('4 a text over the limit is refused by its size alone', () => {
    expect(refusalOf(() => readJson('1'.repeat(JSON_LIMITS.bytes + 1)), 200).code).toBe('too_large');
  });

  it('a document at the depth that is allowed is read', () => {
    expect(readJson(`${'['.repeat(60)}1${']'.repeat(60)}`).value).toBeDefined();
  });
});

describe('values that mean nothing', () => {
  const table: [what: string, path: string, raw: string, at?: string][] = [
    ...['-1', '0', '1.5', '"16"', 'null', '25', '1e9', 'true', '[]'].map((raw): [string, string, string] => [
      `6 pack.series ${raw}`,
      'pack.series',
      raw,
    ]),
    ...['0', '1e-300', '-5', '"5"', 'null'].map((raw): [string, string, string] => [`8 capacity ${raw}`, 'cells.mine.capacity_Ah', raw]),
    ['8 negative series resistance', 'cells.mine.seriesResistance_Ohm', '-0.01'],
    [
      '8 negative resistance of a pair',
      'cells.mine.rc',
      '[{"resistance_Ohm": -1, "timeConstant_s": 1}]',
      'cells.mine.rc[0].resistance_Ohm',
    ],
    ['8 time constant 0', 'cells.mine.rc', '[{"resistance_Ohm": 1, "timeConstant_s": 0}]', 'cells.mine.rc[0].timeConstant_s'],
    ['8 negative time constant', 'cells.mine.rc', '[{"resistance_Ohm": 1, "timeConstant_s": -3}]', 'cells.mine.rc[0].timeConstant_s'],
    ['8 three pairs', 'cells.mine.rc', '[{}, {}, {}]', 'cells.mine.rc'],
    [
      '8 heat capacity 0',
      'cells.mine.thermal',
      '{"heatCapacity_J_per_K": 0, "toAmbient_W_per_K": 1}',
      'cells.mine.thermal.heatCapacity_J_per_K',
    ],
    ['8 override with capacity 0', 'pack.overrides', '[{"group": 0, "capacity_Ah": 0}]', 'pack.overrides[0].capacity_Ah'],
    ['an override beyond the pack', 'pack.overrides', '[{"group": 4}]', 'pack.overrides[0].group'],
    ['SOC of 60 instead of 0.6', 'pack.initialSoc', '60'],
    ...['0', '-1', '1e-12', '1e9'].map((raw): [string, string, string] => [`9 tick ${raw}`, 'tick_s', raw]),
    ['9 a run of no length', 'duration_s', '0'],
    ['9 a negative run', 'duration_s', '-60'],
    ['10 OCV that falls', 'cells.mine.ocv', '{"soc": [0, 0.5, 1], "voltage_V": [3, 3.5, 3.4]}', 'cells.mine.ocv.voltage_V'],
    ['10 OCV unsorted', 'cells.mine.ocv', '{"soc": [0, 0.7, 0.5, 1], "voltage_V": [3, 3.1, 3.2, 3.3]}', 'cells.mine.ocv.soc'],
    ['10 OCV with a SOC twice', 'cells.mine.ocv', '{"soc": [0, 0.5, 0.5, 1], "voltage_V": [3, 3.1, 3.2, 3.3]}', 'cells.mine.ocv.soc'],
    ['10 OCV of one point', 'cells.mine.ocv', '{"soc": [0], "voltage_V": [3]}', 'cells.mine.ocv.soc'],
    ['10 OCV without its ends', 'cells.mine.ocv', '{"soc": [0.1, 0.9], "voltage_V": [3, 3.5]}', 'cells.mine.ocv.soc'],
    ['10 OCV with lists of different length', 'cells.mine.ocv', '{"soc": [0, 1], "voltage_V": [3, 3.2, 3.5]}', 'cells.mine.ocv.voltage_V'],
    ['18 a name of 201 characters', 'name', `"${'n'.repeat(201)}"`],
    ['18 a name with 64 KB of emoji', 'name', `"${'\u{1f50b}'.repeat(16_384)}"`],
    ['18 a name with 10 MB of combining marks', 'name', `"a${'\u0301'.repeat(5_000_000)}"`],
    ['18 a name with a bell', 'name', '"a\\u0007"'],
    ['18 a name with a line feed', 'name', '"a\\nb"'],
    ['a name that is a number', 'name', '5'],
    [
      '30 a profile from the web',
      'source',
      '{"csv": "http://169.254.169.254/x.csv", "column": "current_A", "interpolation": "next"}',
      'source.csv',
    ],
    ['30 a profile from file:', 'source', '{"csv": "file:///etc/passwd", "column": "current_A", "interpolation": "next"}', 'source.csv'],
    ['20 a profile from the root', 'source', '{"csv": "/etc/passwd", "column": "current_A", "interpolation": "next"}', 'source.csv'],
    ['20 a profile on a drive', 'source', '{"csv": "a:b", "column": "current_A", "interpolation": "next"}', 'source.csv'],
    [
      '20 a profile with a long name',
      'source',
      `{"csv": "${'c'.repeat(301)}", "column": "current_A", "interpolation": "next"}`,
      'source.csv',
    ],
    ['30 a cell from the web', 'pack.cell', '"http://169.254.169.254/cell.json"'],
    ['30 a cell from file:', 'pack.cell', '"file:///etc/passwd"'],
    ['30 $ref', '$ref', '"other.json"'],
    ['30 include', 'include', '["other.json"]'],
    ['31 a source that wants to be code', 'source', '"while(1)"'],
    ['31 a current that wants to be code', 'source', '{"constantCurrent_A": "while(1)"}', 'source.constantCurrent_A'],
    ['a source with a misspelt field', 'source', '{"constantCurrent_A": 1, "form_s": 2}', 'source.form_s'],
    ['a charger that lacks its voltage', 'source', '{"charger": {"current_A": 1, "endCurrent_A": 0.1}}', 'source.charger.voltage_V'],
    [
      'an interpolation that does not exist',
      'source',
      '{"csv": "p.csv", "column": "current_A", "interpolation": "cubic"}',
      'source.interpolation',
    ],
    ['a command with text as its value', 'commands', '[{"time_s": 1, "set": "ambient_degC", "value": "hot"}]', 'commands[0].value'],
    ['a command before the start', 'commands', '[{"time_s": -1, "do": "sourceOff"}]', 'commands[0].time_s'],
    ['a limit that is text', 'expect', '[{"channel": "pack.voltage_V", "atMost": "5"}]', 'expect[0].atMost'],
    ['a meter without its points', 'measure', '[{"time_s": 1, "instrument": "volts"}]', 'measure[0].between'],
    ['a reading of the display that names none', 'measure', '[{"time_s": 1, "instrument": "lcd"}]', 'measure[0].shows'],
    ['a charger that lacks everything', 'source', '{"charger": {}}', 'source.charger.current_A'],
    ['a cell that lacks more than its bad capacity', 'cells.mine', '{"capacity_Ah": 0}', 'cells.mine.capacity_Ah'],
    ['limits that no value keeps', 'expect', '[{"channel": "pack.voltage_V", "atLeast": 5, "atMost": 4}]', 'expect[0].atLeast'],
    ['a press of no button', 'commands', '[{"time_s": 1, "do": "press"}]', 'commands[0].button'],
    ['a repair of nothing', 'commands', '[{"time_s": 1, "do": "repair"}]', 'commands[0].fault'],
    ['a switch with a button', 'commands', '[{"time_s": 1, "do": "powerOff", "button": "up"}]', 'commands[0].button'],
    ['a press of START that is held by another word', 'commands', '[{"time_s": 1, "do": "start", "for_s": 3}]', 'commands[0].for_s'],
    ['a press of a source', 'commands', '[{"time_s": 1, "do": "press", "button": "up", "source": 0}]', 'commands[0].source'],
    ['a cable to nowhere', 'commands', '[{"time_s": 1, "do": "connectUsb"}]', 'commands[0].unit'],
    ['a tool of no version', 'commands', '[{"time_s": 1, "do": "startUpdateTool"}]', 'commands[0].version'],
    [
      'a tool of a version in other words',
      'commands',
      '[{"time_s": 1, "do": "startUpdateTool", "version": "1.03"}]',
      'commands[0].version',
    ],
    ['firmware for no model', 'commands', '[{"time_s": 1, "do": "openFile", "for": "main", "firmware": "V1.26"}]', 'commands[0].model'],
    ['28 an unknown field', 'tick_ms', '100'],
    ['28 an unknown field of a cell', 'cells.mine.colour', '"green"'],
    ['28 a newer format', 'formatVersion', '2'],
    ['28 a format that never was', 'formatVersion', '-1'],
    ['28 a format that is text', 'formatVersion', '"1"'],
    ['32 too many faults', 'faults', `[${'{},'.repeat(10_000)}{}]`],
    ['a command that does not exist', 'commands', '[{"time_s": 1, "do": "explode"}]', 'commands[0].do'],
    ['an expectation of an event that does not exist', 'expect', '[{"event": "fire"}]', 'expect[0].event'],
    ['a window that ends before it starts', 'expect', '[{"event": "overCharge", "within_s": [5, 4]}]', 'expect[0].within_s'],
    ['a source that ends before it starts', 'source', '{"constantCurrent_A": 1, "from_s": 10, "until_s": 5}', 'source.until_s'],
    ['a model that does not exist', 'bms', '{"model": "32T", "chemistry": "LiFe"}', 'bms.model'],
    ['a chemistry that does not exist', 'bms', '{"model": "8T", "chemistry": "lead"}', 'bms.chemistry'],
    [
      'a current version that does not exist',
      'bms',
      '{"model": "8T", "chemistry": "LiFe", "currentVersion_A": 200}',
      'bms.currentVersion_A',
    ],
  ];
  it.each(table)('%s', (_what, path, raw, at) => {
    const text = spoilt(path, raw);
    const refused = refusedScenario(text);
    expect(refused.path).toBe(at ?? path);
    expect(refused.message).not.toBe('');
    expect(refused.allowed ?? '').not.toBe('');
    const lines = text.split('\n');
    if (refused.code === 'missing') return; // what is missing has no line of its own
    const key = (at ?? path)
      .split('.')
      .at(-1)!
      .replace(/\[\d+\]$/, '');
    expect(lines[refused.line! - 1]).toContain(`"${key}"`);
  });

  it('a name that no instrument has is refused with all that there are', () => {
    const refused = refusedScenario(spoilt('measure', '[{"time_s": 1, "instrument": "laser"}]'));
    expect(refused).toMatchObject({ path: 'measure[0].instrument', value: 'laser' });
    for (const name of INSTRUMENTS) expect(refused.allowed).toContain(name);
  });

  it('a limit that is no number is refused in our words', () => {
    expect(refusedScenario(spoilt('expect', '[{"channel": "pack.voltage_V", "atMost": "5"}]')).allowed).toBe('a number');
  });

  it('5 a list with a million entries is refused by what is allowed', () => {
    const refused = refusedScenario(spoilt('pack.overrides', `[${'{"group":1},'.repeat(999_999)}{"group":1}]`));
    expect(refused.code).toMatch(/range|too_large/);
    expect(refused.allowed).toMatch(/\d/);
  });

  it('5 an object with far too many cells is refused by what is allowed', () => {
    const cells = Array.from({ length: 100_000 }, (_, index) => `"c${index}":"a.json"`).join(',');
    const refused = refusedScenario(spoilt('cells', `{${cells}}`));
    expect(refused.allowed).toMatch(/\d/);
  });

  it('9 too long a run is refused with the number of steps it would take', () => {
    const text = spoilt('duration_s', '3e8').replace('"tick_s": 1', '"tick_s": 0.001');
    const refused = refusedScenario(text);
    expect(refused).toMatchObject({ code: 'too_many_ticks', path: 'duration_s', value: 3e8 });
    expect(refused.message).toContain('3.00e+11');
  });

  it('10 an OCV table with a million points is refused by what is allowed', () => {
    const points = '0.5,'.repeat(999_999);
    const refused = refusedScenario(spoilt('cells.mine.ocv', `{"soc": [${points}1], "voltage_V": [0, 1]}`));
    expect(refused.path).toMatch(/^cells\.mine\.ocv\.soc/);
  });

  it('6 a missing field is named', () => {
    const { pack: _pack, ...rest } = GOOD;
    expect(refusedScenario(JSON.stringify(rest))).toMatchObject({ code: 'missing', path: 'pack' });
    expect(refusedScenario(spoilt('pack', '{"series": 4}'))).toMatchObject({ code: 'missing', path: 'pack.cell' });
  });

  it.each(['null', '[]', '"text"', '5', 'true'])('a file that holds %s and no scenario is refused', (text) => {
    expect(refusedScenario(text).allowed).toBe('an object');
  });

  it('18 and 20 a name may be any text of 200 characters; whatever changes its direction never reaches a message raw', () => {
    for (const name of ['\u202egnp.elif', 'a\u200bb', '../../etc/passwd', 'CON', 'a:b', '<img src=x onerror=alert(1)>', 'n'.repeat(200)])
      expect(readScenario(spoilt('name', JSON.stringify(name))).name).toBe(name);
    const refused = refusedScenario(spoilt('tick_s', '"\u202e\u200b\u2066"'));
    expect(new InputError(refused).message).not.toMatch(/[\u202e\u200b\u2066]/);
  });

  it('28 the drafts of format 0 are migrated: dt_s, end_s and profile have new names', () => {
    const { tick_s, duration_s, ...rest } = GOOD;
    const draft = { ...rest, formatVersion: 0, dt_s: tick_s, end_s: duration_s, profile: { constantCurrent_A: 2 } };
    const scenario = readScenario(JSON.stringify(draft));
    expect(scenario).toMatchObject({ formatVersion: 1, tick_s: 1, duration_s: 60, source: { constantCurrent_A: 2 } });
    expect(refusedScenario(spoilt('formatVersion', '7'))).toMatchObject({ code: 'newer_format', path: 'formatVersion', value: 7 });
  });
});

describe('25 bait for slow patterns', () => {
  const bait = `${'a'.repeat(50_000)}!`;
  const baits = [bait, `${'a.'.repeat(25_000)}!`, `${'[1]'.repeat(20_000)}!`, `${'1'.repeat(50_000)}!`, ' '.repeat(50_000)];
  const fields = ['name', 'description', 'pack.cell', 'cells.mine.source', 'cells.mine.chemistry', 'bms.model'];
  it.each(fields)('%s', (path) => {
    for (const text of baits)
      expect(refusedScenario(spoilt(path, JSON.stringify(text))).path).toMatch(new RegExp(`^${path.split('.')[0]}`));
  });

  it.each([
    ['source', (text: string) => `{"csv": "${text}", "column": "x_A", "interpolation": "next"}`],
    ['source', (text: string) => `{"csv": "x.csv", "column": "${text}", "interpolation": "next"}`],
    ['commands', (text: string) => `[{"time_s": 1, "set": "${text}", "value": 1}]`],
    ['expect', (text: string) => `[{"channel": "${text}", "atMost": 1}]`],
    ['expect', (text: string) => `[{"event": "${text}"}]`],
  ])('%s', (path, raw) => {
    for (const text of baits) expect(refusedScenario(spoilt(path, raw(text))).path).toMatch(new RegExp(`^${path}`));
  });

  it('as a number', () => {
    for (const text of ['1'.repeat(50_000), `0.${'0'.repeat(50_000)}`, `${'-'.repeat(50_000)}1`, `1e${'0'.repeat(50_000)}x`])
      expect(refusedScenario(spoilt('name', text)).code).toBeTruthy();
  });
});
