/**
 * Figures as people read them: digits by unit, times as clocks.
 * Separate from the words because it holds no language, only digits.
 */
import { type Unit, unitOf, UNITS } from '../domain/quantity.ts';

const DIGITS: Partial<Record<Unit, number>> = { V: 3, A: 2, degC: 1, K: 1, Ah: 2, Wh: 1, J: 0, soc: 1, fraction: 1, count: 0, code: 0 };
const PERCENT: readonly (Unit | undefined)[] = ['soc', 'fraction'];
/** Thin space between number and unit. */
const GAP = '\u202f';
const MINUS = '\u2212';

/** A number with a true minus, and none before zero. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

/** A figure with its unit; fractions and states of charge in percent. */
export function withUnit(value: number, unit: Unit | undefined): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === undefined) return String(value);
  if (PERCENT.includes(unit)) return `${fixed(value * 100, DIGITS[unit]!)}${GAP}%`;
  if (unit === 'Ohm') return ohms(value);
  const digits = DIGITS[unit] ?? 3;
  return UNITS[unit] === '' ? fixed(value, digits) : `${fixed(value, digits)}${GAP}${UNITS[unit]}`;
}

const OHMS = [
  { from: 1e6, sign: 'MΩ' },
  { from: 1e3, sign: 'kΩ' },
  { from: 1, sign: 'Ω' },
  { from: 1e-3, sign: 'mΩ' },
  { from: 1e-6, sign: 'µΩ' },
] as const;

/** A resistance to four digits, from the joint's microohms to the insulation's megaohms. */
function ohms(value: number): string {
  const { from, sign } = OHMS.find((row) => Math.abs(value) >= row.from * 0.99995) ?? OHMS.at(-1)!;
  const digits = Number((value / from).toPrecision(4));
  return value === 0 ? `0${GAP}Ω` : `${digits < 0 ? MINUS : ''}${Math.abs(digits)}${GAP}${sign}`;
}

/** A small voltage, with its sign. */
export function millivolts(value_V: number, digits = 1): string {
  return `${value_V > 0 ? '+' : ''}${fixed(value_V * 1000, digits)}${GAP}mV`;
}

/** A figure whose name carries its unit. */
export function figure(name: string, value: number): string {
  return withUnit(value, unitOf(name));
}

/** Unit of a path as it stands beside a field. */
export function unitText(path: string): string {
  const unit = unitOf(path);
  return unit === undefined ? '' : UNITS[unit];
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Simulated time as days and a clock; tenths where they say something, and a dash for what is no time. */
export function clock(time_s: number): string {
  if (!Number.isFinite(time_s)) return '–';
  const tenths = Math.round(time_s * 10);
  const seconds = Math.floor(tenths / 10);
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = tenths % 10 === 0 ? '' : `.${tenths % 10}`;
  return `${days > 0 ? `${days}${GAP}d ` : ''}${two(hours)}:${two(minutes)}:${two(seconds % 60)}${rest}`;
}

/** A waiting time in its largest unit. */
export function roughTime(time_s: number): string {
  if (!Number.isFinite(time_s)) return '–';
  if (time_s < 90) return `${Math.ceil(time_s)}${GAP}s`;
  if (time_s < 5400) return `${Math.round(time_s / 60)}${GAP}min`;
  if (time_s < 172800) return `${Math.round(time_s / 3600)}${GAP}h`;
  return `${Math.round(time_s / 86400)}${GAP}d`;
}

/** How many times faster than the world: three digits, with thin spaces. */
export function factor(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '–';
  const rounded = value < 10 ? value.toFixed(1) : Number(value.toPrecision(3)).toFixed(0);
  return `×${rounded.replace(/\B(?=(\d{3})+$)/g, GAP)}`;
}
