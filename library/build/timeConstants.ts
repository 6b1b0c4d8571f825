/**
 * Search for the two time constants, at a few SOC knots, that let the joint fit come closest to the measurement.
 * It is separate because time constants are the only unknowns that are not linear: they are found by a coarse-to-fine search around the linear fit.
 */
import { fit, type Curve, type FitPlan, type Run } from './fit.ts';

/** Allowed ranges: the fast pair covers pulses; the slow pair is kept for diffusion, which a search on short pulses would otherwise give up. */
const rangeS: [number, number][] = [
  [5, 60],
  [300, 3000],
];

/** Factors by which one value is raised or lowered, coarse to fine. */
const factors = [2, 1.4, 1.15];

/**
 * Plan with the time constants replaced by the best found, starting from those in the plan.
 * One value at a time is raised or lowered by a factor as long as the root-mean-square residual falls; `stride` thins the samples for speed.
 */
export function withBestTimeConstants(plan: FitPlan, runs: Run[], stride: number): FitPlan {
  const thinned = runs.map((run) => ({ ...run, stride }));
  let best = plan;
  let bestV = fit(plan, thinned).rmseV;
  for (const factor of factors) {
    for (let improved = true; improved;) {
      improved = false;
      for (let pair = 0; pair < 2; pair++) {
        for (let knot = 0; knot < best.timeConstantS[pair].soc.length; knot++) {
          for (const step of [factor, 1 / factor]) {
            const trial = withTimeConstant(best, pair, knot, step);
            if (trial === undefined) continue;
            const trialV = fit(trial, thinned).rmseV;
            if (trialV >= bestV * 0.999) continue;
            best = trial;
            bestV = trialV;
            improved = true;
            break;
          }
        }
      }
    }
  }
  return best;
}

/** The plan with one time constant multiplied, or undefined when it would leave its range. */
function withTimeConstant(plan: FitPlan, pair: number, knot: number, factor: number): FitPlan | undefined {
  const value = plan.timeConstantS[pair].value[knot] * factor;
  if (value < rangeS[pair][0] || value > rangeS[pair][1]) return undefined;
  const timeConstantS = plan.timeConstantS.map((curve, p): Curve =>
    p === pair ? { soc: curve.soc, value: curve.value.map((old, k) => (k === knot ? value : old)) } : curve,
  ) as [Curve, Curve];
  return { ...plan, timeConstantS };
}
