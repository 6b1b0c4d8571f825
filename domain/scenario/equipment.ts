/**
 * What hangs on the pack: chargers, loads, profiles and the main fuse, as a scenario file writes them.
 * It is separate from the scenario so that a new kind of equipment is one entry here.
 */
import { z } from 'zod';
import { fileName, flag, oneOf, positive, record, text, within } from '../fields.ts';

export const time_s = within(0, 3.2e8);

const window = { from_s: time_s.default(0), until_s: time_s.optional() };

const table = {
  csv: fileName,
  timeColumn: text().default('time_s'),
  separator: oneOf([',', ';', 'tab']).default(','),
  decimal: oneOf(['.', ',']).default('.'),
  blanks: oneOf(['refuse', 'interpolate']).default('refuse'),
};
const profile = {
  ...table,
  column: text(),
  interpolation: oneOf(['previous', 'next', 'linear']),
  quantity: oneOf(['current', 'power']).optional().meta({ description: 'by the suffix _A or _W of the column where it has one' }),
  scale: within(-1e6, 1e6).default(1),
  repeat: flag.default(false).meta({ description: 'starts anew after its last row' }),
};
const profileSource = record({ ...profile, ...window });

const constantSource = record({ constantCurrent_A: within(-1e5, 1e5), ...window });
const powerSource = record({
  constantPower_W: within(-1e7, 1e7).meta({ description: 'positive charges' }),
  ...window,
});
const resistanceSource = record({
  constantResistance_Ohm: positive(1e9, 1e-4).meta({ description: 'a resistor across the bus, behind the discharge relay' }),
  ...window,
});
const beforeShunt = flag
  .default(false)
  .meta({ description: 'joined on the battery side of shunt and main fuse, as the unit itself is: never measured, never fused' });
const parasiticCurrentSource = record({
  parasitic_A: within(0, 1000).meta({ description: 'drawn at the pack terminals, whatever the relays do' }),
  beforeShunt,
  ...window,
});
const parasiticPowerSource = record({ parasitic_W: within(0, 1e5), beforeShunt, ...window });

const chargerSource = record({
  charger: record({
    current_A: positive(1e5, 1e-3),
    voltage_V: positive(1000, 0.1),
    endCurrent_A: within(0, 1e5),
    switchedOn: flag.default(true),
    smart: flag.default(false).meta({
      description:
        'obeys COM1: lowers its current as the highest measured cell nears Over charge P; without a unit that is on it does not charge',
    }),
    taper_V: positive(1, 1e-3).default(0.1).meta({ description: 'smart: distance to Over charge P at which it begins to lower [A]' }),
    response_s: within(0, 600).default(2).meta({ description: 'smart: time constant of its answer [A]' }),
    ignoresStop: flag.default(false).meta({ description: 'smart, but defective: does not obey COM1' }),
    overVoltage_ratio: within(0, 1).default(0).meta({ description: 'defective: its voltage limit is too high by this share' }),
    overCurrent_ratio: within(0, 1).default(0).meta({ description: 'defective: its current limit is too high by this share' }),
  }),
  ...window,
});

const profileText = 'or a profile {csv, column, interpolation}';

/** What every inverter has on the battery's side. */
const inverterInput = {
  lowVoltageCutOff_V: within(0, 1000).default(0),
  reconnect_V: within(0, 1000).optional().meta({ description: 'the cut-off voltage by default' }),
  busCapacitance_F: within(0, 10).default(0),
  connection_Ohm: positive(10, 1e-5).default(0.01).meta({ description: 'cables, contact and the capacitor itself [A]' }),
  precharge: record({ resistance_Ohm: positive(1e5, 0.01), time_s: positive(3600, 1e-3) })
    .nullable()
    .default(null)
    .meta({ description: 'an external resistor, bridged by a timer' }),
  bleeder_Ohm: positive(1e9, 1).default(10_000).meta({ description: 'empties the capacitor while the relay is open [A]' }),
  surge: record({ ratio: within(1, 20), duration_s: within(0, 60) })
    .nullable()
    .default(null)
    .meta({ description: 'power over its own at every start' }),
  ripple_ratio: within(0, 2).default(0).meta({ description: 'amplitude at twice the mains frequency over the mean current' }),
  rippleFrequency_Hz: within(10, 1000).default(100).meta({ description: 'twice the frequency of its output' }),
};

