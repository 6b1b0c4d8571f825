/**
 * The scenario file: pack, unit, equipment, commands and what is expected of the run.
 * One schema gives types, defaults, JSON Schema and error messages.
 */
import { z } from 'zod';
import { ASSUMPTION_NAMES, ASSUMPTIONS, type AssumptionName } from '../assumptions.ts';
import { cellSchema } from '../cells.ts';
import { CHEMISTRIES } from '../chemistries.ts';
import {
  BLEED_OHM,
  COIL_V,
  COMMON_MODE_REJECTION_RATIO,
  CURRENT_VERSIONS_A,
  DROP_OUT_RATIO,
  HARDWARES,
  INPUT_OHM,
  MODEL_NAMES,
  PIN_OHM,
  POLICIES,
  PULL_IN_RATIO,
  RELAY_COIL_POWER_W,
  SHUNT_FULL_SCALE_V,
  TOPOLOGIES,
} from '../device.ts';
import { FIRMWARES } from '../firmwares.ts';
import { BUTTONS } from '../lcd/pages.ts';
import { fileName, flag, identifier, listOf, oneOf, positive, record, text, whole, within } from '../fields.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../settings.ts';
import { UPDATE_ACTIONS, UPDATE_UNITS } from '../update.ts';
import { EXPECT_EXAMPLES, expectationSchema, MOST_MEASUREMENTS } from './expect.ts';
import { FAULT_EXAMPLES, faultSchema, MOST_FAULTS } from './fault.ts';
import { labSchema } from './lab.ts';
import { FORMAT_VERSION } from './migrate.ts';
import { MEASURE_EXAMPLES, measureSchema } from './measure.ts';
import { fuse, type Source as EquipmentSource, SOURCE_EXAMPLES, sourceSchema, time_s } from './equipment.ts';

export type { ProfileSource, Source } from './equipment.ts';
export type { Expectation } from './expect.ts';

export const MOST_TICKS = 1e9;

const MOST_CELLS = 1000;

const index = (most: number) => whole(0, most);

const override = record({
  group: index(23),
  position: index(99).default(0),
  capacity_Ah: positive(10_000, 1e-3).optional(),
  seriesResistance_Ohm: within(0, 100).optional().meta({ description: 'R0 at SOC 0.5 and 25 degC; a table keeps its shape' }),
  initialSoc: within(0, 1).optional(),
  tab_Ohm: within(0, 100).optional(),
  link_Ohm: within(0, 10).optional().meta({ description: 'of the joint below the group' }),
  selfDischarge_per_s: within(0, 1e-3).optional(),
  rc: listOf(record({ resistance_Ohm: within(0, 100).optional(), timeConstant_s: within(1e-3, 1e7).optional() }), 2)
    .optional()
    .meta({ description: 'R and tau of each pair at SOC 0.5 and 25 degC' }),
});

const wireName = z
  .union([index(24), oneOf(['8b', '16b'])], { error: 'a wire from 0 to 24, "8b" or "16b"' })
  .meta({ description: "by the tap that it reaches; 8b and 16b are the second leads of a connector's last tap" });

const pack = record({
  series: whole(1, 24),
  parallel: whole(1, 100).default(1),
  cell: z.union([identifier, fileName], { error: 'the name of a cell in `cells`, of a library cell, or a cell file' }),
  initialSoc: within(0, 1).default(0.5),
  tab_Ohm: within(0, 10).default(0),
  bus_Ohm: within(0, 10).default(0),
  link_Ohm: within(0, 10).default(0),
  terminals: oneOf(['same', 'diagonal']).default('diagonal'),
  overrides: listOf(override, 2400).default([]),
  spread: record({
    capacity_ratio: within(0, 0.3),
    seriesResistance_ratio: within(0, 0.3),
    initialSoc: within(0, 0.3),
    selfDischarge_ratio: within(0, 0.3),
  })
    .partial()
    .default({})
    .meta({
      description:
        'standard deviations, drawn from the seed and cut at three; ratios are relative, initialSoc is absolute and kept within 0…1',
      examples: [{ capacity_ratio: 0.01, initialSoc: 0.005 }],
    }),
  fuse: fuse.nullable().default(null),
  wires: listOf(record({ wire: wireName, resistance_Ohm: within(0, 1e12) }), 30).default([]),
});

