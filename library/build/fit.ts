/**
 * Joint fit of OCV, series resistance, two RC pairs and hysteresis over SOC knots to measured current and voltage.
 * With time constants and the hysteresis decay given, the terminal voltage is linear in all knot values, so one least-squares solution finds them together.
 */
import { interpolate, knotBelow } from './cell.ts';
import { NormalEquations } from './leastSquares.ts';
import type { Series } from './series.ts';

/** Values over SOC. */
export interface Curve {
  soc: number[];
  value: number[];
}

export interface Run {
  series: Series;
  startSoc: number;
  /** Weight of each row, or of each second that a row stands for; rows let densely logged pulses weigh more. */
  weight: number;
  by: 'second' | 'row';
  /** Samples below this SOC are simulated but not fitted. */
  lowSoc?: number;
  /** Only every n-th sample enters the equations; the states still see every one. */
  stride?: number;
  startHysteresisV?: number;
}

export interface FitPlan {
  capacityAh: number;
  /** OCV that the fit corrects at `ocvKnots` (no knots: taken as it is). */
  ocv: Curve;
  ocvKnots: number[];
  resistanceKnots: number[];
  /** Series resistance that is known beforehand, on top of what is fitted at `resistanceKnots` (none: it is all there is). */
  knownResistanceOhm?: Curve;
  rcKnots: number[];
  timeConstantS: [Curve, Curve];
  /** With `value` the half width is given and only followed; without it, it is fitted at the knots. */
  hysteresis?: { soc: number[]; value?: number[]; decay: number };
  /** Strength of the second-difference prior on resistances (V^2/Ohm^2 = A^2) and on OCV and hysteresis (1). */
  resistanceSmoothness: number;
  voltageSmoothness: number;
  /** Strength of the prior that both pairs have the same resistance at each knot, A^2; for runs too steady to tell the pairs apart. */
  equalPairs?: number;
  /** Smallest resistance allowed at a knot. */
  leastResistanceOhm: number;
}

export interface Fitted {
  ocv: Curve;
  resistanceOhm: Curve;
  rcOhm: [Curve, Curve];
  hysteresisV?: Curve;
  rmseV: number;
}

interface Group {
  first: number;
  soc: number[];
}

interface Layout {
  size: number;
  ocv: Group;
  resistance: Group;
  rc: [Group, Group];
  hysteresis: Group;
}

function layoutOf(plan: FitPlan): Layout {
  let size = 0;
  const group = (soc: number[]): Group => {
    const first = size;
    size += soc.length;
    return { first, soc };
  };
  const ocv = group(plan.ocvKnots);
  const resistance = group(plan.resistanceKnots);
  const rc: [Group, Group] = [group(plan.rcKnots), group(plan.rcKnots)];
  const hysteresis = group(plan.hysteresis === undefined || plan.hysteresis.value ? [] : plan.hysteresis.soc);
  return { size, ocv, resistance, rc, hysteresis };
}

/** Adds `amount` times the hat functions of the knots at `soc` to a row of regressors; end values are held outside. */
function addHat(row: Float64Array, group: Group, soc: number, amount: number): void {
  const { first, soc: knots } = group;
  const last = knots.length - 1;
  if (last < 0) return;
  if (soc <= knots[0]) row[first] += amount;
  else if (soc >= knots[last]) row[first + last] += amount;
  else {
    const k = knotBelow(knots, soc);
    const share = (soc - knots[k]) / (knots[k + 1] - knots[k]);
    row[first + k] += amount * (1 - share);
    row[first + k + 1] += amount * share;
  }
}

