/**
 * Arithmetic on a lane type T: v128 (two cells at once) or f64 (one).
 * Every stage is written once in these words, so that the SIMD and the scalar build give the same bytes.
 */

export function splat<T>(x: f64): T {
  if (isVector<T>()) return f64x2.splat(x);
  else return x as T;
}

/** A number from memory in every lane, one machine instruction; a literal is built anew at every use. */
@inline
export function splatAt<T>(address: usize): T {
  if (isVector<T>()) return v128.load64_splat(address);
  else return load<f64>(address) as T;
}

export const ONE: usize = memory.data<f64>([1.0]);
const HALF: usize = memory.data<f64>([0.5]);

@inline
export function half<T>(): T {
  return splatAt<T>(HALF);
}

export function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.add(a, b);
  else return (a + b) as T;
}

export function sub<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.sub(a, b);
  else return (a - b) as T;
}

export function mul<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.mul(a, b);
  else return (a * b) as T;
}

export function div<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.div(a, b);
  else return (a / b) as T;
}

/** b < a ? b : a, one machine instruction; the IEEE minimum takes eight. */
export function minimum<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.pmin(a, b);
  else return b < a ? b : a;
}

/** a < b ? b : a. */
export function maximum<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.pmax(a, b);
  else return a < b ? b : a;
}

export function magnitude<T>(a: T): T {
  if (isVector<T>()) return f64x2.abs(a);
  else return abs<T>(a);
}

/** To the nearest integer, ties to even. */
export function roundNearest<T>(a: T): T {
  if (isVector<T>()) return f64x2.nearest(a);
  else return nearest<T>(a);
}

/** x > y ? a : b, lane by lane. */
export function whereGreater<T>(x: T, y: T, a: T, b: T): T {
  if (isVector<T>()) return v128.bitselect(a, b, f64x2.gt(x, y));
  else return x > y ? a : b;
}

/** x > 0 ? a : 0, lane by lane. */
export function wherePositive<T>(x: T, a: T): T {
  if (isVector<T>()) return v128.and(a, f64x2.gt(x, f64x2.splat(0.0)));
  else return x > 0.0 ? a : (0.0 as T);
}

const SIGN: usize = memory.data<f64>([-0.0]);

/** A magnitude with the sign of another number. */
export function withSign<T>(size: T, like: T): T {
  if (isVector<T>()) return v128.or(size, v128.and(like, v128.load64_splat(SIGN)));
  else return copysign<f64>(size, like) as T;
}

/** A whole number in 0…2^31 that is kept as one with a fraction; without the checks of a conversion. */
@inline
export function wholeOf(x: f64): i32 {
  return <i32>reinterpret<i64>(x + 4503599627370496.0);
}

/** 2^n for whole n in -1022…1023: n moved into the exponent bits by adding 1.5 * 2^52. */
export function powerOfTwo<T>(n: T): T {
  const shifted = add<T>(n, splat<T>(6755399441055744.0));
  if (isVector<T>()) return i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(1023 << 52));
  else return reinterpret<f64>((reinterpret<i64>(shifted) << 52) + (1023 << 52)) as T;
}

/** Coefficients 1/14! … 1/2! of the exponential, in memory. */
const EXPONENTIAL: usize = memory.data<f64>([
  1.1470745597729725e-11, 1.6059043836821613e-10, 2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6,
  2.48015873015873e-5, 1.984126984126984e-4, 1.388888888888889e-3, 8.333333333333333e-3, 4.1666666666666664e-2, 1.6666666666666666e-1, 0.5,
]);

@inline
function coefficient<T>(index: usize): T {
  return splatAt<T>(EXPONENTIAL + (index << 3));
}

/** exp(r) - 1 for |r| <= ln 2 / 2: Taylor polynomial of degree 14, even and odd powers apart, so that neither waits for the other. */
@inline
function smallExpm1<T>(r: T): T {
  const rr = mul<T>(r, r);
  let even = coefficient<T>(0);
  even = add<T>(mul<T>(even, rr), coefficient<T>(2));
  even = add<T>(mul<T>(even, rr), coefficient<T>(4));
  even = add<T>(mul<T>(even, rr), coefficient<T>(6));
  even = add<T>(mul<T>(even, rr), coefficient<T>(8));
  even = add<T>(mul<T>(even, rr), coefficient<T>(10));
  even = add<T>(mul<T>(even, rr), coefficient<T>(12));
  let odd = coefficient<T>(1);
  odd = add<T>(mul<T>(odd, rr), coefficient<T>(3));
  odd = add<T>(mul<T>(odd, rr), coefficient<T>(5));
  odd = add<T>(mul<T>(odd, rr), coefficient<T>(7));
  odd = add<T>(mul<T>(odd, rr), coefficient<T>(9));
  odd = add<T>(mul<T>(odd, rr), coefficient<T>(11));
  return add<T>(mul<T>(add<T>(mul<T>(odd, r), even), rr), r);
}

