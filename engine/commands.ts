/**
 * Commands of a scenario as the kernel's log: rows of (tick, address, value) in time order.
 * A path that may be written stands here once, with its address and its range.
 */
import { InputError, shown } from '../domain/errors.ts';
import { playedBy } from '../domain/scenario/equipment.ts';
import { settingComplaint, settingContext, settingsOf } from '../domain/scenario/read.ts';
import { COMMAND_PATHS, type Command, type Scenario, sourcesOf } from '../domain/scenario/schema.ts';
import { SETTING_NAMES, SETTING_ORDER, type SettingName } from '../domain/settings.ts';
import { LAYOUT, type RecordPlan } from './kernel.ts';

interface Target {
  address: number;
  min: number;
  max: number;
}

const COMMAND_COLUMNS = 3;

function scalarAddress(name: string): number {
  return LAYOUT.scalars.get(name)!.address;
}

function sourceAddress(index: number, column: string): number {
  const structure = LAYOUT.structures.get('source')!;
  return structure.address + index * structure.bytes + structure.offsets.get(column)!.offset;
}

function groupAddress(plan: RecordPlan, column: string, group: number): number {
  return plan.groupBase + Math.floor(group / 4) * LAYOUT.groupChunkBytes + LAYOUT.groupOffsets.get(column)! + (group % 4) * 8;
}

const SCALAR_TARGETS: Record<string, Target> = {
  ambient_degC: { address: scalarAddress('pack.ambient_degC'), min: -60, max: 120 },
  'bms.sensing.current.gain_ratio': { address: scalarAddress('sensing.currentGain_ratio'), min: -10, max: 10 },
  'bms.sensing.current.offset_A': { address: scalarAddress('sensing.currentOffset_A'), min: -1000, max: 1000 },
  'bms.sensing.temperature[0].offset_K': { address: scalarAddress('sensing.t1Offset_K'), min: -200, max: 200 },
  'bms.sensing.temperature[1].offset_K': { address: scalarAddress('sensing.t2Offset_K'), min: -200, max: 200 },
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
  'charger.ignoresStop': { column: 'ignoresStop', kind: 'charger', min: 0, max: 1 },
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
  const source = /^source\[(\d)\]\.([\w.]+)$/.exec(path);
  if (source === null || !Object.hasOwn(SOURCE_TARGETS, source[2]!)) return undefined;
  const row = SOURCE_TARGETS[source[2]!]!;
  const equipment = sourcesOf(scenario)[Number(source[1])];
  return equipment !== undefined && row.kind in equipment && playedBy(equipment) === undefined
    ? { address: sourceAddress(Number(source[1]), row.column), min: row.min, max: row.max }
    : undefined;
}

function settingWrite(command: Extract<Command, { set: string }>, scenario: Scenario, path: string): [number, number] | undefined {
  const name = /^bms\.settings\.(\w+)$/.exec(command.set)?.[1];
  if (name === undefined || scenario.bms === null || !(SETTING_NAMES as string[]).includes(name)) return undefined;
  const value = Number(command.value);
  const allowed = settingComplaint(name as SettingName, value, settingContext(scenario.bms));
  if (allowed !== undefined)
    throw new InputError({ code: 'range', path: `${path}.value`, value, message: `${shown(command.value)} is not allowed`, allowed });
  return [scalarAddress(`setting.${name}`), value];
}

function assignmentWrite(command: Extract<Command, { set: string }>, scenario: Scenario, plan: RecordPlan, path: string): [number, number] {
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
  const value = Number(command.value);
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

function actionWrite(command: Extract<Command, { do: string }>, scenario: Scenario, presses: number, path: string): [number, number] {
  const needsUnit = !command.do.startsWith('source');
  if (needsUnit && scenario.bms === null)
    throw new InputError({
      code: 'value',
      path: `${path}.do`,
      value: command.do,
      message: 'there is no BMS',
      allowed: 'sourceOn, sourceOff',
    });
  if (!needsUnit && command.source >= sourcesOf(scenario).length)
    throw new InputError({
      code: 'range',
      path: `${path}.source`,
      value: command.source,
      message: `there is no source ${command.source}`,
      allowed: 'the index of a source',
    });
  if (command.do === 'start') return [scalarAddress('unit.startPresses'), presses];
  if (command.do === 'powerOn' || command.do === 'powerOff') return [scalarAddress('unit.switchedOn'), command.do === 'powerOn' ? 1 : 0];
  return [sourceAddress(command.source, 'enabled'), command.do === 'sourceOn' ? 1 : 0];
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

/** The log as flat rows; commands act at the first tick start at or after their time. */
export function commandLog(scenario: Scenario, plan: RecordPlan): Float64Array {
  const ordered = scenario.commands
    .map((command, index) => ({ command, index }))
    .sort((a, b) => a.command.time_s - b.command.time_s || a.index - b.index);
  checkOrderOverTime(ordered, scenario);
  const log = new Float64Array(ordered.length * COMMAND_COLUMNS);
  let presses = 0;
  ordered.forEach(({ command, index }, row) => {
    const path = `commands[${index}]`;
    if ('do' in command && command.do === 'start') presses++;
    const [address, value] =
      'do' in command ? actionWrite(command, scenario, presses, path) : assignmentWrite(command, scenario, plan, path);
    const tick = Math.ceil(command.time_s / scenario.tick_s - 1e-9);
    log.set([tick, address, value], row * COMMAND_COLUMNS);
  });
  return log;
}
