/*
 * One tick of every cell: charge, polarization, hysteresis, voltage and heat.
 * The work of a chunk is cut into loops over its four lanes, each free of jumps, which a compiler turns into vector instructions.
 *
 * Equations: charge (1), OCV (2), RC pairs (3), hysteresis (4), terminal voltage (5), heat (6).
 */
#include "model.h"

#define NOTHING_V 1e-30
/* Added to a number in 0...2^31 it rounds it to a whole one and leaves that in the low bits: 2^52. */
#define TO_WHOLE 4503599627370496.0
#define WHOLE_BITS 0xffff

typedef struct {
  double value, slope, kink, place;
} Bin;

typedef struct {
  const Bin *bins;
  double throughPack, dt, binCount, lastBin;
} Tick;

/* What the loops over a chunk hand on to one another; it stays in the first cache, where the kernel has columns for it. */
typedef struct {
  double current[LANES], atEnd[LANES], stored[LANES], open[LANES], openMean[LANES], pairs[LANES], pairsMean[LANES], pairsHeat[LANES];
  double drop[LANES], taken[LANES];
} Now;

/* Equation (1), as a compensated sum (Kahan, 1965). */
static inline void moveCharge(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double soc = c->soc[i];
    double current = now->current[i];
    double stored = c->efficiency_ratio[i] * most(current, 0.0) + least(current, 0.0) - c->leak_A[i] * soc;
    double step = stored * c->socPerAmpereTick[i] - c->socCarry[i];
    double moved = soc + step;
    c->socCarry[i] = moved - soc - step;
    c->soc[i] = moved;
    now->stored[i] = stored;
  }
}

/* Equation (2): OCV, linear between knots, at most one knot inside a bin. Charge moves against the mean of the OCV before and after. */
static inline void openCircuit(Cells *restrict c, Now *restrict now, const Tick *restrict tick) {
  FOR_LANES(i) {
    double position = c->soc[i] * tick->binCount;
    double inRange = least(most(position - 0.5, 0.0), tick->lastBin);
    double rounded = inRange + TO_WHOLE;
    uint64_t bits;
    memcpy(&bits, &rounded, sizeof bits);
    const Bin *bin = tick->bins + (bits & WHOLE_BITS);
    double along = position - (rounded - TO_WHOLE);
    double beyond = along - bin->place;
    double kink = bin->kink;
    double open = bin->value + bin->slope * along + kink * most(beyond, 0.0) + c->shift_V[i];
    c->emfPerBin_V[i] = bin->slope + (beyond > 0.0 ? kink : 0.0);
    now->openMean[i] = 0.5 * (c->open_V[i] + open);
    now->open[i] = open;
    c->open_V[i] = open;
  }
}

/* Equation (3): u(t) = U + D exp(-t/tau), U = R I, D = u0 - U; mean and square over the tick in closed form. */
static inline void polarize(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double current = now->current[i];
    double level1 = c->rc1Resistance_Ohm[i] * current;
    double start1 = c->rc1_V[i];
    double away1 = start1 - level1;
    double end1 = start1 - c->rc1Step[i] * away1;
    double mean1 = level1 + c->rc1Mean[i] * away1;
    double heat1 = c->rc1MeanHeat_J_per_V2[i] * (mean1 * mean1) + c->rc1SpreadHeat_J_per_V2[i] * (away1 * away1);
    double level2 = c->rc2Resistance_Ohm[i] * current;
    double start2 = c->rc2_V[i];
    double away2 = start2 - level2;
    double end2 = start2 - c->rc2Step[i] * away2;
    double mean2 = level2 + c->rc2Mean[i] * away2;
    double heat2 = c->rc2MeanHeat_J_per_V2[i] * (mean2 * mean2) + c->rc2SpreadHeat_J_per_V2[i] * (away2 * away2);
    c->rc1_V[i] = end1;
    c->rc2_V[i] = end2;
    now->pairs[i] = end1 + end2;
    now->pairsMean[i] = mean1 + mean2;
    now->pairsHeat[i] = heat1 + heat2;
  }
}

/* R0 of a tick: the direction is that of the cell's tick before. */
static inline void dropOverR0(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double charge = c->chargeResistance_Ohm[i];
    double discharge = c->dischargeResistance_Ohm[i];
    double r0 = c->current_A[i] > 0.0 ? charge : discharge;
    now->taken[i] = r0 * now->current[i];
    now->drop[i] = r0 * now->atEnd[i];
    c->current_A[i] = now->current[i];
  }
}

