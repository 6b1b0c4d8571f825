/*
 * What bleeds draw from each group past the terminals, over a tick with its pause for the measurement.
 * The leads are the standard ones, without resistance: every bleed lies across its own group.
 *
 * Equations: draws (42), giving way (44).
 */
#include "model.h"

/* Conductances of the bleeds where an order has changed. */
static void refreshLeads(Memory *m) {
  int32_t version = m->command_next + m->effect_version + m->balance_orders;
  if (version == m->harness_versionSeen) return;
  m->harness_versionSeen = version;
  m->harness_bleeding = 0;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Groups *g = &groups[chunk];
    for (int i = 0; i < LANES; i++) {
      g->bleed_S[i] = g->bleedOrder[i] * g->bleedEnabled[i] * m->balance_bleedConductance_S;
      if (g->bleed_S[i] > 0.0) m->harness_bleeding = 1;
    }
  }
}

/* Nothing draws any more: every column back to 0, once. */
static void endDraws(Memory *m) {
  if (!m->harness_flowing) return;
  m->harness_flowing = 0;
  m->harness_paused_s = 0.0;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Groups *g = &groups[chunk];
    FOR_LANES(i) {
      g->draw_A[i] = 0.0;
      g->returning_A[i] = 0.0;
      g->bleed_A[i] = 0.0;
    }
  }
}

/* How much of this tick lies in the pause before the next sample; the pause may span several ticks. */
static void notePause(Memory *m) {
  double left = m->run_firmwareLeft * m->run_tick_s;
  m->harness_paused_s = m->unit_running ? least(most(m->assumed_bleedPause_s - left, 0.0), m->run_tick_s) : 0.0;
}

typedef struct {
  double dt, share, pauses, through, binCount;
} Draw;

/* Equation (44): a bleed was solved against the voltage under the last draw; the group gives way to the new one. */
static inline void drawChunk(const Cells *restrict c, Groups *restrict g, const Draw *restrict tick) {
  FOR_LANES(i) {
    double before = g->draw_A[i] - g->returning_A[i];
    double charge = c->chargeResistance_Ohm[i];
    double discharge = c->dischargeResistance_Ohm[i];
    double series = (c->current_A[i] > 0.0 ? charge : discharge) + c->tab_Ohm[i];
    double gains = c->rc1Resistance_Ohm[i] * c->rc1Step[i] + c->rc2Resistance_Ohm[i] * c->rc2Step[i];
    double perCoulomb = c->emfPerBin_V[i] * (tick->binCount * c->perCoulomb[i]);
    double slow = 0.5 * tick->share * (gains + perCoulomb * tick->dt);
    double conductance = g->bleed_S[i];
    double promptGain = conductance * (series + g->link_Ohm[i]);
    double slowGain = conductance * slow;
    double answered = conductance * g->tapVoltage_V[i] + (promptGain * before + slowGain * tick->through);
    double mean = tick->share * (answered / (1.0 + (promptGain + slowGain)));
    g->drawBefore_A[i] = before;
    g->bleed_A[i] = mean;
    g->draw_A[i] = mean;
    g->returning_A[i] = tick->pauses * mean;
  }
}

/* At a tick's start: draws of the coming tick. */
void stepDraws(Memory *m) {
  if (m->harness_fitted) refreshLeads(m);
  if (!m->harness_bleeding) {
    endDraws(m);
    return;
  }
  notePause(m);
  m->harness_flowing = 1;
  m->harness_bleedShare_ratio = 1.0;
  double paused = m->harness_paused_s / m->run_tick_s;
  const Draw tick = {
      .dt = m->run_tick_s,
      .share = 1.0 - paused,
      .pauses = paused > 0.0 ? 1.0 : 0.0,
      .through = m->pack_current_A - m->pack_consumption_A,
      .binCount = m->ocv_binCount,
  };
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) drawChunk(&m->cells[chunk], &groups[chunk], &tick);
}