const thermal = record({
  heatCapacity_J_per_K: positive(1e6, 1e-3),
  toAmbient_W_per_K: within(0, 1e4),
  initialTemperature_degC: within(-60, 120),
  neighbour_W_per_K: within(0, 1e3).meta({ description: 'between cells that touch: next groups of a row, next positions of a group' }),
  rows: whole(1, 24).meta({ description: 'rows in which the groups lie, there and back again; 1 by default' }),
  rowGap_W_per_K: within(0, 1e3).meta({ description: 'across the gap between rows' }),
})
  .partial()
  .meta({
    description: 'null holds every cell at ambient; figures given here replace those of the cell',
    examples: [{ toAmbient_W_per_K: 0.5, initialTemperature_degC: -5, neighbour_W_per_K: 1.5, rows: 2, rowGap_W_per_K: 0.2 }],
  });

const ambientProfile = record({
  time_s: listOf(time_s, 10_000, 2),
  temperature_degC: listOf(within(-60, 120), 10_000, 2),
  repeat: flag.default(false),
})
  .refine((profile) => profile.time_s.length === profile.temperature_degC.length, {
    error: 'as many entries as time_s',
    path: ['temperature_degC'],
  })
  .refine((profile) => profile.time_s[0] === 0 && profile.time_s.every((time, place) => place === 0 || time > profile.time_s[place - 1]!), {
    error: 'times that start at 0 and rise',
    path: ['time_s'],
  })
  .meta({
    description: 'ambient temperature over time, linear in between; takes the place of ambient_degC',
    examples: [{ time_s: [0, 43200, 86400], temperature_degC: [5, 18, 5], repeat: true }],
  });

const settingSchema = (name: SettingName) => {
  const row = SETTINGS[name];
  if (row.kind === 'switch') return flag.optional();
  return z
    .number({ error: 'a number' })
    .optional()
    .meta({ description: `${row.label}. ${row.help}` });
};
const settings = record(
  Object.fromEntries(SETTING_NAMES.map((name) => [name, settingSchema(name)])) as unknown as Record<
    SettingName,
    z.ZodOptional<z.ZodType<number | boolean>>
  >,
);

const currentSensing = record({
  gain_ratio: within(-10, 10).optional().meta({ description: '1 by default; firmware before V1.21 is 4 % off until it is calibrated [A]' }),
  offset_A: within(-1000, 1000)
    .optional()
    .meta({ description: '0 by default; firmware before V1.21 is 0.4 A off until it is calibrated [A]' }),
  noise_A: within(0, 1000).default(0),
  filterTime_s: within(0, 60).default(0).meta({ description: 'time constant of a low-pass filter on the sensor; none by default' }),
  cableLength_m: within(0, 100).default(0).meta({ description: 'power cable between shunt and battery negative' }),
  shuntFullScale_V: positive(1, 1e-3).default(SHUNT_FULL_SCALE_V).meta({ description: "at the unit's current version [A]" }),
  commonModeRejection_ratio: within(0, 1)
    .default(COMMON_MODE_REJECTION_RATIO)
    .meta({ description: 'share of a voltage along the cable that reaches the reading [A]' }),
  range_A: positive(1e5, 0.1).optional().meta({ description: "largest reading; twice the unit's current version by default [A]" }),
  clock_ratio: within(0.99, 1.01)
    .optional()
    .meta({ description: "length of a second of the converter's clock; drawn from the seed by default [A]" }),
  ripplePhase_cycles: within(0, 1).optional().meta({ description: 'of the ripple at time 0; drawn from the seed by default' }),
});

const sensing = record({
  channels: listOf(
    record({
      group: index(23),
      gain_ratio: within(0, 10).default(1),
      offset_V: within(-5, 5).default(0),
      noise_V: within(0, 1).default(0),
    }),
    24,
  ).default([]),
  noise_V: within(0, 1).default(0).meta({ description: 'standard deviation of every channel not listed' }),
  current: currentSensing.prefault({}),
  temperature: listOf(record({ group: index(23), offset_K: within(-200, 200).default(0) }), 2, 2)
    .optional()
    .meta({ description: 'the groups that T1 and T2 touch; the first and the middle one by default' }),
});

