/**
 * Counter-based random numbers: a draw depends on seed, stream and count only, so adding a cell changes no other draw.
 * Also exported to the host, which draws spreads with it while it compiles a scenario.
 *
 * Sources: Squares generator, B. Widynski, arXiv:2004.06278, 64-bit variant with five rounds;
 * inverse normal distribution, P. J. Acklam, 2003, relative error below 1.2e-9.
 */

function mixed(x: u64): u64 {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

function swapped(x: u64): u64 {
  return (x >> 32) | (x << 32);
}

/** 64 random bits of (key, counter). */
function squares(counter: u64, key: u64): u64 {
  const y = counter * key;
  const z = y + key;
  let x = y;
  x = swapped(x * x + y);
  x = swapped(x * x + z);
  x = swapped(x * x + y);
  x = x * x + z;
  const t = x;
  x = swapped(x);
  return t ^ ((x * x + y) >> 32);
}

/** Uniform in (0, 1): 52 bits and a half, never 0 or 1. */
export function uniform(seed: u64, stream: u32, count: u32): f64 {
  const key = mixed(seed + 0x9e3779b97f4a7c15) | 1;
  const bits = squares((((<u64>stream) << 32) | (<u64>count)) + 1, key);
  return (<f64>(bits >> 12) + 0.5) * 2.220446049250313e-16;
}

function tail(q: f64): f64 {
  const above =
    ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
    2.938163982698783;
  const below = (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1.0;
  return above / below;
}

function centre(q: f64): f64 {
  const r = q * q;
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r +
    2.506628277459239;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1.0;
  return (above * q) / below;
}

/** Standard normal deviate of (seed, stream, count). */
export function normal(seed: u64, stream: u32, count: u32): f64 {
  const p = uniform(seed, stream, count);
  if (p < 0.02425) return tail(sqrt<f64>(-2.0 * Math.log(p)));
  if (p > 0.97575) return -tail(sqrt<f64>(-2.0 * Math.log(1.0 - p)));
  return centre(p - 0.5);
}
