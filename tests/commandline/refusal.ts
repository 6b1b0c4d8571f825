/**
 * Bad input read in this process: what the refusal says, and that it came fast and touched nothing.
 * The bound is on the time of the processor, and generous (a slow machine must not fail a test); what matters is that it is not minutes.
 */
import { InputError, type InputErrorDetails } from '../../domain/errors.ts';
import { readScenario } from '../../domain/scenario/read.ts';
import { processorTime } from '../patience.ts';

const LONGEST_ms = 1000;

/** The refusal of some work; fails where it is accepted or takes long. */
export function refusalOf(work: () => unknown, longest_ms: number = LONGEST_ms): InputErrorDetails {
  const elapsed_ms = processorTime();
  const details = detailsOf(work);
  const took_ms = elapsed_ms();
  if (took_ms > longest_ms) throw new Error(`refused with ${details.code} only after ${took_ms.toFixed(0)} ms`);
  if (Object.keys(Object.prototype).length > 0 || 'isAdmin' in {}) throw new Error('a prototype was touched');
  return details;
}

function detailsOf(work: () => unknown): InputErrorDetails {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.details;
    throw error;
  }
  throw new Error('the input was accepted');
}

export const refusedScenario = (text: string, longest_ms?: number) => refusalOf(() => readScenario(text, { file: 'bad.json' }), longest_ms);

/** A good scenario, one value a line, to spoil one thing of. */
export const GOOD = {
  formatVersion: 1,
  name: 'good',
  duration_s: 60,
  tick_s: 1,
  cells: {
    mine: {
      capacity_Ah: 5,
      ocv: { soc: [0, 0.05, 1], voltage_V: [3.0, 3.3, 4.19] },
      seriesResistance_Ohm: 0.02,
      rc: [{ resistance_Ohm: 0.008, timeConstant_s: 30 }],
    },
  },
  pack: { series: 4, cell: 'mine' },
};

/** GOOD as text with one value replaced by raw text; the path is dotted, list entries are numbers. */
export function spoilt(path: string, raw: string): string {
  const document = structuredClone(GOOD) as Record<string, unknown>;
  const parts = path.split('.');
  let at = document;
  for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>;
  at[parts.at(-1)!] = '@raw@';
  return JSON.stringify(document, null, 1).replace('"@raw@"', () => raw);
}
