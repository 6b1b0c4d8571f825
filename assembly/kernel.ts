/**
 * One tick as a table of contents, and the loop around it.
 * Generic in the lane type: index.ts builds it on v128, index.scalar.ts on f64, both give the same bytes.
 */
import { event, eventCode, FINGERPRINT, pack, recorder, run, unit, update } from './generated/layout';
import { followAlarm } from './firmware/alarm';
import { balanceCells } from './firmware/balance';
import { tellCharger } from './firmware/com1';
import { followCom3 } from './firmware/com3';
import { finishBoot, followSwitch, startWasPressed, takeImage, watchCurrentAsleep } from './firmware/power';
import { filterCurrent, settleFilter } from './firmware/currentSensor';
import { lcdMayChange, refreshLcd } from './firmware/lcd';
import { protect } from './firmware/protection';
import { formMeasurands, sense, settleSensors } from './firmware/sensing';
import { estimateSoc } from './firmware/soc';
import { followUpdate } from './firmware/update';
import { settleSums } from './plant/cell';
import { drawConsumption } from './plant/consumption';
import { heatShorts, pinsAreDue, readPins, stepDraws } from './plant/draws';
import { heatFuse, settleFuse } from './plant/fuse';
import { factorLadders } from './plant/ladder';
import { refreshLeads } from './plant/leads';
import { settlePack, solveNetwork, stepPack } from './plant/network';
import { stepParameters } from './plant/parameters';
import { moveRelays, settleRelays } from './plant/relay';
import { settleThermal, stepThermal } from './plant/thermal';
import { applyCommands } from './time/commands';
import { report, ringIsFull } from './time/events';
import { exposeCells, exposeTemperatures } from './time/exposure';
import { record, recordTemperatures, restartRecorder } from './time/record';
import { countTick, firmwareIsDue, slowStepIsDue } from './time/schedule';
import { addTotals } from './time/totals';
import { followTriggers } from './time/triggers';
import { watchChannels } from './time/watch';

/** Why `runTo` came back. */
const REACHED: i32 = 0;
const RING_FULL: i32 = 1;
const STOPPED: i32 = 2;
const FAILED: i32 = 3;

/** One sample, from what is measured to what is ordered and shown. */
function runFirmware<T>(): void {
  sense<T>();
  tellCharger();
  finishBoot();
  estimateSoc();
  formMeasurands();
  protect<T>(startWasPressed());
  balanceCells<T>(true);
  followAlarm();
  if (!lcdMayChange()) return;
  followCom3();
  refreshLcd();
}

export function step<T>(): void {
  applyCommands<T>();
  followTriggers<T>(true);
  if (load<i32>(run.hasUnit)) followSwitch<T>();
  if (load<f64>(update.inPlay) != 0.0) {
    followUpdate();
    takeImage<T>();
  }
  countTick();
  moveRelays();
  refreshLeads();
  drawConsumption();
  stepDraws<T>();
  solveNetwork<T>();
  stepPack<T>();
  store<i32>(run.tick, load<i32>(run.tick) + 1);
  addTotals<T>();
  heatShorts();
  heatFuse();
  filterCurrent();
  const slow = slowStepIsDue();
  if (slow) {
    settleSums<T>();
    stepThermal<T>();
    stepParameters<T>();
    factorLadders<T>(true);
    recordTemperatures<T>();
    exposeTemperatures<T>();
  }
  if (pinsAreDue(slow)) readPins<T>();
  if (firmwareIsDue()) {
    if (load<i32>(unit.running)) runFirmware<T>();
    else watchCurrentAsleep();
  }
  if (record<T>()) exposeCells();
  watchChannels();
}

/** Parameters, voltages and extremes at time 0. */
export function start<T>(): void {
  followTriggers<T>(false);
  settleThermal<T>();
  settleFuse();
  if (load<i32>(run.hasUnit)) settleRelays();
  stepParameters<T>();
  settlePack<T>();
  settleSensors();
  settleFilter();
  if (load<i32>(unit.running)) {
    sense<T>();
    tellCharger();
    followCom3();
    refreshLcd();
  }
  recordTemperatures<T>();
  restartRecorder<T>(load<i32>(<usize>load<i32>(run.recorderBase), recorder.width_ticks));
  watchChannels();
}

function isFinite(x: f64): bool {
  return x - x == 0.0;
}

/** Runs until `lastTick` ticks are done or something needs the host; returns why. */
export function runTo<T>(lastTick: i32): i32 {
  while (load<i32>(run.tick) < lastTick) {
    if (ringIsFull()) return RING_FULL;
    step<T>();
    if (!isFinite(load<f64>(pack.voltage_V))) {
      report(eventCode.notFinite, true, -1, load<f64>(pack.current_A), load<f64>(pack.current_A), 0.0);
      return FAILED;
    }
    if (load<i32>(event.stopSeen)) return STOPPED;
  }
  return REACHED;
}

export function fingerprint(): i32 {
  return FINGERPRINT;
}
