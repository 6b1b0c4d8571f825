/**
 * Numbers as engineers type them: `280Ah`, `2m`, `4.7k`, `0.5C`, with the unit of the field or none.
 * Case tells milli from mega; what cannot be read is undefined and stays as it was typed.
 */
import { unitText } from './format.ts';

const PREFIXES: Record<string, number> = { n: 1e-9, u: 1e-6, µ: 1e-6, μ: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9 };
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(.*)$/;
/** Other spellings of a unit. */
const SPELLINGS: Record<string, readonly string[]> = { Ω: ['Ω', 'Ω', 'Ohm', 'ohm', 'R'], '°C': ['°C', 'C', 'degC'], s: ['s'] };
const TIMES: Record<string, number> = { min: 60, h: 3600, d: 86_400 };
const EXACT_DIGITS = 12;

/** Digits that multiplying by a prefix puts behind the number are no part of it. */
function exact(value: number): number {
  return Number(value.toPrecision(EXACT_DIGITS));
}

export interface NumberContext {
  /** Path of the field; its suffix is its unit. */
  path: string;
  /** Capacity of the pack, by which `C` is counted in fields of current. */
  capacity_Ah?: number | undefined;
}

export function parseNumber(text: string, { path, capacity_Ah }: NumberContext): number | undefined {
  const match = NUMBER.exec(text.trim());
  if (match === null) return undefined;
  const value = Number(match[1]);
  const suffix = match[2]!;
  if (!Number.isFinite(value)) return undefined;
  if (suffix === '') return value;
  const unit = unitText(path);
  if (suffix === '%' && unit === '') return exact(value / 100);
  if (unit === 'A' && suffix === 'C') return capacity_Ah === undefined ? undefined : exact(value * capacity_Ah);
  if (unit === 's' && suffix in TIMES) return exact(value * TIMES[suffix]!);
  const spellings = unit === '' ? [''] : ['', ...(SPELLINGS[unit] ?? [unit])];
  if (spellings.includes(suffix)) return value;
  const factor = PREFIXES[suffix[0]!];
  return factor !== undefined && spellings.includes(suffix.slice(1).trim()) ? exact(value * factor) : undefined;
}
