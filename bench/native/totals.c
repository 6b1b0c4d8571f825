/*
 * What flowed since the run began: charge and energy through the terminals, the unit's own, the bleeds'.
 * Apart from the stages that it sums up, so that they need not know what is counted.
 */
#include "model.h"

#define HOURS (1.0 / 3600.0)

/* Charge and energy past the terminals, and what the joints carry less than the others. */
static void addDraws(Memory *m, double hours, double throughJoints) {
  double dt = m->run_tick_s;
  double watts[LANES] = {0};
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Groups *restrict g = &groups[chunk];
    FOR_LANES(i) {
      double own = throughJoints - g->draw_A[i];
      watts[i] += g->draw_A[i] * g->meanVoltage_V[i];
      g->linkExtra_J[i] += g->link_Ohm[i] * (own * own - throughJoints * throughJoints) * dt;
    }
  }
  double inLeads = (watts[0] + watts[2] + (watts[1] + watts[3])) * dt;
  double inBleeds = inLeads * m->harness_bleedShare_ratio;
  m->total_bled_Ah += SUM_GROUPS(m, bleed_A) * hours;
  m->total_bled_J += inBleeds;
  m->total_harness_J += inLeads - inBleeds;
}

/* Heat of a relay's coil and contact. */
static void addRelay(Memory *m, Relay *r) {
  double heat = r->contact_Ohm * r->current_A * r->current_A * m->run_tick_s;
  if (heat != 0.0) {
    r->heat_J += heat;
    m->total_contact_J += heat;
  }
  r->coilHeat_J += r->coilPower_W * m->run_tick_s;
}

void addTotals(Memory *m) {
  double hours = m->run_tick_s * HOURS;
  double charge = m->pack_current_A * hours;
  if (charge < 0.0) {
    m->total_chargeOut_Ah -= charge;
    m->total_energyOut_Wh -= charge * m->pack_meanVoltage_V;
  } else {
    m->total_chargeIn_Ah += charge;
    m->total_energyIn_Wh += charge * m->pack_meanVoltage_V;
  }
  double throughJoints = m->pack_current_A - m->pack_consumption_A;
  m->pack_squareCharge_A2s += throughJoints * throughJoints * m->run_tick_s;
  double drawn = m->unit_current_A * hours;
  m->total_consumption_Ah += drawn;
  m->total_consumption_Wh += drawn * m->pack_meanVoltage_V;
  m->total_coil_J += m->unit_coilPower_W * m->run_tick_s;
  if (m->run_hasUnit)
    for (int i = 0; i < 2; i++) addRelay(m, &m->relay[i]);
  if (m->harness_flowing) addDraws(m, hours, throughJoints);
}
