/**
 * Which cells touch: the pack's layout as a list of heat conductances between lanes, and the step that keeps it stable.
 * Groups lie in rows, there and back again; the positions of a group lie across the row.
 */
import { laneAddress } from './kernel.ts';
import type { LoadedScenario } from './load.ts';
import { thermalOf } from './packState.ts';

export interface HeatEdges {
  /** Rows of [address of lane a, address of lane b, conductance in W/K]. */
  rows: Float64Array;
  /** Steps within a slow step, so that no cell takes more than a quarter of a difference at once. */
  substeps: number;
}

const MOST_SHARE = 0.25;

type Edge = readonly [groupA: number, positionA: number, groupB: number, positionB: number, conductance: number];

/** Column of a group in its row. */
function columnOf(group: number, columns: number): number {
  const along = group % columns;
  return Math.floor(group / columns) % 2 === 0 ? along : columns - 1 - along;
}

function edgesOf({ scenario }: LoadedScenario): Edge[] {
  const { series, parallel } = scenario.pack;
  const touching = scenario.thermal?.neighbour_W_per_K ?? 0;
  const across = scenario.thermal?.rowGap_W_per_K ?? 0;
  const columns = Math.ceil(series / (scenario.thermal?.rows ?? 1));
  const edges: Edge[] = [];
  for (let a = 0; a < series; a++) {
    for (let b = a + 1; b < Math.min(series, a + 2 * columns); b++) {
      const rows = Math.floor(b / columns) - Math.floor(a / columns);
      const sameRow = rows === 0 && b === a + 1;
      const facing = rows === 1 && columnOf(a, columns) === columnOf(b, columns);
      if (!sameRow && !facing) continue;
      for (let position = 0; position < parallel; position++) edges.push([a, position, b, position, sameRow ? touching : across]);
    }
    for (let position = 0; position + 1 < parallel; position++) edges.push([a, position, a, position + 1, touching]);
  }
  return edges.filter(([, , , , conductance]) => conductance > 0);
}

/** The list for the kernel, and how finely it must be stepped; empty where cells are held at ambient. */
export function heatEdges(loaded: LoadedScenario, slow_s: number): HeatEdges {
  const thermal = thermalOf(loaded);
  const edges = thermal === undefined ? [] : edgesOf(loaded);
  const { series } = loaded.scenario.pack;
  const rows = new Float64Array(edges.length * 3);
  const shares = new Map<number, number>();
  edges.forEach(([groupA, positionA, groupB, positionB, conductance], index) => {
    const lanes = [laneAddress(groupA, positionA, series), laneAddress(groupB, positionB, series)] as const;
    rows.set([...lanes, conductance], index * 3);
    for (const lane of lanes) shares.set(lane, (shares.get(lane) ?? 0) + (conductance * slow_s) / thermal!.heatCapacity_J_per_K);
  });
  const most = [...shares.values()].reduce((a, b) => Math.max(a, b), 0);
  return { rows, substeps: Math.max(1, Math.ceil(most / MOST_SHARE)) };
}
