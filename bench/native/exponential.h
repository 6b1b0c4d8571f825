/*
 * The kernel's own exponential, for everything that decays.
 * A library's would differ from it in the last bit, and could not stand in a loop that is vectorised.
 */
#ifndef EXPONENTIAL_H
#define EXPONENTIAL_H

#include "model.h"

#define LONGEST_DECAY 700.0

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

/* exp(x) - 1: x = n ln 2 + r, a polynomial in r, then 2^n. */
static inline double exponentialLess1(double x) {
  double n = nearestWhole(x * 1.4426950408889634);
  double r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  double p = 1.1470745597729725e-11;
  p = p * r + 1.6059043836821613e-10;
  p = p * r + 2.08767569878681e-9;
  p = p * r + 2.505210838544172e-8;
  p = p * r + 2.755731922398589e-7;
  p = p * r + 2.7557319223985893e-6;
  p = p * r + 2.48015873015873e-5;
  p = p * r + 1.984126984126984e-4;
  p = p * r + 1.388888888888889e-3;
  p = p * r + 8.333333333333333e-3;
  p = p * r + 4.1666666666666664e-2;
  p = p * r + 1.6666666666666666e-1;
  p = p * r + 0.5;
  double scale = powerOfTwo(n);
  return scale * (p * r * r + r) + (scale - 1.0);
}

/* 1 - exp(-x) for x >= 0. */
static inline double decayed(double x) {
  return 0.0 - exponentialLess1(most(0.0 - x, -LONGEST_DECAY));
}

#endif
