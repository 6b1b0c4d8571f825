/*
 * What is kept of every tick: extremes of the run, and how long each cell was beyond its limits.
 * Both look at the cells only and change nothing that another stage reads.
 */
#include "model.h"

static inline double lowestLane(const double *lane) {
  return least(least(lane[0], lane[1]), least(lane[2], lane[3]));
}

static inline double highestLane(const double *lane) {
  return most(most(lane[0], lane[1]), most(lane[2], lane[3]));
}

/*
 * One look at every cell of this tick; whether some cell is beyond a limit of voltage or current.
 * Voltages: the kernel without levels of detail keeps no more of them than this.
 */
bool record(Memory *m) {
  double lowest[LANES], highest[LANES], least_A[LANES], most_A[LANES];
  FOR_LANES(i) {
    lowest[i] = least_A[i] = INFINITY;
    highest[i] = most_A[i] = -INFINITY;
  }
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *restrict c = &m->cells[chunk];
    FOR_LANES(i) {
      lowest[i] = least(lowest[i], c->voltage_V[i]);
      highest[i] = most(highest[i], c->voltage_V[i]);
      least_A[i] = least(least_A[i], c->current_A[i]);
      most_A[i] = most(most_A[i], c->current_A[i]);
      c->lowest_V[i] = least(c->lowest_V[i], c->voltage_V[i]);
      c->highest_V[i] = most(c->highest_V[i], c->voltage_V[i]);
    }
  }
  bool voltageIsBeyond = lowestLane(lowest) < m->limit_minimumVoltage_V || highestLane(highest) > m->limit_maximumVoltage_V;
  return voltageIsBeyond || lowestLane(least_A) < m->limit_dischargeCurrent_A || highestLane(most_A) > m->limit_chargeCurrent_A;
}

void recordTemperatures(Memory *m) {
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    FOR_LANES(i) {
      c->coldest_degC[i] = least(c->coldest_degC[i], c->temperature_degC[i]);
      c->hottest_degC[i] = most(c->hottest_degC[i], c->temperature_degC[i]);
    }
  }
}

static void expose(Memory *m, Cells *c, int i) {
  double dt = m->run_tick_s;
  double current = c->current_A[i];
  if (c->voltage_V[i] > m->limit_maximumVoltage_V) c->overVoltage_s[i] += dt;
  if (c->voltage_V[i] < m->limit_minimumVoltage_V) c->underVoltage_s[i] += dt;
  if (current > m->limit_chargeCurrent_A) {
    c->overChargeCurrent_s[i] += dt;
    c->worstCharge_A[i] = most(c->worstCharge_A[i], current);
  }
  if (current < m->limit_dischargeCurrent_A) {
    c->overDischargeCurrent_s[i] += dt;
    c->worstDischarge_A[i] = least(c->worstDischarge_A[i], current);
  }
}

/* Each cell by itself, on a tick on which some cell is beyond its limits. */
void exposeCells(Memory *m) {
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++)
    for (int i = 0; i < LANES; i++) expose(m, &m->cells[chunk], i);
}

static void exposeTemperature(Memory *m, Cells *c, int i) {
  double seconds = m->run_slow_s;
  double temperature = c->temperature_degC[i];
  if (temperature > m->limit_maximumTemperature_degC) c->overTemperature_s[i] += seconds;
  if (temperature < m->limit_minimumTemperature_degC) c->underTemperature_s[i] += seconds;
  if (temperature < m->limit_chargeTemperature_degC && c->current_A[i] > 0.0) c->coldCharge_s[i] += seconds;
}

/* Temperature of every cell on this slow step. */
void exposeTemperatures(Memory *m) {
  double low = most(m->limit_minimumTemperature_degC, m->limit_chargeTemperature_degC);
  double high = m->limit_maximumTemperature_degC;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    if (!anyOutside(c->temperature_degC, low, high)) continue;
    for (int i = 0; i < LANES; i++) exposeTemperature(m, c, i);
  }
}