/** Runs the linear states of one measured run and adds every sample with a measured voltage to the equations. */
function accumulate(plan: FitPlan, layout: Layout, run: Run, equations: NormalEquations): void {
  const { count, timeS, currentA, voltageV } = run.series;
  const row = new Float64Array(layout.size);
  const state = new Float64Array(layout.size);
  const index = new Int32Array(layout.size);
  const value = new Float64Array(layout.size);
  const chargeC = 3600 * plan.capacityAh;
  let soc = run.startSoc;
  const stride = run.stride ?? 1;
  let knownHysteresisV = run.startHysteresisV ?? 0;
  for (let k = 0; k < count; k++) {
    const stepS = k === 0 ? 0 : timeS[k] - timeS[k - 1];
    const current = currentA[k];
    soc += (current * stepS) / chargeC;
    for (let pair = 0; pair < 2; pair++) {
      const group = layout.rc[pair];
      const tau = plan.timeConstantS[pair];
      const decay = Math.exp(-stepS / interpolate(tau.soc, tau.value, soc));
      for (let j = group.first; j < group.first + group.soc.length; j++) state[j] *= decay;
      addHat(state, group, soc, current * (1 - decay));
    }
    if (plan.hysteresis !== undefined && current !== 0) {
      const decay = Math.exp((-Math.abs(current) * plan.hysteresis.decay * stepS) / chargeC);
      const group = layout.hysteresis;
      for (let j = group.first; j < group.first + group.soc.length; j++) state[j] *= decay;
      addHat(state, group, soc, Math.sign(current) * (1 - decay));
      const { soc: knots, value: halfWidthV } = plan.hysteresis;
      knownHysteresisV =
        knownHysteresisV * decay + (halfWidthV ? Math.sign(current) * interpolate(knots, halfWidthV, soc) * (1 - decay) : 0);
    }
    if (k % stride !== 0 || Number.isNaN(voltageV[k]) || soc < (run.lowSoc ?? -1)) continue;
    row.set(state);
    addHat(row, layout.ocv, soc, 1);
    addHat(row, layout.resistance, soc, current);
    let used = 0;
    for (let j = 0; j < layout.size; j++) {
      if (Math.abs(row[j]) < 1e-7) continue;
      index[used] = j;
      value[used++] = row[j];
    }
    const knownOhm = plan.knownResistanceOhm ? interpolate(plan.knownResistanceOhm.soc, plan.knownResistanceOhm.value, soc) : 0;
    const target = voltageV[k] - interpolate(plan.ocv.soc, plan.ocv.value, soc) - knownHysteresisV - knownOhm * current;
    equations.add(index, value, used, target, run.weight * (run.by === 'row' ? 1 : stepS));
  }
}

/** Second differences over uneven knots as priors: the slope change at each inner knot is pulled to 0, scaled to the local spacing. */
function addSmoothness(equations: NormalEquations, group: Group, strength: number): void {
  for (let k = 1; k + 1 < group.soc.length; k++) {
    const left = group.soc[k] - group.soc[k - 1];
    const right = group.soc[k + 1] - group.soc[k];
    const index = [group.first + k - 1, group.first + k, group.first + k + 1];
    equations.addPrior(index, [right / (left + right), -1, left / (left + right)], 0, strength * equations.weight);
  }
}

/** Knot values that fit the runs best in the least-squares sense, and the root-mean-square residual. */
export function fit(plan: FitPlan, runs: Run[]): Fitted {
  const layout = layoutOf(plan);
  const equations = new NormalEquations(layout.size);
  for (const run of runs) accumulate(plan, layout, run, equations);
  addSmoothness(equations, layout.ocv, plan.voltageSmoothness);
  addSmoothness(equations, layout.resistance, plan.resistanceSmoothness);
  for (const group of layout.rc) addSmoothness(equations, group, plan.resistanceSmoothness);
  addSmoothness(equations, layout.hysteresis, plan.voltageSmoothness);
  if (plan.equalPairs !== undefined) {
    const [fast, slow] = layout.rc;
    for (let k = 0; k < fast.soc.length; k++)
      equations.addPrior([fast.first + k, slow.first + k], [1, -1], 0, plan.equalPairs * equations.weight);
  }
  const lower = new Float64Array(layout.size).fill(-Infinity);
  for (const group of [layout.resistance, ...layout.rc]) lower.fill(plan.leastResistanceOhm, group.first, group.first + group.soc.length);
  lower.fill(0, layout.hysteresis.first, layout.hysteresis.first + layout.hysteresis.soc.length);
  const solution = equations.solve(lower);
  const curve = (group: Group): Curve => ({
    soc: group.soc,
    value: Array.from(solution.subarray(group.first, group.first + group.soc.length)),
  });
  return {
    ocv: corrected(plan.ocv, curve(layout.ocv)),
    resistanceOhm: curve(layout.resistance),
    rcOhm: [curve(layout.rc[0]), curve(layout.rc[1])],
    hysteresisV:
      plan.hysteresis && (plan.hysteresis.value ? { soc: plan.hysteresis.soc, value: plan.hysteresis.value } : curve(layout.hysteresis)),
    rmseV: Math.sqrt(equations.meanSquare(solution)),
  };
}

/** The base curve plus a correction given at coarser knots. */
function corrected(base: Curve, correction: Curve): Curve {
  if (correction.soc.length === 0) return base;
  return { soc: base.soc, value: base.value.map((value, k) => value + interpolate(correction.soc, correction.value, base.soc[k])) };
}

/** A curve with one value everywhere. */
export function constant(value: number): Curve {
  return { soc: [0, 1], value: [value, value] };
}