/* Equation (4), second order in |I| dt, without overshoot (Plett 2004, eq. 24): U = target + (u0 - target) keep. */
static inline void moveHysteresis(Cells *restrict c, Now *restrict now) {
  FOR_LANES(i) {
    double before = c->hysteresis_V[i];
    double x = c->hysteresisPerAmpere[i] * fabs(now->current[i]);
    double keep = 1.0 / (1.0 + (x + 0.5 * x * x));
    double target = copysign(c->hysteresisLimit_V[i], now->current[i]);
    double after = target + (before - target) * keep;
    c->hysteresis_V[i] = after;
    now->open[i] += after;
    now->taken[i] += 0.5 * (before + after);
  }
}

/* Equations (5) and (6), then what the group shows: tab to its own terminals, the joint below it to the taps. */
static inline void show(Cells *restrict c, Groups *restrict g, const Now *restrict now, bool alike) {
  FOR_LANES(i) {
    double current = now->current[i];
    double voltage = now->open[i] + now->pairs[i] + now->drop[i];
    double mean = now->openMean[i] + now->pairsMean[i] + now->taken[i];
    double tab = c->tab_Ohm[i];
    double link = g->link_Ohm[i];
    double present = g->present[i];
    double joint = link * current;
    double jointAtEnd = alike ? joint : joint + link * g->returning_A[i];
    double outside = voltage + tab * now->atEnd[i];
    double betweenTaps = present * (outside + jointAtEnd);
    c->voltage_V[i] = voltage;
    c->meanVoltage_V[i] = mean;
    g->voltage_V[i] = outside;
    g->tapVoltage_V[i] = betweenTaps;
    g->afeVoltage_V[i] = alike ? betweenTaps : betweenTaps + g->pinDeviation_V[i];
    g->meanVoltage_V[i] = present * (mean + tab * current + joint);
  }
}

static inline void heat(Cells *restrict c, const Now *restrict now, bool alike, const Tick *restrict tick) {
  FOR_LANES(i) {
    double current = now->current[i];
    double moved = tick->dt * current;
    double movedIn = tick->dt * now->stored[i];
    double open = now->openMean[i];
    double pairs = now->pairsHeat[i];
    c->heat_J[i] += moved * now->taken[i] + (moved - movedIn) * open + pairs;
    c->storedEnergy_J[i] += movedIn * open + moved * now->pairsMean[i] - pairs;
    if (!alike) {
      c->movedCharge_C[i] += moved;
      c->tabHeat_J[i] += c->tab_Ohm[i] * (current * moved);
    }
  }
}

COPIED void stepChunk(Cells *restrict c, Groups *restrict g, bool alike, bool hasHysteresis, const Tick *restrict tick) {
  Now now;
  FOR_LANES(i) {
    now.current[i] = alike ? tick->throughPack : tick->throughPack - g->draw_A[i];
    /* A bleed that pauses for the measurement gives its current back. */
    now.atEnd[i] = alike ? tick->throughPack : now.current[i] + g->returning_A[i];
  }
  moveCharge(c, &now);
  openCircuit(c, &now, tick);
  polarize(c, &now);
  dropOverR0(c, &now);
  if (hasHysteresis) moveHysteresis(c, &now);
  show(c, g, &now, alike);
  heat(c, &now, alike, tick);
}

/* `alike` where the pack's current is the current of all cells. */
COPIED void stepAlone(Memory *m, bool alike, const Tick *tick) {
  bool hasHysteresis = m->run_hasHysteresis != 0;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) stepChunk(&m->cells[chunk], &groups[chunk], alike, hasHysteresis, tick);
}

/* What every cell moves is kept once for all, until the slow step gives it to each. */
void stepCells(Memory *m) {
  const Tick tick = {
      .bins = at(m, m->ocv_base),
      .throughPack = m->pack_current_A - m->pack_consumption_A,
      .dt = m->run_tick_s,
      .binCount = m->ocv_binCount,
      .lastBin = m->ocv_lastBin,
  };
  if (m->harness_flowing) {
    stepAlone(m, false, &tick);
    return;
  }
  stepAlone(m, true, &tick);
  double moved = tick.dt * tick.throughPack;
  m->pack_alikeCharge_C += moved;
  m->pack_alikeSquare_A2s += tick.throughPack * moved;
}

/* On the slow step: each cell gets what all have moved alike, and decays that have long ended end. */
void settleSums(Memory *m) {
  double charge = m->pack_alikeCharge_C;
  double square = m->pack_alikeSquare_A2s;
  int chunks = chunkCount(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Cells *restrict c = &m->cells[chunk];
    FOR_LANES(i) {
      c->movedCharge_C[i] += charge;
      c->tabHeat_J[i] += c->tab_Ohm[i] * square;
      c->rc1_V[i] = fabs(c->rc1_V[i]) > NOTHING_V ? c->rc1_V[i] : 0.0;
      c->rc2_V[i] = fabs(c->rc2_V[i]) > NOTHING_V ? c->rc2_V[i] : 0.0;
    }
  }
  m->pack_alikeCharge_C = 0.0;
  m->pack_alikeSquare_A2s = 0.0;
}
