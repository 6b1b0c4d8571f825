/*
 * One tick of every cell: charge, polarization, hysteresis, voltage and heat.
 * The work of a chunk is cut into loops over its four lanes, each free of jumps, which a compiler turns into vector instructions.
 *
 * Equations: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
#include "model.h"

#define NOTHING_V 1e-30

typedef struct {
  double value, slope, kink, place;
} Bin;

typedef struct {
  const Bin *bins;
  double throughPack, dt, binCount, lastBin;
} Tick;

typedef struct {
  double current[LANES], stored[LANES], r0[LANES], hysteresisBefore[LANES], hysteresis[LANES];
} Now;

/* Equation (1), as a compensated sum (Kahan, 1965). */
static inline void moveCharge(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double soc = c->soc[i];
    double ratio = c->efficiency_ratio[i];
    double efficiency = now->current[i] > 0.0 ? ratio : 1.0;
    double stored = efficiency * now->current[i] - c->leak_A[i] * soc;
    double step = stored * c->socPerAmpereTick[i] - c->socCarry[i];
    double moved = soc + step;
    c->socCarry[i] = moved - soc - step;
    c->soc[i] = moved;
    now->stored[i] = stored;
  }
}

/* Equation (4), second order in |I| dt, without overshoot (Plett 2004, eq. 24). */
static inline void moveHysteresis(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double x = c->hysteresisPerAmpere[i] * fabs(now->current[i]);
    double keep = 1.0 / (1.0 + x + 0.5 * x * x);
    double side = now->current[i] > 0.0 ? 1.0 : -1.0;
    double next = c->hysteresis_V[i] * keep + side * c->hysteresisLimit_V[i] * (1.0 - keep);
    now->hysteresis[i] = next;
    c->hysteresis_V[i] = next;
  }
}

/* Equation (2): OCV, linear between knots, at most one knot inside a bin. */
static inline void openCircuit(Cells *restrict c, double *restrict open, const Tick *restrict tick) {
  FOR_LANES(i) {
    double position = c->soc[i] * tick->binCount;
    double inRange = least(most(position - 0.5, 0.0), tick->lastBin);
    double whole = nearestWhole(inRange);
    const Bin *bin = tick->bins + (int32_t)whole;
    double along = position - whole;
    double beyond = along - bin->place;
    double kink = bin->kink;
    open[i] = bin->value + bin->slope * along + kink * most(beyond, 0.0) + c->shift_V[i];
    c->emfPerCoulomb_V[i] = (bin->slope + (beyond > 0.0 ? kink : 0.0)) * tick->binCount * c->perCoulomb[i];
  }
}

/* Equations (3), (5) and (6): u(t) = U + D exp(-t/tau), U = R I, D = u0 - U; mean and square over the tick in closed form. */
static inline void moveVoltages(Cells *restrict c, const Now *restrict now, const double *restrict open, const double *restrict returning,
                                const Tick *restrict tick) {
  double dt = tick->dt;
  FOR_LANES(i) {
    double current = now->current[i];
    double r0 = now->r0[i];
    double level1 = c->rc1Resistance_Ohm[i] * current;
    double start1 = c->rc1_V[i];
    double away1 = start1 - level1;
    double end1 = start1 - c->rc1Step[i] * away1;
    double mean1 = level1 + c->rc1Mean[i] * away1;
    double level2 = c->rc2Resistance_Ohm[i] * current;
    double start2 = c->rc2_V[i];
    double away2 = start2 - level2;
    double end2 = start2 - c->rc2Step[i] * away2;
    double mean2 = level2 + c->rc2Mean[i] * away2;
    c->rc1_V[i] = end1;
    c->rc2_V[i] = end2;

    /* A bleed that pauses for the measurement gives its current back. */
    double emf = open[i] + now->hysteresis[i];
    double emfMean = 0.5 * (c->emf_V[i] + emf);
    double currentAtEnd = current + returning[i] * c->ladderFraction[i];
    c->emf_V[i] = emf;
    c->currentAtEnd_A[i] = currentAtEnd;
    c->voltage_V[i] = emf + (end1 + end2) + r0 * currentAtEnd;
    c->meanVoltage_V[i] = emfMean + (mean1 + mean2) + r0 * current;
    c->current_A[i] = current;

    double hysteresisMean = 0.5 * (now->hysteresisBefore[i] + now->hysteresis[i]);
    double power = current * (r0 * current + hysteresisMean);
    double lost = (current - now->stored[i]) * (emfMean - hysteresisMean);
    double square1 = dt * (mean1 * mean1) + c->rc1Spread_s[i] * (away1 * away1);
    double square2 = dt * (mean2 * mean2) + c->rc2Spread_s[i] * (away2 * away2);
    double pairs = c->rc1Conductance_S[i] * square1 + c->rc2Conductance_S[i] * square2;
    double chemical = now->stored[i] * (emfMean - hysteresisMean);
    double moved = dt * current;
    c->heat_J[i] += dt * (power + lost) + pairs;
    c->storedEnergy_J[i] += dt * (chemical + current * (mean1 + mean2)) - pairs;
    c->movedCharge_C[i] += moved;
    c->tabHeat_J[i] += c->tab_Ohm[i] * current * moved;
  }
}

