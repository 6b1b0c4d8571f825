/**
 * How far each cell's reading is from what its channel measures by design: the group's voltage and the drop over the joint below it.
 * Separate from the drawing because it decides when truth and display are said to differ. Pure.
 */
import { isObject, valueOf } from '../../document.ts';
import type { Json } from '../../../domain/scenario/json.ts';

/** Joint that lies inside each channel, as the design has it; the lowest channel begins at pack negative and has none. */
export function designedJoints(document: Json, series: number): Float64Array {
  const joints = new Float64Array(series).fill(Number(valueOf(document, 'pack.link_Ohm') ?? 0));
  const overrides = valueOf(document, 'pack.overrides');
  for (const override of Array.isArray(overrides) ? overrides.filter(isObject) : []) {
    const { group, link_Ohm } = override;
    if (typeof group === 'number' && group < series && typeof link_Ohm === 'number') joints[group] = link_Ohm;
  }
  joints[0] = 0;
  return joints;
}

export interface Readings {
  /** Between the terminals of each group, now. */
  truth_V: Float64Array;
  /** What the unit had of them at its last sample. */
  measured_V: Float64Array;
  joints_Ohm: Float64Array;
  current_A: number;
  /** The current has moved since the sample: all readings are those of another moment. */
  hasMoved: boolean;
}

/** What of each reading the design does not explain; of readings of another moment, what the others do not share. */
export function unexplained_V({ truth_V, measured_V, joints_Ohm, current_A, hasMoved }: Readings): Float64Array {
  const off = truth_V.map((truth, group) => measured_V[group]! - truth - joints_Ohm[group]! * current_A);
  const shared = hasMoved ? median(off) : 0;
  return off.map((each) => each - shared);
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