const assumptions = record(
  Object.fromEntries(
    ASSUMPTION_NAMES.map((name) => [
      name,
      within(ASSUMPTIONS[name].min, ASSUMPTIONS[name].max).default(ASSUMPTIONS[name].default).meta({ description: ASSUMPTIONS[name].help }),
    ]),
  ) as unknown as Record<AssumptionName, z.ZodDefault<z.ZodNumber>>,
).meta({ description: 'figures of the device that its vendor does not give [A]' });

const relay = record({
  coilVoltage_V: positive(1000, 1).default(COIL_V).meta({ description: 'on its nameplate' }),
  coilCurrent_A: positive(100, 1e-3).optional().meta({ description: "at its own voltage and 20 degC; the vendor's relay by default" }),
  pullIn_ratio: within(0.1, 1).default(PULL_IN_RATIO).meta({ description: 'of its own voltage [A]' }),
  dropOut_ratio: within(0, 1).default(DROP_OUT_RATIO).meta({ description: 'of its own voltage [A]' }),
  weldsAbove_A: positive(1e9, 0.1).optional().meta({ description: 'opening under more current welds the contact; never by default' }),
});

const bms = record({
  model: oneOf(MODEL_NAMES),
  currentVersion_A: oneOf(CURRENT_VERSIONS_A).default(100),
  chemistry: oneOf(CHEMISTRIES),
  firmware: oneOf(FIRMWARES).default('V1.26'),
  hardware: oneOf(HARDWARES).default('V4.0').meta({ description: 'V4.0 has a yellow indicator for each cell' }),
  lcd: oneOf(['plugged', 'unplugged']).default('plugged').meta({ description: 'the LCD unit at the start' }),
  settings: settings.prefault({}),
  profile: oneOf(['faq', null]).default('faq'),
  policy: oneOf(POLICIES).default('perCause'),
  topology: oneOf(TOPOLOGIES).default('separatePorts'),
  period_ticks: whole(1, 100_000).optional().meta({ description: 'ticks between measurements; 1 s or one tick by default' }),
  consumption: oneOf(['vendor', 'none']).default('vendor'),
  switchedOn: flag.default(true),
  initialSoc: within(0, 1).optional().meta({ description: 'the estimate at the start; truth by default' }),
  learntCellCount: whole(1, 24).optional().meta({ description: 'cell count learnt before; learnt at the first measurement by default' }),
  assumptions: assumptions.prefault({}),
  relays: record({
    rating_A: oneOf(Object.keys(RELAY_COIL_POWER_W).map(Number)).optional(),
    openDelay_s: within(0, 10).default(0),
    closeDelay_s: within(0, 10).default(0),
    bounce_s: within(0, 10).default(0).meta({ description: 'bouncing after it closes' }),
    contact_Ohm: within(0, 1).default(0).meta({ description: 'of a closed contact' }),
    charge: relay.prefault({}),
    discharge: relay.prefault({}),
  }).prefault({}),
  sensing: sensing.prefault({}),
});

const harness = record({
  wire_Ohm: within(0, 1e12).optional().meta({ description: 'of every lead with its contact, 0 by default; pack.wires names single ones' }),
  pin_Ohm: within(0, 1e9)
    .optional()
    .meta({ description: `${PIN_OHM} by default` }),
  input_Ohm: positive(1e12)
    .optional()
    .meta({ description: `of every channel, ${INPUT_OHM} by default [A]` }),
  bleed_Ohm: positive(1e6, 1e-3).default(BLEED_OHM).meta({ description: '[A]' }),
  supply: oneOf(['endWires', 'ownLead']).default('endWires').meta({ description: 'how the unit is fed' }),
}).meta({
  description:
    'null: no leads, nothing is loaded and nothing can bleed. Where it names neither leads, pins nor inputs, or is left out: leads without resistance to a unit that is trimmed for them, and whose idle inputs are part of its consumption',
  examples: [{ wire_Ohm: 0.06, pin_Ohm: 100, input_Ohm: 100_000, bleed_Ohm: 2.75 }],
});