const inverterSource = record({
  inverter: record({
    outputPower_W: z
      .union([within(0, 1e7), record(profile)], { error: `a power from 0 to 10000000 ${profileText}` })
      .meta({ description: 'what it gives, positive: a number or a profile' }),
    efficiency_ratio: within(0.1, 1).default(0.94).meta({ description: '[A]' }),
    ...inverterInput,
  }),
  ...window,
});

/** How a converter that goes both ways is limited, on the battery's side. */
const bothWays = {
  maximumCharge_W: positive(1e7, 1),
  maximumDischarge_W: positive(1e7, 1),
  chargeVoltage_V: positive(1000, 0.1).optional().meta({ description: 'it gives less where the pack would pass this; none by default' }),
};

const hybridSource = record({
  hybridInverter: record({
    power_W: z
      .union([within(-1e7, 1e7), record(profile)], { error: `a power from -10000000 to 10000000 ${profileText}` })
      .meta({ description: 'its set point on the battery side: positive charges the pack; a number or a profile' }),
    ...bothWays,
    chargeEfficiency_ratio: within(0.1, 1).default(0.95).meta({ description: 'into the pack over taken from its other side [A]' }),
    dischargeEfficiency_ratio: within(0.1, 1).default(0.95).meta({ description: 'given on its other side over out of the pack [A]' }),
    ...inverterInput,
  }).meta({ description: 'charges and discharges by its set point; cut-off, capacitor, surge and ripple are those of its discharge' }),
  ...window,
});

/** Power that holds over an interval: what a household gives or takes. */
const steps = (about: string) =>
  record({
    ...table,
    column: text(),
    interpolation: oneOf(['previous', 'next']).default('previous'),
    scale: within(0, 1e6).default(1),
  }).meta({ description: about });
const householdSource = record({
  household: record({
    solar: steps('what the panels give, positive watts'),
    load: steps('what the house takes, positive watts'),
    ...bothWays,
    efficiency_ratio: within(0.1, 1).default(0.95).meta({ description: 'of the hybrid inverter, each way [A]' }),
    repeat: flag.default(false),
  }).meta({ description: 'a hybrid inverter: the pack takes the surplus and gives what is missing, the grid has the rest' }),
  ...window,
});

const driveSource = record({
  driveCycle: record({
    ...table,
    column: text().default('speed_mps').meta({ description: 'metres per second, linear between rows' }),
    scale: within(0, 10).default(1).meta({ description: 'factor on the speed' }),
    repeat: flag.default(false),
    vehicle: record({
      mass_kg: positive(1e5, 1),
      dragArea_m2: within(0, 20).meta({ description: 'drag coefficient times frontal area' }),
      rollingResistance_ratio: within(0, 0.1),
      drivetrainEfficiency_ratio: within(0.1, 1).default(0.88).meta({ description: 'pack to wheel [A]' }),
      regeneration_ratio: within(0, 1).default(0.6).meta({ description: 'share of the braking that the motor does [A]' }),
      auxiliary_W: within(0, 1e5).default(0),
    }),
  }),
  ...window,
});

export const sourceSchema = z.union(
  [
    profileSource,
    constantSource,
    powerSource,
    resistanceSource,
    parasiticCurrentSource,
    parasiticPowerSource,
    chargerSource,
    inverterSource,
    hybridSource,
    householdSource,
    driveSource,
  ],
  {
    error:
      'a profile {csv, column, interpolation}, {constantCurrent_A}, {constantPower_W}, {constantResistance_Ohm}, {parasitic_A}, {parasitic_W}, a {charger: {current_A, voltage_V, endCurrent_A}}, an {inverter: {outputPower_W}}, a {hybridInverter: {power_W, maximumCharge_W, maximumDischarge_W}}, a {household: {solar, load}} or a {driveCycle: {csv, vehicle}}',
  },
);

