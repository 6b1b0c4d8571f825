/**
 * Coils, driver and contacts: what a technician sees on the output, on the bus and on the relay itself.
 * Figures of drop, heat and charge are closed forms of one resistor and one thermal body.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, everyTick, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, CHARGE, DISCHARGE, OFF_AT, ON_AT, PACK_V, runTo } from './bench.ts';

const closed = (run: Run, relay: number) => run.read(`relay.closed[${relay}]`);
const coil_V = (run: Run, relay: number) => run.read(`relay.coilVoltage_V[${relay}]`);
const current_A = (run: Run) => run.read('pack.current_A');
const timesOf = (run: Run, code: Parameters<typeof eventsNamed>[1], active = true) =>
  eventsNamed(run, code, active).map(({ time_s }) => Math.round(time_s * 1e6) / 1e6);

describe('a coil', () => {
  it.each([
    [12, true],
    [16, true],
    [16.1, false],
    [24, false],
  ])('for %d V on an output of 12 V closes: %s', async (coilVoltage_V, closes) => {
    const run = await finishedRun(bench({ unit: { relays: { charge: { coilVoltage_V } } }, commands: [OFF_AT(2), ON_AT(5)] }));
    expect(coil_V(run, CHARGE)).toBe(12);
    expect(closed(run, CHARGE)).toBe(closes ? 1 : 0);
    expect(closed(run, DISCHARGE)).toBe(1);
    expect(timesOf(run, 'chargeRelayClosed')).toEqual(closes ? [6] : []);
  });

  it('for 24 V never closes from the first tick on, and its ohms tell', async () => {
    const measure = [
      { time_s: 10, instrument: 'volts' as const, between: ['coil charge +', 'coil charge -'] as [string, string] },
      { time_s: 10, instrument: 'ohms' as const, between: ['coil charge +', 'coil charge -'] as [string, string] },
    ];
    const nameplate = async (coilVoltage_V: number) => {
      const relays = { rating_A: 100, charge: { coilVoltage_V } };
      const run = await openRun(bench({ unit: { relays }, ambient_degC: 20, measure, duration_s: 10.1 }));
      let everClosed = false;
      everyTick(run, () => (everClosed ||= closed(run, CHARGE) !== 0));
      return { everClosed, values: (await run.result()).measurements.map(({ value }) => value!) };
    };
    const [right, wrong] = [await nameplate(12), await nameplate(24)];
    expect([right.everClosed, wrong.everClosed]).toEqual([true, false]);
    expect(wrong.values[0]).toBe(12);
    expect(wrong.values[1]! / right.values[1]!).toBeCloseTo(2, 1);
  });

  it('is held down to its drop-out voltage and pulls in from its pull-in voltage', async () => {
    const faults = [
      { fault: 'coilSupplySag', severity: 3, when: { time_s: 5 }, for_s: 5 },
      { fault: 'coilSupplySag', severity: 2.99, when: { time_s: 10 }, for_s: 2 },
      { fault: 'coilSupplySag', severity: 8.99, when: { time_s: 12 }, for_s: 3 },
      { fault: 'coilSupplySag', severity: 9, when: { time_s: 15 }, for_s: 3 },
    ] as const;
    const run = await finishedRun(bench({ faults: [...faults] }));
    expect(timesOf(run, 'dischargeRelayClosed', false)).toEqual([10]);
    expect(timesOf(run, 'dischargeRelayClosed')).toEqual([15]);
  });
});

describe('the driver of both outputs', () => {
  it('with two coils of 1.5 A gives 0 V for a second, tries again, and again', async () => {
    const run = await openRun(
      bench({
        ambient_degC: 20,
        faults: [{ fault: 'heavyCoil', severity: 1.5, when: { time_s: 0.3 } }],
        commands: [{ time_s: 10.1, do: 'repair', fault: 0 }],
      }),
    );
    const dead: number[] = [];
    everyTick(run, () => {
      expect(coil_V(run, CHARGE)).toBe(coil_V(run, DISCHARGE));
      if (coil_V(run, CHARGE) === 0) dead.push(run.tick);
    });
    // Tick n covers the time from n - 1; tries at 0.3, 1.3 … 9.3 fail, the one at 10.3 succeeds.
    expect(dead).toEqual(Array.from({ length: 100 }, (_, index) => index + 4));
    expect(eventsNamed(run, 'driverOverload')).toMatchObject([{ value: expect.closeTo(3, 9), limit: 2.6 }]);
    expect(timesOf(run, 'driverOverload', false)).toEqual([10.3]);
    expect(timesOf(run, 'dischargeRelayClosed')).toEqual([10.3]);
  });

  it.each([
    [400, 25, true],
    [400, 9, true],
    [400, 8, false],
    [600, 20, true],
    [600, 19, false],
    [200, -40, true],
  ])('two vendor relays of %d A in air of %d degC hold: %s', async (rating_A, ambient_degC, holds) => {
    const run = await runTo(bench({ ambient_degC, unit: { relays: { rating_A } } }), 5);
    expect(closed(run, CHARGE)).toBe(holds ? 1 : 0);
    expect(closed(run, DISCHARGE)).toBe(holds ? 1 : 0);
    expect(eventsNamed(run, 'driverOverload')).toHaveLength(holds ? 0 : 1);
  });

  it.each([
    [2.5, true],
    [2.65, false],
  ])('a single coil of %d A beside an open one holds: %s', async (coilCurrent_A, holds) => {
    const relays = { discharge: { coilCurrent_A } };
    const run = await runTo(bench({ ambient_degC: 20, unit: { relays }, faults: [{ fault: 'openCoil', target: 'charge' }] }), 5);
    expect(closed(run, DISCHARGE)).toBe(holds ? 1 : 0);
    expect(closed(run, CHARGE)).toBe(0);
  });

  it('two warm coils of 1.24 A hold in the frost; once cold they do not close again', async () => {
    const run = await openRun(
      bench({
        tick_s: 1,
        duration_s: 9000,
        unit: { relays: { rating_A: 400 } },
        faults: [{ fault: 'coldAmbient', severity: -10, when: { time_s: 3000 } }],
        commands: [OFF_AT(5000), ON_AT(8000)],
      }),
    );
    run.advance(5000);
    expect(closed(run, DISCHARGE)).toBe(1);
    expect(run.read('relay.temperature_degC[1]')).toBeGreaterThan(20);
    run.advance();
    expect(closed(run, DISCHARGE)).toBe(0);
    expect(timesOf(run, 'driverOverload')).toEqual([8001]);
  });
});

describe('a contact', () => {
  const loaded = (current: number) => ({ source: { constantCurrent_A: -current } });

  it.each([
    ['charge', 20, CHARGE],
    ['discharge', -20, DISCHARGE],
  ] as const)('that is welded lets the current of the %s relay go on with 0 V on its coil', async (target, constantCurrent_A, relay) => {
    const scenario = bench({ source: { constantCurrent_A }, commands: [OFF_AT(5)] });
    const healthy = await finishedRun(scenario);
    const welded = await finishedRun({ ...scenario, faults: [{ fault: 'weldedContact', target }] });
    for (const run of [healthy, welded]) expect(coil_V(run, relay)).toBe(0);
    expect(current_A(healthy)).toBe(0);
    expect(current_A(welded)).toBe(constantCurrent_A);
    expect(closed(welded, 1 - relay)).toBe(0);
  });

  it.each([
    [0, 0],
    [0.3, 0.5],
    [0.25, 0],
    [2, 3],
  ])('opens %d s and closes %d s after its coil, in whole ticks', async (openDelay_s, closeDelay_s) => {
    const run = await finishedRun(bench({ unit: { relays: { openDelay_s, closeDelay_s } }, commands: [OFF_AT(5), ON_AT(10)] }));
    const ticks = (seconds: number) => Math.ceil(seconds * 10 - 1e-9) / 10;
    expect(timesOf(run, 'dischargeRelayClosed', false)).toEqual([5 + ticks(openDelay_s)]);
    expect(timesOf(run, 'dischargeRelayClosed')).toEqual([11 + ticks(closeDelay_s)]);
  });

  it('whose coil comes back before it has opened stays closed', async () => {
    const faults = [{ fault: 'coilSupplySag' as const, severity: 0, when: { time_s: 5 }, for_s: 0.4 }];
    const slow = await finishedRun(bench({ unit: { relays: { openDelay_s: 0.5 } }, faults }));
    expect(eventsNamed(slow, 'dischargeRelayClosed', false)).toEqual([]);
    const quick = await finishedRun(bench({ unit: { relays: { openDelay_s: 0.3 } }, faults }));
    expect(timesOf(quick, 'dischargeRelayClosed', false)).toEqual([5.3]);
  });

  it.each([
    [0, [1, 1, 1, 1, 1, 1], 0],
    [0.02, [1, 1, 1, 1, 1, 1], 1],
    [0.1, [1, 0, 1, 1, 1, 1], 0],
    [0.2, [1, 0, 1, 1, 1, 1], 0],
    [0.3, [1, 0, 1, 0, 1, 1], 0],
    [0.45, [1, 0, 1, 0, 1, 1], 0],
  ])('that bounces for %d s conducts %j, and tells what is shorter than a tick', async (bounce_s, expected, told) => {
    const run = await openRun(bench({ ...loaded(20), unit: { relays: { bounce_s } }, commands: [OFF_AT(5), ON_AT(10)] }));
    const seen: number[] = [];
    everyTick(run, (tick) => {
      expect(current_A(run)).toBe(closed(run, DISCHARGE) * -20 + 0);
      if (tick > 110 && tick <= 116) seen.push(closed(run, DISCHARGE));
    });
    expect(seen).toEqual(expected);
    expect(eventsNamed(run, 'relayBounce')).toHaveLength(2 * told);
  });

  it('that is jammed closes nothing and bounces not', async () => {
    const run = await finishedRun(
      bench({
        ...loaded(20),
        unit: { relays: { bounce_s: 0.02 } },
        faults: [{ fault: 'jammedContact', target: 'discharge', when: { time_s: 5 } }],
      }),
    );
    expect(coil_V(run, DISCHARGE)).toBe(12);
    expect(current_A(run)).toBe(0);
    expect(eventsNamed(run, 'relayBounce')).toEqual([]);
  });

  it.each([
    [40, false],
    [50, false],
    [50.1, true],
    [100, true],
  ])('that breaks 50 A at most welds when it breaks %d A: %s; a new one opens', async (current, welds) => {
    const run = await openRun(
      bench({
        ...loaded(current),
        faults: [{ fault: 'weakContact', target: 'discharge' }],
        commands: [OFF_AT(5), { time_s: 15, do: 'repair', fault: 0 }],
      }),
    );
    run.advance(140);
    expect(closed(run, DISCHARGE)).toBe(welds ? 1 : 0);
    expect(current_A(run)).toBe(welds ? -current : 0);
    expect(eventsNamed(run, 'contactWelded')).toMatchObject(welds ? [{ value: current, limit: 50, time_s: expect.closeTo(5, 9) }] : []);
    run.advance();
    expect(closed(run, DISCHARGE)).toBe(0);
    expect(current_A(run)).toBe(0);
  });

  it('welded by the current that it broke carries on after a trip', async () => {
    const run = await finishedRun(
      bench({
        source: { constantCurrent_A: -120 },
        unit: { settings: { overDischargeCurrent_A: 100, cutOffDelay_s: 2 }, relays: { discharge: { weldsAbove_A: 100 } } },
      }),
    );
    expect(timesOf(run, 'overDischargeCurrent')[0]).toBe(3);
    expect(timesOf(run, 'contactWelded')).toEqual([3]);
    expect([coil_V(run, DISCHARGE), current_A(run)]).toEqual([0, -120]);
  });
});

describe('an aged contact', () => {
  const AGED = 5e-3;
  const faults = [{ fault: 'agedContact' as const, target: 'discharge', severity: AGED }];

  it('drops I R on the bus, and warms the relay as one body of 250 J/K and 0.35 W/K', async () => {
    const scenario = bench({ tick_s: 1, duration_s: 1600, source: { constantCurrent_A: -200 }, unit: { relays: { rating_A: 400 } } });
    const [healthy, aged] = [await finishedRun(scenario), await finishedRun({ ...scenario, faults })];
    expect(healthy.read('bus.voltage_V')).toBeCloseTo(PACK_V, 12);
    expect(aged.read('bus.voltage_V')).toBeCloseTo(PACK_V - 200 * AGED, 12);
    const warm = (watts: number) => 25 + (watts / 0.35) * -Math.expm1((-0.35 * 1600) / 250);
    expect(healthy.read('relay.temperature_degC[1]')).toBeCloseTo(warm(15.2), 9);
    expect(aged.read('relay.temperature_degC[1]')).toBeCloseTo(warm(15.2 + 200 * 200 * AGED), 9);
    expect(aged.read('relay.temperature_degC[0]')).toBeCloseTo(warm(15.2), 9);
  });

  const RC = 0.1;
  const drop = [{ fault: 'agedContact' as const, target: 'discharge', severity: RC }];
  const quadratic = (watts: number, ohm: number) => (2 * watts) / (PACK_V + Math.sqrt(PACK_V ** 2 - 4 * ohm * watts));
  it.each([
    ['a resistor', [{ constantResistance_Ohm: 2 }], PACK_V / (2 + RC)],
    ['two resistors', [{ constantResistance_Ohm: 2 }, { constantResistance_Ohm: 3 }], PACK_V / (1.2 + RC)],
    ['a constant power', [{ constantPower_W: -1000 }], quadratic(1000, RC)],
    ['an inverter', [{ inverter: { outputPower_W: 940 } }], quadratic(1000, RC)],
    // P = U I and U = E - R (I + 30).
    [
      'a constant power beside 30 A',
      [{ constantPower_W: -1000 }, { constantCurrent_A: -30 }],
      30 + (2 * 1000) / (PACK_V - 3 + Math.sqrt((PACK_V - 3) ** 2 - 4 * RC * 1000)),
    ],
    // U (1 + R/2) = E - R 30.
    ['a resistor beside 30 A', [{ constantResistance_Ohm: 2 }, { constantCurrent_A: -30 }], 30 + (PACK_V - 3) / (1 + RC / 2) / 2],
    [
      'a resistor beside 1000 W',
      [{ constantResistance_Ohm: 2 }, { constantPower_W: -1000 }],
      // U = (E - R I)/(1 + R/2), U I = 1000.
      (() => {
        const [e, r] = [PACK_V / 1.05, RC / 1.05];
        const i = 2000 / (e + Math.sqrt(e * e - 4000 * r));
        return i + (e - r * i) / 2;
      })(),
    ],
  ])('carries %s', async (_, source, expected_A) => {
    // prettier-ignore
    const run = await finishedRun(bench({ source, faults: drop }));
    expect(current_A(run)).toBeCloseTo(-expected_A, 9);
    expect(run.read('relay.current_A[1]')).toBeCloseTo(-expected_A, 9);
    expect(run.read('bus.voltage_V')).toBeCloseTo(PACK_V - RC * expected_A, 9);
  });

  it('lowers the input of an inverter to its cut-off', async () => {
    const source = { inverter: { outputPower_W: 940, lowVoltageCutOff_V: 51, reconnect_V: 52.9 } };
    expect(eventsNamed(await finishedRun(bench({ source })), 'inverterCutOff')).toEqual([]);
    expect(eventsNamed(await finishedRun(bench({ source, faults: drop })), 'inverterCutOff')).toHaveLength(1);
  });

  it('loses exactly what the loads beyond it do not get', async () => {
    const run = await finishedRun(bench({ source: [{ constantPower_W: -1000 }, { constantCurrent_A: -30 }], faults: drop }));
    const taken_J = (await run.result()).indicators['energyOut_Wh']! * 3600;
    const bus_V = run.read('bus.voltage_V');
    expect(taken_J).toBeCloseTo(20 * (1000 + 30 * bus_V) + run.compiled.scalars.total.contact_J, 6);
  });
});

describe('a charger behind contacts', () => {
  // 16 cells of 1 V over 10 Ah and 10 mOhm: 57 600 C over 16 V is 2250 F behind 0.16 Ohm.
  const cell = constantCell({ ocv: { soc: [0, 1], voltage_V: [3, 4] } });
  const FARAD = 2250;
  const charging = (
    topology: 'separatePorts' | 'commonPort',
    contact_Ohm: number,
    more: { constantCurrent_A?: number; constantResistance_Ohm?: number }[] = [],
  ) =>
    bench({
      cell,
      tick_s: 1,
      duration_s: 6000,
      pack: { initialSoc: 0.6 },
      source: [{ charger: { current_A: 5, voltage_V: 60, endCurrent_A: 0.5 } }, ...more] as NonNullable<ScenarioObject['source']>,
      unit: { chemistry: 'LiPo', topology, relays: { contact_Ohm } },
    });

  it.each([
    ['separatePorts', 0, 0],
    ['separatePorts', 0.1, 0.1],
    ['commonPort', 0.1, 0.2],
  ] as const)('of %s, %d Ohm each: it holds its own voltage and ends at its end current', async (topology, contact_Ohm, met_Ohm) => {
    const run = await openRun(charging(topology, contact_Ohm));
    let last_A = 0;
    let held = 0;
    everyTick(run, () => {
      if (current_A(run) === 0) return;
      last_A = current_A(run);
      const own_V = run.read('pack.voltage_V') + met_Ohm * last_A;
      if (last_A === 5) expect(own_V).toBeLessThanOrEqual(60);
      else {
        expect(Math.abs(own_V - 60)).toBeLessThan(1e-9);
        held++;
      }
    });
    const tau = FARAD * (0.16 + met_Ohm);
    // From 5 A to 0.5 A in tau ln 10.
    expect(held / (tau * Math.log(10))).toBeCloseTo(1, 2);
    expect(last_A).toBeGreaterThan(0.5);
    expect(last_A * Math.exp(-1 / tau)).toBeLessThanOrEqual(0.5 * (1 + 1 / tau));
    expect(run.read('pack.voltage_V')).toBeCloseTo(60 - 0.5 * (0.16 + met_Ohm), 2);
    expect(eventsNamed(run, 'chargerEnded')).toHaveLength(1);
  });

  it('of a common port sees the load that passes the same contacts', async () => {
    const run = await runTo(charging('commonPort', 0.1, [{ constantCurrent_A: -2 }, { constantResistance_Ohm: 60 }]), 4000);
    expect(run.read('bus.voltage_V')).toBeCloseTo(60, 9);
    expect(run.read('relay.current_A[0]')).toBe(run.read('relay.current_A[1]'));
    expect(current_A(run)).toBeCloseTo(run.read('relay.current_A[0]'), 12);
  });

  it.each([CHARGE, DISCHARGE])('of a common port either relay opens both directions (relay %d)', async (jammed) => {
    const faults = [{ fault: 'jammedContact' as const, target: jammed === CHARGE ? 'charge' : 'discharge' }];
    for (const constantCurrent_A of [-20, 20]) {
      const run = await finishedRun(bench({ source: { constantCurrent_A }, unit: { topology: 'commonPort' }, faults }));
      expect(Math.abs(current_A(run))).toBe(0);
    }
  });
});
