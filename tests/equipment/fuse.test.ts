/**
 * The main fuse: short overloads by its melting integral, long ones by its steady limit, and what it cannot interrupt.
 * Times are the closed solutions of the two states, found at the first tick end after them.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, finishedRun, flatOcv, type ScenarioObject } from '../scenarios.ts';

const FUSE = { rating_A: 100, i2t_A2s: 20_000, breakingCapacity_A: 5000 };

function packAt(current: number, duration_s: number, tick_s: number, fuse: object = FUSE): Promise<Run> {
  const scenario: ScenarioObject = {
    duration_s,
    tick_s,
    cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3), seriesResistance_Ohm: 0.0001 }),
    pack: { series: 2, fuse: { ...FUSE, ...fuse } },
    source: { constantCurrent_A: current },
  };
  return finishedRun(scenario);
}

/** Equation (21): when the element (limit twice the rating) has melted, by its closed solution. */
const elementTime_s = (current: number) => (-20_000 / 200 ** 2) * Math.log(1 - (200 / current) ** 2);
const bodyTime_s = (current: number) => -600 * Math.log(1 - (145 / current) ** 2);

describe('the main fuse', () => {
  it.each([1000, 2000, -3000])('melts by its integral at %d A', async (current) => {
    const run = await packAt(current, 0.2, 0.001);
    const [blown] = eventsNamed(run, 'fuseBlown');
    expect(blown?.value).toBe(current);
    expect(blown!.time_s).toBeGreaterThanOrEqual(elementTime_s(current));
    expect(blown!.time_s).toBeLessThan(elementTime_s(current) + 0.001);
    // Far above twice the rating that is the adiabatic I²t, within a share of 2 (In/I)².
    expect((elementTime_s(current) * current ** 2) / FUSE.i2t_A2s - 1).toBeCloseTo(2 * (100 / current) ** 2, 2);
  });

  it.each([150, 180, 199])('melts slowly at %d A, below twice its rating', async (current) => {
    const run = await packAt(current, 3600, 1);
    const blown = eventsNamed(run, 'fuseBlown')[0]!;
    expect(blown.time_s).toBe(Math.ceil(bodyTime_s(current)));
  });

  it('carries its rating and 1.4 times it for good', async () => {
    for (const current of [100, -140]) {
      const run = await packAt(current, 20_000, 10);
      expect(eventsNamed(run, 'fuseBlown')).toEqual([]);
      expect(run.read('pack.current_A')).toBe(current);
    }
  });

  it('interrupts from the next tick, and for ever', async () => {
    const run = await packAt(-1000, 1, 0.01);
    const blown = eventsNamed(run, 'fuseBlown');
    expect(blown).toHaveLength(1);
    expect(run.read('pack.current_A')).toBe(0);
    expect(run.read('bus.voltage_V')).toBe(0);
    const { indicators } = await run.result();
    expect(indicators['chargeOut_Ah']! * 3600).toBeCloseTo(1000 * blown[0]!.time_s, 6);
  });

  it('forgets short overloads that are far apart', async () => {
    // Each second holds 15 ms at 1000 A, three quarters of the integral; the element cools with 0.5 s between them.
    const csv = `time_s,current_A\n${Array.from({ length: 60 }, (_, k) => `${2 * k},-1000\n${2 * k + 0.015},0`).join('\n')}\n`;
    const run = await finishedRun(
      {
        duration_s: 120,
        tick_s: 0.005,
        cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3), seriesResistance_Ohm: 0.0001 }),
        pack: { series: 2, fuse: FUSE },
        source: { csv: 'pulses.csv', column: 'current_A', interpolation: 'previous' },
      },
      { files: { 'pulses.csv': csv } },
    );
    expect(eventsNamed(run, 'fuseBlown')).toEqual([]);
  });

  it('does not interrupt more than its breaking capacity', async () => {
    const run = await packAt(-6000, 1, 0.01);
    expect(eventsNamed(run, 'fuseBlown')).toEqual([]);
    const beyond = eventsNamed(run, 'fuseBeyondBreakingCapacity');
    expect(beyond.map(({ value, limit }) => ({ value, limit }))).toEqual([{ value: -6000, limit: 5000 }]);
    expect(run.read('pack.current_A')).toBe(-6000);
  });

  it('stops charger and parasitic load at the terminals; the unit goes on', async () => {
    const run = await finishedRun({
      duration_s: 120,
      tick_s: 1,
      cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3) }),
      pack: { series: 4, fuse: { ...FUSE, i2t_A2s: 500, rating_A: 20 } },
      bms: { model: '8T', chemistry: 'LiFe', settings: { batteryCapacity_Ah: 100 } },
      source: [
        { charger: { current_A: 10, voltage_V: 14, endCurrent_A: 1 } },
        { parasitic_A: 0.1 },
        { constantCurrent_A: -90, from_s: 60, until_s: 62 },
      ],
    });
    expect(eventsNamed(run, 'fuseBlown').map((event) => event.time_s)).toEqual([61]);
    expect(run.read('pack.current_A')).toBe(0);
    expect(run.read('consumption.current_A')).toBeGreaterThan(0.1);
    expect(run.read('relay.closed[1]')).toBe(1);
  });
});
