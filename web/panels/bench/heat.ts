/**
 * All cells of a pack as one picture: each cell's distance from the mean of a quantity, and which are farthest.
 * Pure: drawing and keyboard stand in the component.
 */
import type { BenchReader } from '../../simulation/benchReader.ts';

export const HEAT_QUANTITIES = {
  voltage: { channel: 'cell.voltage_V', unit: 'V' },
  current: { channel: 'cell.current_A', unit: 'A' },
  soc: { channel: 'cell.soc', unit: 'soc' },
  temperature: { channel: 'cell.temperature_degC', unit: 'degC' },
} as const;
export type HeatQuantity = keyof typeof HEAT_QUANTITIES;

export interface HeatCell {
  group: number;
  position: number;
  value: number;
  deviation: number;
}

export interface Heat {
  cells: HeatCell[];
  mean: number;
  /** Largest distance from the mean; colours reach so far. */
  most: number;
}

export function heatOf(reader: BenchReader, quantity: HeatQuantity, parallel: number): Heat {
  const values = reader.list(HEAT_QUANTITIES[quantity].channel);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const cells = Array.from(values, (value, index) => ({
    group: Math.floor(index / parallel),
    position: index % parallel,
    value,
    deviation: value - mean,
  }));
  return { cells, mean, most: Math.max(...cells.map(({ deviation }) => Math.abs(deviation)), 1e-12) };
}

/** The farthest from the mean first. */
export function byDeviation(cells: readonly HeatCell[]): HeatCell[] {
  return [...cells].sort((one, other) => Math.abs(other.deviation) - Math.abs(one.deviation));
}
