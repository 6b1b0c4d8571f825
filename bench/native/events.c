/*
 * The event ring, and the plant's true value behind a measurand for the rows that show both.
 * Nobody drains the ring here: it starts again when it is full, and the count of all events remains.
 */
#include "model.h"

typedef struct {
  double tick, code, active, cell, value, trueValue, limit, position;
} EventRow;

typedef struct {
  _Alignas(64) int32_t count;
  _Alignas(64) EventRow rows[];
} Ring;

void report(Memory *m, int code, bool active, int cell, double value, double trueValue, double limit) {
  Ring *ring = at(m, m->event_base);
  if (ring->count >= m->event_capacity) ring->count = 0;
  EventRow *row = &ring->rows[ring->count++];
  row->tick = m->run_tick;
  row->code = code;
  row->active = active;
  row->cell = cell;
  row->value = value;
  row->trueValue = trueValue;
  row->limit = limit;
  row->position = -1.0;
  m->event_total++;
  if (active && code == m->event_stopCode) m->event_stopSeen = 1;
}

static double groupVoltage(Memory *m, int group) {
  return groupsOf(m)[group / LANES].voltage_V[group % LANES];
}

/* Of the cell that a sensor was put on. */
static double touchedTemperature(const Memory *m, int sensor) {
  int group = m->sensor[sensor].group;
  return m->cells[group / LANES].temperature_degC[group % LANES];
}

static double trueDifference(Memory *m) {
  double low = INFINITY;
  double high = -INFINITY;
  for (int i = 0; i < m->run_groupCount; i++) {
    low = least(low, groupVoltage(m, i));
    high = most(high, groupVoltage(m, i));
  }
  return high - low;
}

/* Mean state of charge of all cells. */
double trueSoc(Memory *m) {
  double sum = 0.0;
  for (int i = 0; i < m->run_groupCount; i++) sum += m->cells[i / LANES].soc[i % LANES];
  return sum / m->run_groupCount;
}

double trueValueOf(Memory *m, int which, int group) {
  switch (which) {
    case MEASURAND_cellVoltageMax:
    case MEASURAND_cellVoltageMin:
      return groupVoltage(m, group);
    case MEASURAND_chargeCurrent:
      return m->pack_current_A;
    case MEASURAND_dischargeCurrent:
      return 0.0 - m->pack_current_A;
    case MEASURAND_temperatureMax:
    case MEASURAND_temperatureMin:
      return m->cells[group / LANES].temperature_degC[group % LANES];
    case MEASURAND_temperatureDifference:
      return fabs(touchedTemperature(m, 0) - touchedTemperature(m, 1));
    case MEASURAND_cellDifferenceInDischarge:
      return trueDifference(m);
    case MEASURAND_soc:
      return trueSoc(m);
    default:
      return m->run_groupCount;
  }
}
