/**
 * One tick of every cell in plain JavaScript: charge, polarization, hysteresis, voltage and heat.
 * One loop over the cells, each column a Float64Array.
 *
 * Equations in docs/model.md: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
import type { State } from './state.ts';

/** `alike` where the pack's current is the current of all cells. */
function moveCells(state: State, throughPack: number, alike: boolean): void {
  const { cells, groups, run, ocvBins, groupCount } = state;
  const { soc, socCarry, socPerAmpereTick, leak_A, efficiency_ratio } = cells;
  const { rc1_V, rc1Resistance_Ohm, rc1Step, rc1Mean, rc1MeanHeat_J_per_V2, rc1SpreadHeat_J_per_V2 } = cells;
  const { rc2_V, rc2Resistance_Ohm, rc2Step, rc2Mean, rc2MeanHeat_J_per_V2, rc2SpreadHeat_J_per_V2 } = cells;
  const { hysteresis_V, hysteresisPerAmpere, hysteresisLimit_V, open_V, emfPerBin_V, shift_V } = cells;
  const { chargeResistance_Ohm, dischargeResistance_Ohm, tab_Ohm } = cells;
  const { voltage_V, current_A, meanVoltage_V, heat_J, storedEnergy_J, movedCharge_C, tabHeat_J } = cells;
  const { draw_A, returning_A, link_Ohm, pinDeviation_V } = groups;
  const { voltage_V: groupVoltage_V, tapVoltage_V, afeVoltage_V, meanVoltage_V: groupMean_V } = groups;
  const dt = run.tick_s;
  const hasHysteresis = run.hasHysteresis !== 0;
  const binCount = state.ocv.binCount;
  const lastBin = state.ocv.lastBin;

  for (let i = 0; i < groupCount; i++) {
    const current = alike ? throughPack : throughPack - draw_A[i]!;
    const charging = current > 0;
    const r0 = current_A[i]! > 0 ? chargeResistance_Ohm[i]! : dischargeResistance_Ohm[i]!;

    // Equation (1), as a compensated sum (Kahan, 1965).
    const socBefore = soc[i]!;
    const stored = (charging ? efficiency_ratio[i]! : 1) * current - leak_A[i]! * socBefore;
    const step = stored * socPerAmpereTick[i]! - socCarry[i]!;
    const socNow = socBefore + step;
    socCarry[i] = socNow - socBefore - step;
    soc[i] = socNow;

    // Equation (2): linear between knots, at most one knot inside a bin.
    const position = socNow * binCount;
    let bin = position | 0;
    if (bin < 0) bin = 0;
    else if (bin > lastBin) bin = lastBin;
    const row = bin * 4;
    const along = position - bin;
    let slope = ocvBins[row + 1]!;
    const beyond = along - ocvBins[row + 3]!;
    let open = ocvBins[row]! + slope * along;
    if (beyond > 0) {
      const kink = ocvBins[row + 2]!;
      open += kink * beyond;
      slope += kink;
    }
    emfPerBin_V[i] = slope;
    open += shift_V[i]!;
    const openMean = 0.5 * (open_V[i]! + open);
    open_V[i] = open;

    // Equation (3): both pairs in closed form, with their means over the tick; their heat as a sum of squares.
    const level1 = rc1Resistance_Ohm[i]! * current;
    const start1 = rc1_V[i]!;
    const away1 = start1 - level1;
    const end1 = start1 - rc1Step[i]! * away1;
    const mean1 = level1 + rc1Mean[i]! * away1;
    rc1_V[i] = end1;
    const level2 = rc2Resistance_Ohm[i]! * current;
    const start2 = rc2_V[i]!;
    const away2 = start2 - level2;
    const end2 = start2 - rc2Step[i]! * away2;
    const mean2 = level2 + rc2Mean[i]! * away2;
    rc2_V[i] = end2;
    const pairsMean = mean1 + mean2;
    const heat1 = rc1MeanHeat_J_per_V2[i]! * (mean1 * mean1) + rc1SpreadHeat_J_per_V2[i]! * (away1 * away1);
    const heat2 = rc2MeanHeat_J_per_V2[i]! * (mean2 * mean2) + rc2SpreadHeat_J_per_V2[i]! * (away2 * away2);
    const pairsHeat = heat1 + heat2;

    // Equation (4), Plett (2004), eq. 24: U = target + (u0 - target) keep.
    let emf = open;
    let taken = r0 * current;
    if (hasHysteresis) {
      const before = hysteresis_V[i]!;
      const x = hysteresisPerAmpere[i]! * Math.abs(current);
      const keep = 1 / (1 + x + 0.5 * x * x);
      const target = charging ? hysteresisLimit_V[i]! : -hysteresisLimit_V[i]!;
      const after = target + (before - target) * keep;
      hysteresis_V[i] = after;
      emf += after;
      taken += 0.5 * (before + after);
    }

    // Equation (5), at the end of the tick; a bleed that pauses for the measurement no longer loads the cell.
    const currentAtEnd = alike ? current : current + returning_A[i]!;
    const voltage = emf + (end1 + end2) + r0 * currentAtEnd;
    const mean = openMean + pairsMean + taken;
    const tab = tab_Ohm[i]!;
    const link = link_Ohm[i]!;
    const groupVoltage = voltage + tab * currentAtEnd;
    const tapVoltage = groupVoltage + link * currentAtEnd;
    voltage_V[i] = voltage;
    current_A[i] = current;
    meanVoltage_V[i] = mean;
    groupVoltage_V[i] = groupVoltage;
    tapVoltage_V[i] = tapVoltage;
    afeVoltage_V[i] = alike ? tapVoltage : tapVoltage + pinDeviation_V[i]!;
    groupMean_V[i] = mean + tab * current + link * current;

    // Equation (6): ohmic, hysteresis and lost charge, and the pairs.
    const moved = dt * current;
    const movedIn = dt * stored;
    heat_J[i]! += moved * taken + (moved - movedIn) * openMean + pairsHeat;
    storedEnergy_J[i]! += movedIn * openMean + moved * pairsMean - pairsHeat;
    if (alike) continue;
    movedCharge_C[i]! += moved;
    tabHeat_J[i]! += tab * (current * moved);
  }
}

/** What every cell moves is kept once for all, until the slow step gives it to each. */
export function stepCells(state: State): void {
  const { harness, pack, run } = state;
  const current = pack.current_A - pack.consumption_A;
  const alike = harness.flowing === 0;
  moveCells(state, current, alike);
  if (!alike) return;
  const moved = run.tick_s * current;
  pack.alikeCharge_C += moved;
  pack.alikeSquare_A2s += current * moved;
}

/** Voltages this small are none: left alone they decay into numbers that the processor handles twenty times slower. */
const NOTHING_V = 1e-30;

/** On the slow step: each cell gets what all have moved alike, and decays that have long ended end. */
export function settleSums({ cells, pack, groupCount }: State): void {
  const { movedCharge_C, tabHeat_J, tab_Ohm, rc1_V, rc2_V } = cells;
  const charge = pack.alikeCharge_C;
  const square = pack.alikeSquare_A2s;
  for (let i = 0; i < groupCount; i++) {
    movedCharge_C[i]! += charge;
    tabHeat_J[i]! += tab_Ohm[i]! * square;
    if (Math.abs(rc1_V[i]!) <= NOTHING_V) rc1_V[i] = 0;
    if (Math.abs(rc2_V[i]!) <= NOTHING_V) rc2_V[i] = 0;
  }
  pack.alikeCharge_C = 0;
  pack.alikeSquare_A2s = 0;
}
