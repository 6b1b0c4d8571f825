/**
 * The kernel built on v128, two cells at a time.
 * Everything it does stands in kernel.ts.
 */
import * as kernel from './kernel';
import * as random from './time/random';
import * as recording from './time/record';

export function start(): void {
  kernel.start<v128>();
}

export function runTo(lastTick: i32): i32 {
  return kernel.runTo<v128>(lastTick);
}

export function settle(): void {
  recording.settle<v128>();
}

export function restartRecorder(width_ticks: i32): void {
  recording.restartRecorder<v128>(width_ticks);
}

export function fingerprint(): i32 {
  return kernel.fingerprint();
}

/** The host's exponential, logarithm and draws, so that no result depends on its own mathematics. */
export function exp(x: f64): f64 {
  return Math.exp(x);
}

export function log(x: f64): f64 {
  return Math.log(x);
}

export function normal(seedHigh: u32, seedLow: u32, stream: u32, count: u32): f64 {
  return random.normal(((<u64>seedHigh) << 32) | (<u64>seedLow), stream, count);
}

export function uniform(seedHigh: u32, seedLow: u32, stream: u32, count: u32): f64 {
  return random.uniform(((<u64>seedHigh) << 32) | (<u64>seedLow), stream, count);
}
