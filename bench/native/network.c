/*
 * The pack as one source: the unit's own consumption, each group as the equipment sees it, bleeds, sums and totals.
 * It is separate from the cells because it knows joints and equipment, and the cells know neither.
 *
 * Equations: Thevenin of a tick (11), bleed (12).
 */
#include "model.h"

#define HOURS (1.0 / 3600.0)

static double awakePower(double voltage) {
  static const double volt[CONSUMPTION_KNOTS] = CONSUMPTION_V;
  static const double ampere[CONSUMPTION_KNOTS] = CONSUMPTION_A;
  int i = 0;
  while (i < CONSUMPTION_KNOTS - 2 && voltage >= volt[i + 1]) i++;
  double along = least(most((voltage - volt[i]) / (volt[i + 1] - volt[i]), 0.0), 1.0);
  double low = volt[i] * ampere[i];
  return low + along * (volt[i + 1] * ampere[i + 1] - low);
}

/* Current at the pack's last voltage; none while the unit is off. */
void drawConsumption(Memory *m) {
  if (!m->unit_hasConsumption) return;
  double voltage = m->pack_voltage_V;
  if (m->unit_switchedOn == 0.0 || voltage <= 0.0) {
    m->pack_consumption_A = 0.0;
    m->unit_coilPower_W = 0.0;
    return;
  }
  int energised = (m->relay_chargeCoil_V > 0.0) + (m->relay_dischargeCoil_V > 0.0);
  m->unit_coilPower_W = energised * m->unit_relayPower_W;
  m->pack_consumption_A = (awakePower(voltage) + m->unit_coilPower_W) / voltage;
}

/* How much of this tick lies in the pause before the next sample; the pause may span several ticks. */
static void notePause(Memory *m) {
  double left = m->run_firmwareLeft * m->run_tick_s;
  m->balance_paused_s = least(most(m->assumed_bleedPause_s - left, 0.0), m->run_tick_s);
}

/* Mean conductance of an ordered bleed over this tick. */
static double bleedConductance(const Memory *m) {
  return m->balance_bleedConductance_S * (m->run_tick_s - m->balance_paused_s) / m->run_tick_s;
}

/* Equation (11): the cell at the end of the tick as E + R I, then (12): with its bleed, its joint and the unit's own current. */
static inline void seeChunk(const Cells *restrict c, Groups *restrict g, double dt, double conductance, double consumption) {
  FOR_LANES(i) {
    double left1 = c->rc1_V[i] - c->rc1Step[i] * c->rc1_V[i];
    double left2 = c->rc2_V[i] - c->rc2Step[i] * c->rc2_V[i];
    double source = c->emf_V[i] + (left1 + left2);
    double charge = c->chargeResistance_Ohm[i];
    double discharge = c->dischargeResistance_Ohm[i];
    double gains = c->rc1Resistance_Ohm[i] * c->rc1Step[i] + c->rc2Resistance_Ohm[i] * c->rc2Step[i];
    double series = (c->current_A[i] > 0.0 ? charge : discharge) + c->tab_Ohm[i];
    double resistance = series + gains + c->emfPerCoulomb_V[i] * dt;
    double divisor = g->present[i] / (1.0 + resistance * (conductance * g->bleedOrder[i]));
    double seen = resistance * divisor + g->present[i] * g->link_Ohm[i];
    g->theveninVoltage_V[i] = source * divisor - seen * consumption;
    g->theveninResistance_Ohm[i] = seen;
  }
}

/* The bleed lies across the group alone: the joint's share, of both currents, is taken out again. */
static inline void bleedChunk(Groups *restrict g, double conductance, double current, double consumption) {
  FOR_LANES(i) {
    double withJoint = g->theveninVoltage_V[i] + g->theveninResistance_Ohm[i] * current;
    double voltage = withJoint - g->link_Ohm[i] * (current - consumption);
    g->bleed_A[i] = conductance * g->bleedOrder[i] * voltage;
  }
}

/* Bleed currents of the tick; when the last bleed ends they are set to 0 once. */
static void stepBleeds(Memory *m, bool bleeding) {
  if (!bleeding && !m->balance_flowing) return;
  m->balance_flowing = bleeding;
  double conductance = bleeding ? bleedConductance(m) : 0.0;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) bleedChunk(&groups[chunk], conductance, m->pack_current_A, m->pack_consumption_A);
}

/* Current through the terminals and bleed currents of this tick; no equipment here reacts to voltage. */
void solveNetwork(Memory *m, bool bleeding) {
  if (bleeding) {
    notePause(m);
    double conductance = bleedConductance(m);
    int chunks = chunkCount(m);
    Groups *groups = groupsOf(m);
    for (int chunk = 0; chunk < chunks; chunk++)
      seeChunk(&m->cells[chunk], &groups[chunk], m->run_tick_s, conductance, m->pack_consumption_A);
  }
  m->pack_current_A = solveEquipment(m);
  stepBleeds(m, bleeding);
}

/* Cells over the tick, then the pack's voltages from them. */
void stepPack(Memory *m) {
  stepCells(m);
  m->pack_voltage_V = SUM_GROUPS(m, afeVoltage_V);
  m->pack_meanVoltage_V = SUM_GROUPS(m, meanVoltage_V);
  bool toLoad = m->relay_dischargeClosed && (!m->pack_commonPort || m->relay_chargeClosed);
  m->pack_busVoltage_V = toLoad ? m->pack_voltage_V : 0.0;
}

static double bledWatts(Memory *m) {
  double sum[LANES] = {0};
  int chunks = chunkCount(m);
  const Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++)
    FOR_LANES(i) sum[i] += groups[chunk].bleed_A[i] * groups[chunk].bledVoltage_V[i];
  return sum[0] + sum[2] + (sum[1] + sum[3]);
}

/* What flowed since the run began. */
void addTotals(Memory *m, bool bleeding) {
  double hours = m->run_tick_s * HOURS;
  double charge = m->pack_current_A * hours;
  if (charge > 0.0) {
    m->total_chargeIn_Ah += charge;
    m->total_energyIn_Wh += charge * m->pack_meanVoltage_V;
  } else if (charge < 0.0) {
    m->total_chargeOut_Ah -= charge;
    m->total_energyOut_Wh -= charge * m->pack_meanVoltage_V;
  }
  double throughJoints = m->pack_current_A - m->pack_consumption_A;
  m->pack_squareCharge_A2s += throughJoints * throughJoints * m->run_tick_s;
  double drawn = m->pack_consumption_A * hours;
  m->total_consumption_Ah += drawn;
  m->total_consumption_Wh += drawn * m->pack_meanVoltage_V;
  m->total_coil_J += m->unit_coilPower_W * m->run_tick_s;
  if (!bleeding) return;
  m->total_bled_Ah += SUM_GROUPS(m, bleed_A) * hours;
  m->total_bled_J += bledWatts(m) * m->run_tick_s;
}
