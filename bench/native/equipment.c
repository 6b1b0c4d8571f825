/*
 * Constant currents and profiles of current: which current flows through the terminals over a tick, and the pack's voltages then.
 * It is separate because the cells know nothing of it; a cursor follows each profile so that a tick looks at few rows.
 *
 * Equation: several sources (13), without those that depend on voltage.
 */
#include "model.h"

/* Times closer than this share of a tick are the same time: n * dt is not exact. */
#define SAME 1e-9
#define SAME_TIME 1e-6

enum { NONE, CONSTANT_CURRENT };
enum { PREVIOUS, NEXT };

typedef struct {
  const double *times, *values;
  int last;
} Profile;

/* Value over the piece [from, to] between rows `index` and `index + 1`; index -1: before the first. */
static double pieceValue(const Profile *p, int interpolation, int index, double from, double to) {
  if (index < 0) return p->values[0];
  if (index >= p->last) return p->values[p->last];
  if (interpolation == PREVIOUS) return p->values[index];
  if (interpolation == NEXT) return p->values[index + 1];
  double start = p->times[index];
  double along = ((from + to) * 0.5 - start) / (p->times[index + 1] - start);
  return p->values[index] + along * (p->values[index + 1] - p->values[index]);
}

/* Moves the cursor to the last row at or before t; -1 before the first row. */
static int seek(Source *row, const Profile *p, double t, double same) {
  int index = row->cursor;
  if (index >= 0 && p->times[index] > t + same) index = -1;
  while (index < p->last && p->times[index + 1] <= t + same) index++;
  row->cursor = index;
  return index;
}

/* Mean over [from, to] within one period: exact for all three interpolations. */
static double meanWithin(Source *row, const Profile *p, double from, double to, double same) {
  int index = seek(row, p, from, same);
  double begin = from;
  double sum = 0.0;
  for (;; index++) {
    double next = index < p->last ? p->times[index + 1] : INFINITY;
    bool whole = next >= to - same;
    double end = whole ? to : next;
    double value = pieceValue(p, row->interpolation, index, begin, end);
    if (whole && begin == from) return value;
    sum += value * (end - begin);
    if (whole) return sum / (to - from);
    begin = end;
  }
}

/* Keeps the piece that begins at `t` of a period which began at `start`, as a line over the run's own time: the coming ticks lie in it. */
static void keepPiece(Source *row, const Profile *p, double start, double t, double same) {
  int index = seek(row, p, t, same);
  double from = index < 0 ? 0.0 : p->times[index];
  double end = row->period_s > 0.0 ? row->period_s : INFINITY;
  double to = index < p->last ? least(p->times[index + 1], end) : end;
  double value = pieceValue(p, row->interpolation, index, from, from);
  row->pieceFrom_s = start + from;
  row->pieceTo_s = start + to;
  row->pieceValue = value;
  row->pieceSlope_per_s = to < INFINITY ? (pieceValue(p, row->interpolation, index, to, to) - value) / (to - from) : 0.0;
}

/* Over the tick [from, from + dt], which lies in no single piece or in another one than the tick before. */
static double meanAcross(Memory *m, Source *row, double from, double dt, double same) {
  const Profile p = {.times = at(m, row->times), .values = at(m, row->values), .last = row->rows - 1};
  double period = row->period_s;
  double start = period > 0.0 ? floor((from + same) / period) * period : 0.0;
  double begin = most(from - start, 0.0);
  double end = begin + dt;
  if (period <= 0.0 || end <= period + same) {
    double mean = meanWithin(row, &p, begin, end, same);
    bool turns = period > 0.0 && end >= period - same;
    keepPiece(row, &p, turns ? start + period : start, turns ? 0.0 : end, same);
    return mean;
  }
  double head = meanWithin(row, &p, begin, period, same) * (period - begin);
  double tail = meanWithin(row, &p, 0.0, end - period, same) * (end - period);
  keepPiece(row, &p, start + period, end - period, same);
  return (head + tail) / dt;
}

/* Mean of the profile over the tick [from, from + dt]. */
static double profileMean(Memory *m, Source *row, double from, double dt) {
  double same = dt * SAME;
  double to = from + dt;
  if (from < row->pieceFrom_s - same || to > row->pieceTo_s + same) return meanAcross(m, row, from, dt, same);
  return row->pieceValue + row->pieceSlope_per_s * ((from + to) * 0.5 - row->pieceFrom_s);
}

/* Whether a row acts over the tick that starts at `time`; a hair before is on time. */
static bool isActive(const Source *row, double time, double dt) {
  double start = time + dt * SAME_TIME;
  return row->kind != NONE && row->enabled != 0.0 && start >= row->from_s && start < row->until_s;
}

/* Charging current passes the charge relay and discharging current the discharge relay. */
void solveNetwork(Memory *m) {
  double dt = m->run_tick_s;
  double time = m->run_tick * dt;
  bool charges = mayCharge(m);
  bool discharges = mayDischarge(m);
  double charging = 0.0;
  double discharging = 0.0;
  for (int i = 0; i < m->pack_sourceCount; i++) {
    Source *row = &m->source[i];
    if (!isActive(row, time, dt)) continue;
    double asked = row->kind == CONSTANT_CURRENT ? row->current_A : profileMean(m, row, most(time - row->from_s, 0.0), dt) * row->scale;
    if (asked > 0.0)
      charging += charges ? asked : 0.0;
    else
      discharging += discharges ? asked : 0.0;
  }
  m->relay[CHARGE_RELAY].current_A = m->pack_commonPort ? charging + discharging : charging;
  m->relay[DISCHARGE_RELAY].current_A = m->pack_commonPort ? charging + discharging : discharging;
  m->pack_current_A = charging + discharging;
}

/* Cells over the tick, then the pack's voltages from them. */
void stepPack(Memory *m) {
  stepCells(m);
  m->pack_voltage_V = SUM_GROUPS(m, tapVoltage_V);
  m->pack_meanVoltage_V = SUM_GROUPS(m, meanVoltage_V);
  double drop = dischargeContact(m) * m->relay[DISCHARGE_RELAY].current_A;
  m->pack_busVoltage_V = mayDischarge(m) ? m->pack_voltage_V + drop : 0.0;
}
