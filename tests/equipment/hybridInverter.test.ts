/**
 * A hybrid inverter: both directions by one set point, its limits, and how far it is an inverter when it discharges.
 * Powers are those at the terminals of a stiff pack; losses follow from the efficiencies alone.
 */
import { describe, expect, it } from 'vitest';
import { energyBook } from '../plant/energyBook.ts';
import { constantCell, csvOf, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

const E = 52.8;
const R = 0.02;
const PACK: ScenarioObject = {
  duration_s: 60,
  tick_s: 0.1,
  cell: constantCell({ capacity_Ah: 100, ocv: flatOcv(3.3), seriesResistance_Ohm: R / 16 }),
  pack: { series: 16 },
};
const UNIT: ScenarioObject['bms'] = {
  model: '16T',
  chemistry: 'LiFe',
  topology: 'commonPort',
  consumption: 'none',
  settings: { batteryCapacity_Ah: 100 },
};
const HYBRID = { power_W: 0, maximumCharge_W: 2000, maximumDischarge_W: 3000 };
const withSource = (change: object, more: Partial<ScenarioObject> = {}): ScenarioObject => ({
  ...PACK,
  ...more,
  source: { hybridInverter: { ...HYBRID, ...change } },
});
type Read = { read(name: string): number };
const power_W = (run: Read) => run.read('pack.current_A') * run.read('pack.voltage_V');

describe('the set point', () => {
  it.each([
    { asked: 1000, given: 1000 },
    { asked: 5000, given: 2000 },
    { asked: -1000, given: -1000 },
    { asked: -5000, given: -3000 },
    { asked: 0, given: 0 },
  ])('of $asked W is $given W at the pack', async ({ asked, given }) => {
    expect(power_W(await finishedRun(withSource({ power_W: asked })))).toBeCloseTo(given, 9);
  });

  it('may be a profile through zero', async () => {
    const profile = { csv: 'set.csv', column: 'power_W', interpolation: 'linear' as const, scale: 2 };
    const files = { 'set.csv': csvOf('power_W', [[0, -400], [60, 800]]) }; // prettier-ignore
    const run = await openRun(withSource({ power_W: profile }), { files });
    for (const tick of [100, 400, 600]) {
      run.advance(tick);
      expect(power_W(run)).toBeCloseTo(2 * (-400 + 20 * (run.time_s - 0.05)), 6);
    }
  });

  it('can be changed while the run goes on, and not where it is a profile', async () => {
    const commands = [{ time_s: 30, set: 'source[0].hybridInverter.power_W', value: -700 }];
    expect(power_W(await finishedRun(withSource({ power_W: 500 }, { commands })))).toBeCloseTo(-700, 9);
    const profile = { csv: 'set.csv', column: 'power_W', interpolation: 'linear' as const };
    const files = { 'set.csv': csvOf('power_W', [[0, 0]]) };
    await expect(openRun(withSource({ power_W: profile }, { commands }), { files })).rejects.toMatchObject({
      details: { path: 'commands[0].set' },
    });
  });

  it('is refused where it is a current', async () => {
    const profile = { csv: 'set.csv', column: 'current_A', interpolation: 'linear' as const };
    const files = { 'set.csv': csvOf('current_A', [[0, 5]]) };
    await expect(openRun(withSource({ power_W: profile }), { files })).rejects.toThrow(/not a current/);
  });

  it.each([
    { change: { power_W: 1e8 }, path: 'source.hybridInverter.power_W', allowed: /from -10000000 to 10000000/ },
    { change: { chargeEfficiency_ratio: 1.1 }, path: 'source.hybridInverter.chargeEfficiency_ratio', allowed: /from 0.1 to 1/ },
    { change: { maximumCharge_W: 0 }, path: 'source.hybridInverter.maximumCharge_W', allowed: /from 1 to/ },
  ])('$path is refused out of its range', async ({ change, path, allowed }) => {
    await expect(openRun(withSource(change))).rejects.toMatchObject({ details: { path, allowed: expect.stringMatching(allowed) } });
  });
});

describe('what it loses is beyond the terminals', () => {
  const efficiencies = { chargeEfficiency_ratio: 0.8, dischargeEfficiency_ratio: 0.9 };
  it.each([
    { asked: 1000, loss_W: 1000 / 0.8 - 1000 },
    { asked: -1000, loss_W: 1000 * (1 - 0.9) },
  ])('$asked W lose $loss_W W', async ({ asked, loss_W }) => {
    const { indicators } = await (await finishedRun(withSource({ ...efficiencies, power_W: asked }))).result();
    expect(indicators['converterLoss_Wh']! * 60).toBeCloseTo(loss_W, 9);
    const { turnover_Wh, missing_Wh } = energyBook(indicators);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-12);
  });

  it('follows what its charge voltage lets through, beside a load', async () => {
    const hybridInverter = { ...HYBRID, ...efficiencies, power_W: 2000, chargeVoltage_V: 53 };
    const run = await finishedRun({ ...PACK, source: [{ hybridInverter }, { constantPower_W: -200 }] });
    expect(run.read('pack.voltage_V')).toBeCloseTo(53, 9);
    expect(run.read('pack.current_A')).toBeCloseTo((53 - E) / R, 9);
    const taken_W = power_W(run) + 200;
    expect((await run.result()).indicators['converterLoss_Wh']! * 60).toBeCloseTo(taken_W / 0.8 - taken_W, 6);
  });
});