/* Tab and bars to the group's own terminals, the joint below it to the taps. */
static inline void moveGroup(const Cells *restrict c, Groups *restrict g, const Tick *restrict tick) {
  FOR_LANES(i) {
    double joint = g->link_Ohm[i] * (tick->throughPack - g->draw_A[i]);
    double voltage = c->voltage_V[i] + c->tab_Ohm[i] * c->currentAtEnd_A[i] + g->busDrop_V[i];
    double mean = c->meanVoltage_V[i] + c->tab_Ohm[i] * c->current_A[i] + g->busDrop_V[i];
    g->voltage_V[i] = voltage;
    g->tapVoltage_V[i] = g->present[i] * (voltage + joint + g->link_Ohm[i] * g->returning_A[i]);
    g->afeVoltage_V[i] = g->tapVoltage_V[i] + g->pinDeviation_V[i];
    g->meanVoltage_V[i] = g->present[i] * (mean + joint);
  }
}

static inline void stepChunk(Cells *restrict c, Groups *restrict g, bool hasHysteresis, const Tick *restrict tick) {
  Now now;
  double open[LANES];
  FOR_LANES(i) {
    double charge = c->chargeResistance_Ohm[i];
    double discharge = c->dischargeResistance_Ohm[i];
    now.current[i] = tick->throughPack - g->draw_A[i];
    now.r0[i] = c->current_A[i] > 0.0 ? charge : discharge;
    now.hysteresisBefore[i] = c->hysteresis_V[i];
    now.hysteresis[i] = 0.0;
  }
  moveCharge(c, &now);
  if (hasHysteresis) moveHysteresis(c, &now);
  openCircuit(c, open, tick);
  moveVoltages(c, &now, open, g->returning_A, tick);
  moveGroup(c, g, tick);
}

void stepCells(Memory *m) {
  const Tick tick = {
      .bins = at(m, m->ocv_base),
      .throughPack = m->pack_current_A - m->pack_consumption_A,
      .dt = m->run_tick_s,
      .binCount = m->ocv_binCount,
      .lastBin = m->ocv_lastBin,
  };
  bool hasHysteresis = m->run_hasHysteresis != 0;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) stepChunk(&m->cells[chunk], &groups[chunk], hasHysteresis, &tick);
}

/* Ends decays that have long ended; due on the slow step. */
void quietCells(Memory *m) {
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *c = &m->cells[chunk];
    FOR_LANES(i) {
      c->rc1_V[i] = fabs(c->rc1_V[i]) > NOTHING_V ? c->rc1_V[i] : 0.0;
      c->rc2_V[i] = fabs(c->rc2_V[i]) > NOTHING_V ? c->rc2_V[i] : 0.0;
    }
  }
}
