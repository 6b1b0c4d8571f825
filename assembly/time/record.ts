/**
 * Extremes of every tick: each cell's voltage and the pack's current, in an open bucket outside the state.
 * A full bucket is folded into the extremes of the whole run and becomes a row of the levels of detail, where somebody reads them.
 */
import { cell, layout, limit, openBucket, pack, recorder, run } from '../generated/layout';
import { anyOutside, maximum, minimum, splat, splatAt } from '../lane';
import { closeRow, foldOpenRows, forgetRows, openRow, writePackTraces } from './levels';

/** End of all layers of cells. */
function cellsEnd(): usize {
  return <usize>layout.cellBase + <usize>load<i32>(run.positionCount) * <usize>load<i32>(run.chunkBytes);
}

/** Extremes of the pack's current in this bucket. */
@inline
function recordCurrent(base: usize): void {
  const current = load<f64>(pack.current_A);
  store<f64>(base, minimum<f64>(load<f64>(base, recorder.lowCurrent_A), current), recorder.lowCurrent_A);
  store<f64>(base, maximum<f64>(load<f64>(base, recorder.highCurrent_A), current), recorder.highCurrent_A);
}

/** One look at every cell of this tick; returns whether some cell is beyond a limit of voltage or current. */
export function record<T>(): bool {
  const packVoltage = load<f64>(pack.voltage_V);
  // A tick that fails is no part of a recording.
  if (packVoltage - packVoltage != 0.0) return false;
  const base = <usize>load<i32>(run.recorderBase);
  recordCurrent(base);
  const low = splatAt<T>(limit.minimumVoltage_V);
  const high = splatAt<T>(limit.maximumVoltage_V);
  const discharge = splatAt<T>(limit.dischargeCurrent_A);
  const charge = splatAt<T>(limit.chargeCurrent_A);
  let lowest = high;
  let highest = low;
  let least = charge;
  let most = discharge;
  const end = cellsEnd();
  // Lane by lane through all chunks: the turns of one loop.
  for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
    let at = base + <usize>layout.openBucketStart + lane;
    for (let c = <usize>layout.cellBase + lane; c < end; c += <usize>layout.cellChunkBytes, at += <usize>layout.openBucketChunkBytes) {
      const voltage = load<T>(c, cell.voltage_V);
      const current = load<T>(c, cell.current_A);
      lowest = minimum<T>(lowest, voltage);
      highest = maximum<T>(highest, voltage);
      least = minimum<T>(least, current);
      most = maximum<T>(most, current);
      store<T>(at, minimum<T>(load<T>(at, openBucket.low_V), voltage), openBucket.low_V);
      store<T>(at, maximum<T>(load<T>(at, openBucket.high_V), voltage), openBucket.high_V);
    }
  }
  const filled = load<i32>(base, recorder.filled) + 1;
  store<i32>(base, filled, recorder.filled);
  if (filled == load<i32>(base, recorder.width_ticks)) closeBucket<T>(base);
  // Each pair starts at the other's limit, so that neither is beyond its own before a cell is.
  const voltageIsBeyond = anyOutside<T>(lowest, low, high) || anyOutside<T>(highest, low, high);
  return voltageIsBeyond || anyOutside<T>(least, discharge, charge) || anyOutside<T>(most, discharge, charge);
}

/** Folds the open bucket into the extremes of the run. */
function foldExtremes<T>(base: usize): void {
  let at = base + <usize>layout.openBucketStart;
  const end = cellsEnd();
  for (let c = <usize>layout.cellBase; c < end; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
      store<T>(c + lane, minimum<T>(load<T>(c + lane, cell.lowest_V), load<T>(at + lane, openBucket.low_V)), cell.lowest_V);
      store<T>(c + lane, maximum<T>(load<T>(c + lane, cell.highest_V), load<T>(at + lane, openBucket.high_V)), cell.highest_V);
    }
    at += <usize>layout.openBucketChunkBytes;
  }
}