export const SOURCE_EXAMPLES = [
  { csv: 'profile.csv', column: 'current_A', interpolation: 'linear' },
  { constantCurrent_A: -5, from_s: 60 },
  { constantPower_W: -500 },
  { constantResistance_Ohm: 2 },
  { parasitic_A: 0.02, beforeShunt: true },
  { charger: { current_A: 20, voltage_V: 58.4, endCurrent_A: 2, smart: true } },
  {
    household: {
      solar: { csv: 'solar_clear_june.csv', column: 'solar_W', scale: 5 },
      load: { csv: 'household_june_workday.csv', column: 'household_W', scale: 4 },
      maximumCharge_W: 3000,
      maximumDischarge_W: 3000,
    },
  },
  { driveCycle: { csv: 'drive_udds.csv', scale: 0.3, vehicle: { mass_kg: 550, dragArea_m2: 1.4, rollingResistance_ratio: 0.018 } } },
  { inverter: { outputPower_W: 1500, lowVoltageCutOff_V: 44, reconnect_V: 50, busCapacitance_F: 0.02, ripple_ratio: 1 } },
  {
    hybridInverter: {
      power_W: { csv: 'setpoint.csv', column: 'power_W', interpolation: 'previous' },
      maximumCharge_W: 3000,
      maximumDischarge_W: 3000,
      chargeVoltage_V: 56,
      lowVoltageCutOff_V: 46,
      reconnect_V: 50,
      busCapacitance_F: 0.02,
    },
  },
];

/** Cold voltage drop of a fuse at its rating, and how much that warms it, where the file names neither (assumed). */
const FUSE_DROP_V = 0.06;
const FUSE_RISE_K = 60;

export const fuse = record({
  rating_A: positive(1e4, 0.1),
  i2t_A2s: positive(1e9, 1e-3).meta({ description: 'melting integral for short overloads' }),
  breakingCapacity_A: positive(1e6, 1),
  fusingCurrent_ratio: within(1.05, 2).default(1.45).meta({ description: 'steady current that just melts it, over its rating [A]' }),
  timeConstant_s: positive(1e5, 1)
    .default(600)
    .meta({ description: 'of the fuse body, its temperature and its overloads below twice the rating [A]' }),
  resistance_Ohm: within(0, 10)
    .optional()
    .meta({ description: `by default what drops ${FUSE_DROP_V} V at its rating, as cold fuses typically do [A]` }),
  toAmbient_W_per_K: positive(1e5, 1e-6)
    .optional()
    .meta({ description: `of its body; by default what lets its rating over that drop warm it by ${FUSE_RISE_K} K [A]` }),
}).meta({
  description: 'main fuse at the pack terminals, after the shunt',
  examples: [{ rating_A: 125, i2t_A2s: 15000, breakingCapacity_A: 20000 }],
});

export type Fuse = z.output<typeof fuse>;

/** The figures that follow from the rating where the file does not name them. */
export function fuseBody({ rating_A, resistance_Ohm, toAmbient_W_per_K }: Fuse): { resistance_Ohm: number; toAmbient_W_per_K: number } {
  return {
    resistance_Ohm: resistance_Ohm ?? FUSE_DROP_V / rating_A,
    toAmbient_W_per_K: toAmbient_W_per_K ?? (FUSE_DROP_V * rating_A) / FUSE_RISE_K,
  };
}

export type Source = z.output<typeof sourceSchema>;
export type ProfileSource = z.output<ReturnType<typeof record<typeof profile>>>;
export type Table = Pick<ProfileSource, 'csv' | 'column' | 'timeColumn' | 'separator' | 'decimal' | 'blanks'>;
type Inverter = Extract<Source, { inverter: object }>['inverter'] | Extract<Source, { hybridInverter: object }>['hybridInverter'];
export type InverterInput = Pick<Inverter, keyof typeof inverterInput>;

/** The battery's side of a source that has an inverter; undefined for all others. */
export function inverterOf(source: Source): InverterInput | undefined {
  if ('inverter' in source) return source.inverter;
  return 'hybridInverter' in source ? source.hybridInverter : undefined;
}

/** The profile that an inverter plays where its power is no number. */
export function playedBy(source: Source): ProfileSource | undefined {
  const power = 'inverter' in source ? source.inverter.outputPower_W : 'hybridInverter' in source ? source.hybridInverter.power_W : 0;
  return typeof power === 'object' ? power : undefined;
}

export type Household = z.output<typeof householdSource>['household'];
export type DriveCycle = z.output<typeof driveSource>['driveCycle'];
