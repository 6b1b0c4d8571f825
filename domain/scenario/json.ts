/**
 * A strict JSON reader that knows where everything stands: line and column of every path.
 * It exists because JSON.parse accepts duplicate keys, loses digits silently and cannot say where a value was.
 */
import { InputError, shown } from '../errors.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Position {
  line: number;
  column: number;
}

export interface JsonDocument {
  value: Json;
  /** Where the value at a path such as `pack.overrides[0].tab_Ohm` starts; the nearest parent where it is absent. */
  positionOf(path: string): Position | undefined;
}

export const JSON_LIMITS = { bytes: 16 * 1024 * 1024, depth: 64, keyLength: 200, entries: 10_000 } as const;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NUMBER_LIKE = /[^\s,\]}:"]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Text of a file: UTF-8 with or without a byte order mark. */
export function decodeText(bytes: Uint8Array, file?: string): string {
  if (bytes.length > JSON_LIMITS.bytes)
    throw new InputError({
      code: 'too_large',
      message: `the file has ${bytes.length} bytes`,
      allowed: `at most ${JSON_LIMITS.bytes} bytes`,
      file,
    });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({ code: 'encoding', message: 'the file is not UTF-8 text', allowed: 'UTF-8', file });
  }
}

/** Parses a whole document; throws an InputError with line and column. */
export function readJson(text: string, file?: string): JsonDocument {
  if (text.length > JSON_LIMITS.bytes)
    throw new InputError({
      code: 'too_large',
      message: `the text has ${text.length} characters`,
      allowed: `at most ${JSON_LIMITS.bytes}`,
      file,
    });
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const value = new Reader(plain, file).document();
  // Errors are rare: the place of a path is found by reading once more.
  return { value, positionOf: (path) => new Reader(plain, file, path).find() };
}

type Step = string | number;

function pathOf(steps: readonly Step[]): string {
  return steps.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
}

class Reader {
  private at = 0;
  /** Keys and indices that lead to the value being read. */
  private readonly steps: Step[] = [];
  private nearest = { length: -1, offset: 0 };

  constructor(
    private readonly text: string,
    private readonly file: string | undefined,
    private readonly wanted?: string,
  ) {}

  /** Where the wanted path starts; its nearest parent where it is absent. */
  find(): Position {
    this.document();
    return this.positionAt(this.nearest.offset);
  }

  private note(): void {
    if (this.wanted === undefined || this.steps.length <= this.nearest.length) return;
    const path = pathOf(this.steps);
    const leads = path === '' || path === this.wanted || this.wanted.startsWith(`${path}.`) || this.wanted.startsWith(`${path}[`);
    if (leads) this.nearest = { length: this.steps.length, offset: this.at };
  }

  document(): Json {
    this.space();
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('syntax', `unexpected ${shown(this.text[this.at])} after the end of the document`);
    return value;
  }

