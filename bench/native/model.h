/*
 * What the parts of the C program share: the memory as layout.h describes it, and the few words they all use.
 * Numbers in brackets are those of docs/model.md; a loop over lanes says that its turns are independent, so that a compiler can vectorise it.
 */
#ifndef MODEL_H
#define MODEL_H

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "layout.h"

/* OpenMP's word on a loop, which a compiler that is not asked to heed it skips. Without it GCC unrolls loops this short beforehand. */
#define FOR_INDEPENDENT(i, count) _Pragma("omp simd") for (int i = 0; i < (count); i++)
#define FOR_LANES(i) FOR_INDEPENDENT(i, LANES)

/* Copied into its callers, so that a constant argument is one in the copy. */
#define COPIED static inline __attribute__((always_inline))

/* Rows of the two relay outputs. */
enum { CHARGE_RELAY, DISCHARGE_RELAY };

/* An address that the memory holds, from its first byte. */
static inline void *at(Memory *m, int32_t address) {
  return (char *)m - RECORD_BASE + address;
}

static inline Groups *groupsOf(Memory *m) {
  return at(m, m->run_groupBase);
}

static inline int chunkCount(const Memory *m) {
  return m->run_groupBytes / (int32_t)sizeof(Groups);
}

static inline double least(double a, double b) {
  return b < a ? b : a;
}

static inline double most(double a, double b) {
  return a < b ? b : a;
}

/* To the nearest whole number, ties to even: 1.5 * 2^52 added and taken away. */
static inline double nearestWhole(double x) {
  return x + 6755399441055744.0 - 6755399441055744.0;
}

/* Whether some lane of a chunk leaves low...high. */
static inline bool anyOutside(const double *lane, double low, double high) {
  int64_t outside[LANES];
  FOR_LANES(i) outside[i] = (lane[i] > high) | (lane[i] < low);
  return (outside[0] | outside[1] | outside[2] | outside[3]) != 0;
}

/* Sum of one column over all groups, a lane at a time as the kernel adds it. */
#define SUM_GROUPS(m, column) sumLanes(groupsOf(m)->column, chunkCount(m))

static inline double sumLanes(const double *column, int chunks) {
  double sum[LANES] = {0};
  for (int chunk = 0; chunk < chunks; chunk++, column += sizeof(Groups) / sizeof(double))
    FOR_LANES(i) sum[i] += column[i];
  return sum[0] + sum[2] + (sum[1] + sum[3]);
}

/* cells.c */
void stepCells(Memory *m);
void settleSums(Memory *m);
/* extremes.c */
bool record(Memory *m);
void recordTemperatures(Memory *m);
void exposeCells(Memory *m);
void exposeTemperatures(Memory *m);
/* thermal.c */
void stepThermal(Memory *m);
/* parameters.c */
void stepParameters(Memory *m);
/* relay.c */
void moveRelays(Memory *m);
bool mayCharge(const Memory *m);
bool mayDischarge(const Memory *m);
double dischargeContact(const Memory *m);
/* consumption.c */
void drawConsumption(Memory *m);
/* draws.c */
void stepDraws(Memory *m);
/* equipment.c */
void solveNetwork(Memory *m);
void stepPack(Memory *m);
/* totals.c */
void addTotals(Memory *m);
/* firmware.c */
void filterCurrent(Memory *m);
void sense(Memory *m);
void formMeasurands(Memory *m);
void balanceCells(Memory *m);
void estimateSoc(Memory *m);
void anchorSoc(Memory *m, double soc);
/* unit.c */
bool directionHasTurned(Memory *m, double currentBefore);
void keepVoltages(Memory *m);
void formImpedances(Memory *m, double currentBefore);
void followAlarm(Memory *m);
void refreshDisplay(Memory *m);
/* protection.c */
void protect(Memory *m);
/* events.c */
void report(Memory *m, int code, bool active, int cell, double value, double trueValue, double limit);
double trueSoc(Memory *m);
double trueValueOf(Memory *m, int which, int group);

#endif
