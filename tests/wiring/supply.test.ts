/**
 * What the unit takes from the pack, how it is fed, and what happens when it is not.
 * Vendor's figures at 48 V: 55 mA awake, 192.5 mA more for every closed 100 A relay.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, everyTick, finishedRun, flatOcv, openRun } from '../scenarios.ts';
import { bench, type BmsFile, CHARGE, DISCHARGE, type FaultFile, PACK_V, runTo } from './bench.ts';

const AT_48_V = constantCell({ capacity_Ah: 1000, ocv: flatOcv(3), seriesResistance_Ohm: 0 });
const AWAKE_A = 0.055;
const COIL_W = 9.3;
const FED: Partial<BmsFile> = { consumption: 'vendor', currentVersion_A: 100 };
const drawn = (run: Run) => run.read('consumption.current_A');
const timesOf = (run: Run, code: Parameters<typeof eventsNamed>[1], active = true) =>
  eventsNamed(run, code, active).map(({ time_s }) => Math.round(time_s * 1e6) / 1e6);

describe('a day at 48 V', () => {
  const DAY_S = 86_400;

  it.each([
    ['both relays closed', [], 0.44, 10.6],
    ['one relay closed', [{ fault: 'openCoil', target: 'charge' }], 0.2475, 5.94],
    [
      'no relay closed',
      [
        { fault: 'openCoil', target: 'charge' },
        { fault: 'openCoil', target: 'discharge' },
      ],
      0.055,
      1.32,
    ],
  ] as [string, FaultFile[], number, number][])(
    '%s: the vendor’s current, and the shunt never sees it',
    async (_, faults, vendor_A, day_Ah) => {
      const run = await finishedRun(bench({ cell: AT_48_V, tick_s: 60, duration_s: DAY_S, unit: FED, faults }));
      expect(Math.abs(drawn(run) / vendor_A - 1)).toBeLessThan(0.006);
      const { indicators } = await run.result();
      expect(Math.abs(indicators['consumption_Ah']! / day_Ah - 1)).toBeLessThan(0.006);
      expect([indicators['chargeOut_Ah'], run.read('pack.current_A'), run.read('measured.current_A')]).toEqual([0, 0, 0]);
      expect(run.read('estimate.soc')).toBe(0.5);
      expect(run.read('cell.soc[0][0]')).toBeCloseTo(0.5 - indicators['consumption_Ah']! / 1000, 9);
    },
  );

  it.each([
    ['an open coil', [{ fault: 'openCoil', target: 'charge' }], 1],
    ['a coil for 24 V', [{ fault: 'wrongCoil', target: 'charge' }], 1.25],
    ['coils at half their voltage', [{ fault: 'coilSupplySag', severity: 6 }], 0.5],
    ['coils of 1.2 A', [{ fault: 'heavyCoil', severity: 1.2 }], (2 * 1.2) / 0.75],
  ] as [string, FaultFile[], number][])('the current goes with what the coils take: %s', async (_, faults, coils) => {
    const run = await runTo(bench({ cell: AT_48_V, unit: FED, faults }), 5);
    expect(drawn(run)).toBeCloseTo(AWAKE_A + (coils * COIL_W) / 48, 6);
  });

  it('a unit that is off takes nothing', async () => {
    const run = await finishedRun(bench({ cell: AT_48_V, unit: { ...FED, switchedOn: false } }));
    expect((await run.result()).indicators['consumption_Ah']).toBe(0);
  });
});

describe('after an over-discharge trip', () => {
  it('the unit and the coil of the charge relay go on emptying the pack', async () => {
    const cell = constantCell({ capacity_Ah: 2, ocv: { soc: [0, 0.1, 1], voltage_V: [2.2, 3, 3.4] }, seriesResistance_Ohm: 0.01 });
    const run = await openRun(
      bench({
        cell,
        tick_s: 1,
        duration_s: 3 * 3600,
        pack: { initialSoc: 0.1 },
        source: { constantCurrent_A: -1 },
        unit: { ...FED, settings: { batteryCapacity_Ah: 2 } },
      }),
    );
    while (eventsNamed(run, 'overDischarge').length === 0) run.advance(run.tick + 1);
    run.advance(run.tick + 5);
    const [soc, tripped_s] = [run.read('cell.soc[0][0]'), run.time_s];
    expect([run.read('relay.closed[0]'), run.read('relay.closed[1]'), run.read('pack.current_A')]).toEqual([1, 0, 0]);
    const power = drawn(run) * run.read('pack.voltage_V');
    expect(power).toBeGreaterThan(COIL_W + 1.9);
    expect(power).toBeLessThan(COIL_W + 2.7);
    run.advance(run.tick + 3600);
    expect(run.time_s - tripped_s).toBe(3600);
    // More than 200 mAh within the hour; two hours later the cells are below their absolute limit.
    expect((soc - run.read('cell.soc[0][0]')) * 2).toBeGreaterThan(0.2);
    run.advance();
    expect((await run.result()).indicators['highestCellVoltage_V']).toBeLessThan(3.1);
    for (let group = 0; group < 16; group++) expect(run.read(`cell.voltage_V[${group}][0]`)).toBeLessThan(2);
  });
});

describe('fed through the end wires', () => {
  const harness = { wire_Ohm: 0.06, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 2.75 };
  const fed = (faults: FaultFile[], more: object = {}) =>
    bench({ harness, duration_s: 30, unit: FED, source: { constantCurrent_A: -10 }, faults, ...more });
  // 52.8 V lies between the 48 V and 60 V of the vendor's table.
  const AWAKE_W = 48 * 0.055 + (4.8 / 12) * (60 * 0.04875 - 48 * 0.055);

  it.each([0, 0.5, 10])('of %d Ohm more the unit takes the current of its power behind them', async (extra_Ohm) => {
    const faults: FaultFile[] = extra_Ohm === 0 ? [] : [{ fault: 'corrodedSenseWire', target: 0, severity: extra_Ohm }];
    const run = await runTo(fed(faults), 5);
    const path = 0.12 + extra_Ohm;
    const power = AWAKE_W + 2 * COIL_W;
    expect(drawn(run)).toBeCloseTo((PACK_V - Math.sqrt(PACK_V ** 2 - 4 * power * path)) / (2 * path), 9);
  });

  it.each(['negative', 'positive'])(
    'an open %s end wire browns the unit out: both relays fall open, and healing starts it again',
    async (target) => {
      const run = await openRun(fed([{ fault: 'openEndWire', target, when: { time_s: 5 }, for_s: 10 }]));
      const off: number[] = [];
      everyTick(run, (tick) => {
        if (tick > 0 && run.read('pack.current_A') === 0) off.push(tick);
        if (run.time_s > 6 && run.time_s < 14.9) expect(drawn(run)).toBe(0);
      });
      expect(timesOf(run, 'brownOut')).toEqual([5]);
      expect(timesOf(run, 'brownOut', false)).toEqual([15]);
      // The unit sees it a tick later, boots, measures a second later and closes its relays.
      expect(timesOf(run, 'unitOn', false)).toEqual([5.1]);
      expect(timesOf(run, 'unitOn')).toEqual([15.1]);
      expect(timesOf(run, 'dischargeRelayClosed', false)).toEqual([5.1]);
      expect(timesOf(run, 'dischargeRelayClosed')).toEqual([16.1]);
      expect([off[0], off.at(-1)]).toEqual([52, 161]);
      expect(run.read('measuredCell.voltage_V[0]')).toBeCloseTo(3.272, 9);
    },
  );

  it('with a lead of its own the unit runs on, and the end cell reads 0 V', async () => {
    const own = { harness: { ...harness, supply: 'ownLead' as const } };
    const run = await finishedRun(fed([{ fault: 'openEndWire', target: 'negative', when: { time_s: 5 } }], own));
    expect(eventsNamed(run, 'brownOut')).toEqual([]);
    expect(run.read('measuredCell.voltage_V[0]')).toBe(0);
    expect(eventsNamed(run, 'overDischarge')).toHaveLength(1);
  });

  // U² = 4 P R is as much as both end wires together can carry.
  const most_Ohm = PACK_V ** 2 / (4 * (AWAKE_W + 2 * COIL_W)) - 0.12;
  it.each([
    [Math.floor(most_Ohm), false],
    [Math.ceil(most_Ohm), true],
  ])('corroded end wires of %d Ohm: the unit falls over its own coils, again and again: %s', async (both_Ohm, falls) => {
    const faults: FaultFile[] = [0, 16].map((target) => ({ fault: 'corrodedSenseWire', target, severity: both_Ohm / 2 }));
    const settings = { overDischargeProtectionVoltage_V: 1 };
    const run = await finishedRun(fed(faults, { unit: { ...FED, settings } }));
    if (falls) expect(timesOf(run, 'brownOut').length).toBeGreaterThan(10);
    else expect(eventsNamed(run, 'brownOut')).toEqual([]);
    expect(timesOf(run, 'unitOn').length).toBe(timesOf(run, 'brownOut', false).length);
  });
});

describe('a dip of the supply', () => {
  it.each(['vendor', 'none'] as const)('of 0.5 s restarts the unit (consumption %s); half the voltage does not', async (consumption) => {
    const dipped = (severity: number) =>
      finishedRun(
        bench({
          unit: { consumption },
          source: { constantCurrent_A: -10 },
          faults: [{ fault: 'supplyDip', severity, when: { time_s: 5 } }],
        }),
      );
    const deep = await dipped(0);
    expect(timesOf(deep, 'brownOut')).toEqual([5]);
    expect(timesOf(deep, 'brownOut', false)).toEqual([5.5]);
    for (const relay of [CHARGE, DISCHARGE]) expect(deep.read(`relay.closed[${relay}]`)).toBe(1);
    expect(timesOf(deep, 'chargeRelayClosed', false)).toEqual([5.1]);
    expect(timesOf(deep, 'chargeRelayClosed')).toEqual([6.6]);
    const shallow = await dipped(0.5);
    expect(eventsNamed(shallow, 'brownOut')).toEqual([]);
    expect(eventsNamed(shallow, 'chargeRelayClosed', false)).toEqual([]);
  });

  it('an output at 0 V is no supply at 0 V: the relays open, the unit runs on', async () => {
    const run = await finishedRun(bench({ faults: [{ fault: 'coilSupplySag', severity: 0, when: { time_s: 5 } }] }));
    expect(run.read('relay.closed[1]')).toBe(0);
    expect(eventsNamed(run, 'brownOut')).toEqual([]);
    expect(run.compiled.scalars.unit.running).toBe(1);
  });
});
