/**
 * Power profiles that are computed while compiling: a solar household and a drive cycle.
 * Checked against energies by hand and against another route to the same sums.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AIR_DENSITY_kg_per_m3, drivePower, GRAVITY_m_per_s2 } from '../../engine/driveCycle.ts';
import { constantCell, csvOf, flatOcv, inRepository, loadObject, openRun, type ScenarioObject } from '../scenarios.ts';

const PACK: ScenarioObject = {
  duration_s: 100,
  tick_s: 1,
  cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3), seriesResistance_Ohm: 0.001 }),
  pack: { series: 16 },
};

async function powerAfter(scenario: ScenarioObject, files: Record<string, string>, ticks: readonly number[]): Promise<number[]> {
  const run = await openRun(scenario, { files });
  return ticks.map((tick) => {
    run.advance(tick);
    return run.read('pack.current_A') * run.read('pack.voltage_V');
  });
}

describe('a solar household', () => {
  const household = (interpolation: 'previous' | 'next', repeat = false) => ({
    household: {
      solar: { csv: 'sun.csv', column: 'solar_W', scale: 5, interpolation },
      load: { csv: 'house.csv', column: 'load_W', scale: 2, interpolation },
      maximumCharge_W: 2000,
      maximumDischarge_W: 1000,
      efficiency_ratio: 0.9,
      repeat,
    },
  });
  const files = {
    'sun.csv': csvOf('solar_W', [
      [0, 0],
      [20, 200],
      [40, 600],
      [60, 0],
    ]),
    'house.csv': csvOf('load_W', [
      [0, 100],
      [30, 250],
      [50, 900],
      [60, 0],
    ]),
  };

  it('charges with the surplus and gives what is missing, within its limits', async () => {
    const powers = await powerAfter({ ...PACK, source: household('previous') }, files, [10, 25, 35, 45, 55, 70]);
    // Surplus: -200, 1000-200, 1000-500, 3000-500, 3000-1800, 0 W.
    [-200 / 0.9, 800 * 0.9, 500 * 0.9, 2000, 1200 * 0.9, 0].forEach((power, index) => expect(powers[index]).toBeCloseTo(power, 6));
  });

  it('reads values that hold over the interval that ends at their row', async () => {
    const powers = await powerAfter({ ...PACK, source: household('next') }, files, [10, 25, 35, 45, 55]);
    // Surplus: 1000-500, 3000-500, 3000-1800, 0-1800, 0-0 W.
    [500 * 0.9, 2000, 1200 * 0.9, -1000, 0].forEach((power, index) => expect(powers[index]).toBeCloseTo(power, 6));
  });

  it('holds its charge voltage where the surplus would pass it', async () => {
    const { household: spec } = household('previous');
    const scenario = { ...PACK, source: { household: { ...spec, chargeVoltage_V: 53.1 } } };
    const run = await openRun(scenario, { files });
    run.advance(25);
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(800 * 0.9, 6);
    run.advance(45);
    expect(run.read('pack.voltage_V')).toBeCloseTo(53.1, 9);
    expect(run.read('pack.current_A')).toBeCloseTo((53.1 - 52.8) / 0.016, 9);
  });

  it('starts anew each day', async () => {
    const [first, again] = await powerAfter({ ...PACK, source: household('previous', true) }, files, [25, 85]);
    expect(again).toBeCloseTo(first!, 9);
  });

  it('is part of what the hash stands for', async () => {
    const scenario = { ...PACK, source: household('previous') };
    const other = { ...files, 'house.csv': files['house.csv'].replace('250', '251') };
    expect((await loadObject(scenario, files)).hash).not.toBe((await loadObject(scenario, other)).hash);
  });
});

describe('a drive cycle', () => {
  const vehicle = {
    mass_kg: 500,
    dragArea_m2: 1.5,
    rollingResistance_ratio: 0.015,
    drivetrainEfficiency_ratio: 0.8,
    regeneration_ratio: 0.5,
    auxiliary_W: 50,
  };
  const speeds = csvOf('speed_mps', [
    [0, 0],
    [10, 5],
    [50, 5],
    [60, 0],
  ]);

  it('at a constant speed takes rolling and air', async () => {
    const source = { driveCycle: { csv: 'speed.csv', vehicle } };
    const [steady, standing] = await powerAfter({ ...PACK, source }, { 'speed.csv': speeds }, [30, 80]);
    const wheel = 0.015 * 500 * GRAVITY_m_per_s2 * 5 + 0.5 * AIR_DENSITY_kg_per_m3 * 1.5 * 125;
    expect(steady).toBeCloseTo(-wheel / 0.8 - 50, 6);
    expect(standing).toBeCloseTo(-50, 6);
  });

  it('gives kinetic energy and takes a share of it back', () => {
    const light = { ...vehicle, dragArea_m2: 0, rollingResistance_ratio: 0, auxiliary_W: 0 };
    const rows = { time_s: Float64Array.of(0, 10, 50, 60), value: Float64Array.of(0, 5, 5, 0) };
    const { value } = drivePower(rows, { vehicle: light, scale: 1 } as Parameters<typeof drivePower>[1]);
    const kinetic = 0.5 * 500 * 25;
    expect(value[0]! * 10).toBeCloseTo(-kinetic / 0.8, 9);
    expect(value[1]).toBeCloseTo(0, 12);
    expect(value[2]! * 10).toBeCloseTo(kinetic * 0.8 * 0.5, 9);
  });

  it('over HWFET needs what rolling and air need, summed finely', () => {
    const rows = readFileSync(inRepository('library/profiles/drive_hwfet.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
    const speed = { time_s: Float64Array.from(rows, (row) => row[0]!), value: Float64Array.from(rows, (row) => row[1]!) };
    // Without losses and with all braking recovered, inertia cancels from standstill to standstill.
    const ideal = { ...vehicle, drivetrainEfficiency_ratio: 1, regeneration_ratio: 1, auxiliary_W: 0 };
    const { value } = drivePower(speed, { vehicle: ideal, scale: 1 } as Parameters<typeof drivePower>[1]);
    const energy = -value.reduce((sum, power) => sum + power, 0);
    let expected = 0;
    let distance = 0;
    for (let k = 0; k + 1 < rows.length; k++) {
      for (let part = 0; part < 100; part++) {
        const v = rows[k]![1]! + ((part + 0.5) / 100) * (rows[k + 1]![1]! - rows[k]![1]!);
        distance += v / 100;
        expected += (0.015 * 500 * GRAVITY_m_per_s2 * v + 0.5 * AIR_DENSITY_kg_per_m3 * 1.5 * v * v * v) / 100;
      }
    }
    // The highway cycle is 16.5 km long.
    expect(distance).toBeCloseTo(16_507, 0);
    expect(energy / expected).toBeCloseTo(1, 5);
  });
});
