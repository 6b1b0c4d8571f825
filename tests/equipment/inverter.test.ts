/**
 * Inverters: what they draw, when they cut off and come back, their capacitor, their surge and their ripple.
 * Inrush figures are the closed forms of a capacitor behind a resistance.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, csvOf, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';
import { energyBook } from '../plant/energyBook.ts';

const E = 52.8;
const CELL_OHM = 0.00125;
const R = 16 * CELL_OHM;
const PACK: ScenarioObject = {
  duration_s: 60,
  tick_s: 0.1,
  cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3), seriesResistance_Ohm: CELL_OHM }),
  pack: { series: 16 },
};
const UNIT: ScenarioObject['bms'] = { model: '16T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 100 } };
const inverter = { outputPower_W: 940, efficiency_ratio: 0.94, connection_Ohm: 0.01 };

describe('an inverter', () => {
  it('draws its output over its efficiency', async () => {
    const run = await finishedRun({ ...PACK, source: { inverter } });
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(-1000, 9);
  });

  it('follows a profile of its output', async () => {
    const outputPower_W = { csv: 'home.csv', column: 'power_W', interpolation: 'previous' as const };
    const files = { 'home.csv': csvOf('power_W', [[0, 470], [30, 940]]) }; // prettier-ignore
    const run = await openRun({ ...PACK, source: { inverter: { ...inverter, outputPower_W } } }, { files });
    run.advance(100);
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(-500, 9);
    run.advance();
    expect(run.read('pack.current_A') * run.read('pack.voltage_V')).toBeCloseTo(-1000, 9);
  });

  it.each([
    { column: 'current_A', value: 5, message: /not a current/ },
    { column: 'power_W', value: -5, message: /negative in row 2/ },
  ])('refuses an output of $value in $column', async ({ column, value, message }) => {
    const outputPower_W = { csv: 'home.csv', column, interpolation: 'previous' as const };
    const files = { 'home.csv': csvOf(column, [[0, value]]) };
    await expect(openRun({ ...PACK, source: { inverter: { ...inverter, outputPower_W } } }, { files })).rejects.toThrow(message);
  });

  it('without a capacitor loses its voltage with the relay, and starts anew with its surge', async () => {
    const run = await openRun({
      ...PACK,
      bms: UNIT,
      commands: [
        { time_s: 5, do: 'powerOff' },
        { time_s: 20, do: 'powerOn' },
      ],
      source: { inverter: { ...inverter, surge: { ratio: 2, duration_s: 1 } } },
    });
    const surging: number[] = [];
    everyTick(run, () => {
      if (run.read('pack.current_A') * run.read('pack.voltage_V') < -1900) surging.push(run.time_s);
    });
    expect(eventsNamed(run, 'inverterCutOff').map(({ time_s }) => time_s)).toEqual([expect.closeTo(5.1, 6)]);
    expect(surging).toHaveLength(10);
    expect(surging[0]).toBeGreaterThan(20);
  });

  it('cuts off below its limit, stays off, and comes back at its reconnect voltage', async () => {
    const run = await openRun({
      ...PACK,
      duration_s: 400,
      tick_s: 1,
      source: [
        { inverter: { ...inverter, lowVoltageCutOff_V: 52, reconnect_V: 52.7 } },
        { constantCurrent_A: -30, from_s: 100, until_s: 200 },
        { constantCurrent_A: -6, from_s: 200, until_s: 300 },
      ],
    });
    const running: boolean[] = [];
    everyTick(run, () => running.push(run.read('pack.current_A') < -15 && run.tick < 100 ? true : run.read('pack.current_A') < -15 - 30));
    const off = eventsNamed(run, 'inverterCutOff');
    const on = eventsNamed(run, 'inverterCutOff', false);
    // 49 A pull the pack to 51.8 V: off. 52.68 V under 6 A is too little to come back, 52.8 V is enough.
    expect(off.map(({ time_s }) => time_s)).toEqual([101]);
    expect(on.map(({ time_s }) => time_s)).toEqual([301]);
    expect(running.slice(1, 100).every(Boolean)).toBe(true);
    expect(run.read('pack.current_A')).toBeLessThan(-18);
  });
});

describe('a bus capacitor', () => {
  const closing = (change: object, tick_s = 0.1): ScenarioObject => ({
    ...PACK,
    tick_s,
    bms: UNIT,
    commands: [
      { time_s: 5, do: 'powerOff' },
      { time_s: 20, do: 'powerOn' },
    ],
    source: { inverter: { ...inverter, outputPower_W: 0, busCapacitance_F: 0.02, bleeder_Ohm: 10, ...change } },
  });

  it.each([0.1, 1])('takes V/R at its peak and V²C/2R in all when the relay closes, ticks of %d s', async (tick_s) => {
    const run = await finishedRun(closing({}, tick_s));
    const peak = E / (R + 0.01);
    expect(eventsNamed(run, 'inrush').map(({ value }) => value)).toEqual([expect.closeTo(peak, 3)]);
    expect(peak).toBeGreaterThan(1700);
    expect(eventsNamed(run, 'inrushSquare')[0]!.value).toBeCloseTo((E * E * 0.02) / 2 / (R + 0.01), 3);
    expect(run.read('bus.voltage_V')).toBeCloseTo(E, 6);
    // The capacitor's charge came out of the pack.
    const { indicators } = await run.result();
    expect(indicators['chargeOut_Ah']! * 3600).toBeCloseTo(E * 0.02, 6);
  });

  it.each([0.1, 1])(
    'heats the pack by its integral, in ticks of %d s, and the energy for it came through the terminals',
    async (tick_s) => {
      const run = await finishedRun(closing({}, tick_s));
      const { indicators } = await run.result();
      expect((indicators['cellLoss_Wh']! * 3600) / (R * eventsNamed(run, 'inrushSquare')[0]!.value!)).toBeCloseTo(1, 6);
      const { turnover_Wh, missing_Wh } = energyBook(indicators);
      expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-12);
    },
  );

  it('through a pre-charge resistor takes 2.1 A, and little when the timer bridges it', async () => {
    const run = await finishedRun(closing({ precharge: { resistance_Ohm: 25, time_s: 2.5 } }));
    const [first, second] = eventsNamed(run, 'inrush');
    expect(first!.value).toBeCloseTo(E / (25 + R + 0.01), 2);
    expect(second!.time_s - first!.time_s).toBeCloseTo(2.5, 9);
    // Five time constants of 0.5 s leave exp(-5) of the voltage.
    expect(second!.value).toBeCloseTo((E * Math.exp(-2.5 / (25.03 * 0.02))) / (R + 0.01), 3);
  });

  it('keeps its charge over a short opening', async () => {
    const run = await finishedRun(closing({ bleeder_Ohm: 10_000 }));
    // 15 s and the second until the relay closes, against 200 s.
    const inrush = eventsNamed(run, 'inrush')[0]!;
    const open_s = inrush.time_s - 5;
    expect(inrush.value).toBeCloseTo((E * (1 - Math.exp(-open_s / 200))) / (R + 0.01), 1);
  });

  it('melts a small fuse by its inrush alone', async () => {
    const fuse = { rating_A: 20, i2t_A2s: 500, breakingCapacity_A: 20_000, resistance_Ohm: 0.003 };
    const small = await finishedRun({ ...closing({}, 1), pack: { series: 16, fuse } });
    expect(eventsNamed(small, 'fuseBlown')).toHaveLength(1);
    expect(eventsNamed(small, 'fuseBlown')[0]!.value).toBeCloseTo(-E / (R + 0.01 + 0.003), 3);
    const large = await finishedRun({ ...closing({}, 1), pack: { series: 16, fuse: { ...fuse, i2t_A2s: 1000 } } });
    expect(eventsNamed(large, 'fuseBlown')).toEqual([]);
  });
});

describe('a surge', () => {
  const starting = (duration_s: number): ScenarioObject => ({
    ...PACK,
    source: { inverter: { ...inverter, surge: { ratio: 3, duration_s } }, from_s: 10 },
  });
  it('acts in whole ticks', async () => {
    const run = await openRun(starting(0.5));
    let ticks = 0;
    everyTick(run, () => {
      const power = -run.read('pack.current_A') * run.read('pack.voltage_V');
      if (power > 2999) ticks++;
    });
    expect(ticks).toBe(5);
    expect(eventsNamed(run, 'surgeBelowTick')).toEqual([]);
  });

  it('shorter than a tick is told, not lost', async () => {
    const run = await finishedRun(starting(0.02));
    const [told] = eventsNamed(run, 'surgeBelowTick');
    expect(told!.time_s).toBeCloseTo(10, 9);
    expect(told!.value).toBeCloseTo(-3000 / E, 6);
  });
});

describe('ripple', () => {
  it.each([0, 0.5, 1])('of ratio %d adds ratio² I²/2 to the mean square', async (ripple_ratio) => {
    const run = await finishedRun({ ...PACK, source: { inverter: { ...inverter, ripple_ratio } } });
    const i = run.read('pack.current_A');
    expect(run.compiled.scalars.pack.rippleSquare_A2).toBeCloseTo((ripple_ratio * i) ** 2 / 2, 9);
  });

  it('of two inverters adds in amplitude, and has the frequency of the larger while it runs', async () => {
    const small = { ...inverter, outputPower_W: 100, ripple_ratio: 1, rippleFrequency_Hz: 120.5 };
    const large = { ...inverter, outputPower_W: 400, ripple_ratio: 0.5 };
    const run = await openRun({ ...PACK, source: [{ inverter: small }, { inverter: large, until_s: 30 }] });
    const { pack } = run.compiled.scalars;
    run.advance(200);
    const share = run.read('pack.current_A') / 500;
    expect(pack.rippleAmplitude_A).toBeCloseTo(-(100 * share + 0.5 * 400 * share), 9);
    expect(pack.rippleFrequency_Hz).toBe(100);
    run.advance(400);
    expect(pack.rippleAmplitude_A).toBeCloseTo(-run.read('pack.current_A'), 9);
    expect(pack.rippleFrequency_Hz).toBe(120.5);
  });

  it.each([9.9, 1000.1])('at %d Hz is refused', async (rippleFrequency_Hz) => {
    await expect(openRun({ ...PACK, source: { inverter: { ...inverter, rippleFrequency_Hz } } })).rejects.toMatchObject({
      details: { path: 'source.inverter.rippleFrequency_Hz', value: rippleFrequency_Hz, allowed: 'a number from 10 to 1000' },
    });
  });

  it('ends with the relay', async () => {
    const commands = [{ time_s: 5, do: 'powerOff' as const }];
    const run = await finishedRun({ ...PACK, bms: UNIT, commands, source: { inverter: { ...inverter, ripple_ratio: 1 } } });
    expect(run.compiled.scalars.pack).toMatchObject({ rippleAmplitude_A: 0, rippleFrequency_Hz: 0, rippleSquare_A2: 0 });
  });

  it('heats cells, tabs, joints and bars as its mean square says, and the energy for it came through the terminals', async () => {
    const [series, parallel, tab_Ohm, link_Ohm, bus_Ohm] = [4, 3, 0.0004, 0.0002, 0.0003];
    const pack = { series, parallel, tab_Ohm, link_Ohm, bus_Ohm, terminals: 'same' as const };
    const stiff = { ...PACK, pack, thermal: null, source: { inverter: { ...inverter, outputPower_W: 400, ripple_ratio: 1 } } };
    const run = await finishedRun(stiff);
    const { indicators } = await run.result();
    const square = 1.5 * run.read('pack.current_A') ** 2;
    const shares = Array.from({ length: parallel }, (_, p) => run.read(`cell.current_A[0][${p}]`) / run.read('pack.current_A'));
    const squares = shares.reduce((sum, share) => sum + share ** 2, 0);
    const bars_Ohm = 2 * bus_Ohm * ((shares[1]! + shares[2]!) ** 2 + shares[2]! ** 2);
    const joints_Ohm = series * (tab_Ohm * squares + bars_Ohm) + (series - 1) * link_Ohm;
    expect(indicators['cellLoss_Wh']! / ((series * CELL_OHM * squares * square * 60) / 3600)).toBeCloseTo(1, 10);
    expect(indicators['jointLoss_Wh']! / ((joints_Ohm * square * 60) / 3600)).toBeCloseTo(1, 10);
    const { turnover_Wh, missing_Wh } = energyBook(indicators);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-12);
  });

  it('heats the fuse: at ratio 1 it melts at 1.22 times less', async () => {
    const fuse = { rating_A: 14, i2t_A2s: 5000, breakingCapacity_A: 1000, timeConstant_s: 10 };
    const at = (ripple_ratio: number) =>
      finishedRun({ ...PACK, duration_s: 600, tick_s: 1, pack: { series: 16, fuse }, source: { inverter: { ...inverter, ripple_ratio } } });
    expect(eventsNamed(await at(0), 'fuseBlown')).toEqual([]);
    expect(eventsNamed(await at(1), 'fuseBlown')).toHaveLength(1);
  });
});
