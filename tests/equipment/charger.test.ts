/**
 * Chargers that listen to COM1, chargers that do not, and chargers that are out of their limits.
 * Currents and voltages follow from E + R I; the smart ones' from what the unit has measured.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

/** Four cells on a straight line from 3 to 4 V; Over charge P 3.65 V. */
const PACK: ScenarioObject = {
  duration_s: 3600,
  tick_s: 1,
  cell: constantCell({ capacity_Ah: 10, seriesResistance_Ohm: 0.002 }),
  pack: { series: 4, initialSoc: 0.4, overrides: [{ group: 2, initialSoc: 0.45 }] },
  bms: { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 10 } },
};
const smart = { current_A: 10, voltage_V: 16, endCurrent_A: 0.5, smart: true };

describe('a smart charger', () => {
  it('lowers its current as the highest cell nears Over charge P, ends at its end current, and P never trips', async () => {
    const run = await openRun({ ...PACK, source: { charger: smart } });
    let firstBelow = 0;
    everyTick(run, () => {
      if (firstBelow === 0 && run.tick > 60 && run.read('pack.current_A') < 9.9) firstBelow = run.read('measuredCell.voltage_V[2]');
    });
    expect(firstBelow).toBeGreaterThanOrEqual(3.55);
    expect(firstBelow).toBeLessThan(3.56);
    expect(eventsNamed(run, 'overCharge')).toEqual([]);
    const [ended] = eventsNamed(run, 'chargerEnded');
    expect(ended!.value).toBeGreaterThan(0.45);
    expect(ended!.value).toBeLessThanOrEqual(0.5);
    expect(run.read('cell.voltage_V[2][0]')).toBeCloseTo(3.645, 2);
    expect(run.read('relay.closed[0]')).toBe(1);
  });

  it('follows the share (P - highest) / taper once it has settled', async () => {
    const run = await finishedRun({ ...PACK, duration_s: 1200, source: { charger: { ...smart, response_s: 0 } } });
    const headroom = 3.65 - run.read('measuredCell.voltage_V[2]');
    expect(run.read('pack.current_A')).toBeCloseTo(10 * (headroom / 0.1), 0);
  });

  it('believes the unit: a channel that reads low hides the full cell', async () => {
    const channels = [{ group: 2, offset_V: -0.08 }];
    const run = await finishedRun({ ...PACK, bms: { ...PACK.bms!, sensing: { channels } }, source: { charger: smart } });
    expect(run.read('cell.voltage_V[2][0]')).toBeGreaterThan(3.65);
  });

  it('that ignores the stop drives the cell into Over charge, and the charge relay ends it', async () => {
    const run = await finishedRun({ ...PACK, source: { charger: { ...smart, ignoresStop: true } } });
    const [trip] = eventsNamed(run, 'overCharge');
    expect(trip?.cell).toBe(2);
    expect(run.read('relay.closed[0]')).toBe(0);
    expect(run.read('pack.current_A')).toBe(0);
  });

  it('becomes defective by a command', async () => {
    const commands = [{ time_s: 420, set: 'source[0].charger.ignoresStop', value: true }];
    const run = await finishedRun({ ...PACK, source: { charger: smart }, commands });
    expect(eventsNamed(run, 'overCharge')[0]!.time_s).toBeGreaterThan(420);
  });

  it('stops when the unit is silent, on a port of its own without relay', async () => {
    const run = await finishedRun({ ...PACK, duration_s: 20, bms: null, source: { charger: smart } });
    expect(run.read('pack.current_A')).toBe(0);
  });
});

describe('a defective charger', () => {
  const flat = { ...PACK, cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3) }), pack: { series: 4 }, bms: null, duration_s: 10 };
  const E = 13.2;
  const R = 0.04;
  it.each([
    { charger: { current_A: 10, voltage_V: 14, endCurrent_A: 1, overCurrent_ratio: 0.2 }, current: 12 },
    { charger: { current_A: 100, voltage_V: 14, endCurrent_A: 1, overVoltage_ratio: 0.1 }, current: (15.4 - E) / R },
    { charger: { current_A: 10, voltage_V: 14, endCurrent_A: 1 }, current: 10 },
    { charger: { current_A: 100, voltage_V: 14, endCurrent_A: 1 }, current: (14 - E) / R },
  ])('$charger gives $current A', async ({ charger, current }) => {
    const run = await finishedRun({ ...flat, source: { charger } });
    expect(run.read('pack.current_A')).toBeCloseTo(current, 9);
  });
});
