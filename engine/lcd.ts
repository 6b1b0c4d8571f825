/**
 * What stands on the LCD unit of a run at this moment, as the plain reading that texts and numbers are made from.
 * A pure reading; nothing here changes a run.
 */
import { assert } from '../domain/errors.ts';
import { eventName, type EventName } from '../domain/events.ts';
import { LCD_NOTICES, LCD_PAGES } from '../domain/lcd/pages.ts';
import type { LcdCell, LcdReading } from '../domain/lcd/reading.ts';
import { PROTECTIONS } from '../domain/protections.ts';
import { settingContext } from '../domain/scenario/read.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import { MODES } from '../domain/serialFrames.ts';
import { SETTING_NAMES, type Settings } from '../domain/settings.ts';
import type { CompiledRun } from './compile.ts';

const MILLIVOLTS_PER_VOLT = 1000;
const HELD = 2;

function cellOf({ groups, scalars }: CompiledRun, group: number): LcdCell {
  return {
    voltage_V: groups.measured_mV.get(group) / MILLIVOLTS_PER_VOLT,
    indicator: groups.indicator.get(group) !== 0,
    impedance_Ohm: scalars.impedance.tick === 0 ? null : groups.impedance_Ohm.get(group),
  };
}

/** Causes in force by the names that they have now. */
function alarmsOf({ structures }: CompiledRun): EventName[] {
  return PROTECTIONS.flatMap((protection, index) => {
    const { state, hold } = structures.rule[index]!;
    if (state === 0) return [];
    return [state === HELD ? eventName(hold) : protection.event];
  });
}

/** The reading of a run whose scenario has a BMS. */
export function readLcd(run: CompiledRun, { bms, pack }: Scenario): LcdReading {
  assert(bms !== null, 'a scenario without a BMS has no LCD unit');
  const { lcd, measured, estimate, setting, unit, balance } = run.scalars;
  const [charge, discharge] = run.structures.relay;
  return {
    on: lcd.on !== 0,
    lit: lcd.lit !== 0,
    page: LCD_PAGES[lcd.page]!,
    notice: LCD_NOTICES[lcd.notice]!,
    mode: MODES[unit.mode]!,
    cells: Array.from({ length: pack.series }, (_, group) => cellOf(run, group)),
    highestCell: measured.highestCell,
    lowestCell: measured.lowestCell,
    packVoltage_V: measured.voltageSum_mV / MILLIVOLTS_PER_VOLT,
    current_A: measured.current_A,
    soc_fraction: estimate.soc,
    temperatures_degC: [measured.temperature1_degC, measured.temperature2_degC],
    case_degC: measured.case_degC,
    balancing: balance.active !== 0,
    hasIndicators: lcd.hasIndicators !== 0,
    closed: { charge: charge!.order !== 0, discharge: discharge!.order !== 0 },
    alarms: alarmsOf(run),
    settings: Object.fromEntries(SETTING_NAMES.map((name) => [name, setting[name]])) as Settings,
    context: settingContext(bms),
    menu: { cursor: lcd.cursor, editing: lcd.editing !== 0, value: lcd.editValue },
  };
}
