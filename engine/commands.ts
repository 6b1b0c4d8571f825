/**
 * Commands of a scenario as the kernel's log: rows of (tick, address, value) in time order.
 * A path that may be written stands here once, with its address and its range.
 */
import { InputError, shown } from '../domain/errors.ts';
import { SLOT_ROW, TRIGGER_ROW } from '../domain/memoryEffects.ts';
import { type Button, HOLD_REPEAT, pressCode } from '../domain/lcd/pages.ts';
import { playedBy } from '../domain/scenario/equipment.ts';
import { COMMAND_PATHS } from '../domain/scenario/commandPaths.ts';
import { settingContext, settingsOf } from '../domain/scenario/read.ts';
import { type Action, type Command, type Scenario, sourcesOf, type UpdateAction } from '../domain/scenario/schema.ts';
import { UPDATE_ACTIONS } from '../domain/update.ts';
import { SETTING_NAMES, SETTING_ORDER, settingComplaint, SETTINGS, type SettingName } from '../domain/settings.ts';
import { groupAddress, scalarAddress, structureAddress } from './addresses.ts';
import { type FaultPlan, slotAddress, triggerAddress } from './faults.ts';
import type { RecordPlan } from './kernel.ts';
import { updateWrites } from './update.ts';

type Assignment = Extract<Command, { set: string }>;

interface Target {
  address: number;
  min: number;
  max: number;
  /** Yes or no, and nothing between. */
  isSwitch?: true;
}

const sourceAddress = (index: number, column: string) => structureAddress('source', column, index);
const sensorAddress = (index: number) => structureAddress('sensor', 'offset_K', index);

const SCALAR_TARGETS: Record<string, Target> = {
  ambient_degC: { address: scalarAddress('pack.ambient_degC'), min: -60, max: 120 },
  'bms.sensing.current.gain_ratio': { address: scalarAddress('sensing.currentGain_ratio'), min: -10, max: 10 },
  'bms.sensing.current.offset_A': { address: scalarAddress('sensing.currentOffset_A'), min: -1000, max: 1000 },
  'bms.sensing.current.filterTime_s': { address: scalarAddress('sensing.filterTime_s'), min: 0, max: 60 },
  'bms.sensing.temperature[0].offset_K': { address: sensorAddress(0), min: -200, max: 200 },
  'bms.sensing.temperature[1].offset_K': { address: sensorAddress(1), min: -200, max: 200 },
};

const CHANNEL_TARGETS: Record<string, Omit<Target, 'address'>> = {
  gain_ratio: { min: 0, max: 10 },
  offset_V: { min: -5, max: 5 },
  noise_V: { min: 0, max: 1 },
};

/** `kind` is the key that tells equipment of this kind. */
const SOURCE_TARGETS: Record<string, Omit<Target, 'address'> & { column: string; kind: string }> = {
  constantCurrent_A: { column: 'current_A', kind: 'constantCurrent_A', min: -1e5, max: 1e5 },
  constantPower_W: { column: 'power_W', kind: 'constantPower_W', min: -1e7, max: 1e7 },
  constantResistance_Ohm: { column: 'resistance_Ohm', kind: 'constantResistance_Ohm', min: 1e-4, max: 1e9 },
  'inverter.outputPower_W': { column: 'power_W', kind: 'inverter', min: 0, max: 1e7 },
  'hybridInverter.power_W': { column: 'power_W', kind: 'hybridInverter', min: -1e7, max: 1e7 },
  scale: { column: 'scale', kind: 'csv', min: -1e6, max: 1e6 },
  'charger.current_A': { column: 'current_A', kind: 'charger', min: 1e-3, max: 1e5 },
  'charger.voltage_V': { column: 'voltage_V', kind: 'charger', min: 0.1, max: 1000 },
  'charger.overVoltage_ratio': { column: 'overVoltage_ratio', kind: 'charger', min: 0, max: 1 },
  'charger.overCurrent_ratio': { column: 'overCurrent_ratio', kind: 'charger', min: 0, max: 1 },
  'charger.ignoresStop': { column: 'ignoresStop', kind: 'charger', min: 0, max: 1, isSwitch: true },
};

