/**
 * What the design check says of equipment, and that it is silent where there is nothing to say.
 * Each row is one mistake in an otherwise sound pack.
 */
import { expect, it } from 'vitest';
import { checkDesign } from '../../engine/designCheck.ts';
import { loadObject, type ScenarioObject } from '../scenarios.ts';

const FUSE = { rating_A: 125, i2t_A2s: 15_000, breakingCapacity_A: 20_000 };
const charger = { current_A: 20, voltage_V: 55, endCurrent_A: 2 };
const inverter = { outputPower_W: 2000, lowVoltageCutOff_V: 48, busCapacitance_F: 0.01 };
const precharge = { resistance_Ohm: 25, time_s: 2 };

function packWith(source: ScenarioObject['source'], fuse: object = {}): ScenarioObject {
  return {
    duration_s: 10,
    pack: { series: 16, cell: 'lfp100', fuse: { ...FUSE, ...fuse } },
    bms: { model: '16T', chemistry: 'LiFe', settings: { batteryCapacity_Ah: 100, balanceInCharge: true } },
    source,
  };
}

const severe = async (scenario: ScenarioObject) =>
  checkDesign(await loadObject(scenario))
    .filter(({ severity, path }) => severity !== 'note' && /^(source|pack\.fuse)/.test(path))
    .map(({ path }) => path);

it.each([
  { wrong: 'nothing', scenario: packWith([{ charger }, { inverter: { ...inverter, precharge } }]), paths: [] },
  { wrong: 'a small fuse', scenario: packWith(null, { rating_A: 63 }), paths: ['pack.fuse.rating_A'] },
  { wrong: 'a weak fuse', scenario: packWith(null, { breakingCapacity_A: 1000 }), paths: ['pack.fuse.breakingCapacity_A'] },
  { wrong: 'no pre-charge', scenario: packWith({ inverter }), paths: ['source.inverter.precharge'] },
  {
    wrong: 'an early cut-off',
    scenario: packWith({ inverter: { ...inverter, precharge, lowVoltageCutOff_V: 38 } }),
    paths: ['source.inverter.lowVoltageCutOff_V'],
  },
  {
    wrong: 'a hybrid inverter without limits of voltage',
    scenario: packWith({ hybridInverter: { power_W: 0, maximumCharge_W: 2000, maximumDischarge_W: 2000, busCapacitance_F: 0.01 } }),
    paths: ['source.hybridInverter.precharge', 'source.hybridInverter.lowVoltageCutOff_V', 'source.hybridInverter.chargeVoltage_V'],
  },
  {
    wrong: 'a deaf charger',
    scenario: packWith({ charger: { ...charger, smart: true, ignoresStop: true } }),
    paths: ['source.charger.ignoresStop'],
  },
  {
    wrong: 'a high charger',
    scenario: packWith({ charger: { ...charger, overVoltage_ratio: 0.1 } }),
    paths: ['source.charger.overVoltage_ratio'],
  },
])('finds $wrong', async ({ scenario, paths }) => {
  expect(await severe(scenario)).toEqual(paths);
});
