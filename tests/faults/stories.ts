/**
 * One story for every row of the fault catalogue: where it is put, and the symptom that must come with it.
 * The bench is the same for all: eight groups at 3.30 V, a unit, and what a story changes.
 */
import { UNIT_STATES } from '../../domain/device.ts';
import type { FaultName } from '../../domain/faults/titles.ts';
import type { Button } from '../../domain/lcd/pages.ts';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';

type FaultFile = NonNullable<ScenarioFile['faults']>[number];
type Expectation = NonNullable<ScenarioFile['expect']>[number];
type Measure = NonNullable<ScenarioFile['measure']>[number];
type BmsFile = NonNullable<ScenarioFile['bms']>;

/** What a receiver on COM3 counts in the window. */
export type LineCount = 'frames' | 'badSums' | 'cutFrames' | 'garbageBytes' | 'wrongVoltages';

/** A limit on a channel or on what COM3 brings, an event, or an instrument with its limits; the bench adds the time. */
export type Symptom =
  | { line: LineCount; atLeast?: number; atMost?: number }
  | { channel: string; atLeast?: number; atMost?: number }
  | { event: Extract<Expectation, { event: unknown }>['event'] }
  | { measure: Record<string, unknown>; atLeast?: number; atMost?: number };

export interface Story {
  target?: FaultFile['target'];
  severity?: number;
  symptoms: Symptom[];
  cell?: Record<string, unknown>;
  pack?: Record<string, unknown>;
  settings?: BmsFile['settings'];
  bms?: Partial<BmsFile>;
  scenario?: Partial<ScenarioFile>;
  /** Everything takes so many times longer. */
  slowly?: number;
  /** Why the symptom outlives the repair. */
  scar?: string;
}

/** Times of the bench, in s: the fault, the window of the symptom, the repair, and the window after it. */
export const TIMES = { fault: 60, seen: [100, 118], repair: 120, after: [200, 218], end: 240, step: 90 } as const;

const reading = (group: number, limits: { atLeast?: number; atMost?: number }): Symptom => ({
  channel: `measuredCell.voltage_V[${group}]`,
  ...limits,
});
const current = (limits: { atLeast?: number; atMost?: number }): Symptom => ({ channel: 'measured.current_A', ...limits });
const discharging = { source: { constantCurrent_A: -20 } };
/** Rests, then 20 A from 90 s on. */
const stepping = { source: { constantCurrent_A: -20, from_s: TIMES.step } };
/** Group 3 stands above and group 4 below the others. */
const unequal = {
  cell: { ocv: { soc: [0, 1], voltage_V: [3.2, 3.4] } },
  pack: { overrides: [{ group: 3, initialSoc: 0.8 }, { group: 4, initialSoc: 0.2 }] }, // prettier-ignore
};
const balancing = { ...unequal, settings: { balanceInStorage: true, balanceStartVoltage_V: 3.1 } };
const sloping = { cell: { capacity_Ah: 5, ocv: { soc: [0, 1], voltage_V: [3, 3.6] } } };
const charger = (more: object) => ({ source: { charger: { current_A: 20, voltage_V: 40, endCurrent_A: 0, ...more } } });
const scope = (channel: string, reads: string) => ({ instrument: 'oscilloscope', channel, reads });
const pressing = (button: Button, ...times: number[]) => times.map((time_s) => ({ time_s, do: 'press' as const, button }));
const switchingOff = { ...discharging, commands: [{ time_s: TIMES.step, do: 'powerOff' as const }] };
/** The unit switches on at 90 s and joins an inverter with 20 mF through a pre-charge resistor. */
const precharging = (resistance_Ohm: number, time_s = 60): Pick<Story, 'bms' | 'scenario'> => ({
  bms: { switchedOn: false },
  scenario: {
    source: { inverter: { outputPower_W: 0, busCapacitance_F: 0.02, precharge: { resistance_Ohm, time_s } } },
    commands: [{ time_s: TIMES.step, do: 'powerOn' }],
  },
});
const quiet = { settings: { temperatureAlarm: false } };

