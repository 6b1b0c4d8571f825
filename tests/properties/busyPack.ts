/**
 * One pack in which everything happens within a thousand ticks: trips, holds, releases, retries, balancing, noise, presses, commands.
 * Several relations are about "any run"; this is the one that has no quiet corner.
 */
import { csvOf, constantCell, type OpenOptions, type ScenarioObject } from '../scenarios.ts';

export const BUSY_TICKS = 1000;

const cell = constantCell({
  capacity_Ah: 2,
  ocv: { soc: [0, 0.13, 0.47, 0.81, 1], voltage_V: [2.9, 3.14, 3.31, 3.49, 3.72] },
  seriesResistance_Ohm: {
    charge: {
      soc: [0.1, 0.9],
      temperature_degC: [0, 40],
      value: [
        [0.016, 0.013],
        [0.008, 0.005],
      ],
    },
    discharge: {
      soc: [0.1, 0.9],
      temperature_degC: [0, 40],
      value: [
        [0.02, 0.015],
        [0.008, 0.006],
      ],
    },
  },
  rc: [
    { resistance_Ohm: { soc: [0, 1], value: [0.008, 0.003] }, timeConstant_s: 4 },
    { resistance_Ohm: 0.005, timeConstant_s: { soc: [0, 1], value: [60, 90] } },
  ],
  hysteresis: { soc: [0, 0.5, 1], voltage_V: [0.02, 0.01, 0.02], decay_ratio: 60 },
  entropicCoefficient: { soc: [0, 1], value_V_per_K: [-2e-4, 3e-4] },
  coulombicEfficiency_ratio: 0.99,
  selfDischarge_per_s: 1e-6,
});

export const BUSY_PACK: ScenarioObject = {
  cell,
  seed: 77,
  tick_s: 0.5,
  duration_s: BUSY_TICKS / 2,
  ambient_degC: 12,
  thermal: { heatCapacity_J_per_K: 40, toAmbient_W_per_K: 0.2, initialTemperature_degC: 14 },
  pack: {
    series: 5,
    initialSoc: 0.55,
    tab_Ohm: 0.002,
    link_Ohm: 0.001,
    overrides: [
      { group: 0, initialSoc: 0.4, capacity_Ah: 1.9 },
      { group: 1, initialSoc: 0.543, capacity_Ah: 1.97 },
      { group: 2, initialSoc: 0.551, seriesResistance_Ohm: 0.0071 },
      { group: 4, initialSoc: 0.557, capacity_Ah: 2.03 },
      { group: 3, initialSoc: 0.82, seriesResistance_Ohm: 0.012, tab_Ohm: 0.006 },
    ],
  },
  bms: {
    model: '8T',
    chemistry: 'LiFe',
    relays: { openDelay_s: 0.5, closeDelay_s: 1 },
    sensing: {
      noise_V: 0.002,
      channels: [{ group: 1, gain_ratio: 1.002, offset_V: -0.003, noise_V: 0.004 }],
      current: { gain_ratio: 1.01, offset_A: 0.1, noise_A: 0.05 },
    },
    settings: {
      batteryCapacity_Ah: 2,
      cutOffDelay_s: 3,
      overChargeReleaseVoltage_V: 3.52,
      overDischargeProtectionVoltage_V: 3.09,
      overDischargeReleaseVoltage_V: 3.16,
      overDischargeCurrent_A: 8,
      lowSoc_fraction: 0,
      balanceInStorage: true,
      balanceInCharge: true,
      balanceStartVoltage_V: 3.2,
    },
  },
  source: [
    { charger: { current_A: 7, voltage_V: 17.35, endCurrent_A: 3.4 }, until_s: 190 },
    { constantCurrent_A: -12, from_s: 200, until_s: 300 },
    { constantCurrent_A: -6, from_s: 312, until_s: 420 },
    { csv: 'end.csv', column: 'power_W', interpolation: 'linear', from_s: 425 },
  ],
  commands: [
    { time_s: 100, set: 'ambient_degC', value: 20 },
    { time_s: 303, do: 'press', button: 'down' },
    { time_s: 305, do: 'press', button: 'stop' },
    { time_s: 306, do: 'start' },
    { time_s: 380, do: 'press', button: 'start', for_s: 3 },
    ...(['down', 'start', 'down', 'down', 'start', 'stop'] as const).map((button, index) => ({
      time_s: 383 + index,
      do: 'press' as const,
      button,
    })),
    { time_s: 392, do: 'unplugLcd' },
    { time_s: 396, do: 'plugLcd' },
    { time_s: 350, set: 'bms.sensing.temperature[0].offset_K', value: -30 },
    { time_s: 360, set: 'bms.sensing.temperature[0].offset_K', value: 0 },
    { time_s: 440, do: 'powerOff' },
    { time_s: 452.5, do: 'powerOn' },
    { time_s: 470, set: 'bms.settings.overDischargeProtectionVoltage_V', value: 3 },
  ],
  expect: [
    { channel: 'cell.voltage_V[3][0]', atMost: 4, within_s: [20, 400] },
    { event: 'overCharge', cell: 3 },
  ],
};

export const BUSY_FILES: OpenOptions = {
  files: {
    'end.csv': csvOf('power_W', [
      [0, 0],
      [10, 60],
      [22, -40],
      [40, 70],
      [60, -20],
      [75, 0],
    ]),
  },
};
