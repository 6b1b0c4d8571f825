/**
 * Scenario text: reading what was printed gives the same value to the last bit, and a hash does not see how it was written.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJson, readJson, sortedKeys } from '../../domain/scenario/json.ts';
import { readScenario } from '../../domain/scenario/read.ts';
import { loadScenario } from '../../engine/load.ts';
import { constantCell, readerOf, type ScenarioObject, scenarioText } from '../scenarios.ts';
import { randomPack } from './randomPack.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

/** The same value to the last bit: -0 is not 0, and no key is lost. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => Object.hasOwn(y, key) && same(x[key], y[key]));
}

const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text.isWellFormed() && !text.includes('\0'));
const key = word.filter((text) => !FORBIDDEN.includes(text));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    1.7976931348623157e308,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    1e21,
    1e-7,
  ),
);
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'medium', maxDepth: 6 }, fc.constant(null), fc.boolean(), number, word, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 6 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 6 }).map((entries) => Object.assign({}, entries)),
}));

describe('reading what was printed', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['5e-324', 5e-324],
    ['-5e-324', -5e-324],
    ['2.225073858507201e-308', 2.225073858507201e-308],
    ['9007199254740991', 2 ** 53 - 1],
    ['-9007199254740991', -(2 ** 53 - 1)],
    ['1.7976931348623157e+308', Number.MAX_VALUE],
    ['0.1', 0.1],
  ])('%s keeps every bit', (text, value) => {
    expect(printJson(value)).toBe(text);
    expect(Object.is(readJson(text).value, value)).toBe(true);
    expect(same(readJson(printJson({ a: [value] })).value, { a: [value] })).toBe(true);
  });

  it('gives any value back, and printing it again gives the same text', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = printJson(value);
        const read = readJson(text).value;
        expect(same(read, value)).toBe(true);
        expect(printJson(read)).toBe(text);
      }),
      { seed: 35, numRuns: 2000 },
    );
  });

  it('agrees with JSON.parse on all that JSON.stringify writes', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(0, 1, 4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(same(readJson(text).value, JSON.parse(text))).toBe(true);
      }),
      { seed: 36, numRuns: 1000 },
    );
  });

  it('gives every scenario back, and it is read to the same checked data', () => {
    fc.assert(
      fc.property(randomPack, ({ scenario }) => {
        const text = scenarioText(scenario);
        const checked = readScenario(text);
        expect(same(readScenario(printJson(readJson(text).value)), checked)).toBe(true);
        expect(same(readScenario(printJson(checked)), checked)).toBe(true);
      }),
      { seed: 37, numRuns: 200 },
    );
  });
});

/** Keys in another order, all the way down. */
function shuffled(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, turn));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, shuffled(item, turn)] as const);
  return Object.fromEntries([...entries.slice(turn % entries.length), ...entries.slice(0, turn % entries.length)].reverse());
}

describe('the hash of a scenario', () => {
  const scenario: ScenarioObject = {
    cell: constantCell({ rc: [{ resistance_Ohm: 0.01, timeConstant_s: 30 }] }),
    duration_s: 60,
    pack: { series: 3, overrides: [{ group: 1, capacity_Ah: 9.5, initialSoc: 0.4 }] },
    bms: { model: '8T', chemistry: 'LiFe', settings: { lowSoc_fraction: 0.2, cutOffDelay_s: 3 } },
    source: [{ constantCurrent_A: -5, from_s: 10 }],
  };
  const text = scenarioText(scenario);
  const hashOf = async (written: string) => (await loadScenario(written, readerOf())).hash;

  it('does not depend on the order of keys', async () => {
    const expected = await hashOf(text);
    for (const turn of [0, 1, 2, 3, 5]) expect(await hashOf(printJson(shuffled(JSON.parse(text), turn)))).toBe(expected);
  });

  it('does not depend on white space, line ends, a byte order mark or how a number is written', async () => {
    const compact = JSON.stringify(JSON.parse(text));
    const written = [compact, JSON.stringify(JSON.parse(text), null, '\t'), text.replaceAll('\n', '\r\n'), `\ufeff${text}`];
    written.push(
      compact.replace('"duration_s":60', '"duration_s":6.0e1'),
      compact.replace('"lowSoc_fraction":0.2', '"lowSoc_fraction":0.200'),
    );
    expect(new Set(written).size).toBe(written.length);
    for (const one of written) expect(await hashOf(one)).toBe(await hashOf(text));
  });

  it.each([
    ['"duration_s":60', '"duration_s":61'],
    ['"capacity_Ah":9.5', '"capacity_Ah":9.500000000000002'],
    ['"from_s":10', '"from_s":10,"until_s":40'],
    ['"constantCurrent_A":-5', '"constantCurrent_A":5'],
  ])('sees %s become %s', async (from, to) => {
    const compact = JSON.stringify(JSON.parse(text));
    expect(compact).toContain(from);
    expect(await hashOf(compact.replace(from, to))).not.toBe(await hashOf(compact));
  });

  it('is taken over sorted keys, which change no value', () => {
    fc.assert(
      fc.property(anyJson, fc.nat(5), (value, turn) => {
        expect(same(sortedKeys(value), value)).toBe(true);
        expect(printJson(sortedKeys(shuffled(value, turn)))).toBe(printJson(sortedKeys(value)));
      }),
      { seed: 38, numRuns: 1000 },
    );
  });
});