/** Every step of an update of the main unit, right, at each of these times. */
const updating = (...times_s: number[]): Pick<ScenarioFile, 'commands'> => ({
  commands: times_s.flatMap((time_s) => [
    { time_s, do: 'startUpdateTool' as const, version: 'v1.03' },
    { time_s, do: 'connectUsb' as const, unit: 'main' as const },
    { time_s, do: 'openPort' as const },
    { time_s, do: 'openFile' as const, model: '8T' as const, for: 'main' as const, firmware: 'V1.26' as const },
    { time_s, do: 'update' as const },
  ]),
});

export const STORIES: Record<FaultName, Story> = {
  openSenseWire: { target: 4, ...unequal, symptoms: [reading(3, { atLeast: 3.29, atMost: 3.31 })] },
  openEndWire: {
    target: 'negative',
    bms: { consumption: 'vendor' },
    symptoms: [{ event: 'brownOut' }, { channel: 'relay.closed[1]', atMost: 0 }],
  },
  openWireWhileBleeding: { target: 4, symptoms: [reading(3, { atMost: 0.2 }), reading(4, { atLeast: 6 })] },
  corrodedSenseWire: {
    target: 4,
    ...balancing,
    bms: { assumptions: { bleedPause_s: 0 } },
    symptoms: [{ measure: scope('measuredCell.voltage_V[3]', 'minimum'), atMost: 2.8 }],
  },
  looseSenseWire: { target: 4, ...unequal, symptoms: [{ measure: scope('measuredCell.voltage_V[3]', 'peakToPeak'), atLeast: 0.03 }] },
  swappedSenseWires: { target: 4, symptoms: [reading(4, { atMost: -3 }), reading(3, { atLeast: 6 }), reading(5, { atLeast: 6 })] },
  shiftedConnector: { target: 0, symptoms: [reading(7, { atMost: 0.5 })] },
  looseBusbar: { target: 4, severity: 2e-3, scenario: discharging, symptoms: [reading(4, { atMost: 3.25 })] },
  blownSenseFuse: { target: 4, ...unequal, symptoms: [reading(4, { atLeast: 3.29, atMost: 3.31 })] },

  channelGain: { target: 2, severity: 1.05, symptoms: [reading(2, { atLeast: 3.4 })] },
  channelOffset: { target: 2, severity: 0.1, symptoms: [reading(2, { atLeast: 3.39 })] },
  channelLeak: {
    target: 2,
    symptoms: [
      reading(2, { atMost: 2.8 }),
      { measure: { instrument: 'ohms', between: ['pin 1.3', 'pin 1.4'] }, atLeast: 1000, atMost: 1300 },
    ],
  },
  referenceDrift: { scenario: { ambient_degC: 45 }, symptoms: [reading(2, { atLeast: 3.325 })] },
  stuckChannel: { target: 2, scenario: stepping, symptoms: [reading(2, { atLeast: 3.299 })] },
  deadChannel: { target: 2, symptoms: [reading(2, { atMost: 0.01 })] },
  wrongChannel: { target: 3, ...unequal, symptoms: [reading(3, { atMost: 3.25 })] },
  silentFrontEnd: { scenario: stepping, symptoms: [reading(2, { atLeast: 3.299 }), reading(5, { atLeast: 3.299 })] },
  lostSamples: { severity: 1, scenario: stepping, symptoms: [reading(2, { atLeast: 3.299 })] },
  frontEndReset: { symptoms: [reading(1, { atMost: 0.01 }), { event: 'cellCount' }] },
  registerDefault: { symptoms: [reading(1, { atLeast: 6.5 }), { event: 'overCharge' }] },
  noisyFrontEnd: { symptoms: [{ measure: scope('measuredCell.voltage_V[2]', 'peakToPeak'), atLeast: 0.04 }] },
  bleedStuckOn: {
    target: 2,
    symptoms: [
      { channel: 'bleed.current_A[2]', atLeast: 0.3 },
      { measure: { instrument: 'ohms', between: ['pin 1.3', 'pin 1.4'] }, atMost: 10 },
    ],
  },
  bleedStuckOff: { target: 3, ...balancing, symptoms: [{ channel: 'bleed.current_A[3]', atMost: 0 }] },
  wrongBleed: { target: 3, ...balancing, symptoms: [{ channel: 'bleed.current_A[4]', atLeast: 1 }] },
  balancingSetOff: { ...balancing, symptoms: [{ channel: 'bleed.current_A[3]', atMost: 0 }] },
  poorlyCooledCase: {
    ...balancing,
    pack: { overrides: [{ group: 3, initialSoc: 0.8 }] },
    bms: { consumption: 'vendor' },
    slowly: 100,
    symptoms: [{ channel: 'case.temperature_degC', atLeast: 55 }],
  },

  weldedContact: { target: 'discharge', scenario: switchingOff, symptoms: [{ channel: 'pack.current_A', atMost: -19 }, { channel: 'relay.coilVoltage_V[1]', atMost: 0 }] }, // prettier-ignore
  jammedContact: { target: 'discharge', scenario: discharging, symptoms: [{ channel: 'pack.current_A', atLeast: 0 }, { channel: 'relay.coilVoltage_V[1]', atLeast: 12 }] }, // prettier-ignore
  openCoil: { target: 'discharge', scenario: discharging, symptoms: [{ channel: 'pack.current_A', atLeast: 0 }] },
  wrongCoil: {
    target: 'charge',
    scenario: { commands: [{ time_s: 70, do: 'powerOff' }, { time_s: 80, do: 'powerOn' }, { time_s: 130, do: 'powerOff' }, { time_s: 140, do: 'powerOn' }] }, // prettier-ignore
    symptoms: [
      { channel: 'relay.closed[0]', atMost: 0 },
      { channel: 'relay.coilVoltage_V[0]', atLeast: 12 },
    ],
  },
  coilSupplySag: { scenario: discharging, symptoms: [{ channel: 'relay.closed[1]', atMost: 0 }] },
  heavyCoil: { symptoms: [{ measure: scope('relay.coilVoltage_V[0]', 'minimum'), atMost: 0 }, { event: 'driverOverload' }] },
  agedContact: { target: 'discharge', scenario: discharging, symptoms: [{ measure: { instrument: 'volts', between: ['pack +', 'bus +'] }, atLeast: 0.09 }] }, // prettier-ignore
  slowRelay: { target: 'discharge', severity: 60, scenario: switchingOff, symptoms: [{ channel: 'pack.current_A', atMost: -19 }] },
  bouncingRelay: {
    target: 'discharge',
    scenario: { commands: [{ time_s: 95, do: 'powerOff' }, { time_s: 100, do: 'powerOn' }, { time_s: 195, do: 'powerOff' }, { time_s: 200, do: 'powerOn' }] }, // prettier-ignore
    symptoms: [{ event: 'relayBounce' }],
  },
  weakContact: { target: 'discharge', severity: 10, scenario: switchingOff, symptoms: [{ channel: 'pack.current_A', atMost: -19 }, { event: 'contactWelded' }] }, // prettier-ignore
  openPrecharge: { target: 0, ...precharging(25), symptoms: [{ channel: 'bus.voltage_V', atMost: 1 }] },
  shortedPrecharge: { target: 0, ...precharging(2500), symptoms: [{ channel: 'bus.voltage_V', atLeast: 26 }], scar: 'the bus is charged' },
  leakyBus: { target: 0, ...precharging(2500), symptoms: [{ channel: 'bus.voltage_V', atMost: 1 }] },
  blownFuse: {
    pack: { fuse: { rating_A: 100, i2t_A2s: 1e5, breakingCapacity_A: 1e4 } },
    scenario: discharging,
    symptoms: [
      { channel: 'bus.voltage_V', atMost: 0 },
      { channel: 'pack.voltage_V', atLeast: 26 },
      { channel: 'measured.current_A', atLeast: 0 },
    ],
  },

  wrongShunt: { scenario: discharging, symptoms: [current({ atLeast: -14 })] },
  shuntOffset: { symptoms: [current({ atLeast: 0.4 })] },
  longShuntCable: {
    severity: 20,
    scenario: { source: { inverter: { outputPower_W: 1000, ripple_ratio: 1 } } },
    bms: { sensing: { current: { filterTime_s: 1, clock_ratio: 1.0005 } } },
    symptoms: [{ measure: scope('measured.current_A', 'peakToPeak'), atLeast: 0.6 }],
  },
  reversedShunt: { scenario: discharging, symptoms: [current({ atLeast: 15 })] },
  openShuntSense: { scenario: discharging, symptoms: [current({ atLeast: 0 })] },
  currentSaturation: { severity: 10, scenario: discharging, symptoms: [current({ atLeast: -10.1 })] },
  frozenCurrent: { scenario: stepping, symptoms: [current({ atLeast: -1 })] },
  counterJump: { symptoms: [{ channel: 'estimate.soc', atMost: 0.06 }] },
  openSensor: { target: 0, symptoms: [{ channel: 'measured.temperature_degC[0]', atMost: -22 }, { event: 'lowTemperatureCharge' }] },
  shortedSensor: { target: 1, symptoms: [{ channel: 'measured.temperature_degC[1]', atLeast: 120 }, { event: 'highTemperature' }] },
  detachedSensor: {
    target: 0,
    ...quiet,
    scenario: { thermal: { heatCapacity_J_per_K: 1000, toAmbient_W_per_K: 1e-3, initialTemperature_degC: 45 } },
    symptoms: [{ channel: 'measured.temperature_degC[0]', atMost: 36 }],
  },
  swappedSensors: {
    bms: { sensing: { temperature: [{ group: 0 }, { group: 2, offset_K: 4 }] } },
    symptoms: [
      { channel: 'measured.temperature_degC[0]', atLeast: 28.5 },
      { channel: 'measured.temperature_degC[1]', atMost: 25.5 },
    ],
  },
  wrongSensorType: {
    target: 0,
    ...quiet,
    scenario: { ambient_degC: 45 },
    symptoms: [{ channel: 'measured.temperature_degC[0]', atLeast: 52 }],
  },

  capacityMismatch: {
    target: 2,
    severity: 0.5,
    ...sloping,
    scenario: discharging,
    symptoms: [{ measure: scope('measuredCell.voltage_V[2]', 'peakToPeak'), atLeast: 0.02 }],
  },
  capacityLoss: {
    target: 2,
    ...sloping,
    scenario: discharging,
    symptoms: [{ measure: scope('measuredCell.voltage_V[2]', 'peakToPeak'), atLeast: 0.016 }],
  },
  highImpedance: { target: 2, severity: 5, scenario: discharging, symptoms: [reading(2, { atMost: 3.21 })] },
  softShort: { target: 2, severity: 10, symptoms: [{ channel: 'cell.current_A[2][0]', atMost: -0.3 }] },
  microShort: { target: 2, symptoms: [{ channel: 'cell.current_A[2][0]', atMost: -20 }] },
  hardShort: { target: 2, symptoms: [reading(2, { atMost: 3.2 })] },
  thermalRunaway: {
    target: 0,
    scenario: { thermal: { heatCapacity_J_per_K: 1000, toAmbient_W_per_K: 0.5, neighbour_W_per_K: 1 } },
    symptoms: [{ channel: 'measured.temperature_degC[0]', atLeast: 60 }, { event: 'temperatureDifference' }],
    scar: 'the cell has decomposed',
  },
  deeplyDischarged: { target: 2, ...sloping, symptoms: [reading(2, { atMost: 3 })] },
  selfDischarge: { target: 2, severity: 1, ...sloping, symptoms: [{ measure: scope('cell.soc[2][0]', 'peakToPeak'), atLeast: 3e-4 }, { measure: scope('measuredCell.voltage_V[2]', 'peakToPeak'), atLeast: 0 }] }, // prettier-ignore
  openParallelCell: { target: [2, 1], pack: { parallel: 2 }, scenario: discharging, symptoms: [{ channel: 'cell.current_A[2][0]', atMost: -19 }, reading(2, { atMost: 3.281 })] }, // prettier-ignore
  swollenCell: { target: 2, severity: 10, scenario: discharging, symptoms: [reading(2, { atMost: 3.2 })] },
  wrongOcvTable: {
    ...sloping,
    settings: { batteryCapacity_Ah: 5 },
    bms: { assumptions: { calibrationSwing_fraction: 0.01, calibrationRest_s: 5 } },
    scenario: { source: [{ constantCurrent_A: -20, from_s: 60, until_s: 90 }, { constantCurrent_A: -20, from_s: 150, until_s: 180 }] }, // prettier-ignore
    symptoms: [{ channel: 'estimate.soc', atMost: 0.35 }],
  },
  blockedCooling: {
    target: 0,
    ...quiet,
    cell: { seriesResistance_Ohm: 0.02 },
    slowly: 10,
    scenario: { ...discharging, thermal: { heatCapacity_J_per_K: 100, toAmbient_W_per_K: 0.5 } },
    symptoms: [{ channel: 'measured.temperature_degC[0]', atLeast: 48 }],
  },
  coldAmbient: { symptoms: [{ channel: 'measured.temperature_degC[0]', atMost: -9 }, { event: 'lowTemperatureCharge' }] },

  chargerIgnoresStop: { target: 0, cell: { ocv: { soc: [0, 1], voltage_V: [3.64, 3.64] } }, scenario: charger({ smart: true }), symptoms: [{ event: 'overCharge' }] }, // prettier-ignore
  chargerOverVoltage: { target: 0, scenario: charger({ voltage_V: 26.48 }), symptoms: [current({ atLeast: 15 })] },
  chargerOverCurrent: { target: 0, scenario: charger({}), symptoms: [current({ atLeast: 23 })] },
  reversedCharger: { symptoms: [{ channel: 'pack.current_A', atMost: -300 }, { event: 'overDischargeCurrent' }] },
  externalShort: { symptoms: [{ event: 'overDischargeCurrent' }] },
  loadSurge: { target: 0, severity: 4, scenario: discharging, symptoms: [current({ atMost: -75 })] },
  loadFeedsBack: { target: 0, scenario: discharging, symptoms: [current({ atLeast: 9 }), { channel: 'relay.current_A[0]', atMost: 0 }] },
  forgottenLoad: { severity: 1, symptoms: [{ channel: 'cell.current_A[2][0]', atMost: -0.9 }, current({ atLeast: 0, atMost: 0 })] },
  supplyDip: { scenario: discharging, symptoms: [{ channel: 'relay.closed[1]', atMost: 0 }, { event: 'brownOut' }] },
  haltedLoop: { scenario: stepping, symptoms: [current({ atLeast: -1 })] },
  lostSoc: { symptoms: [{ channel: 'estimate.soc', atMost: 0.01 }] },
  lostSettings: { scenario: discharging, symptoms: [{ channel: 'estimate.soc', atMost: 0.3 }] },
  sleepsUnderLoad: { scenario: { ...discharging, commands: pressing('stop', TIMES.step) }, symptoms: [{ event: 'unitAsleep' }] },
  blindSleep: {
    scenario: { source: { parasitic_A: 5, from_s: 92 }, commands: pressing('stop', TIMES.step) },
    symptoms: [
      { channel: 'unit.state', atLeast: UNIT_STATES.indexOf('asleep') },
      { channel: 'cell.current_A[2][0]', atMost: -5 },
    ],
  },
  deadButtons: { scenario: { commands: pressing('down', TIMES.step, 190) }, symptoms: [{ channel: 'lcd.page', atMost: 0 }] },
  deadLcd: { symptoms: [{ channel: 'lcd.on', atMost: 0 }] },
  stuckBacklight: { symptoms: [{ channel: 'lcd.lit', atLeast: 1 }] },
  darkBacklight: { scenario: { commands: pressing('down', 95, 195) }, symptoms: [{ channel: 'lcd.lit', atMost: 0 }] },
  silentSerial: { symptoms: [{ channel: 'serial.sends', atMost: 0 }] },
  silentCharger: { scenario: charger({ smart: true }), symptoms: [current({ atMost: 0 })] },
  cutSerial: { symptoms: [{ line: 'cutFrames', atLeast: 5 }] },
  noisySerial: { symptoms: [{ line: 'badSums', atLeast: 5 }] },
  hiddenSerialErrors: {
    symptoms: [
      { line: 'wrongVoltages', atLeast: 3 },
      { line: 'badSums', atMost: 0 },
    ],
  },
  wrongBaud: {
    symptoms: [
      { line: 'frames', atMost: 0 },
      { line: 'garbageBytes', atLeast: 50 },
    ],
  },
  floodedSerial: {
    symptoms: [
      { line: 'garbageBytes', atLeast: 100 },
      { line: 'frames', atMost: 22 },
    ],
  },
  brokenUsbCable: { scenario: updating(55, 190), symptoms: [{ event: 'updateInterrupted' }, { event: 'updateTimeout' }] },
  mislabelledFirmware: { scenario: updating(90, 190), symptoms: [{ event: 'updateWrongModel' }, { event: 'updateRefused' }] },
  wrongComPort: { scenario: updating(90, 190), symptoms: [{ event: 'updateOtherPort' }, { event: 'updateTimeout' }] },
  noisyUsbLink: { scenario: updating(90, 190), symptoms: [{ event: 'updateDamaged' }, { event: 'updateRefused' }] },
  crossedLimits: {
    scenario: {
      commands: [
        { time_s: 70, set: 'bms.sensing.channels[2].offset_V', value: 0.4 },
        { time_s: 80, set: 'bms.sensing.channels[2].offset_V', value: 0 },
      ],
    },
    symptoms: [{ channel: 'relay.closed[0]', atMost: 0 }],
  },
  movedThreshold: {
    scenario: { commands: [{ time_s: 95, set: 'bms.sensing.channels[2].offset_V', value: 0.4 }] },
    symptoms: [{ channel: 'relay.closed[0]', atLeast: 1 }],
  },
};

