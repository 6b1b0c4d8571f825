/**
 * Extremes between two visits of the host, so that nothing short is lost however seldom it looks.
 * The open bucket lies outside the state; closing it folds it into the extremes of the whole run.
 */
import { cell, layout, pack, recorder, recorderScalar, run } from '../generated/layout';
import { maximum, minimum, splat } from '../lane';

/** End of all layers of cells. */
function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
}

export function record<T>(): void {
  const base = <usize>load<i32>(run.recorderBase);
  const current = load<f64>(pack.current_A);
  store<f64>(base + recorderScalar.lowCurrent_A, min<f64>(load<f64>(base + recorderScalar.lowCurrent_A), current));
  store<f64>(base + recorderScalar.highCurrent_A, max<f64>(load<f64>(base + recorderScalar.highCurrent_A), current));
  let at = base + <usize>layout.recorderHeaderBytes;
  const end = cellsEnd();
  for (let c = <usize>layout.cellBase; c < end; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const voltage = load<T>(c + lane, cell.voltage_V);
      store<T>(at + lane, minimum<T>(load<T>(at + lane, recorder.low_V), voltage), recorder.low_V);
      store<T>(at + lane, maximum<T>(load<T>(at + lane, recorder.high_V), voltage), recorder.high_V);
    }
    at += <usize>layout.recorderChunkBytes;
  }
}

/** Starts a new bucket. */
export function openBucket<T>(): void {
  const base = <usize>load<i32>(run.recorderBase);
  store<f64>(base + recorderScalar.lowCurrent_A, Infinity);
  store<f64>(base + recorderScalar.highCurrent_A, -Infinity);
  const first = base + <usize>layout.recorderHeaderBytes;
  const end = first + ((cellsEnd() - <usize>layout.cellBase) / <usize>layout.cellChunkBytes) * <usize>layout.recorderChunkBytes;
  for (let at = first; at < end; at += <usize>layout.recorderChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      store<T>(at + lane, splat<T>(Infinity), recorder.low_V);
      store<T>(at + lane, splat<T>(-Infinity), recorder.high_V);
    }
  }
}

/** Folds the open bucket into the run's extremes and starts a new one. */
export function closeBucket<T>(): void {
  const base = <usize>load<i32>(run.recorderBase);
  let at = base + <usize>layout.recorderHeaderBytes;
  const end = cellsEnd();
  for (let c = <usize>layout.cellBase; c < end; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      store<T>(c + lane, minimum<T>(load<T>(c + lane, cell.lowest_V), load<T>(at + lane, recorder.low_V)), cell.lowest_V);
      store<T>(c + lane, maximum<T>(load<T>(c + lane, cell.highest_V), load<T>(at + lane, recorder.high_V)), cell.highest_V);
    }
    at += <usize>layout.recorderChunkBytes;
  }
  openBucket<T>();
}

/** Extremes of temperature, which moves on the slow step only. */
export function recordTemperatures<T>(): void {
  const end = cellsEnd();
  for (let c = <usize>layout.cellBase; c < end; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < 32; lane += sizeof<T>()) {
      const temperature = load<T>(c + lane, cell.temperature_degC);
      store<T>(c + lane, minimum<T>(load<T>(c + lane, cell.coldest_degC), temperature), cell.coldest_degC);
      store<T>(c + lane, maximum<T>(load<T>(c + lane, cell.hottest_degC), temperature), cell.hottest_degC);
    }
  }
}
