/**
 * The closed list of unit suffixes that a name may carry, with what people see on screen.
 * A suffix is the only place where a unit is written, so a label never disagrees with a name.
 */

export const UNITS = {
  V: 'V',
  A: 'A',
  Ohm: 'Ω',
  F: 'F',
  H: 'H',
  Ah: 'Ah',
  Wh: 'Wh',
  W: 'W',
  s: 's',
  degC: '°C',
  K: 'K',
  J: 'J',
  J_per_K: 'J/K',
  W_per_K: 'W/K',
  V_per_K: 'V/K',
  per_K: '1/K',
  A2s: 'A²s',
  per_s: '1/s',
  Hz: 'Hz',
  kg: 'kg',
  m: 'm',
  soc: '',
  soh: '',
  fraction: '',
  ratio: '',
  count: '',
  index: '',
  code: '',
} as const;

export type Unit = keyof typeof UNITS;

const LONGEST_FIRST = (Object.keys(UNITS) as Unit[]).sort((a, b) => b.length - a.length);

/** The unit suffix of a name such as `overChargeProtectionVoltage_V`, or undefined where it has none. */
export function unitOf(name: string): Unit | undefined {
  const bare = name.replace(/(\[[^\]]*\])+$/, '');
  return LONGEST_FIRST.find((unit) => bare.endsWith(`_${unit}`) || bare === unit || bare.endsWith(`.${unit}`));
}
