/**
 * What bleeds draw from each group past the terminals in plain JavaScript, over a tick with its pause for the measurement.
 * The leads are the standard ones, without resistance: every bleed lies across its own group.
 *
 * Equations in docs/model.md: draws (42), giving way (44).
 */
import type { State } from './state.ts';

/** Conductances of the bleeds where an order has changed. */
function refreshLeads({ balance, groups, harness, groupCount }: State): void {
  if (balance.orders === harness.versionSeen) return;
  harness.versionSeen = balance.orders;
  const { bleedOrder, bleedEnabled, bleed_S } = groups;
  let bleeding = 0;
  for (let i = 0; i < groupCount; i++) {
    const conductance = bleedOrder[i]! * bleedEnabled[i]! * balance.bleedConductance_S;
    bleed_S[i] = conductance;
    if (conductance > 0) bleeding = 1;
  }
  harness.bleeding = bleeding;
}

/** Nothing draws any more: every column back to 0, once. */
function endDraws({ groups, harness }: State): void {
  if (harness.flowing === 0) return;
  harness.flowing = 0;
  harness.paused_s = 0;
  groups.draw_A.fill(0);
  groups.returning_A.fill(0);
  groups.bleed_A.fill(0);
}

/** How much of this tick lies in the pause before the next sample; the pause may span several ticks. */
function notePause({ assumed, harness, run, unit }: State): void {
  const left = run.firmwareLeft * run.tick_s;
  harness.paused_s = unit.running === 0 ? 0 : Math.min(Math.max(assumed.bleedPause_s - left, 0), run.tick_s);
}

/** Equation (44): a bleed was solved against the voltage under the last draw; the group gives way to the new one. */
function drawIdeal({ cells, groups, harness, ocv, pack, run, groupCount }: State): void {
  const { rc1Step, rc1Resistance_Ohm, rc2Step, rc2Resistance_Ohm, emfPerBin_V, perCoulomb } = cells;
  const { current_A, chargeResistance_Ohm, dischargeResistance_Ohm, tab_Ohm } = cells;
  const { bleed_S, tapVoltage_V, link_Ohm, draw_A, returning_A, bleed_A, drawBefore_A } = groups;
  const dt = run.tick_s;
  const paused = harness.paused_s / dt;
  const share = 1 - paused;
  const through = pack.current_A - pack.consumption_A;
  for (let i = 0; i < groupCount; i++) {
    const before = draw_A[i]! - returning_A[i]!;
    const r0 = current_A[i]! > 0 ? chargeResistance_Ohm[i]! : dischargeResistance_Ohm[i]!;
    const gains = rc1Resistance_Ohm[i]! * rc1Step[i]! + rc2Resistance_Ohm[i]! * rc2Step[i]!;
    const conductance = bleed_S[i]!;
    const promptGain = conductance * (r0 + tab_Ohm[i]! + link_Ohm[i]!);
    const emfPerCoulomb_V = emfPerBin_V[i]! * (ocv.binCount * perCoulomb[i]!);
    const slowGain = conductance * (0.5 * share * (gains + emfPerCoulomb_V * dt));
    const answered = conductance * tapVoltage_V[i]! + (promptGain * before + slowGain * through);
    const mean = (share * answered) / (1 + (promptGain + slowGain));
    drawBefore_A[i] = before;
    bleed_A[i] = mean;
    draw_A[i] = mean;
    returning_A[i] = paused > 0 ? mean : 0;
  }
  harness.bleedShare_ratio = 1;
}

/** At a tick's start: draws of the coming tick. */
export function stepDraws(state: State): void {
  const { harness } = state;
  if (harness.fitted !== 0) refreshLeads(state);
  if (harness.bleeding === 0) {
    endDraws(state);
    return;
  }
  notePause(state);
  harness.flowing = 1;
  drawIdeal(state);
}