/** Below ln 2 / 2 nothing has to be split off. */
const SMALL: f64 = 0.34;

/**
 * exp(x) - 1 for -700 <= x <= 700 with relative error below 3e-16:
 * x = n ln 2 + r, |r| <= ln 2 / 2, the polynomial in r, then 2^n. Where n is 0 in every lane the polynomial alone has the same bits.
 */
export function expm1<T>(x: T): T {
  if (!anyOutside<T>(x, splat<T>(-SMALL), splat<T>(SMALL))) return smallExpm1<T>(x);
  const n = roundNearest<T>(mul<T>(x, splat<T>(1.4426950408889634)));
  const high = sub<T>(x, mul<T>(n, splat<T>(0.6931471803691238)));
  const small = smallExpm1<T>(sub<T>(high, mul<T>(n, splat<T>(1.9082149292705877e-10))));
  const scale = powerOfTwo<T>(n);
  return add<T>(mul<T>(scale, small), sub<T>(scale, splatAt<T>(ONE)));
}

/** exp(-700) is still a normal number; what decays longer has decayed. */
const LONGEST_DECAY: f64 = 700.0;

/** 1 - exp(-x) for x >= 0, exact for small x. */
export function decayed<T>(x: T): T {
  return sub<T>(splat<T>(0.0), expm1<T>(maximum<T>(sub<T>(splat<T>(0.0), x), splat<T>(-LONGEST_DECAY))));
}

/** Sum of the four lanes that sums of a chunked column have; a vector holds two of them, so that only two are given. */
@inline
export function sumChunk<T>(sum0: T, sum1: T, sum2: T, sum3: T): f64 {
  if (!isVector<T>()) return (sum0 as f64) + (sum2 as f64) + ((sum1 as f64) + (sum3 as f64));
  const pair = add<T>(sum0, sum1);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Sum of the products of a column and another one, each with its own stride, in the order of `sumColumn`. */
export function sumProducts<T>(at: usize, end: usize, stride: usize, other: usize, otherStride: usize): f64 {
  let sum0 = splat<T>(0.0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (; at < end; at += stride, other += otherStride) {
    sum0 = add<T>(sum0, mul<T>(load<T>(at), load<T>(other)));
    sum1 = add<T>(sum1, mul<T>(load<T>(at + sizeof<T>()), load<T>(other + sizeof<T>())));
    if (isVector<T>()) continue;
    sum2 = add<T>(sum2, mul<T>(load<T>(at, 16), load<T>(other, 16)));
    sum3 = add<T>(sum3, mul<T>(load<T>(at, 24), load<T>(other, 24)));
  }
  return sumChunk<T>(sum0, sum1, sum2, sum3);
}

/** Whether x leaves low…high in any lane. */
export function anyOutside<T>(x: T, low: T, high: T): bool {
  if (isVector<T>()) return v128.any_true(v128.or(f64x2.gt(x, high), f64x2.lt(x, low)));
  else return x > high || x < low;
}

/** Lane by lane whether x reaches low or high, or something did before; `isAny` reads it. */
export function reachesEither<T>(x: T, low: T, high: T, before: T): T {
  if (isVector<T>()) return v128.or(before, v128.or(f64x2.ge(x, high), f64x2.le(x, low)));
  else return x >= high || x <= low ? (1.0 as T) : before;
}

/** Whether a mask has any lane set. */
export function isAny<T>(mask: T): bool {
  if (isVector<T>()) return v128.any_true(mask);
  else return mask != 0.0;
}

/** Sum of a chunked column over all groups, in an order that does not depend on the lane type. */
export function sumColumn<T>(at: usize, end: usize, stride: usize): f64 {
  let sum0 = splat<T>(0.0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (; at < end; at += stride) {
    sum0 = add<T>(sum0, load<T>(at));
    sum1 = add<T>(sum1, load<T>(at + sizeof<T>()));
    if (isVector<T>()) continue;
    sum2 = add<T>(sum2, load<T>(at, 16));
    sum3 = add<T>(sum3, load<T>(at, 24));
  }
  return sumChunk<T>(sum0, sum1, sum2, sum3);
}

/** Both lanes together; of numbers whose sum is exact. */
export function sumLanes<T>(v: T): f64 {
  if (isVector<T>()) return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
  else return v as f64;
}

/** Lowest of four lanes folded by `minimum`, read from memory. */
export function lowestLane<T>(v: T): f64 {
  if (isVector<T>()) return min<f64>(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
  else return v as f64;
}

export function highestLane<T>(v: T): f64 {
  if (isVector<T>()) return max<f64>(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
  else return v as f64;
}