/** Where a path is written, or undefined where the pack has no such thing. */
function targetOf(path: string, scenario: Scenario, plan: RecordPlan): Target | undefined {
  const needsUnit = path.startsWith('bms.');
  if (needsUnit && scenario.bms === null) return undefined;
  if (path === 'ambient_degC' && scenario.ambientProfile !== undefined) return undefined;
  if (Object.hasOwn(SCALAR_TARGETS, path)) return SCALAR_TARGETS[path];
  const channel = /^bms\.sensing\.channels\[(\d{1,2})\]\.(\w+)$/.exec(path);
  if (channel !== null && Number(channel[1]) < scenario.pack.series && Object.hasOwn(CHANNEL_TARGETS, channel[2]!)) {
    return { address: groupAddress(plan, channel[2]!, Number(channel[1])), ...CHANNEL_TARGETS[channel[2]!]! };
  }
  const bleed = /^bleed\.ordered\[(\d{1,2})\]$/.exec(path);
  if (bleed !== null && scenario.bms === null && (scenario.harness ?? null) !== null && Number(bleed[1]) < scenario.pack.series)
    return { address: groupAddress(plan, 'bleedOrdered', Number(bleed[1])), min: 0, max: 1, isSwitch: true };
  const source = /^source\[(\d)\]\.([\w.]+)$/.exec(path);
  if (source === null || !Object.hasOwn(SOURCE_TARGETS, source[2]!)) return undefined;
  const row = SOURCE_TARGETS[source[2]!]!;
  const equipment = sourcesOf(scenario)[Number(source[1])];
  return equipment !== undefined && row.kind in equipment && playedBy(equipment) === undefined
    ? { ...row, address: sourceAddress(Number(source[1]), row.column) }
    : undefined;
}

/** The value as a number; true and false only where there is nothing else, and nothing else there. */
function numberOf({ value }: Assignment, isSwitch: boolean, path: string): number {
  const fits = isSwitch ? typeof value === 'boolean' || value === 0 || value === 1 : typeof value === 'number';
  if (!fits)
    throw new InputError({
      code: 'value',
      path: `${path}.value`,
      value,
      message: `${shown(value)} is not allowed`,
      allowed: isSwitch ? 'true or false' : 'a number',
    });
  return Number(value);
}

function settingWrite(command: Assignment, scenario: Scenario, path: string): [number, number] | undefined {
  const name = /^bms\.settings\.(\w+)$/.exec(command.set)?.[1];
  if (name === undefined || scenario.bms === null || !(SETTING_NAMES as string[]).includes(name)) return undefined;
  const isSwitch = SETTINGS[name as SettingName].kind === 'switch';
  const value = numberOf(command, isSwitch, path);
  const allowed = settingComplaint(name as SettingName, value, settingContext(scenario.bms));
  if (allowed !== undefined)
    throw new InputError({ code: 'range', path: `${path}.value`, value, message: `${shown(command.value)} is not allowed`, allowed });
  return [scalarAddress(`setting.${name}`), value];
}

function assignmentWrite(command: Assignment, scenario: Scenario, plan: RecordPlan, path: string): [number, number] {
  const setting = settingWrite(command, scenario, path);
  if (setting !== undefined) return setting;
  const target = targetOf(command.set, scenario, plan);
  if (target === undefined)
    throw new InputError({
      code: 'path',
      path: `${path}.set`,
      value: command.set,
      message: `${shown(command.set)} cannot be set here`,
      allowed: COMMAND_PATHS.join(', '),
    });
  const value = numberOf(command, target.isSwitch === true, path);
  if (!(value >= target.min && value <= target.max))
    throw new InputError({
      code: 'range',
      path: `${path}.value`,
      value,
      message: `${shown(value)} is not allowed`,
      allowed: `a number from ${target.min} to ${target.max}`,
    });
  return [target.address, value];
}

/** `after_s`: how long after its command it is written. */
type Write = [address: number, value: number, after_s?: number];

function refuse(path: string, value: unknown, message: string, allowed: string): never {
  throw new InputError({ code: 'range', path, value, message, allowed });
}

/** Presses and procedures are counted: the firmware sees that their number has changed. */
class Counters {
  private readonly counts = new Map<number, number>();

  next(address: number): [address: number, value: number] {
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    return [address, count];
  }
}

interface CommandContext {
  scenario: Scenario;
  plan: RecordPlan;
  faults: FaultPlan;
  counters: Counters;
}

function sourceWrite({ do: action, source = 0 }: Action, { scenario }: CommandContext, path: string): Write[] {
  if (source >= sourcesOf(scenario).length) refuse(`${path}.source`, source, `there is no source ${source}`, 'the index of a source');
  return [[sourceAddress(source, 'enabled'), action === 'sourceOn' ? 1 : 0]];
}

/** A press, and where the button is held long enough what holding it does: START once, UP and DOWN again and again. */
function pressWrites(button: Button, for_s: number, longPress_s: number): Write[] {
  const address = scalarAddress('button.pressed');
  const short: Write = [address, pressCode(button, false)];
  if (for_s < longPress_s || button === 'stop') return [short];
  const held = pressCode(button, true);
  if (button === 'start') return [[address, held, longPress_s]];
  const repeats = Math.floor((for_s - longPress_s) / HOLD_REPEAT.every_s + 1e-9) + 1;
  return [short, ...Array.from({ length: repeats }, (_, index): Write => [address, held, longPress_s + index * HOLD_REPEAT.every_s])];
}

/** A button that is held beyond the end of the run is held to its end. */
function heldWrites({ button, for_s = 0, time_s }: Action, { bms, duration_s }: Scenario): Write[] {
  return pressWrites(button!, Math.min(for_s, duration_s - time_s), bms!.assumptions.longPress_s);
}

