/**
 * The plant's true value behind a measurand, for the events that show both.
 * It is read when an event is written and by nobody else: no stage of the firmware may see it.
 */
import { cellAt, groupAt } from '../address';
import { cell, group, measurand, pack, run, sensor } from '../generated/layout';

function trueDifference(): f64 {
  const groups = load<i32>(run.groupCount);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < groups; i++) {
    const voltage = load<f64>(groupAt(i), group.voltage_V);
    low = min<f64>(low, voltage);
    high = max<f64>(high, voltage);
  }
  return high - low;
}

/** Mean state of charge of all cells. */
export function trueSoc(): f64 {
  const groups = load<i32>(run.groupCount);
  const positions = load<i32>(run.positionCount);
  let sum = 0.0;
  for (let p = 0; p < positions; p++) {
    const layer = <usize>p * <usize>load<i32>(run.chunkBytes);
    for (let i = 0; i < groups; i++) sum += load<f64>(cellAt(i) + layer, cell.soc);
  }
  return sum / <f64>(groups * positions);
}

/** Of the cell that a sensor was put on. */
function touchedTemperature(row: usize): f64 {
  return load<f64>(cellAt(load<i32>(row, sensor.group)), cell.temperature_degC);
}

/** True value of a measurand in physical units, at `index` where it has a cell. */
export function trueValueOf(which: i32, index: i32): f64 {
  if (which == measurand.cellVoltageMax || which == measurand.cellVoltageMin) return load<f64>(groupAt(index), group.voltage_V);
  if (which == measurand.chargeCurrent) return load<f64>(pack.current_A);
  if (which == measurand.dischargeCurrent) return 0.0 - load<f64>(pack.current_A);
  if (which == measurand.temperatureMax || which == measurand.temperatureMin) return load<f64>(cellAt(index), cell.temperature_degC);
  if (which == measurand.temperatureDifference)
    return abs<f64>(touchedTemperature(<usize>sensor.base) - touchedTemperature(<usize>sensor.base + <usize>sensor.bytes));
  if (which == measurand.cellDifferenceInDischarge) return trueDifference();
  if (which == measurand.soc) return trueSoc();
  return <f64>load<i32>(run.groupCount);
}
