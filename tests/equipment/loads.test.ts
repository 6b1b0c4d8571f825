/**
 * Loads that are no profile: constant power, a resistor, and parasitic loads that no relay stops.
 * Expected currents are the closed solutions of E + R I.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, eventsNamed, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

const E = 13.2;
const R = 0.04;
/** Four cells of 3.3 V and 10 mOhm, whatever their charge. */
const PACK: ScenarioObject = {
  duration_s: 10,
  tick_s: 1,
  cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3) }),
  pack: { series: 4 },
};
const UNIT: ScenarioObject['bms'] = { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 100 } };

describe('a constant power', () => {
  it.each([-1000, -500, -1, 500])('of %d W is what the terminals carry', async (power) => {
    const run = await finishedRun({ ...PACK, source: { constantPower_W: power } });
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(power, 9);
    expect(run.read('pack.current_A')).toBeCloseTo((-E + Math.sqrt(E * E + 4 * R * power)) / (2 * R), 9);
  });

  it('beyond E²/4R gets the maximum and says so', async () => {
    const run = await finishedRun({ ...PACK, source: { constantPower_W: -1200 } });
    expect(run.read('pack.current_A')).toBeCloseTo(-E / (2 * R), 9);
    expect(eventsNamed(run, 'loadBeyondMaximumPower')).toHaveLength(1);
  });

  it('can be changed while the run goes on', async () => {
    const run = await finishedRun({
      ...PACK,
      source: { constantPower_W: -100 },
      commands: [{ time_s: 5, set: 'source[0].constantPower_W', value: -200 }],
    });
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(-200, 9);
  });
});

describe('a resistor across the bus', () => {
  it('draws E / (R + load)', async () => {
    const run = await finishedRun({ ...PACK, source: { constantResistance_Ohm: 2 } });
    expect(run.read('pack.current_A')).toBeCloseTo(-E / (2 + R), 12);
    expect(run.read('pack.voltage_V')).toBeCloseTo((E * 2) / (2 + R), 12);
  });

  it('shares the voltage with a constant current and a constant power', async () => {
    const run = await finishedRun({
      ...PACK,
      source: [{ constantResistance_Ohm: 2 }, { constantCurrent_A: -10 }, { constantPower_W: -100 }],
    });
    const v = run.read('pack.voltage_V');
    const i = run.read('pack.current_A');
    expect(v).toBeCloseTo(E + R * i, 9);
    expect(i).toBeCloseTo(-v / 2 - 10 - 100 / v, 9);
  });

  it('takes part of what a charger gives; the charger still holds its voltage', async () => {
    const run = await finishedRun({
      ...PACK,
      source: [{ constantResistance_Ohm: 2 }, { charger: { current_A: 50, voltage_V: 13.6, endCurrent_A: 1 } }],
    });
    expect(run.read('pack.voltage_V')).toBeCloseTo(13.6, 9);
    expect(run.read('pack.current_A')).toBeCloseTo((13.6 - E) / R, 9);
  });

  it('is cut off by the discharge relay', async () => {
    const run = await finishedRun({
      ...PACK,
      bms: UNIT,
      source: { constantResistance_Ohm: 2 },
      commands: [{ time_s: 5, do: 'powerOff' }],
    });
    expect(run.read('relay.closed[1]')).toBe(0);
    expect(run.read('pack.current_A')).toBe(0);
  });
});

describe('a parasitic load', () => {
  const off = { ...PACK, bms: UNIT, commands: [{ time_s: 2, do: 'powerOff' as const }] };
  it.each([
    { load: { parasitic_A: 2 }, through: -2, past: 0 },
    { load: { parasitic_A: 2, beforeShunt: true }, through: 0, past: 2 },
  ])('%j goes on while every relay is open', async ({ load, through, past }) => {
    const run = await finishedRun({ ...off, source: load });
    expect(run.read('relay.closed[1]')).toBe(0);
    expect(run.read('pack.current_A')).toBe(through);
    expect(run.read('consumption.current_A')).toBe(past);
    expect(run.read('cell.current_A[3][0]')).toBe(-2);
  });

  it('is measured by the shunt, and before the shunt it is not', async () => {
    const seen = await finishedRun({ ...PACK, bms: UNIT, source: { parasitic_A: 2 } });
    const unseen = await finishedRun({ ...PACK, bms: UNIT, source: { parasitic_A: 2, beforeShunt: true } });
    expect(seen.read('measured.current_A')).toBe(-2);
    expect(unseen.read('measured.current_A')).toBe(0);
    expect(unseen.read('estimate.soc')).toBe(0.5);
    expect(unseen.read('cell.soc[0][0]')).toBeCloseTo(0.5 - (2 * 10) / 3600 / 100, 12);
  });

  it.each([false, true])('of constant power draws it, beforeShunt %j', async (beforeShunt) => {
    const run = await finishedRun({ ...PACK, source: { parasitic_W: 26, beforeShunt } });
    const i = run.read(beforeShunt ? 'consumption.current_A' : 'pack.current_A');
    expect(Math.abs(i) * run.read('pack.voltage_V')).toBeCloseTo(26, 6);
  });

  it('adds to what the unit draws, in its window only', async () => {
    const both = { ...PACK, bms: { ...UNIT, consumption: 'vendor' as const } };
    const unit = await openRun(both);
    const run = await openRun({ ...both, source: { parasitic_A: 0.5, beforeShunt: true, from_s: 3, until_s: 6 } });
    const excess: number[] = [];
    for (let tick = 1; tick <= 8; tick++) {
      unit.advance(tick);
      run.advance(tick);
      excess.push(run.read('consumption.current_A') - unit.read('consumption.current_A'));
    }
    [0, 0, 0, 0.5, 0.5, 0.5, 0, 0].forEach((value, index) => expect(excess[index]).toBeCloseTo(value, 2));
  });
});