const ACTIONS = [
  'start',
  'press',
  'unplugLcd',
  'plugLcd',
  'powerOff',
  'powerOn',
  'sourceOn',
  'sourceOff',
  'repair',
  'calibrateChannel',
  'calibrateCurrent',
  ...UPDATE_ACTIONS,
] as const;
const action = record({
  time_s,
  do: oneOf(ACTIONS).meta({ description: '`start` is a press of START' }),
  button: oneOf(BUTTONS).optional().meta({ description: 'of the LCD unit, for press' }),
  for_s: within(0, 3600)
    .optional()
    .meta({ description: 'how long it is held, for press; 0 by default. START held enters the settings menu [A]' }),
  source: index(7).optional().meta({ description: 'for sourceOn and sourceOff; the first by default' }),
  fault: index(MOST_FAULTS - 1)
    .optional()
    .meta({ description: 'of the list `faults`, for repair' }),
  channel: index(23).optional().meta({ description: 'for calibrateChannel; every channel by default' }),
  unit: oneOf(UPDATE_UNITS).optional().meta({ description: 'where the USB cable goes, for connectUsb and disconnectUsb' }),
  version: text(20).optional().meta({ description: 'of the update tool, such as v1.03, for startUpdateTool' }),
  model: oneOf(MODEL_NAMES).optional().meta({ description: 'that the firmware file is for, for openFile' }),
  for: oneOf(UPDATE_UNITS).optional().meta({ description: 'unit that the firmware file is for, for openFile' }),
  firmware: oneOf(FIRMWARES).optional().meta({ description: 'in the file, for openFile' }),
});
const assignment = record({ time_s, set: text(), value: z.union([z.number(), z.boolean()], { error: 'a number, true or false' }) });
const commandSchema = z.union([action, assignment], {
  error: `{time_s, do: ${ACTIONS.map((name) => `"${name}"`).join(' | ')}} or {time_s, set, value}`,
});

const examples = {
  commands: [
    { time_s: 60, do: 'start' },
    { time_s: 70, do: 'press', button: 'down' },
    { time_s: 90, set: 'bms.settings.overChargeProtectionVoltage_V', value: 3.6 },
  ],
};

export const scenarioSchema = record({
  formatVersion: oneOf([FORMAT_VERSION]),
  name: text(),
  description: text(2000).optional(),
  seed: whole(0, Number.MAX_SAFE_INTEGER).default(1),
  duration_s: within(1e-3, 3.2e8),
  tick_s: within(1e-3, 60).default(1),
  slowStep_ticks: whole(1, 16).optional().meta({ description: 'ticks between slow steps; min(16 ticks, 16 s) by default' }),
  ambient_degC: within(-60, 120).default(25),
  ambientProfile: ambientProfile.optional(),
  cells: z
    .record(identifier, z.union([cellSchema, fileName], { error: 'a cell or a cell file' }), { error: 'an object of cells' })
    .refine((cells) => Object.keys(cells).length <= MOST_CELLS, { error: `at most ${MOST_CELLS} cells` })
    .default({}),
  pack,
  thermal: thermal.nullable().optional(),
  bms: bms.nullable().default(null),
  harness: harness.nullable().optional(),
  source: z
    .union([z.null(), listOf(sourceSchema, 8), sourceSchema], { error: 'null, a source or a list of at most 8' })
    .default(null)
    .meta({ examples: SOURCE_EXAMPLES }),
  commands: listOf(commandSchema, 10_000)
    .default([])
    .meta({ examples: [examples.commands] }),
  faults: listOf(faultSchema, MOST_FAULTS)
    .default([])
    .meta({ examples: [FAULT_EXAMPLES] }),
  measure: listOf(measureSchema, MOST_MEASUREMENTS)
    .default([])
    .meta({ examples: [MEASURE_EXAMPLES] }),
  expect: listOf(expectationSchema, 1000)
    .default([])
    .meta({ examples: [EXPECT_EXAMPLES] }),
  lab: labSchema.optional(),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioFile = z.input<typeof scenarioSchema>;
export type Command = z.output<typeof commandSchema>;
export type Action = z.output<typeof action>;
/** A step of a firmware update. */
export type UpdateAction = Action & { do: (typeof UPDATE_ACTIONS)[number] };
export type Bms = z.output<typeof bms>;

/** The sources as a list, however the file wrote them. */
export function sourcesOf(scenario: Scenario): EquipmentSource[] {
  if (scenario.source === null) return [];
  return Array.isArray(scenario.source) ? scenario.source : [scenario.source];
}
