/**
 * The device's fixed figures: models, current versions, relays and what the unit draws from the pack.
 * They are data of the vendor's documents; what is assumed says so.
 */

export const MODELS = { '8T': 8, '16T': 16, '24T': 24 } as const;
export type Model = keyof typeof MODELS;
export const MODEL_NAMES = Object.keys(MODELS) as Model[];

export const CURRENT_VERSIONS_A = [100, 300, 600] as const;
/** What the main unit is doing; the order is its number in the kernel and in the channel `unit.state`. */
export const UNIT_STATES = ['off', 'booting', 'running', 'asleep', 'updating'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** Hardware of the LCD unit: V4.0 has a yellow indicator for each cell (FAQ 6d); that there was one before it is assumed. */
export const HARDWARES = ['V3.0', 'V4.0'] as const;
export const INDICATORS_FROM: (typeof HARDWARES)[number] = 'V4.0';
export const POLICIES = ['perCause', 'anyAlarmOpensBoth'] as const;
export const TOPOLOGIES = ['separatePorts', 'commonPort'] as const;

/** Coil power of each relay size while closed. Vendor's table; rating in A, power in W. */
export const RELAY_COIL_POWER_W = { 100: 9.3, 200: 10.8, 400: 15.2, 600: 18.9 } as const;
export type RelayRating = keyof typeof RELAY_COIL_POWER_W;

/** Voltage of an output that holds its relay. */
export const COIL_V = 12;

/** Relay fitted to a current version where the scenario names none (assumed). */
export const RELAY_FOR_VERSION: Record<(typeof CURRENT_VERSIONS_A)[number], RelayRating> = { 100: 100, 300: 400, 600: 600 };

/** Current of the unit with its LCD on and no relay closed, and asleep, over the pack's voltage. Vendor's table. */
export const CONSUMPTION = {
  packVoltage_V: [16, 24, 36, 48, 60, 67.2, 84, 96],
  awake_A: [0.12, 0.08425, 0.065, 0.055, 0.04875, 0.046, 0.04, 0.0385],
  asleep_A: [0.04, 0.035, 0.05, 0.0425, 0.029, 0.02825, 0.027, 0.02625],
} as const;

/** Bleed resistor of each channel (assumed): 1.2 A at 3.3 V. */
export const BLEED_OHM = 2.75;
/** How long bleeding pauses for each measurement (assumed). */
export const BLEED_PAUSE_S = 0.05;
/** Period of the measurement loop. */
export const FIRMWARE_PERIOD_S = 1;
/** A channel that reads less than this counts as "no cell" (assumed). */
export const CELL_PRESENT_V = 0.5;

/** |displayed current| from which the unit speaks of charge or discharge. */
export const STORAGE_CURRENT_A = 1;
/** Charging current that releases a cell-difference stop (assumed). */
export const RELEASING_CHARGE_A = 1;
/** Over-current: retry after this time; the third trip within the window waits for START (assumed). */
export const OVER_CURRENT_RETRY_S = 30;
export const OVER_CURRENT_WINDOW_S = 600;

/** SOC calibration: needed one-way swing, rest before it, and the least slope of the OCV table. */
export const SOC_CALIBRATION = { swing_fraction: 0.25, rest_s: 60, slope_V_per_fraction: 0.2 } as const;

/** What the unit shows for a sensor that is unplugged (vendor's protocol notes) and for one that is shorted (end of its range, assumed). */
export const OPEN_SENSOR_DEGC = -22.3;
export const SHORT_SENSOR_DEGC = 125;

/** Coils at 12 V, vendor's table; relay rating in A, current in A. */
export const COIL_CURRENT_A = { 100: 0.75, 200: 0.96, 400: 1.24, 600: 1.3 } as const;
/** Share of its rated voltage at which a coil pulls its armature in, and below which it lets go: 9 V and 3 V of 12 (assumed). */
export const PULL_IN_RATIO = 0.75;
export const DROP_OUT_RATIO = 0.25;
/** Driver of the outputs: 1 A each or 2.6 A together (FAQ 1b); what it does beyond is assumed. */
export const DRIVER = { each_A: 1, together_A: 2.6, retry_s: 1 } as const;
/** Thermal body of a relay (assumed). */
export const RELAY_HEAT = { toAmbient_W_per_K: 0.35, heatCapacity_J_per_K: 250 } as const;

/** The standard harness: pin resistors and channel inputs of the front end. */
export const PIN_OHM = 100;
export const INPUT_OHM = 100_000;
/** Taps of one balance connector beside its first. */
export const CELLS_PER_CONNECTOR = 8;

/** Current shunt: full-scale voltage by the unit's version (assumed), and how the front end rejects what both its leads carry (assumed). */
export const SHUNT_FULL_SCALE_V = 0.075;
export const COMMON_MODE_REJECTION_RATIO = 0.001;
/** Power cable between shunt and battery negative, per metre (assumed). */
export const CABLE = { resistance_Ohm_per_m: 0.35e-3, inductance_H_per_m: 1e-6 } as const;
/** The converter's clock runs free within this share of a second (assumed). */
export const CLOCK_TOLERANCE = 5e-4;
/** A current measurement shows up to this share of the unit's version (assumed). */
export const CURRENT_RANGE_RATIO = 2;
