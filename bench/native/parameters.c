/*
 * Parameters of every cell at its temperature and charge: the second part of the slow step.
 * It is separate because what it writes is held until the slow step runs again.
 *
 * Equations: parameter tables (8), held RC coefficients (9), entropic shift (10).
 */
#include "exponential.h"
#include "model.h"

#define LEAST_OHM 1e-30
#define REFERENCE_DEGC 25.0

/* Index of the knot at or below x, at most count - 2; 0 for a single knot. The search begins where it ended last. */
static inline int bracket(const double *knots, int count, double x, int start) {
  int index = start;
  while (index > 0 && x < knots[index]) index--;
  while (index < count - 2 && x >= knots[index + 1]) index++;
  return index;
}

/* How far x lies between knot `index` and the next. Behind the knots stand the inverses of their distances. */
static inline double fraction(const double *knots, int count, int index, double x) {
  if (count < 2) return 0.0;
  return least(most((x - knots[index]) * knots[count + index], 0.0), 1.0);
}

/* Equation (8): bilinear in SOC and temperature, all eight parameters of a node at once. */
static inline void interpolate(Memory *m, Cells *c, int i, double *restrict node) {
  double soc = c->soc[i];
  double temperature = c->temperature_degC[i];
  const double *socKnots = at(m, m->parameter_socKnots);
  const double *temperatureKnots = at(m, m->parameter_temperatureKnots);
  int socCount = m->parameter_socCount;
  int temperatureCount = m->parameter_temperatureCount;
  int s = bracket(socKnots, socCount, soc, (int)c->socKnot[i]);
  int t = bracket(temperatureKnots, temperatureCount, temperature, (int)c->temperatureKnot[i]);
  c->socKnot[i] = s;
  c->temperatureKnot[i] = t;
  double along = fraction(socKnots, socCount, s, soc);
  double up = fraction(temperatureKnots, temperatureCount, t, temperature);
  const double *here = (const double *)at(m, m->parameter_base) + (t * socCount + s) * NODE_VALUES;
  const double *right = here + (socCount > 1 ? NODE_VALUES : 0);
  int above = temperatureCount > 1 ? socCount * NODE_VALUES : 0;
  FOR_INDEPENDENT(k, NODE_VALUES) {
    double low = here[k] + along * (right[k] - here[k]);
    double high = here[above + k] + along * (right[above + k] - here[above + k]);
    node[k] = low + up * (high - low);
  }
}

static void look(Memory *m, Cells *c, int i) {
  double node[NODE_VALUES];
  interpolate(m, c, i, node);
  c->chargeResistance_Ohm[i] = node[0] * c->chargeFactor_ratio[i];
  c->dischargeResistance_Ohm[i] = node[1] * c->dischargeFactor_ratio[i];
  c->rc1Resistance_Ohm[i] = node[2] * c->rc1Factor_ratio[i];
  c->rc1Time_s[i] = node[3] * c->rc1TimeFactor_ratio[i];
  c->rc2Resistance_Ohm[i] = node[4] * c->rc2Factor_ratio[i];
  c->rc2Time_s[i] = node[5] * c->rc2TimeFactor_ratio[i];
  c->entropic_V_per_K[i] = node[6];
  c->hysteresisLimit_V[i] = node[7];
}

enum { INSIDE, OUTSIDE_SOC, OUTSIDE_TEMPERATURE };

static void tell(Memory *m, bool outside, int index, double value, double low, double high) {
  report(m, EVENT_outsideCellData, outside, index, value, value, value - low < high - value ? low : high);
}

static void tellSide(Memory *m, int side, bool outside, int index, double soc, double temperature) {
  if (side == OUTSIDE_SOC) tell(m, outside, index, soc, 0.0, 1.0);
  if (side == OUTSIDE_TEMPERATURE)
    tell(m, outside, index, temperature, m->parameter_minimumTemperature_degC, m->parameter_maximumTemperature_degC);
}

/* Whether some of these cells is outside its data, or was; most never are. */
static inline bool mayBeOutside(const Memory *m, const Cells *c) {
  if (anyOutside(c->soc, 0.0, 1.0) || anyOutside(c->outside, 0.0, 0.0)) return true;
  return anyOutside(c->temperature_degC, m->parameter_minimumTemperature_degC, m->parameter_maximumTemperature_degC);
}

/* Reports a cell that enters or leaves the range of its data. */
static void watch(Memory *m, Cells *c, int i, int index) {
  double soc = c->soc[i];
  double temperature = c->temperature_degC[i];
  int was = (int)c->outside[i];
  bool hotOrCold = temperature < m->parameter_minimumTemperature_degC || temperature > m->parameter_maximumTemperature_degC;
  int is = soc < 0.0 || soc > 1.0 ? OUTSIDE_SOC : hotOrCold ? OUTSIDE_TEMPERATURE : INSIDE;
  if (is == was) return;
  c->outside[i] = is;
  tellSide(m, was, false, index, soc, temperature);
  tellSide(m, is, true, index, soc, temperature);
}

/* Equation (9): what one tick does to an RC pair, from x = dt / tau; how much of it the solver of currents sees. */
static inline void hold(double dt, double perTick, const double *restrict resistance_Ohm, const double *restrict time_s, double *restrict step,
                        double *restrict taken, double *restrict mean, double *restrict meanHeat, double *restrict spreadHeat) {
  double x[LANES];
  FOR_LANES(i) x[i] = dt / time_s[i];
  decayedLanes(x, step);
  FOR_LANES(i) {
    double meant = step[i] * (time_s[i] * perTick);
    double xx = x[i] * x[i];
    double series = xx * (1.0 / 12.0 * (1.0 - x[i]));
    double spread = most(meant * 0.5 * (2.0 - step[i]) - meant * meant, 0.0);
    double perOhm = dt / resistance_Ohm[i];
    double heat = resistance_Ohm[i] > LEAST_OHM ? perOhm : 0.0;
    double large = xx / (1.0 + xx);
    mean[i] = meant;
    taken[i] = 1.0 - meant + large * (step[i] - (1.0 - meant));
    meanHeat[i] = heat;
    spreadHeat[i] = heat * (x[i] > 1e-3 ? spread : series);
  }
}

static void refresh(Cells *c, double dt, double perTick) {
  hold(dt, perTick, c->rc1Resistance_Ohm, c->rc1Time_s, c->rc1Step, c->rc1Taken, c->rc1Mean, c->rc1MeanHeat_J_per_V2, c->rc1SpreadHeat_J_per_V2);
  hold(dt, perTick, c->rc2Resistance_Ohm, c->rc2Time_s, c->rc2Step, c->rc2Taken, c->rc2Mean, c->rc2MeanHeat_J_per_V2, c->rc2SpreadHeat_J_per_V2);
  /* Equation (10): the entropic term moves the whole OCV curve. */
  FOR_LANES(i) c->shift_V[i] = c->entropic_V_per_K[i] * (c->temperature_degC[i] - REFERENCE_DEGC);
}

void stepParameters(Memory *m) {
  double dt = m->run_tick_s;
  double perTick = 1.0 / dt;
  int groups = m->run_groupCount;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    bool outside = mayBeOutside(m, c);
    for (int i = 0; i < LANES; i++) {
      look(m, c, i);
      if (outside && chunk * LANES + i < groups) watch(m, c, i, chunk * LANES + i);
    }
    refresh(c, dt, perTick);
  }
}