function repairWrite(command: Action, { scenario, faults, plan }: CommandContext, path: string): Write[] {
  const fault = command.fault!;
  if (fault >= scenario.faults.length)
    refuse(`${path}.fault`, fault, `there is no fault ${shown(fault)}`, 'the index of a fault in `faults`');
  return [[triggerAddress(faults, plan, fault) + TRIGGER_ROW.indexOf('repaired') * 8, 1]];
}

function calibrationWrites(command: Action, { scenario, plan, counters }: CommandContext, path: string): Write[] {
  const { channel } = command;
  const { series } = scenario.pack;
  if (channel !== undefined && channel >= series)
    refuse(`${path}.channel`, channel, `there is no channel ${channel}`, `a channel from 0 to ${series - 1}`);
  const channels = channel === undefined ? Array.from({ length: series }, (_, each) => each) : [channel];
  return channels.map((each) => counters.next(groupAddress(plan, 'calibrations', each)));
}

function isUpdate(command: Action): command is UpdateAction {
  return (UPDATE_ACTIONS as readonly string[]).includes(command.do);
}

function actionWrites(command: Action, context: CommandContext, path: string): Write[] {
  if (command.do === 'sourceOn' || command.do === 'sourceOff') return sourceWrite(command, context, path);
  if (command.do === 'repair') return repairWrite(command, context, path);
  if (context.scenario.bms === null) refuse(`${path}.do`, command.do, 'there is no BMS', 'sourceOn, sourceOff, repair');
  if (isUpdate(command)) return updateWrites(command, context.counters);
  if (command.do === 'press') return heldWrites(command, context.scenario);
  if (command.do === 'start') return pressWrites('start', 0, Infinity);
  if (command.do === 'plugLcd' || command.do === 'unplugLcd') return [[scalarAddress('lcd.plugged'), command.do === 'plugLcd' ? 1 : 0]];
  if (command.do === 'calibrateCurrent') return [context.counters.next(scalarAddress('sensing.currentCalibrations'))];
  if (command.do === 'calibrateChannel') return calibrationWrites(command, context, path);
  return [[scalarAddress('unit.switchedOn'), command.do === 'powerOn' ? 1 : 0]];
}

/** Settings written one after the other must stay in order at every time. */
function checkOrderOverTime(commands: { command: Command; index: number }[], scenario: Scenario): void {
  if (scenario.bms === null) return;
  const settings = settingsOf(scenario.bms);
  commands.forEach(({ command, index }, place) => {
    const name = 'set' in command ? /^bms\.settings\.(\w+)$/.exec(command.set)?.[1] : undefined;
    if (name === undefined || !('value' in command)) return;
    settings[name as SettingName] = Number(command.value);
    const next = commands[place + 1]?.command;
    if (next !== undefined && next.time_s === command.time_s) return;
    for (const [lower, upper] of SETTING_ORDER) {
      if (settings[lower] < settings[upper] || !(name === lower || name === upper)) continue;
      throw new InputError({
        code: 'order',
        path: `commands[${index}].value`,
        value: command.value,
        message: `${lower} (${settings[lower]}) is not below ${upper} (${settings[upper]})`,
        allowed: `${lower} below ${upper}`,
      });
    }
  });
}

/** Rows by tick; what happens at one tick keeps the order of its commands. */
function byTick(rows: number[][]): number[] {
  return rows.sort((a, b) => a[0]! - b[0]!).flat();
}

/** A button that is held is a write every 0.2 s, so that some thousand commands could ask for millions. */
const MOST_WRITES = 500_000;

/** The log as flat rows; commands act at the first tick start at or after their time. A column under an effect gets its nominal value. */
export function commandLog(scenario: Scenario, plan: RecordPlan, faults: FaultPlan): Float64Array {
  const ordered = scenario.commands
    .map((command, index) => ({ command, index }))
    .sort((a, b) => a.command.time_s - b.command.time_s || a.index - b.index);
  checkOrderOverTime(ordered, scenario);
  const context: CommandContext = { scenario, plan, faults, counters: new Counters() };
  let count = 0;
  const rows = ordered.flatMap(({ command, index }) => {
    const path = `commands[${index}]`;
    const writes = 'do' in command ? actionWrites(command, context, path) : [assignmentWrite(command, scenario, plan, path)];
    count += writes.length;
    if (count > MOST_WRITES)
      refuse(
        path,
        undefined,
        `the commands up to this one are ${count} writes`,
        `at most ${MOST_WRITES}: buttons that are held for less time`,
      );
    return writes.map(([address, value, after_s = 0]) => {
      const tick = Math.ceil((command.time_s + after_s) / scenario.tick_s - 1e-9);
      const slot = slotAddress(faults, plan, address);
      return [tick, slot === undefined ? address : slot + SLOT_ROW.indexOf('nominal') * 8, value];
    });
  });
  return Float64Array.from(byTick(rows));
}
