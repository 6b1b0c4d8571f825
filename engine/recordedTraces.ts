/**
 * The order of a recording's traces: the voltage of every cell group, then the pack's.
 * It is separate from the recorder so that who only reads traces does not load the kernel's layout.
 */

/** Traces after those of the cells' voltages. */
export const PACK_TRACES = [
  'current_A',
  'coldest_degC',
  'meanTemperature_degC',
  'hottest_degC',
  'lowest_soc',
  'mean_soc',
  'highest_soc',
  'estimate_soc',
] as const;
export type PackTrace = (typeof PACK_TRACES)[number];

/** Traces of a recording. */
export function recordedCount(series: number): number {
  return series + PACK_TRACES.length;
}
