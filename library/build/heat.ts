/**
 * Heat capacity and conductance to ambient of a cell from a measured temperature rise.
 * It is separate because it needs only the losses of a run, not how the voltage came about.
 */
import { interpolate } from './cell.ts';
import type { Curve } from './fit.ts';
import type { Series } from './series.ts';

export interface HeatRun {
  series: Series;
  startSoc: number;
  /** Temperature of the surroundings; the first measured temperature when left out. */
  ambientDegC?: number;
}

export interface Heat {
  heatCapacity_J_per_K: number;
  toAmbient_W_per_K: number;
  rmseK: number;
}

/** Loss I (V - OCV) of each step of a run (Bernardi 1985 without the entropic part), from measured voltage. */
function losses(run: HeatRun, ocv: Curve, capacityAh: number): Float64Array {
  const { count, timeS, currentA, voltageV } = run.series;
  const lossW = new Float64Array(count);
  let soc = run.startSoc;
  for (let k = 1; k < count; k++) {
    soc += (currentA[k] * (timeS[k] - timeS[k - 1])) / (3600 * capacityAh);
    lossW[k] = Number.isNaN(voltageV[k]) ? lossW[k - 1] : currentA[k] * (voltageV[k] - interpolate(ocv.soc, ocv.value, soc));
  }
  return lossW;
}

/** Root-mean-square temperature error of the lumped balance C dT/dt = loss - G (T - ambient) over the runs. */
function temperatureMisfit(runs: HeatRun[], lossW: Float64Array[], capacityJ: number, conductanceW: number): number {
  let sum = 0;
  let time = 0;
  runs.forEach((run, r) => {
    const { count, timeS, temperatureDegC } = run.series;
    const ambient = run.ambientDegC ?? temperatureDegC[0];
    let model = temperatureDegC[0];
    for (let k = 1; k < count; k++) {
      const stepS = timeS[k] - timeS[k - 1];
      const decay = Math.exp((-stepS * conductanceW) / capacityJ);
      model = ambient + (model - ambient) * decay + (lossW[r][k] / conductanceW) * (1 - decay);
      const error = model - temperatureDegC[k];
      sum += error * error * stepS;
      time += stepS;
    }
  });
  return Math.sqrt(sum / time);
}

/** The pair that follows the measured case temperature best: a search over both, coarse to fine. */
export function fitHeat(runs: HeatRun[], ocv: Curve, capacityAh: number, start: { capacityJ: number; conductanceW: number }): Heat {
  const lossW = runs.map((run) => losses(run, ocv, capacityAh));
  let { capacityJ, conductanceW } = start;
  let best = temperatureMisfit(runs, lossW, capacityJ, conductanceW);
  for (const factor of [1.5, 1.2, 1.05, 1.01]) {
    for (let improved = true; improved;) {
      improved = false;
      for (const [a, b] of [
        [factor, 1],
        [1 / factor, 1],
        [1, factor],
        [1, 1 / factor],
      ]) {
        const trial = temperatureMisfit(runs, lossW, capacityJ * a, conductanceW * b);
        if (trial >= best) continue;
        best = trial;
        capacityJ *= a;
        conductanceW *= b;
        improved = true;
      }
    }
  }
  return { heatCapacity_J_per_K: capacityJ, toAmbient_W_per_K: conductanceW, rmseK: best };
}
