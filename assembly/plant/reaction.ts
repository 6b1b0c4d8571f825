/**
 * Heat that does not come from current: a heater on a cell, and the decomposition of a cell that has become too hot.
 * Separate from the heat balance because only runs with such a fault pay for it.
 *
 * Equation in docs/model.md: decomposition (45).
 */
import { cell, layout, run } from '../generated/layout';

const KELVIN: f64 = 273.15;
/** Activation energy over the gas constant: 1.35e5 J/mol (Hatchard et al. 2001, J. Electrochem. Soc. 148, A755: SEI and anode). */
const ACTIVATION_K: f64 = 16237.0;
/** `reaction_W` is the heat at this temperature. */
const REFERENCE_DEGC: f64 = 120.0;
/** Above this the rate is limited by transport and grows no further. */
const MOST_DEGC: f64 = 250.0;

/** Equation (45), explicit; never more than what is left to react. */
function reactionHeat(at: usize, seconds: f64): f64 {
  const left = load<f64>(at, cell.reactionLeft_J);
  if (left <= 0.0) return 0.0;
  const temperature = min<f64>(load<f64>(at, cell.temperature_degC), MOST_DEGC);
  const away = 1.0 / (REFERENCE_DEGC + KELVIN) - 1.0 / (temperature + KELVIN);
  return min<f64>(load<f64>(at, cell.reaction_W) * Math.exp(ACTIVATION_K * away) * seconds, left);
}

/** A pack whose cells were never abused does not decompose: a fault that never acts leaves no trace. */
function isAbused(): bool {
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let c = at; c < at + 32; c += 8)
      if (load<f64>(c, cell.abuse_W) > 0.0 || load<f64>(c, cell.foreignHeat_J) > 0.0 || load<f64>(c, cell.shortHeat_J) > 0.0) return true;
  }
  return false;
}

/** Adds to the heat of every cell what the slow step has brought. */
export function stepReactions(): void {
  if (!isAbused()) return;
  const seconds = load<f64>(run.slow_s);
  const end = <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
  for (let at = <usize>layout.cellBase; at < end; at += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += 8) {
      const c = at + lane;
      const reacted = load<f64>(c, cell.reaction_W) > 0.0 ? reactionHeat(c, seconds) : 0.0;
      store<f64>(c, load<f64>(c, cell.reactionLeft_J) - reacted, cell.reactionLeft_J);
      store<f64>(c, load<f64>(c, cell.foreignHeat_J) + reacted + load<f64>(c, cell.abuse_W) * seconds, cell.foreignHeat_J);
    }
  }
}
