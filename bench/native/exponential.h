/*
 * The kernel's own exponential, for everything that decays.
 * A library's would differ from it in the last bit, and could not stand in a loop that is vectorised.
 */
#ifndef EXPONENTIAL_H
#define EXPONENTIAL_H

#include "model.h"

#define LONGEST_DECAY 700.0
/* Below ln 2 / 2. */
#define SMALL 0.34

/* 2^n for whole n in -1022...1023, through the exponent bits. */
static inline double powerOfTwo(double n) {
  double shifted = n + 6755399441055744.0;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 52) + (UINT64_C(1023) << 52);
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* exp(r) - 1 for |r| <= ln 2 / 2: even and odd powers apart, so that neither waits for the other. */
static inline double smallExponentialLess1(double r) {
  double rr = r * r;
  double even = 1.1470745597729725e-11;
  even = even * rr + 2.08767569878681e-9;
  even = even * rr + 2.755731922398589e-7;
  even = even * rr + 2.48015873015873e-5;
  even = even * rr + 1.388888888888889e-3;
  even = even * rr + 4.1666666666666664e-2;
  even = even * rr + 0.5;
  double odd = 1.6059043836821613e-10;
  odd = odd * rr + 2.505210838544172e-8;
  odd = odd * rr + 2.7557319223985893e-6;
  odd = odd * rr + 1.984126984126984e-4;
  odd = odd * rr + 8.333333333333333e-3;
  odd = odd * rr + 1.6666666666666666e-1;
  return (odd * r + even) * rr + r;
}

/* exp(x) - 1: x = n ln 2 + r, a polynomial in r, then 2^n. */
static inline double exponentialLess1(double x) {
  double n = nearestWhole(x * 1.4426950408889634);
  double r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  double scale = powerOfTwo(n);
  return scale * smallExponentialLess1(r) + (scale - 1.0);
}

/* 1 - exp(-x) for x >= 0. */
static inline double decayed(double x) {
  return 0.0 - exponentialLess1(most(0.0 - x, -LONGEST_DECAY));
}

/* The same of four lanes; where all are small nothing has to be split off, and the polynomial alone has the same bits. */
static inline void decayedLanes(const double *restrict x, double *restrict share) {
  if (x[0] <= SMALL && x[1] <= SMALL && x[2] <= SMALL && x[3] <= SMALL)
    FOR_LANES(i) share[i] = 0.0 - smallExponentialLess1(0.0 - x[i]);
  else
    FOR_LANES(i) share[i] = decayed(x[i]);
}

#endif
