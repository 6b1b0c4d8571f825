/**
 * Pre-charge: an external resistor with its own timer in front of an inverter's bus capacitor.
 * Everything is one capacitor behind one resistance, so every figure is a closed form.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, type FaultFile, ON_AT, SERIES } from './bench.ts';

/** 53 V behind 20 mOhm in the pack and 10 mOhm in the connection. */
const EMF_V = 53;
const PACK_OHM = 0.02;
const CONNECTION_OHM = 0.01;
const FARAD = 0.02;
const RESISTOR_OHM = 25;
const CELL = constantCell({ capacity_Ah: 1e4, ocv: flatOcv(EMF_V / SERIES), seriesResistance_Ohm: PACK_OHM / SERIES });
/** The relay closes with the unit's first sample. */
const CLOSES_S = 1;
const TIMER_S = 2.5;

interface Parts {
  faults?: FaultFile[];
  precharge?: { resistance_Ohm: number; time_s: number } | null;
  tick_s?: number;
  duration_s?: number;
  contact_Ohm?: number;
  more?: object;
}

function joining({
  precharge = { resistance_Ohm: RESISTOR_OHM, time_s: TIMER_S },
  contact_Ohm = 0,
  more,
  ...parts
}: Parts): ScenarioObject {
  return bench({
    cell: CELL,
    duration_s: 5,
    source: { inverter: { outputPower_W: 0, busCapacitance_F: FARAD, connection_Ohm: CONNECTION_OHM, precharge, ...more } },
    unit: { switchedOn: false, relays: { contact_Ohm } },
    commands: [ON_AT(0)],
    ...parts,
  });
}

const fault = (name: FaultFile['fault'], severity?: number): FaultFile[] => [
  severity === undefined ? { fault: name, target: 0 } : { fault: name, target: 0, severity },
];
const own = PACK_OHM + CONNECTION_OHM;

describe('inrush when the relay closes', () => {
  it.each([
    ['no pre-charge', { precharge: null }, [EMF_V / own]],
    [
      'a pre-charge resistor of 25 Ohm',
      {},
      [EMF_V / (RESISTOR_OHM + own), (EMF_V * Math.exp(-TIMER_S / ((RESISTOR_OHM + own) * FARAD))) / own],
    ],
    ['an open resistor', { faults: fault('openPrecharge') }, [EMF_V / 1e9, (EMF_V * Math.exp(-TIMER_S / (1e9 * FARAD))) / own]],
    ['a bridged resistor', { faults: fault('shortedPrecharge') }, [EMF_V / (own + 1e-4), 0]],
    ['an aged contact of 20 mOhm', { precharge: null, contact_Ohm: 0.02 }, [EMF_V / (own + 0.02)]],
  ] as [string, Parts, number[]][])('with %s', async (_, parts, peaks) => {
    const run = await finishedRun(joining(parts));
    const told = eventsNamed(run, 'inrush');
    expect(told.map(({ value }) => value)).toEqual(peaks.map((peak) => expect.closeTo(peak, 6)));
    expect(told.map(({ time_s }) => time_s)).toEqual(
      [CLOSES_S, CLOSES_S + TIMER_S].slice(0, peaks.length).map((time) => expect.closeTo(time, 9)),
    );
    if (parts.precharge === null) expect(eventsNamed(run, 'inrushSquare')[0]!.value! / ((peaks[0]! * EMF_V * FARAD) / 2)).toBeCloseTo(1, 9);
  });

  it('is 1.8 kA through 30 mOhm at 53 V, and 2.1 A through 25 Ohm', async () => {
    const peak = async (parts: Parts) => eventsNamed(await finishedRun(joining(parts)), 'inrush')[0]!.value!;
    expect(Math.round((await peak({ precharge: null })) / 100) / 10).toBe(1.8);
    expect(Math.round((await peak({})) * 10) / 10).toBe(2.1);
  });
});

describe('the bus', () => {
  it.each([0.001, 0.01, 0.1])('rises as 1 - exp(-t/RC), in ticks of %d s', async (tick_s) => {
    const run = await openRun(joining({ tick_s, duration_s: 3.4 }));
    const tau = (RESISTOR_OHM + own) * FARAD;
    everyTick(run, () => {
      const since = Math.max(run.time_s - CLOSES_S, 0);
      expect(Math.abs(run.read('bus.voltage_V') - EMF_V * -Math.expm1(-since / tau))).toBeLessThan(2e-3);
    });
    expect(run.read('bus.voltage_V') / EMF_V).toBeCloseTo(1 - Math.exp(-2.4 / tau), 4);
  });

  it('stays at 0 V behind an open resistor until the timer bridges it', async () => {
    const run = await openRun(joining({ faults: fault('openPrecharge') }));
    run.advance(34);
    expect(run.read('bus.voltage_V')).toBeLessThan(1e-5);
    run.advance();
    expect(run.read('bus.voltage_V')).toBeCloseTo(EMF_V, 6);
  });

  it.each([25, 100, 5])(
    'with a load of %d Ohm on it stalls at the divider, and the rest of the voltage comes as inrush',
    async (load_Ohm) => {
      const run = await openRun(
        joining({ faults: fault('leakyBus', load_Ohm), precharge: { resistance_Ohm: RESISTOR_OHM, time_s: 10 }, duration_s: 20 }),
      );
      run.advance(105);
      const path = RESISTOR_OHM + own;
      const stalled = (EMF_V * load_Ohm) / (path + load_Ohm);
      expect(run.read('bus.voltage_V')).toBeCloseTo(stalled, 1);
      expect(run.read('pack.current_A')).toBeCloseTo(-EMF_V / (path + load_Ohm), 2);
      run.advance();
      expect(eventsNamed(run, 'inrush')[1]!.value! / ((EMF_V - stalled) / own)).toBeCloseTo(1, 2);
    },
  );

  it('gives back in charge what the pack gave: C U in all', async () => {
    for (const parts of [{}, { precharge: null }, { faults: fault('openPrecharge') }] as Parts[]) {
      const { indicators } = await (await finishedRun(joining(parts))).result();
      expect((indicators['chargeOut_Ah']! * 3600) / (FARAD * EMF_V)).toBeCloseTo(1, 5);
    }
  });

  it('empties through the load on it when the relay opens, and through its bleeder without', async () => {
    const after = async (faults: FaultFile[]) => {
      const scenario = joining({ faults, precharge: null, duration_s: 6, more: { bleeder_Ohm: 1000 } });
      const run = await finishedRun({ ...scenario, commands: [ON_AT(0), { time_s: 5, do: 'powerOff' }] });
      return run.read('bus.voltage_V');
    };
    expect(await after([])).toBeCloseTo(EMF_V * Math.exp(-1 / (1000 * FARAD)), 6);
    const divided = (EMF_V * 50) / (50 + own);
    expect(await after(fault('leakyBus', 50))).toBeCloseTo(divided * Math.exp(-1 / (FARAD / (1 / 1000 + 1 / 50))), 2);
  });
});

describe('faults of parts that are not there are refused', () => {
  it.each([
    ['openPrecharge', { precharge: null }, 'an inverter with `precharge`'],
    ['shortedPrecharge', { precharge: null }, 'an inverter with `precharge`'],
    ['leakyBus', { more: { busCapacitance_F: 0 } }, 'an inverter with `busCapacitance_F`'],
  ] as [FaultFile['fault'], Parts, string][])('%s', async (name, parts, allowed) => {
    await expect(openRun(joining({ ...parts, faults: fault(name) }))).rejects.toMatchObject({
      details: { path: 'faults[0].fault', allowed },
    });
  });
});
