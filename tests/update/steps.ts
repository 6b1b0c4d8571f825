/**
 * A bench for firmware updates: a unit that protects a resting pack, and the steps of FAQ 8 in their order, one or all of which a test changes.
 */
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { constantCell, flatOcv, type ScenarioObject } from '../scenarios.ts';

type Command = NonNullable<ScenarioFile['commands']>[number];
type BmsFile = NonNullable<ScenarioFile['bms']>;

/** 64 blocks of 100 bytes, one a tick. */
export const IMAGE = { updateImage_count: 6400, updateSpeed_per_s: 1000 } as const;
export const TICK_s = 0.1;
export const BLOCKS = 64;

export const STEP_NAMES = ['tool', 'cable', 'port', 'file', 'press'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** Everything right, one step a second from 1 s on; UPDATE is pressed at 5 s. */
export function steps(unit: 'main' | 'lcd'): Record<StepName, Command> {
  return {
    tool: { time_s: 1, do: 'startUpdateTool', version: 'v1.03' },
    cable: { time_s: 2, do: 'connectUsb', unit },
    port: { time_s: 3, do: 'openPort' },
    file: { time_s: 4, do: 'openFile', model: '8T', for: unit, firmware: 'V1.26' },
    press: { time_s: 5, do: 'update' },
  };
}

export const PRESS_s = 5;

/** The steps with some replaced; null leaves one out. */
export function stepsBut(unit: 'main' | 'lcd', changes: Partial<Record<StepName, Partial<Command> | null>> = {}): Command[] {
  return STEP_NAMES.flatMap((name) => {
    const change = changes[name];
    return change === null ? [] : [{ ...steps(unit)[name], ...change } as Command];
  });
}

export function bench(commands: Command[], bms: Partial<BmsFile> = {}, scenario: Partial<ScenarioObject> = {}): ScenarioObject {
  return {
    cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3) }),
    thermal: null,
    tick_s: TICK_s,
    duration_s: 40,
    pack: { series: 4 },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      firmware: 'V1.25',
      settings: { batteryCapacity_Ah: 1000 },
      ...bms,
      assumptions: { ...IMAGE, ...bms.assumptions },
    },
    commands,
    ...scenario,
  };
}
