/*
 * Heat of the pack: joints, every cell's balance, exchange between neighbours, and the main unit's case.
 * The first part of the slow step; parameters follow at the temperatures that it leaves.
 *
 * Equations: heat balance (7), joints (18), neighbours (19).
 */
#include "exponential.h"
#include "model.h"

#define KELVIN 273.15

/* Addresses of two lanes, as numbers, and the conductance between them. */
typedef struct {
  double from, to, conductance_W_per_K;
} Edge;

/*
 * Equation (18): a joint's heat, by the common current and beyond it, goes to the groups on its two sides by halves.
 * From the last group, which has no joint above; lanes beyond it are no groups, and their joints have no resistance.
 */
static void spreadJointHeat(Memory *m) {
  double squares = m->pack_squareCharge_A2s - m->heat_squareSeen_A2s;
  m->heat_squareSeen_A2s = m->pack_squareCharge_A2s;
  Groups *groups = groupsOf(m);
  double above = 0.0;
  for (int chunk = chunkCount(m) - 1; chunk >= 0; chunk--) {
    Groups *restrict g = &groups[chunk];
    double below[LANES + 1];
    FOR_LANES(i) {
      below[i] = g->link_Ohm[i] * squares + (g->linkExtra_J[i] - g->slowLinkExtra_J[i]);
      g->slowLinkExtra_J[i] = g->linkExtra_J[i];
    }
    below[LANES] = above;
    FOR_LANES(i) m->cells[chunk].jointHeat_J[i] += 0.5 * (below[i] + below[i + 1]);
    above = below[0];
  }
}

/* What a slow step does to a cell, from x = G t / C: the shares of its heat and of its distance from ambient. */
static void holdShares(Cells *restrict c, double seconds) {
  double x[LANES];
  FOR_LANES(i) x[i] = c->toAmbient_W_per_K[i] * seconds / c->heatCapacity_J_per_K[i];
  decayedLanes(x, c->cooled_ratio);
  FOR_LANES(i) {
    double share = c->cooled_ratio[i] / x[i];
    c->warmed_K_per_J[i] = (x[i] > 0.0 ? share : 1.0) / c->heatCapacity_J_per_K[i];
  }
}

static void refreshShares(Memory *m) {
  double seconds = m->run_slow_s;
  if (seconds == m->heat_sharesFor_s) return;
  m->heat_sharesFor_s = seconds;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) holdShares(&m->cells[chunk], seconds);
}

/* Equation (7): C dT/dt = P - G (T - ambient) with P constant over the slow step, solved exactly. */
static void warm(Cells *restrict c, double ambient) {
  FOR_LANES(i) {
    double before = c->temperature_degC[i];
    double reversible = (c->movedCharge_C[i] - c->slowCharge_C[i]) * (before + KELVIN) * c->entropic_V_per_K[i];
    double joints = c->tabHeat_J[i] + c->jointHeat_J[i] + (c->shortHeat_J[i] + c->foreignHeat_J[i]);
    double gained = c->heat_J[i] - c->slowHeat_J[i] + (joints - c->slowJointHeat_J[i]) + reversible;
    double rise = gained * c->warmed_K_per_J[i] - c->cooled_ratio[i] * (before - ambient);
    c->temperature_degC[i] = before + rise;
    c->lostHeat_J[i] += gained - c->heatCapacity_J_per_K[i] * rise;
    c->reversibleHeat_J[i] += reversible;
    c->slowHeat_J[i] = c->heat_J[i];
    c->slowJointHeat_J[i] = joints;
    c->slowCharge_C[i] = c->movedCharge_C[i];
  }
}

static void warmCells(Memory *m) {
  if (!m->run_isothermal) refreshShares(m);
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    if (m->run_isothermal)
      FOR_LANES(i) c->temperature_degC[i] = m->pack_ambientNow_degC;
    else
      warm(c, m->pack_ambientNow_degC);
  }
}

/* Equation (19), one substep: what flows along every edge, from the temperatures before it. */
static void exchangeOnce(Memory *m, double seconds) {
  const Edge *edges = at(m, m->heat_edges);
  for (int i = 0; i < m->heat_edgeCount; i++) {
    /* A lane taken for a chunk: its columns lie at the same distances. */
    Cells *a = at(m, (int32_t)edges[i].from);
    Cells *b = at(m, (int32_t)edges[i].to);
    double joules = edges[i].conductance_W_per_K * seconds * (b->temperature_degC[0] - a->temperature_degC[0]);
    a->exchange_K[0] += joules / a->heatCapacity_J_per_K[0];
    b->exchange_K[0] -= joules / b->heatCapacity_J_per_K[0];
  }
}

static void exchangeBetweenNeighbours(Memory *m) {
  if (m->heat_edgeCount == 0 || m->run_isothermal) return;
  int chunks = chunkCount(m);
  for (int step = 0; step < m->heat_substeps; step++) {
    exchangeOnce(m, m->run_slow_s / m->heat_substeps);
    for (int chunk = 0; chunk < chunks; chunk++) {
      Cells *c = &m->cells[chunk];
      FOR_LANES(i) {
        c->temperature_degC[i] += c->exchange_K[i];
        c->exchange_K[i] = 0.0;
      }
    }
  }
}

/* The case takes what bleeds and electronics turn to heat; the coils sit elsewhere. */
static void warmCase(Memory *m) {
  double made = m->total_bled_J + 3600.0 * m->total_consumption_Wh - m->total_coil_J;
  double power = (made - m->heat_caseSeen_J) / m->run_slow_s;
  double settled = m->pack_ambientNow_degC + power / m->assumed_caseToAmbient_W_per_K;
  m->heat_case_degC += decayed(m->assumed_caseToAmbient_W_per_K * m->run_slow_s / m->assumed_caseHeatCapacity_J_per_K) * (settled - m->heat_case_degC);
  m->heat_caseSeen_J = made;
}

/* Contact and coil warm a relay as one body. */
static void warmRelay(const Memory *m, Relay *r) {
  double made = r->heat_J + r->coilHeat_J;
  double settled = m->pack_ambientNow_degC + (made - r->slowHeat_J) / m->run_slow_s / r->toAmbient_W_per_K;
  r->temperature_degC += decayed(r->toAmbient_W_per_K * m->run_slow_s / r->heatCapacity_J_per_K) * (settled - r->temperature_degC);
  r->slowHeat_J = made;
}

void stepThermal(Memory *m) {
  m->pack_ambientNow_degC = m->pack_ambient_degC;
  spreadJointHeat(m);
  warmCells(m);
  exchangeBetweenNeighbours(m);
  if (!m->run_hasUnit) return;
  warmCase(m);
  for (int i = 0; i < 2; i++) warmRelay(m, &m->relay[i]);
}