describe('its low-voltage cut-off', () => {
  const limits = { lowVoltageCutOff_V: 52, reconnect_V: 52.7 };
  it('stops discharge until the reconnect voltage', async () => {
    const run = await finishedRun({
      ...PACK,
      duration_s: 400,
      tick_s: 1,
      source: [
        { hybridInverter: { ...HYBRID, ...limits, power_W: -1000 } },
        { constantCurrent_A: -30, from_s: 100, until_s: 200 },
        { constantCurrent_A: -6, from_s: 200, until_s: 300 },
      ],
    });
    expect(eventsNamed(run, 'inverterCutOff').map(({ time_s }) => time_s)).toEqual([101]);
    expect(eventsNamed(run, 'inverterCutOff', false).map(({ time_s }) => time_s)).toEqual([301]);
    expect(power_W(run)).toBeCloseTo(-1000, 9);
  });

  it('never stops a charge: a pack below it is charged', async () => {
    const low = constantCell({ capacity_Ah: 100, ocv: flatOcv(3), seriesResistance_Ohm: R / 16 });
    const run = await finishedRun({ ...withSource({ ...limits, power_W: 500 }), cell: low });
    expect(run.read('pack.voltage_V')).toBeLessThan(52);
    expect(power_W(run)).toBeCloseTo(500, 9);
    expect(eventsNamed(run, 'inverterCutOff')).toEqual([]);
  });
});

describe('when it discharges it is an inverter', () => {
  it.each(['hybridInverter', 'inverter'] as const)('%s: the same inrush, ripple and surge', async (kind) => {
    const input = { busCapacitance_F: 0.02, bleeder_Ohm: 10, ripple_ratio: 1, surge: { ratio: 2, duration_s: 1 } };
    const source =
      kind === 'inverter'
        ? { inverter: { ...input, outputPower_W: 1000, efficiency_ratio: 1 } }
        : { hybridInverter: { ...input, ...HYBRID, power_W: -1000 } };
    const commands = [
      { time_s: 5, do: 'powerOff' as const },
      { time_s: 20, do: 'powerOn' as const },
    ];
    const run = await openRun({ ...PACK, bms: UNIT, commands, source });
    let surging = 0;
    everyTick(run, () => {
      if (run.time_s > 20 && run.read('pack.current_A') < -37 && run.read('pack.current_A') > -40) surging++;
    });
    expect(surging).toBe(10);
    expect(eventsNamed(run, 'inrush').map(({ value }) => value)).toEqual([expect.closeTo(E / (R + 0.01), 3)]);
    expect(run.compiled.scalars.pack.rippleAmplitude_A).toBeCloseTo(-run.read('pack.current_A'), 9);
  });

  it('and when it charges it has no ripple', async () => {
    const run = await finishedRun(withSource({ power_W: 1000, ripple_ratio: 1 }));
    expect(run.compiled.scalars.pack).toMatchObject({ rippleAmplitude_A: 0, rippleSquare_A2: 0 });
  });

  it('charges only when its pre-charge is over', async () => {
    const commands = [
      { time_s: 5, do: 'powerOff' as const },
      { time_s: 20, do: 'powerOn' as const },
    ];
    const precharge = { resistance_Ohm: 25, time_s: 4 };
    const charging = { power_W: 500, busCapacitance_F: 0.02, bleeder_Ohm: 10, precharge };
    const run = await openRun(withSource(charging, { bms: UNIT, commands }));
    run.advance(40);
    expect(power_W(run)).toBeCloseTo(500, 6);
    let closed_s = Infinity;
    let charged_s = Infinity;
    everyTick(run, () => {
      if (run.time_s <= 20) return;
      if (run.read('relay.closed[1]') === 1) closed_s = Math.min(closed_s, run.time_s);
      if (run.read('pack.current_A') > 5) charged_s = Math.min(charged_s, run.time_s);
    });
    expect(charged_s - closed_s).toBeCloseTo(4, 0);
    expect(power_W(run)).toBeCloseTo(500, 6);
  });

  it.each([-1000, 1000])('set to %d W does and loses nothing where both relays are open', async (power) => {
    const commands = [{ time_s: 5, do: 'powerOff' as const }];
    const run = await openRun(withSource({ power_W: power }, { bms: UNIT, commands }));
    run.advance(40);
    expect(power_W(run)).toBeCloseTo(power, 9);
    run.advance(60);
    const loss_J = run.compiled.scalars.total.converterLoss_J;
    expect(loss_J).toBeGreaterThan(0);
    run.advance();
    expect(run.read('pack.current_A')).toBe(0);
    expect(run.compiled.scalars.total.converterLoss_J).toBe(loss_J);
  });
});
