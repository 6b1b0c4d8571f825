/**
 * The kernel's tick in plain JavaScript on typed arrays, stage by stage in the kernel's order.
 * It is what the kernel is measured against: the same equations and rates, without WebAssembly.
 */
import type { CompiledRun } from '../engine/compile.ts';
import { settleSums } from './plain/cell.ts';
import { drawConsumption } from './plain/consumption.ts';
import { stepDraws } from './plain/draws.ts';
import { exposeCells, exposeTemperatures, record, recordTemperatures } from './plain/extremes.ts';
import { balanceCells, estimateSoc, filterCurrent, formMeasurands, learnCells, sense } from './plain/firmware.ts';
import { solveNetwork, stepPack } from './plain/network.ts';
import { stepParameters } from './plain/parameters.ts';
import { protect } from './plain/protection.ts';
import { moveRelays } from './plain/relay.ts';
import { copyInto, readState, type State } from './plain/state.ts';
import { stepThermal } from './plain/thermal.ts';
import { addTotals } from './plain/totals.ts';
import { followAlarm, refreshDisplay } from './plain/unit.ts';

export interface PlainRun {
  readonly state: State;
  /** Runs until this many ticks are done. */
  runTo(lastTick: number): void;
  /** Back to the state that was read. */
  restart(): void;
}

function countTick({ run, unit }: State): void {
  run.slowLeft--;
  if (unit.running === 0) {
    run.measuring = 0;
    return;
  }
  run.firmwareLeft--;
  run.measuring = run.firmwareLeft === 0 ? 1 : 0;
}

function step(state: State): void {
  const { run } = state;
  countTick(state);
  moveRelays(state);
  drawConsumption(state);
  stepDraws(state);
  solveNetwork(state);
  stepPack(state);
  run.tick++;
  addTotals(state);
  filterCurrent(state);
  if (run.slowLeft <= 0) {
    run.slowLeft = run.slowTicks;
    run.slowDone = run.tick;
    settleSums(state);
    stepThermal(state);
    stepParameters(state);
    recordTemperatures(state);
    exposeTemperatures(state);
  }
  if (run.measuring !== 0) {
    run.firmwareLeft = run.firmwareTicks;
    sense(state);
    learnCells(state);
    estimateSoc(state);
    formMeasurands(state);
    protect(state);
    balanceCells(state);
    followAlarm(state);
    refreshDisplay(state);
  }
  if (record(state)) exposeCells(state);
}

/** A run from the present state of a compiled one, which it does not touch. */
export function openPlainRun(compiled: CompiledRun): PlainRun {
  const first = readState(compiled);
  const state = readState(compiled);
  return {
    state,
    runTo(lastTick) {
      while (state.run.tick < lastTick) step(state);
    },
    restart: () => copyInto(state, first),
  };
}