  positionAt(offset: number): Position {
    const before = this.text.slice(0, offset);
    const line = before.split(/\r\n|\n|\r/).length;
    return { line, column: offset - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) };
  }

  private fail(code: string, message: string, more: { path?: string; value?: unknown; allowed?: string; offset?: number } = {}): never {
    const { offset, ...details } = more;
    const path = this.steps.length === 0 ? {} : { path: pathOf(this.steps) };
    throw new InputError({ code, message, file: this.file, ...path, ...this.positionAt(offset ?? this.at), ...details });
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at]!)) this.at++;
  }

  private value(): Json {
    if (this.steps.length > JSON_LIMITS.depth)
      this.fail('too_deep', 'the document is nested too deeply', { allowed: `at most ${JSON_LIMITS.depth} levels` });
    this.note();
    const first = this.text[this.at];
    if (first === '{') return this.object();
    if (first === '[') return this.array();
    if (first === '"') return this.string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(): Json {
    const result: { [key: string]: Json } = {};
    this.at++;
    this.space();
    if (this.ends('}')) return result;
    for (let count = 1; ; count++) {
      this.checkCount(count);
      const key = this.newKey(result);
      this.space();
      this.expect(':');
      this.space();
      this.steps.push(key);
      result[key] = this.value();
      this.steps.pop();
      this.space();
      if (this.ends('}')) return result;
      this.expect(',');
      this.space();
    }
  }

  private newKey(object: object): string {
    const offset = this.at;
    if (this.text[this.at] !== '"') this.fail('syntax', `expected a key in double quotes, found ${this.found()}`);
    const key = this.string();
    if (key.length > JSON_LIMITS.keyLength)
      this.fail('too_long', 'a key is too long', { offset, allowed: `at most ${JSON_LIMITS.keyLength} characters` });
    const refused = (code: string, what: string) =>
      this.fail(code, `the key ${shown(key)} ${what}`, { path: pathOf([...this.steps, key]), value: key, offset });
    if (FORBIDDEN_KEYS.has(key)) refused('forbidden_key', 'is not allowed');
    if (Object.hasOwn(object, key)) refused('duplicate_key', 'stands twice');
    return key;
  }

  private array(): Json {
    const result: Json[] = [];
    this.at++;
    this.space();
    if (this.ends(']')) return result;
    for (;;) {
      this.checkCount(result.length + 1);
      this.steps.push(result.length);
      result.push(this.value());
      this.steps.pop();
      this.space();
      if (this.ends(']')) return result;
      this.expect(',');
      this.space();
    }
  }

  private checkCount(count: number): void {
    if (count > JSON_LIMITS.entries)
      this.fail('too_large', 'a list or object has too many entries', { allowed: `at most ${JSON_LIMITS.entries} entries` });
  }

  private ends(bracket: string): boolean {
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) this.fail('syntax', `expected ${shown(character)}, found ${this.found()}`);
    this.at++;
  }

  private found(): string {
    return this.at >= this.text.length ? 'the end of the document' : shown(this.text[this.at]);
  }

  private string(): string {
    const start = this.at++;
    let result = '';
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)![0];
      result += plain;
      this.at += plain.length;
      const next = this.text[this.at];
      if (next === '"') break;
      if (next === undefined) this.fail('syntax', 'a string is not closed', { offset: start });
      if (next !== '\\') this.fail('control_character', `a string contains the control character ${shown(next)}`);
      result += this.escape();
    }
    this.at++;
    if (!result.isWellFormed()) this.fail('encoding', 'a string contains half a character (a lone surrogate)', { offset: start });
    if (result.includes('\0')) this.fail('control_character', 'a string contains the character NUL', { offset: start });
    return result;
  }

  private escape(): string {
    const letter = this.text[this.at + 1];
    if (letter === 'u') {
      const code = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(code)) this.fail('syntax', 'a \\u escape needs four hexadecimal digits');
      this.at += 6;
      return String.fromCharCode(parseInt(code, 16));
    }
    const plain = letter === undefined ? undefined : ESCAPES[letter];
    if (plain === undefined) this.fail('syntax', `unknown escape \\${letter ?? ''}`);
    this.at += 2;
    return plain;
  }

  private number(): number {
    const offset = this.at;
    NUMBER_LIKE.lastIndex = offset;
    const word = NUMBER_LIKE.exec(this.text)![0];
    NUMBER.lastIndex = offset;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined || literal.length !== word.length) {
      const what = word === '' ? `found ${this.found()}` : `${shown(word)} is not a value`;
      this.fail('syntax', `${what}`, {
        value: word,
        offset,
        allowed: 'null, true, false, a string, a list, an object or a number such as -1.5e-3',
      });
    }
    this.at += literal.length;
    return this.exact(literal, offset);
  }

  /** A double that stands for the literal; overflow, underflow to zero and lost digits of integers are refused. */
  private exact(literal: string, offset: number): number {
    const value = Number(literal);
    if (!Number.isFinite(value))
      this.fail('number_too_large', `the number ${shown(literal)} is too large`, {
        value: literal,
        offset,
        allowed: 'at most 1.7976931348623157e308',
      });
    const isZeroLiteral = /^-?0(?:\.0*)?(?:[eE].*)?$/.test(literal);
    if (value === 0 && !isZeroLiteral)
      this.fail('number_too_small', `the number ${shown(literal)} is too small`, {
        value: literal,
        offset,
        allowed: '0 or at least 5e-324 in magnitude',
      });
    // What a double prints as is that double; any other integer must be the double exactly.
    const isPlainInteger = /^-?[0-9]+$/.test(literal) && literal !== String(value);
    if (isPlainInteger && !Number.isSafeInteger(value) && BigInt(literal) !== BigInt(value)) {
      this.fail('number_not_exact', `the integer ${shown(literal)} cannot be kept exactly`, {
        value: literal,
        offset,
        allowed: 'integers up to 9007199254740991',
      });
    }
    return value;
  }
}

/** Canonical text: two spaces, keys in the order given, -0 kept; parse(print(x)) is x. */
export function printJson(value: unknown, indent = ''): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return `[${value.map((item) => printJson(item)).join(', ')}]`;
    return `[\n${value.map((item) => `${deeper}${printJson(item, deeper)}`).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${printJson(item, deeper)}`).join(',\n')}\n${indent}}`;
}

/** The same value with all keys sorted: what a hash is taken of. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortedKeys(item)]),
  );
}
