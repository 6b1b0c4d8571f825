/**
 * The same pack at ticks from 0.1 s to 60 s: coarse ticks cost accuracy, about in proportion, and never make it ring.
 * Against 0.1 s, because the model's own limit is meant here and not the world.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, csvOf, everyTick, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { energyBook } from './energyBook.ts';
import { compensatedSum } from './formulas.ts';

const TICKS_s = [0.1, 1, 10, 60] as const;

/** A first-order error is proportional to the tick, and what it is held against has its own. */
const shareOf = (tick_s: number) => tick_s - TICKS_s[0];

const CHARGE_END_s = 5400;
const LOAD_START_s = 7200;
const LOAD_END_s = 9000;
const REST_END_s = 18_000;

const cell = constantCell({
  capacity_Ah: 4,
  seriesResistance_Ohm: 0.02,
  rc: [
    { resistance_Ohm: 0.01, timeConstant_s: 20 },
    { resistance_Ohm: 0.015, timeConstant_s: 600 },
  ],
});

/** Charged to 7.9 V, rested, loaded with 60 W, and rested for long. */
function pack(tick_s: number): ScenarioObject {
  return {
    cell,
    seed: 9,
    tick_s,
    duration_s: REST_END_s,
    thermal: { heatCapacity_J_per_K: 60, toAmbient_W_per_K: 0.1, neighbour_W_per_K: 0.2 },
    pack: {
      series: 2,
      parallel: 3,
      initialSoc: 0.5,
      bus_Ohm: 0.0005,
      tab_Ohm: 0.001,
      link_Ohm: 0.0005,
      spread: { capacity_ratio: 0.05, seriesResistance_ratio: 0.15, initialSoc: 0.02 },
    },
    source: [
      { charger: { current_A: 8, voltage_V: 7.9, endCurrent_A: 0 }, until_s: CHARGE_END_s },
      { csv: 'load.csv', column: 'power_W', interpolation: 'previous', from_s: LOAD_START_s, until_s: LOAD_END_s },
    ],
  };
}

const files = { 'load.csv': csvOf('power_W', [[0, -60]]) };
const places = [0, 1].flatMap((group) => [0, 1, 2].map((position) => `[${group}][${position}]`));
const each = (run: Run, channel: string) => places.map((place) => run.read(`${channel}${place}`));

interface Look {
  time_s: number;
  soc: number[];
  voltage_V: number[];
  current_A: number[];
  temperature_degC: number[];
}

/** What the pack shows every minute. */
async function looksAt(tick_s: number): Promise<Look[]> {
  const run = await openRun(pack(tick_s), { files });
  const looks: Look[] = [];
  for (let time_s = 60; time_s <= REST_END_s; time_s += 60) {
    run.advance(Math.round(time_s / tick_s));
    looks.push({
      time_s,
      soc: each(run, 'cell.soc'),
      voltage_V: each(run, 'cell.voltage_V'),
      current_A: each(run, 'cell.current_A'),
      temperature_degC: each(run, 'cell.temperature_degC'),
    });
  }
  return looks;
}

type Quantity = Exclude<keyof Look, 'time_s'>;

/** Largest difference in a quantity over all looks of a phase. */
function farthest(a: Look[], b: Look[], quantity: Quantity, from_s = 0, until_s = REST_END_s): number {
  return a.reduce((worst, look, index) => {
    if (look.time_s <= from_s || look.time_s > until_s) return worst;
    const differences = look[quantity].map((value, place) => Math.abs(value - b[index]![quantity][place]!));
    return Math.max(worst, ...differences);
  }, 0);
}

