/**
 * Every kind of equipment at once, on both kernels: the same bytes.
 * Equipment is scalar code between vector stages, so a difference here is a fault of the build.
 */
import { expect, it } from 'vitest';
import { finishedRun, outcomeOf, type ScenarioObject } from '../scenarios.ts';

const HYBRID = { maximumCharge_W: 12, maximumDischarge_W: 12, chargeVoltage_V: 17 };

const EVERYTHING: ScenarioObject = {
  duration_s: 1800,
  tick_s: 0.5,
  pack: { series: 5, parallel: 2, cell: 'lfp26650', bus_Ohm: 0.0005, fuse: { rating_A: 10, i2t_A2s: 200, breakingCapacity_A: 1000 } },
  commands: [
    { time_s: 800, do: 'powerOff' },
    { time_s: 1000, do: 'powerOn' },
    { time_s: 1200, set: 'source[3].hybridInverter.power_W', value: -15 },
  ],
  bms: { model: '8T', chemistry: 'LiFe', settings: { batteryCapacity_Ah: 4.4 } },
  source: [
    { constantPower_W: -20, until_s: 600 },
    { constantResistance_Ohm: 20 },
    { inverter: { outputPower_W: 10, lowVoltageCutOff_V: 14, busCapacitance_F: 0.001, ripple_ratio: 1 }, from_s: 900 },
    { hybridInverter: { ...HYBRID, power_W: 15, busCapacitance_F: 0.002, ripple_ratio: 0.3 }, from_s: 700 },
    { parasitic_A: 0.02 },
    { parasitic_W: 0.3, beforeShunt: true },
    { charger: { current_A: 4, voltage_V: 18, endCurrent_A: 0.1, smart: true }, from_s: 300 },
    { constantCurrent_A: -25, from_s: 1500 },
  ],
};

it('SIMD and scalar kernels agree to the byte', async () => {
  const simd = await outcomeOf(await finishedRun(EVERYTHING, { kernel: 'simd' }));
  const scalar = await outcomeOf(await finishedRun(EVERYTHING, { kernel: 'scalar' }));
  expect(simd.events.map((event) => event.code)).toEqual(expect.arrayContaining(['fuseBlown', 'inrush']));
  expect(scalar.state).toBe(simd.state);
  expect(scalar.resultHash).toBe(simd.resultHash);
});
