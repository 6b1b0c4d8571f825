/*
 * What is kept of every tick: extremes of the run, and how long each cell was beyond its limits.
 * Both look at the cells only and change nothing that another stage reads.
 */
#include "model.h"

/* Voltages: the kernel without levels of detail keeps no more of them than this. */
void record(Memory *m) {
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *restrict c = &m->cells[chunk];
    FOR_LANES(i) {
      c->lowest_V[i] = least(c->lowest_V[i], c->voltage_V[i]);
      c->highest_V[i] = most(c->highest_V[i], c->voltage_V[i]);
    }
  }
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

/* One cell of which some lane was found beyond its limits. */
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

/* Voltage and current of every cell on this tick; a pack within its limits costs four comparisons a cell. */
void exposeCells(Memory *m) {
  double low = m->limit_minimumVoltage_V;
  double high = m->limit_maximumVoltage_V;
  double discharge = m->limit_dischargeCurrent_A;
  double charge = m->limit_chargeCurrent_A;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    int64_t beyond[LANES];
    FOR_LANES(i) {
      beyond[i] = (c->voltage_V[i] > high) | (c->voltage_V[i] < low) | (c->current_A[i] > charge) | (c->current_A[i] < discharge);
    }
    if (beyond[0] | beyond[1] | beyond[2] | beyond[3])
      for (int i = 0; i < LANES; i++) expose(m, c, i);
  }
}

/* Temperature of every cell on this slow step. */
void exposeTemperatures(Memory *m) {
  double seconds = m->run_slow_s;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    for (int i = 0; i < LANES; i++) {
      double temperature = c->temperature_degC[i];
      if (temperature > m->limit_maximumTemperature_degC) c->overTemperature_s[i] += seconds;
      if (temperature < m->limit_minimumTemperature_degC) c->underTemperature_s[i] += seconds;
      if (temperature < m->limit_chargeTemperature_degC && c->current_A[i] > 0.0) c->coldCharge_s[i] += seconds;
    }
  }
}