function expectationOf(
  symptom: Exclude<Symptom, { line: unknown }>,
  window: readonly [number, number],
  from: number,
  measured: Measure[],
): Expectation {
  if ('event' in symptom) return { event: symptom.event, within_s: [from, window[1]] };
  if ('channel' in symptom) return { ...symptom, within_s: [...window] };
  const { measure, ...limits } = symptom;
  const long = measure['instrument'] === 'oscilloscope' ? { for_s: window[1] - window[0] } : {};
  measured.push({ time_s: window[0], ...measure, ...long } as Measure);
  return { measurement: measured.length - 1, ...limits };
}

/** `with`: fault and symptom; `without`: the same without the fault; `after`: the symptom's window comes after the repair. */
export type Variant = 'with' | 'without' | 'after';

/** The scenario file of a story. Its expectations are the symptoms, so that without the fault it fails. */
export function scenarioOf(name: FaultName, variant: Variant, impulse: boolean): ScenarioFile {
  const story = STORIES[name];
  const slowly = story.slowly ?? 1;
  const times = (list: readonly number[]) => list.map((time) => time * slowly) as [number, number];
  const window = times(variant === 'after' ? TIMES.after : TIMES.seen);
  const from = (variant === 'after' ? TIMES.after[0] - 20 : TIMES.fault) * slowly;
  const measure: Measure[] = [];
  const expect = story.symptoms.flatMap((symptom) => ('line' in symptom ? [] : [expectationOf(symptom, window, from, measure)]));
  const { target, severity } = story;
  const fault = {
    fault: name,
    ...(target === undefined ? {} : { target }),
    ...(severity === undefined ? {} : { severity }),
    when: { time_s: TIMES.fault * slowly },
    ...(impulse ? {} : { for_s: (TIMES.repair - TIMES.fault) * slowly }),
  };
  return {
    formatVersion: 1,
    name,
    seed: 7,
    tick_s: 0.5 * slowly,
    duration_s: TIMES.end * slowly,
    thermal: null,
    ...story.scenario,
    cells: { bench: { capacity_Ah: 100, ocv: { soc: [0, 1], voltage_V: [3.3, 3.3] }, seriesResistance_Ohm: 1e-3, ...story.cell } },
    pack: { series: 8, cell: 'bench', ...story.pack },
    bms: {
      model: '8T',
      chemistry: 'LiFe',
      consumption: 'none',
      ...story.bms,
      settings: { batteryCapacity_Ah: 100, lowSoc_fraction: 0, ...story.settings },
    },
    faults: variant === 'without' ? [] : [fault],
    measure,
    expect,
  };
}