describe('a pack of unequal cells that is charged, loaded with power and rested', () => {
  const looks = new Map<number, Look[]>();
  beforeAll(async () => {
    for (const tick_s of TICKS_s) looks.set(tick_s, await looksAt(tick_s));
  });
  const errors = (quantity: Quantity, from_s?: number, until_s?: number) =>
    [1, 10, 60].map((tick_s) => farthest(looks.get(tick_s)!, looks.get(0.1)!, quantity, from_s, until_s));

  it.each([1, 10, 60])('ticks of %d s give numbers and nothing else', (tick_s) => {
    for (const { soc, voltage_V, current_A, temperature_degC } of looks.get(tick_s)!)
      expect([...soc, ...voltage_V, ...current_A, ...temperature_degC].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['soc', 2e-3],
    ['voltage_V', 3e-3],
  ] as const)('the error of %s against 0.1 s grows in proportion to the tick, to %d at 60 s', (quantity, most) => {
    const [one, ten, sixty] = errors(quantity) as [number, number, number];
    for (const [error, tick_s] of [
      [ten, 10],
      [sixty, 60],
    ] as const) {
      const order = Math.log(error / one) / Math.log(shareOf(tick_s) / shareOf(1));
      expect(Math.abs(order - 1)).toBeLessThanOrEqual(0.15);
    }
    expect(sixty).toBeLessThanOrEqual(most);
  });

  it('temperatures go with the slow step (16 s, 10 s and 60 s) and stay within 0.1 K', () => {
    for (const error of errors('temperature_degC')) expect(error).toBeLessThanOrEqual(0.1);
  });
});

describe.each(TICKS_s.slice(1))('at a tick of %d s nothing rings', (tick_s) => {
  it('the charger holds its voltage, and its current only falls', async () => {
    const run = await openRun(pack(tick_s), { files });
    let before = Infinity;
    everyTick(
      run,
      () => {
        const [current, voltage] = [run.read('pack.current_A'), run.read('pack.voltage_V')];
        expect(current).toBeGreaterThan(0);
        expect(voltage).toBeLessThanOrEqual(7.9 + 1e-3);
        if (current < 8 - 1e-9) expect(current).toBeLessThanOrEqual(before + 1e-9);
        if (current < 7) expect(Math.abs(voltage - 7.9)).toBeLessThanOrEqual(1e-3);
        before = current;
      },
      CHARGE_END_s / tick_s,
    );
    expect(before).toBeLessThan(2);
  });

  it('under constant power the current only grows while the voltage falls', async () => {
    const run = await openRun(pack(tick_s), { files });
    run.advance(LOAD_START_s / tick_s + 1);
    let before = run.read('pack.current_A');
    everyTick(
      run,
      () => {
        expect(run.read('pack.current_A')).toBeLessThanOrEqual(before + 1e-9);
        before = run.read('pack.current_A');
      },
      LOAD_END_s / tick_s,
    );
    expect(before * run.read('pack.voltage_V')).toBeCloseTo(-60, 1);
  });

  it('in the long rest voltages recover, temperatures fall and circulating currents die away', async () => {
    const run = await openRun(pack(tick_s), { files });
    const settled_s = LOAD_END_s + 1800;
    run.advance(settled_s / tick_s);
    const state = () => ({
      circulating_A: Math.max(...each(run, 'cell.current_A').map(Math.abs)),
      voltage_V: run.read('pack.voltage_V'),
      hottest_degC: Math.max(...each(run, 'cell.temperature_degC')),
    });
    let before = state();
    everyTick(run, () => {
      const now = state();
      expect(now.circulating_A).toBeLessThanOrEqual(before.circulating_A + 1e-9);
      expect(now.voltage_V).toBeGreaterThanOrEqual(before.voltage_V - 1e-9);
      expect(now.hottest_degC).toBeLessThanOrEqual(before.hottest_degC + 1e-9);
      before = now;
    });
    expect(before.circulating_A).toBeLessThan(5e-3);
  });
});

/** Energy through the terminals beyond mean voltage times mean current of every tick, over what was lost. */
async function drift(tick_s: number): Promise<number> {
  const run = await openRun(pack(tick_s), { files });
  const { pack: terminals } = run.compiled.scalars;
  const ticks_Wh: number[] = [];
  everyTick(run, (tick) => {
    if (tick > 0) ticks_Wh.push((terminals.meanVoltage_V * terminals.current_A * tick_s) / 3600);
  });
  const found = (await run.result()).indicators;
  const losses_Wh = found['cellLoss_Wh']! + found['jointLoss_Wh']!;
  return Math.abs(found['energyIn_Wh']! - found['energyOut_Wh']! - compensatedSum(ticks_Wh)) / losses_Wh;
}

it('the energy by currents that drift within a tick shrinks with the square of the tick', async () => {
  const [one, ten, sixty] = await Promise.all([drift(1), drift(10), drift(60)]);
  expect(one).toBeLessThanOrEqual(1e-6);
  expect(ten).toBeLessThanOrEqual(1e-4);
  expect(sixty).toBeLessThanOrEqual(3e-3);
  expect(ten / one).toBeGreaterThan(30);
});

it.each(TICKS_s)('the energy books close at a tick of %d s', async (tick_s) => {
  const { turnover_Wh, missing_Wh } = energyBook((await (await finishedRun(pack(tick_s), { files })).result()).indicators);
  expect(turnover_Wh).toBeGreaterThan(40);
  expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-9);
});

it('ticks of 1 ms run, and end where ticks of 0.1 s end', async () => {
  const short = (tick_s: number): ScenarioObject => ({ ...pack(tick_s), duration_s: 20, source: { constantCurrent_A: -12 } });
  const [fine, usual] = await Promise.all([finishedRun(short(0.001)), finishedRun(short(0.1))]);
  expect(fine.tick).toBe(20_000);
  for (const channel of ['cell.soc', 'cell.voltage_V'])
    each(fine, channel).forEach((value, place) => expect(Math.abs(value - each(usual, channel)[place]!)).toBeLessThanOrEqual(1e-5));
});
