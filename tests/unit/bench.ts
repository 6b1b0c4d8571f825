/**
 * The bench for the unit as people use it: four cells that rest at 3.300 V whatever happens, presses, plugs, and what stands on the display.
 * Apart from the firmware's bench because here a run is looked at while it goes on.
 */
import { LCD_PAGES, type Button, type LcdNotice, type LcdPage } from '../../domain/lcd/pages.ts';
import { type LcdScreen, lcdLines } from '../../domain/lcd/screen.ts';
import { UNIT_STATES, type UnitState } from '../../domain/device.ts';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { SETTING_NAMES, type SettingName } from '../../domain/settings.ts';
import { readLcd } from '../../engine/lcd.ts';
import type { Run } from '../../engine/run.ts';
import { bench as firmwareBench, type BenchParts } from '../firmware/bench.ts';
import { type OpenOptions, openRun, type ScenarioObject } from '../scenarios.ts';

export type CommandFile = NonNullable<ScenarioFile['commands']>[number];
export const TICK_S = 0.5;

export function bench(parts: BenchParts = {}): ScenarioObject {
  return firmwareBench(parts) as ScenarioObject;
}

export const press = (time_s: number, button: Button, for_s = 0): CommandFile => ({ time_s, do: 'press', button, for_s });

/** One press after the other, a tick apart. */
export function presses(from_s: number, ...buttons: Button[]): CommandFile[] {
  return buttons.map((button, index) => press(from_s + index * TICK_S, button));
}

/** Enters the menu at a time, and goes to a setting; the next press may come 2 s and half a second for each row later. */
export function goTo(time_s: number, setting: SettingName): { commands: CommandFile[]; ready_s: number } {
  const rows = SETTING_NAMES.indexOf(setting);
  const entered_s = time_s + 2.5;
  const downs = Array.from({ length: rows }, () => 'down' as const);
  return { commands: [press(time_s, 'start', 2), ...presses(entered_s, ...downs)], ready_s: entered_s + rows * TICK_S };
}

/** A run of the bench, advanced to a time. */
export async function at(time_s: number, parts: BenchParts = {}, options: OpenOptions = {}): Promise<Run> {
  const run = await openRun(bench(parts), options);
  advanceTo(run, time_s);
  return run;
}

export function advanceTo(run: Run, time_s: number): void {
  run.advance(Math.round(time_s / run.loaded.scenario.tick_s));
}

export const stateOf = (run: Run): UnitState => UNIT_STATES[run.read('unit.state')]!;
export const pageOf = (run: Run): LcdPage => LCD_PAGES[run.read('lcd.page')]!;
export const screenOf = (run: Run): LcdScreen => lcdLines(readLcd(run.compiled, run.loaded.scenario));
export const noticeOf = (run: Run): LcdNotice => readLcd(run.compiled, run.loaded.scenario).notice;
export const outputsOf = (run: Run): number[] => [run.read('relay.coilVoltage_V[0]'), run.read('relay.coilVoltage_V[1]')];
export const contactsOf = (run: Run): number[] => [run.read('relay.closed[0]'), run.read('relay.closed[1]')];
export const settingOf = (run: Run, name: SettingName): number => run.compiled.scalars.setting[name];
