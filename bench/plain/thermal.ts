/**
 * Heat of the pack in plain JavaScript: joints, every cell's balance, exchange between neighbours, and the unit's case.
 * The first part of the slow step; like the parameters it takes the host's exponentials.
 *
 * Equations in docs/model.md: heat balance (7), joints (18), neighbours (19).
 */
import type { RelayRow, State } from './state.ts';

const LONGEST_DECAY = 700;
const KELVIN = 273.15;

/** 1 - exp(-x) for x >= 0. */
export function decayed(x: number): number {
  return -Math.expm1(-Math.min(x, LONGEST_DECAY));
}

/** Equation (18): a joint's heat, by the common current and beyond it, goes to the groups on its two sides by halves. */
function spreadJointHeat({ cells: { jointHeat_J }, groups, heat, pack, groupCount }: State): void {
  const { link_Ohm, linkExtra_J, slowLinkExtra_J } = groups;
  const squares = pack.squareCharge_A2s - heat.squareSeen_A2s;
  heat.squareSeen_A2s = pack.squareCharge_A2s;
  for (let i = 0; i < groupCount; i++) {
    const own = link_Ohm[i]! * squares + (linkExtra_J[i]! - slowLinkExtra_J[i]!);
    jointHeat_J[i]! += 0.5 * own;
    if (i > 0) jointHeat_J[i - 1]! += 0.5 * own;
    slowLinkExtra_J[i] = linkExtra_J[i]!;
  }
}

/** What a slow step does to a cell, from x = G t / C: the shares of its heat and of its distance from ambient. */
function refreshShares({ cells, heat, run, groupCount }: State): void {
  const { heatCapacity_J_per_K, toAmbient_W_per_K, warmed_K_per_J, cooled_ratio } = cells;
  const seconds = run.slow_s;
  if (seconds === heat.sharesFor_s) return;
  heat.sharesFor_s = seconds;
  for (let i = 0; i < groupCount; i++) {
    const capacity = heatCapacity_J_per_K[i]!;
    const x = (toAmbient_W_per_K[i]! * seconds) / capacity;
    const cooled = decayed(x);
    cooled_ratio[i] = cooled;
    warmed_K_per_J[i] = (x > 0 ? cooled / x : 1) / capacity;
  }
}

/** Equation (7): C dT/dt = P - G (T - ambient) with P constant over the slow step, solved exactly. */
function warm({ cells, pack, groupCount }: State): void {
  const { temperature_degC, movedCharge_C, slowCharge_C, entropic_V_per_K, heat_J, slowHeat_J } = cells;
  const { tabHeat_J, jointHeat_J, shortHeat_J, foreignHeat_J, slowJointHeat_J } = cells;
  const { heatCapacity_J_per_K, warmed_K_per_J, cooled_ratio, lostHeat_J, reversibleHeat_J } = cells;
  const ambient = pack.ambientNow_degC;
  for (let i = 0; i < groupCount; i++) {
    const before = temperature_degC[i]!;
    const reversible = (movedCharge_C[i]! - slowCharge_C[i]!) * (before + KELVIN) * entropic_V_per_K[i]!;
    const joints = tabHeat_J[i]! + jointHeat_J[i]! + (shortHeat_J[i]! + foreignHeat_J[i]!);
    const gained = heat_J[i]! - slowHeat_J[i]! + (joints - slowJointHeat_J[i]!) + reversible;
    const rise = gained * warmed_K_per_J[i]! - cooled_ratio[i]! * (before - ambient);
    temperature_degC[i] = before + rise;
    lostHeat_J[i]! += gained - heatCapacity_J_per_K[i]! * rise;
    reversibleHeat_J[i]! += reversible;
    slowHeat_J[i] = heat_J[i]!;
    slowJointHeat_J[i] = joints;
    slowCharge_C[i] = movedCharge_C[i]!;
  }
}

/** Equation (19): what flows along every edge, from the temperatures before each substep; then all at once. */
function exchangeBetweenNeighbours({ cells, edges, heat, run }: State): void {
  const { temperature_degC, exchange_K, heatCapacity_J_per_K } = cells;
  const { from, to, conductance_W_per_K } = edges;
  if (from.length === 0) return;
  const seconds = run.slow_s / heat.substeps;
  for (let step = 0; step < heat.substeps; step++) {
    for (let edge = 0; edge < from.length; edge++) {
      const a = from[edge]!;
      const b = to[edge]!;
      const joules = conductance_W_per_K[edge]! * seconds * (temperature_degC[b]! - temperature_degC[a]!);
      exchange_K[a]! += joules / heatCapacity_J_per_K[a]!;
      exchange_K[b]! -= joules / heatCapacity_J_per_K[b]!;
    }
    for (let i = 0; i < exchange_K.length; i++) {
      temperature_degC[i]! += exchange_K[i]!;
      exchange_K[i] = 0;
    }
  }
}

/** The case takes what bleeds and electronics turn to heat; the coils sit elsewhere. */
function warmCase({ assumed, heat, pack, run, total }: State): void {
  const made = total.bled_J + 3600 * total.consumption_Wh - total.coil_J;
  const power = (made - heat.caseSeen_J) / run.slow_s;
  const settled = pack.ambientNow_degC + power / assumed.caseToAmbient_W_per_K;
  heat.case_degC += decayed((assumed.caseToAmbient_W_per_K * run.slow_s) / assumed.caseHeatCapacity_J_per_K) * (settled - heat.case_degC);
  heat.caseSeen_J = made;
}

/** Contact and coil warm a relay as one body. */
function warmRelay({ pack, run }: State, row: RelayRow): void {
  const made = row.heat_J + row.coilHeat_J;
  const settled = pack.ambientNow_degC + (made - row.slowHeat_J) / run.slow_s / row.toAmbient_W_per_K;
  row.temperature_degC += decayed((row.toAmbient_W_per_K * run.slow_s) / row.heatCapacity_J_per_K) * (settled - row.temperature_degC);
  row.slowHeat_J = made;
}

export function stepThermal(state: State): void {
  const { cells, pack, relays, run } = state;
  pack.ambientNow_degC = pack.ambient_degC;
  spreadJointHeat(state);
  if (run.isothermal !== 0) cells.temperature_degC.fill(pack.ambientNow_degC);
  else {
    refreshShares(state);
    warm(state);
    exchangeBetweenNeighbours(state);
  }
  if (run.hasUnit === 0) return;
  warmCase(state);
  warmRelay(state, relays.charge);
  warmRelay(state, relays.discharge);
}