/** The traces of the groups over the open bucket: extremes of their parallel cells, and the last voltage of the first. */
function writeGroupTraces<T>(base: usize, row: usize): void {
  const third = <usize>load<i32>(base, recorder.rowBytes) / 3;
  const layer = (<usize>load<i32>(run.chunkBytes) / <usize>layout.cellChunkBytes) * <usize>layout.openBucketChunkBytes;
  const firstEnd = <usize>layout.cellBase + <usize>load<i32>(run.chunkBytes);
  let first = base + <usize>layout.openBucketStart;
  const end = first + <usize>load<i32>(run.positionCount) * layer;
  for (let c = <usize>layout.cellBase; c < firstEnd; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
      let low = splat<T>(Infinity);
      let high = splat<T>(-Infinity);
      for (let at = first + lane; at < end; at += layer) {
        low = minimum<T>(low, load<T>(at, openBucket.low_V));
        high = maximum<T>(high, load<T>(at, openBucket.high_V));
      }
      store<T>(row + lane, low);
      store<T>(row + lane + third, high);
      store<T>(row + lane + 2 * third, load<T>(c + lane, cell.voltage_V));
    }
    first += <usize>layout.openBucketChunkBytes;
    row += <usize>layout.laneBytes;
  }
}

function emptyBucket<T>(base: usize): void {
  store<i32>(base, 0, recorder.filled);
  store<f64>(base, Infinity, recorder.lowCurrent_A);
  store<f64>(base, -Infinity, recorder.highCurrent_A);
  const chunks = (cellsEnd() - <usize>layout.cellBase) / <usize>layout.cellChunkBytes;
  let at = base + <usize>layout.openBucketStart;
  const end = at + chunks * <usize>layout.openBucketChunkBytes;
  for (; at < end; at += <usize>layout.openBucketChunkBytes) {
    for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
      store<T>(at + lane, splat<T>(Infinity), openBucket.low_V);
      store<T>(at + lane, splat<T>(-Infinity), openBucket.high_V);
    }
  }
}

function writeOpenRow<T>(base: usize): void {
  const row = openRow(base, 0);
  writeGroupTraces<T>(base, row);
  writePackTraces<T>(base, row);
}

function closeBucket<T>(base: usize): void {
  foldExtremes<T>(base);
  if (load<i32>(base, recorder.levelCount)) {
    writeOpenRow<T>(base);
    closeRow<T>(base);
  }
  emptyBucket<T>(base);
}

/**
 * Brings up to date what else waits for the end of a bucket: the extremes of the run, and the open row of every level.
 * It may be called at any time and as often as one likes: the bucket stays open and comes out the same.
 */
export function settle<T>(): void {
  const base = <usize>load<i32>(run.recorderBase);
  const isOpen = load<i32>(base, recorder.filled) > 0;
  if (isOpen) foldExtremes<T>(base);
  if (!load<i32>(base, recorder.levelCount)) return;
  if (isOpen) writeOpenRow<T>(base);
  foldOpenRows<T>(base, isOpen);
}

/** Empties levels and open bucket and records anew; the first bucket holds the present tick alone. What was not settled is forgotten. */
export function restartRecorder<T>(width_ticks: i32): void {
  const base = <usize>load<i32>(run.recorderBase);
  store<i32>(base, load<i32>(run.tick), recorder.firstTick);
  store<i32>(base, width_ticks, recorder.width_ticks);
  forgetRows(base);
  emptyBucket<T>(base);
  record<T>();
  if (load<i32>(base, recorder.filled)) closeBucket<T>(base);
}

/** Extremes of temperature, which moves on the slow step only. */
export function recordTemperatures<T>(): void {
  const end = cellsEnd();
  for (let c = <usize>layout.cellBase; c < end; c += <usize>layout.cellChunkBytes) {
    for (let lane: usize = 0; lane < <usize>layout.laneBytes; lane += sizeof<T>()) {
      const temperature = load<T>(c + lane, cell.temperature_degC);
      store<T>(c + lane, minimum<T>(load<T>(c + lane, cell.coldest_degC), temperature), cell.coldest_degC);
      store<T>(c + lane, maximum<T>(load<T>(c + lane, cell.hottest_degC), temperature), cell.hottest_degC);
    }
  }
}
