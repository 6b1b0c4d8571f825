/**
 * One tick of every cell in plain JavaScript: charge, polarization, hysteresis, voltage and heat.
 * One loop over the cells, each column a Float64Array.
 *
 * Equations in docs/model.md: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
import type { State } from './state.ts';

export function stepCells(state: State): void {
  const { cells, groups, pack, run, ocvBins, groupCount } = state;
  const { soc, socCarry, socPerAmpereTick, leak_A, efficiency_ratio, perCoulomb } = cells;
  const { rc1_V, rc1Resistance_Ohm, rc1Conductance_S, rc1Step, rc1Mean, rc1Spread_s } = cells;
  const { rc2_V, rc2Resistance_Ohm, rc2Conductance_S, rc2Step, rc2Mean, rc2Spread_s } = cells;
  const { hysteresis_V, hysteresisPerAmpere, hysteresisLimit_V, emf_V, emfPerCoulomb_V, shift_V } = cells;
  const { chargeResistance_Ohm, dischargeResistance_Ohm, tab_Ohm } = cells;
  const { voltage_V, current_A, currentAtEnd_A, meanVoltage_V, heat_J, movedCharge_C } = cells;
  const { tabHeat_J, storedEnergy_J } = cells;
  const { draw_A, returning_A, link_Ohm, pinDeviation_V } = groups;
  const { voltage_V: groupVoltage_V, tapVoltage_V, afeVoltage_V, meanVoltage_V: groupMean_V } = groups;
  const throughPack = pack.current_A - pack.consumption_A;
  const dt = run.tick_s;
  const hasHysteresis = run.hasHysteresis !== 0;
  const binCount = state.ocv.binCount;
  const lastBin = state.ocv.lastBin;

  for (let i = 0; i < groupCount; i++) {
    const current = throughPack - draw_A[i]!;
    const charging = current > 0;
    const r0 = current_A[i]! > 0 ? chargeResistance_Ohm[i]! : dischargeResistance_Ohm[i]!;

    // Equation (1), as a compensated sum (Kahan, 1965).
    const socBefore = soc[i]!;
    const stored = (charging ? efficiency_ratio[i]! : 1) * current - leak_A[i]! * socBefore;
    const step = stored * socPerAmpereTick[i]! - socCarry[i]!;
    const socNow = socBefore + step;
    socCarry[i] = socNow - socBefore - step;
    soc[i] = socNow;

    // Equation (4), Plett (2004), eq. 24.
    const hysteresisBefore = hysteresis_V[i]!;
    let hysteresis = 0;
    if (hasHysteresis) {
      const x = hysteresisPerAmpere[i]! * Math.abs(current);
      const keep = 1 / (1 + x + 0.5 * x * x);
      const limit = hysteresisLimit_V[i]!;
      hysteresis = hysteresisBefore * keep + (charging ? limit : -limit) * (1 - keep);
      hysteresis_V[i] = hysteresis;
    }

    // Equation (3): both pairs in closed form, with their means over the tick.
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

    // Equation (2): linear between knots, at most one knot inside a bin.
    const position = socNow * binCount;
    let bin = position | 0;
    if (bin < 0) bin = 0;
    else if (bin > lastBin) bin = lastBin;
    const row = bin * 4;
    const along = position - bin;
    const slope = ocvBins[row + 1]!;
    const beyond = along - ocvBins[row + 3]!;
    let open = ocvBins[row]! + slope * along;
    let slopeHere = slope;
    if (beyond > 0) {
      const kink = ocvBins[row + 2]!;
      open += kink * beyond;
      slopeHere += kink;
    }
    emfPerCoulomb_V[i] = slopeHere * binCount * perCoulomb[i]!;
    const emfBefore = emf_V[i]!;
    const emf = open + shift_V[i]! + hysteresis;
    emf_V[i] = emf;

    // Equation (5), at the end of the tick; a bleed that pauses for the measurement no longer loads the cell.
    const currentAtEnd = current + returning_A[i]!;
    const voltage = emf + (end1 + end2) + r0 * currentAtEnd;
    const joint = link_Ohm[i]! * current;
    const tab = tab_Ohm[i]!;
    const groupVoltage = voltage + tab * currentAtEnd;
    voltage_V[i] = voltage;
    current_A[i] = current;
    currentAtEnd_A[i] = currentAtEnd;
    groupVoltage_V[i] = groupVoltage;
    tapVoltage_V[i] = groupVoltage + link_Ohm[i]! * currentAtEnd;
    afeVoltage_V[i] = tapVoltage_V[i]! + pinDeviation_V[i]!;
    const emfMean = 0.5 * (emfBefore + emf);
    const mean = emfMean + (mean1 + mean2) + r0 * current;
    meanVoltage_V[i] = mean;
    groupMean_V[i] = mean + tab * current + joint;

    // Equation (6): ohmic, hysteresis and lost charge; the pairs as a sum of squares.
    const hysteresisMean = 0.5 * (hysteresisBefore + hysteresis);
    const power = current * (r0 * current + hysteresisMean);
    const lost = (current - stored) * (emfMean - hysteresisMean);
    const square1 = dt * (mean1 * mean1) + rc1Spread_s[i]! * (away1 * away1);
    const square2 = dt * (mean2 * mean2) + rc2Spread_s[i]! * (away2 * away2);
    const pairs = rc1Conductance_S[i]! * square1 + rc2Conductance_S[i]! * square2;
    const chemical = stored * (emfMean - hysteresisMean);
    const moved = dt * current;
    heat_J[i]! += dt * (power + lost) + pairs;
    storedEnergy_J[i]! += dt * (chemical + current * (mean1 + mean2)) - pairs;
    movedCharge_C[i]! += moved;
    tabHeat_J[i]! += tab * current * moved;
  }
}

/** Voltages this small are none: left alone they decay into numbers that the processor handles twenty times slower. */
const NOTHING_V = 1e-30;

/** Ends decays that have long ended; due on the slow step. */
export function quietCells({ cells: { rc1_V, rc2_V }, groupCount }: State): void {
  for (let i = 0; i < groupCount; i++) {
    if (Math.abs(rc1_V[i]!) <= NOTHING_V) rc1_V[i] = 0;
    if (Math.abs(rc2_V[i]!) <= NOTHING_V) rc2_V[i] = 0;
  }
}
