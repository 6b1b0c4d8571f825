/**
 * The chart's stacked axes as rows, and how the height is shared among those that are shown.
 * Separate from the traces so that a choice of axes is data.
 */

export const AXES = {
  voltage: { id: 'y', weight: 3 },
  difference: { id: 'y6', weight: 1.2 },
  current: { id: 'y2', weight: 1.7 },
  temperature: { id: 'y3', weight: 1.3 },
  soc: { id: 'y4', weight: 1.7 },
  lanes: { id: 'y5', weight: 2.1 },
} as const;
export type AxisName = keyof typeof AXES;
export type AxisId = (typeof AXES)[AxisName]['id'];
export const AXIS_NAMES = Object.keys(AXES) as AxisName[];

const GAP = 0.042;

/** Each shown axis' share of the height, from the top in the order of the rows. */
export function domainsOf(shown: readonly AxisName[]): Map<AxisName, [number, number]> {
  const total = shown.reduce((sum, name) => sum + AXES[name].weight, 0);
  const room = 1 - GAP * (shown.length - 1);
  const domains = new Map<AxisName, [number, number]>();
  let top = 1;
  for (const name of shown) {
    const height = (room * AXES[name].weight) / total;
    domains.set(name, [Math.max(top - height, 0), top]);
    top -= height + GAP;
  }
  return domains;
}

/** What fits into a height without crowding, the most telling first. */
export function axesThatFit(height_px: number): AxisName[] {
  const left: AxisName[] = height_px < 350 ? ['difference', 'temperature'] : height_px < 440 ? ['temperature'] : [];
  return AXIS_NAMES.filter((name) => !left.includes(name));
}
