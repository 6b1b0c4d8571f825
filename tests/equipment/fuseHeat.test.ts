/**
 * The main fuse as a resistance: what equipment sees of it, the energy that it takes and how warm it gets.
 * Expected values are the closed solutions of a stiff pack behind E + R I.
 */
import { describe, expect, it } from 'vitest';
import { energyBook } from '../plant/energyBook.ts';
import { constantCell, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

const E = 13.2;
const R = 0.04;
const FUSE = { rating_A: 100, i2t_A2s: 20_000, breakingCapacity_A: 5000, resistance_Ohm: 0.002, toAmbient_W_per_K: 0.25 };

/** Four cells of 3.3 V and 10 mOhm, whatever their charge. */
function packWith(source: ScenarioObject['source'], fuse: object | null = FUSE): ScenarioObject {
  return {
    duration_s: 60,
    tick_s: 1,
    ambient_degC: 20,
    thermal: null,
    cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3) }),
    pack: { series: 4, fuse: fuse as NonNullable<ScenarioObject['pack']>['fuse'] },
    source,
  };
}

describe('what equipment sees', () => {
  it('a resistor draws E / (R + fuse + load), and the bus has what is left', async () => {
    const run = await finishedRun(packWith({ constantResistance_Ohm: 2 }));
    const current = -E / (R + FUSE.resistance_Ohm + 2);
    expect(run.read('pack.current_A')).toBeCloseTo(current, 12);
    expect(run.read('bus.voltage_V')).toBeCloseTo(-2 * current, 12);
    expect(run.read('pack.voltage_V')).toBeCloseTo(E + R * current, 12);
  });

  it('a constant power is drawn past the fuse, a charger holds its voltage there', async () => {
    const load = await finishedRun(packWith({ constantPower_W: -500 }));
    expect(load.read('pack.current_A') * load.read('bus.voltage_V')).toBeCloseTo(-500, 9);
    const charger = await finishedRun(packWith({ charger: { current_A: 100, voltage_V: 14, endCurrent_A: 1 } }));
    expect(charger.read('bus.voltage_V')).toBeCloseTo(14, 12);
    expect(charger.read('pack.current_A')).toBeCloseTo((14 - E) / (R + FUSE.resistance_Ohm), 12);
  });

  it('the unit, and a parasitic load before the shunt, are not behind it', async () => {
    const run = await finishedRun(packWith({ parasitic_W: 132, beforeShunt: true }));
    expect(run.read('pack.current_A')).toBe(0);
    expect(run.read('bus.voltage_V')).toBe(run.read('pack.voltage_V'));
    expect((await run.result()).indicators['fuseLoss_Wh']).toBe(0);
  });

  it.each([
    { rating_A: 30, drop_V: 0.06 },
    { rating_A: 100, drop_V: 0.06 },
    { rating_A: 100, resistance_Ohm: 0, drop_V: 0 },
  ])('at its rating it drops $drop_V V where the file says %j', async ({ drop_V, ...given }) => {
    const fuse = { i2t_A2s: 20_000, breakingCapacity_A: 5000, ...given };
    const run = await finishedRun(packWith({ constantCurrent_A: -given.rating_A }, fuse));
    expect(run.read('pack.voltage_V') - run.read('bus.voltage_V')).toBeCloseTo(drop_V, 12);
  });
});

describe('its heat', () => {
  it('is R I² t, and the energy books close with it', async () => {
    const run = await finishedRun(packWith({ constantCurrent_A: -80 }));
    const { indicators } = await run.result();
    expect(indicators['fuseLoss_Wh']).toBeCloseTo((0.002 * 80 ** 2 * 60) / 3600, 12);
    expect(indicators['energyOut_Wh']).toBeCloseTo(((E - 80 * (R + 0.002)) * 80 * 60) / 3600, 9);
    const { turnover_Wh, missing_Wh } = energyBook(indicators);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-12);
  });

  it('counts ripple by its mean square, and an inrush by its integral', async () => {
    const inverter = { outputPower_W: 470, efficiency_ratio: 0.94, ripple_ratio: 1, busCapacitance_F: 0.02, bleeder_Ohm: 10 };
    const rippling = await finishedRun(packWith({ inverter }));
    const square = 1.5 * rippling.read('pack.current_A') ** 2;
    expect((await rippling.result()).indicators['fuseLoss_Wh']).toBeCloseTo((0.002 * square * 60) / 3600, 9);

    const commands = [
      { time_s: 5, do: 'powerOff' as const },
      { time_s: 20, do: 'powerOn' as const },
    ];
    const bms = { model: '8T', chemistry: 'LiFe', consumption: 'none' } as const;
    const idle = { ...inverter, outputPower_W: 0 };
    const closing = await finishedRun({ ...packWith({ inverter: idle }), bms, commands });
    const { indicators } = await closing.result();
    const inrush_A2s = eventsNamed(closing, 'inrushSquare')[0]!.value!;
    expect((indicators['fuseLoss_Wh']! * 3600) / (0.002 * inrush_A2s)).toBeCloseTo(1, 6);
    const { turnover_Wh, missing_Wh } = energyBook(indicators);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-12);
  });

  it.each([1, 20, 60])('warms its body along the exponential, in ticks of %d s, and it cools when the load ends', async (tick_s) => {
    const source = { constantCurrent_A: -100, until_s: 1200 };
    const run = await openRun({ ...packWith(source), tick_s, duration_s: 2400 });
    const rise_K = (0.002 * 100 ** 2) / 0.25;
    const warmed_K = rise_K * -Math.expm1(-1200 / 600);
    everyTick(run, () => {
      const after_s = run.time_s - 1200;
      const expected_K = after_s <= 0 ? rise_K * -Math.expm1(-run.time_s / 600) : warmed_K * Math.exp(-after_s / 600);
      expect(run.read('fuse.temperature_degC') - 20).toBeCloseTo(expected_K, 9);
    });
  });

  it('by default its rating warms it by 60 K, and it goes on cooling after it has melted', async () => {
    const fuse = { rating_A: 100, i2t_A2s: 20_000, breakingCapacity_A: 5000, timeConstant_s: 60 };
    const rated = await finishedRun({ ...packWith({ constantCurrent_A: 100 }, fuse), duration_s: 6000 });
    expect(rated.read('fuse.temperature_degC')).toBeCloseTo(80, 6);
    const melted = await openRun({ ...packWith({ constantCurrent_A: -1000 }, fuse), duration_s: 600 });
    melted.advance(1);
    expect(eventsNamed(melted, 'fuseBlown')).toHaveLength(1);
    const hot_K = melted.read('fuse.temperature_degC') - 20;
    expect(hot_K).toBeGreaterThan(50);
    melted.advance(61);
    expect(melted.read('fuse.temperature_degC') - 20).toBeCloseTo(hot_K * Math.exp(-1), 9);
  });

  it('has a temperature only where there is a fuse', async () => {
    const expecting = { ...packWith(null, null), expect: [{ channel: 'fuse.temperature_degC', atMost: 100 }] };
    await expect(openRun(expecting)).rejects.toMatchObject({ details: { path: 'expect[0].channel', value: 'fuse.temperature_degC' } });
  });
});
