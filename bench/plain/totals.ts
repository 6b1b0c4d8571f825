/**
 * What flowed since the run began in plain JavaScript: charge and energy through the terminals, the unit's own, the bleeds'.
 * Apart from the stages that it sums up, so that they need not know what is counted.
 */
import type { RelayRow, State } from './state.ts';

const HOURS = 1 / 3600;

/** Charge and energy past the terminals, and what the joints carry less than the others. */
function addDraws({ groups, harness, run, total, groupCount }: State, hours: number, throughJoints: number): void {
  const { bleed_A, draw_A, meanVoltage_V, link_Ohm, linkExtra_J } = groups;
  const dt = run.tick_s;
  let bled = 0;
  let watts = 0;
  for (let i = 0; i < groupCount; i++) {
    bled += bleed_A[i]!;
    watts += draw_A[i]! * meanVoltage_V[i]!;
    const own = throughJoints - draw_A[i]!;
    linkExtra_J[i]! += link_Ohm[i]! * (own * own - throughJoints * throughJoints) * dt;
  }
  const inLeads = watts * dt;
  const inBleeds = inLeads * harness.bleedShare_ratio;
  total.bled_Ah += bled * hours;
  total.bled_J += inBleeds;
  total.harness_J += inLeads - inBleeds;
}

/** Heat of a relay's coil and contact. */
function addRelay({ total }: State, row: RelayRow, dt: number): void {
  const heat = row.contact_Ohm * row.current_A * row.current_A * dt;
  if (heat !== 0) {
    row.heat_J += heat;
    total.contact_J += heat;
  }
  row.coilHeat_J += row.coilPower_W * dt;
}

export function addTotals(state: State): void {
  const { harness, total, pack, relays, run, unit } = state;
  const hours = run.tick_s * HOURS;
  const voltage = pack.meanVoltage_V;
  const charge = pack.current_A * hours;
  if (charge < 0) {
    total.chargeOut_Ah -= charge;
    total.energyOut_Wh -= charge * voltage;
  } else {
    total.chargeIn_Ah += charge;
    total.energyIn_Wh += charge * voltage;
  }
  const throughJoints = pack.current_A - pack.consumption_A;
  pack.squareCharge_A2s += throughJoints * throughJoints * run.tick_s;
  const drawn = unit.current_A * hours;
  total.consumption_Ah += drawn;
  total.consumption_Wh += drawn * voltage;
  total.coil_J += unit.coilPower_W * run.tick_s;
  if (run.hasUnit !== 0) {
    addRelay(state, relays.charge, run.tick_s);
    addRelay(state, relays.discharge, run.tick_s);
  }
  if (harness.flowing !== 0) addDraws(state, hours, throughJoints);
}
