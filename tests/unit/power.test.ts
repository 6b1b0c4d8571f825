/**
 * Off, booting, running, asleep: what each does and draws, and how the unit comes from one to another (FAQ 7).
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { CONSUMPTION } from '../../domain/device.ts';
import type { Button } from '../../domain/lcd/pages.ts';
import { reads } from '../firmware/bench.ts';
import { constantCell, eventsNamed, everyTick, flatOcv, openRun, traceOf } from '../scenarios.ts';
import { advanceTo, at, bench, contactsOf, outputsOf, press, screenOf, stateOf } from './bench.ts';

const ASLEEP = 3;
const timesOf = (run: Parameters<typeof eventsNamed>[0], code: Parameters<typeof eventsNamed>[1], active = true) =>
  eventsNamed(run, code, active).map(({ time_s }) => time_s);

describe('off and on', () => {
  it('switched on it boots, measures one period later, and only then closes its relays and shows something', async () => {
    const run = await at(10, { bms: { switchedOn: false }, commands: [{ time_s: 10, do: 'powerOn' }] });
    expect([stateOf(run), outputsOf(run), screenOf(run).lines]).toEqual(['off', [0, 0], []]);
    advanceTo(run, 10.5);
    expect([stateOf(run), outputsOf(run), run.read('lcd.on')]).toEqual(['booting', [0, 0], 0]);
    advanceTo(run, 11);
    expect([stateOf(run), run.read('lcd.on')]).toEqual(['running', 1]);
    advanceTo(run, 11.5);
    expect([outputsOf(run), contactsOf(run)]).toEqual([
      [12, 12],
      [1, 1],
    ]);
  });

  it.each([
    [0, 11],
    [1, 11],
    [7.3, 17.5],
  ])('a boot of %d s ends in the measurement at %d s', async (bootTime_s, running_s) => {
    const parts = { bms: { switchedOn: false, assumptions: { bootTime_s } }, commands: [{ time_s: 10, do: 'powerOn' as const }] };
    const run = await at(running_s - 0.5, parts);
    expect(stateOf(run)).toBe('booting');
    advanceTo(run, running_s);
    expect(stateOf(run)).toBe('running');
  });

  it('switched off while it boots, sleeps or runs it is off at once, and boots again', async () => {
    for (const before of [press(20, 'stop'), press(20, 'down'), { time_s: 20, do: 'powerOff' as const }]) {
      const run = await at(25.5, { commands: [before, { time_s: 25, do: 'powerOff' }, { time_s: 25.5, do: 'powerOn' }, { time_s: 26, do: 'powerOff' }, { time_s: 30, do: 'powerOn' }] }); // prettier-ignore
      expect([stateOf(run), outputsOf(run)]).toEqual(['off', [0, 0]]);
      advanceTo(run, 26);
      expect(stateOf(run)).toBe('booting');
      advanceTo(run, 26.5);
      expect(stateOf(run)).toBe('off');
      advanceTo(run, 32);
      expect([stateOf(run), contactsOf(run)]).toEqual(['running', [1, 1]]);
    }
  });

  it('no press reaches a unit that is off or boots', async () => {
    const off = await at(40, { bms: { switchedOn: false }, commands: (['up', 'down', 'start', 'stop'] as const).map((button, i) => press(20 + i, button)) }); // prettier-ignore
    expect([stateOf(off), off.read('lcd.page'), off.events]).toEqual(['off', 0, []]);
    const booting = await at(40, {
      bms: { switchedOn: false, assumptions: { bootTime_s: 10 } },
      commands: [{ time_s: 20, do: 'powerOn' }, press(22, 'stop'), press(23, 'down')],
    });
    expect([stateOf(booting), booting.read('lcd.page')]).toEqual(['running', 0]);
  });
});

describe('STOP at no displayed current (FAQ 7a)', () => {
  it('puts the unit to sleep at once: both outputs at 0 V, display dark, and the event says so', async () => {
    const run = await at(20.5, { commands: [press(20, 'stop')] });
    expect([stateOf(run), outputsOf(run), contactsOf(run)]).toEqual(['asleep', [0, 0], [0, 0]]);
    expect([run.read('lcd.on'), run.read('lcd.lit'), run.read('serial.sends'), screenOf(run).lines]).toEqual([0, 0, 0, []]);
    expect(eventsNamed(run, 'unitAsleep')).toMatchObject([{ time_s: 20, value: 0, faq: ['7a', '7b'] }]);
  });

  it('the sleeping unit measures no cell and protects nothing', async () => {
    const run = await at(100, { commands: [press(20, 'stop'), ...reads.cell(30, 2, 3.9)] });
    expect(run.events.filter(({ code }) => code === 'overCharge')).toEqual([]);
    expect(run.read('measuredCell.voltage_V[2]')).toBe(3.3);
  });

  it('bleeds go off, and on again after waking', async () => {
    const parts = {
      settings: { balanceInStorage: true, balanceStartVoltage_V: 3.1 },
      commands: [...reads.cell(5, 2, 3.35), press(20, 'stop'), press(40, 'start')],
    };
    const run = await at(19, parts);
    expect([run.read('bleed.current_A[2]') > 1, run.read('lcd.balancing[2]')]).toEqual([true, 1]);
    advanceTo(run, 21);
    expect([run.read('bleed.current_A[2]'), run.read('lcd.balancing[2]')]).toEqual([0, 0]);
    advanceTo(run, 42);
    expect([run.read('bleed.current_A[2]') > 1, run.read('lcd.balancing[2]')]).toEqual([true, 1]);
  });

  it('an alarm ends with the sleep and comes back after it, before any relay closes onto it', async () => {
    const run = await at(60, { commands: [...reads.cell(5, 2, 3.9), press(20, 'stop'), press(40, 'up')] });
    expect(timesOf(run, 'overCharge')).toEqual([11, 46]);
    expect(timesOf(run, 'overCharge', false)).toEqual([20]);
    expect(timesOf(run, 'chargeRelayClosed')).toEqual([]);
    expect(timesOf(run, 'dischargeRelayClosed')).toEqual([41]);
  });

  it.each([0.05, -0.05, 0.04999])(
    'a current of %d A is displayed as zero or as 0.1 A, and STOP goes by what is displayed',
    async (current_A) => {
      const run = await at(22, { commands: [press(20, 'stop')], scenario: { source: [{ constantCurrent_A: current_A }] } });
      const displayed = eventsNamed(run, 'stopRefused').length > 0;
      expect(stateOf(run)).toBe(displayed ? 'running' : 'asleep');
      expect(Math.abs(run.read('measured.current_A'))).toBe(displayed ? 0.1 : 0);
    },
  );
});

describe('UP, DOWN or START wakes (FAQ 7b)', () => {
  it.each<Button>(['up', 'down', 'start'])('%s', async (button) => {
    const run = await at(40.5, { commands: [press(20, 'stop'), press(40, button)] });
    expect([stateOf(run), run.read('lcd.page')]).toEqual(['booting', 0]);
    expect(timesOf(run, 'unitAsleep', false)).toEqual([40]);
    advanceTo(run, 42);
    expect([stateOf(run), contactsOf(run), run.read('lcd.lit')]).toEqual(['running', [1, 1], 1]);
  });

  it('STOP does not, nor does any button of an LCD unit that is not plugged in', async () => {
    const stop = await at(60, { commands: [press(20, 'stop'), press(40, 'stop')] });
    expect(stateOf(stop)).toBe('asleep');
    const commands = [press(20, 'stop'), { time_s: 30, do: 'unplugLcd' as const }, press(40, 'up'), { time_s: 50, do: 'plugLcd' as const }];
    const unplugged = await at(60, { commands });
    expect(stateOf(unplugged)).toBe('asleep');
  });

  it('the press that wakes is no START: a latch that the sleep has forgotten is not needed', async () => {
    const run = await at(44, { commands: [press(20, 'stop'), press(40, 'start')] });
    expect(run.compiled.scalars.unit.startAsked).toBe(0);
  });
});

describe('STOP with a displayed current (FAQ 7c)', () => {
  it.each([
    ['an inverter that draws', { inverter: { outputPower_W: 100 } }],
    ['a charger that charges', { charger: { current_A: 5, voltage_V: 20, endCurrent_A: 0 } }],
    ['a load of 0.1 A', { constantCurrent_A: -0.1 }],
  ])('%s: changes nothing but to say so', async (_, source) => {
    const scenario = { source: [source] } as Partial<ScenarioFile>;
    const pressed = await openRun(bench({ commands: [press(20, 'stop'), press(30, 'stop')], scenario }));
    const plain = await openRun(bench({ scenario }));
    expect(traceOf(pressed, 'pack.current_A')).toEqual(traceOf(plain, 'pack.current_A'));
    expect(timesOf(pressed, 'stopRefused')).toEqual([20, 30]);
    expect(eventsNamed(pressed, 'stopRefused')[0]!.value).toBe(pressed.read('measured.current_A'));
    expect(timesOf(pressed, 'unitAsleep')).toEqual([]);
    expect([stateOf(pressed), contactsOf(pressed)]).toEqual(['running', [1, 1]]);
  });

  it('once the load is off it sleeps', async () => {
    const run = await at(60, { commands: [press(20, 'stop'), press(50, 'stop')], scenario: { source: [{ constantCurrent_A: -5, until_s: 40 }] } }); // prettier-ignore
    expect(timesOf(run, 'unitAsleep')).toEqual([50]);
  });
});

describe('a current while it sleeps', () => {
  const welded = (from_s: number, current_A: number, more: object = {}) => ({
    commands: [press(20, 'stop')],
    scenario: {
      faults: [{ fault: 'weldedContact' as const, target: 'discharge' as const, when: { time_s: 10 } }],
      source: [{ constantCurrent_A: current_A, from_s }],
    },
    ...more,
  });

  it('through a welded contact wakes it within a period, and it protects again', async () => {
    const run = await at(40, { ...welded(40, -20), settings: { overDischargeCurrent_A: 10 } });
    expect([stateOf(run), run.read('relay.closed[1]'), outputsOf(run)]).toEqual(['asleep', 1, [0, 0]]);
    advanceTo(run, 41);
    expect(stateOf(run)).toBe('booting');
    expect(eventsNamed(run, 'unitAsleep', false)).toMatchObject([{ time_s: 41, value: -20, limit: 0.1 }]);
    advanceTo(run, 60);
    expect(timesOf(run, 'overDischargeCurrent')).toEqual([47]);
  });

  it.each([
    [-0.04, 'asleep'],
    [-0.1, 'running'],
  ])('of %d A: %s', async (current_A, state) => {
    expect(stateOf(await at(60, welded(40, current_A)))).toBe(state);
  });

  it('it sleeps on where its waking is set higher, or its eye is blind', async () => {
    const high = await at(60, welded(40, -4, { bms: { assumptions: { wakeCurrent_A: 5 } } }));
    expect(stateOf(high)).toBe('asleep');
    const blind = welded(40, -20);
    blind.scenario.faults.push({ fault: 'blindSleep', when: { time_s: 10 } } as never);
    expect(stateOf(await at(60, blind))).toBe('asleep');
  });
});

describe('what it draws asleep', () => {
  it.each(CONSUMPTION.packVoltage_V.map((voltage_V, index) => [voltage_V, CONSUMPTION.asleep_A[index]!]))(
    'at %f V the vendor’s %f A, and none of it through the shunt',
    async (voltage_V, asleep_A) => {
      const cell = constantCell({ capacity_Ah: 1000, ocv: flatOcv(voltage_V / 16), seriesResistance_Ohm: 0 });
      const settings = { temperatureAlarm: false, overChargeProtectionVoltage_V: 4.5, overDischargeProtectionVoltage_V: 1, absoluteOverDischargeVoltage_V: 0.5 }; // prettier-ignore
      const bms: ScenarioFile['bms'] = { model: '16T', chemistry: 'LiFe', settings };
      const run = await openRun({
        cell,
        thermal: null,
        tick_s: 60,
        duration_s: 86_400,
        pack: { series: 16 },
        bms,
        commands: [press(0, 'stop')],
      });
      run.advance();
      expect(run.read('unit.current_A')).toBeCloseTo(asleep_A, 9);
      expect((await run.result()).indicators['consumption_Ah']).toBeCloseTo(24 * asleep_A, 6);
      expect(run.read('pack.current_A')).toBe(0);
    },
  );

  it('falls at STOP and rises again at waking', async () => {
    const cell = constantCell({ capacity_Ah: 1000, ocv: flatOcv(3), seriesResistance_Ohm: 0 });
    const bms: ScenarioFile['bms'] = { model: '16T', chemistry: 'LiFe', currentVersion_A: 100 };
    const run = await openRun({ cell, thermal: null, tick_s: 1, duration_s: 60, pack: { series: 16 }, bms, commands: [press(10, 'stop'), press(30, 'up')] }); // prettier-ignore
    const drawn = traceOf(run, 'unit.current_A').map((value) => Math.round(value * 1e4) / 1e4);
    expect(drawn[10]).toBeCloseTo(0.4425, 3);
    expect(new Set(drawn.slice(11, 31))).toEqual(new Set([0.0425]));
    // The tick of the boot: awake, and no coil yet.
    expect(drawn[31]).toBe(0.055);
    expect(drawn[33]).toBe(drawn[10]);
  });

  it('a brown-out ends the sleep: the unit boots when it is fed again', async () => {
    const faults = [{ fault: 'supplyDip' as const, when: { time_s: 40 }, for_s: 5 }];
    const run = await at(42, { commands: [press(20, 'stop')], scenario: { faults } });
    expect(stateOf(run)).toBe('off');
    expect(timesOf(run, 'unitAsleep', false)).toEqual([40.5]);
    advanceTo(run, 50);
    expect(stateOf(run)).toBe('running');
  });
});

it('asleep or off no output ever has a voltage, whatever is pressed', async () => {
  const commands = Array.from({ length: 100 }, (_, index) => press(1 + index, (['stop', 'up', 'stop', 'stop'] as const)[index % 4]!));
  const run = await openRun(bench({ commands }));
  let asleep = 0;
  everyTick(run, () => {
    if (run.read('unit.state') !== ASLEEP) return;
    asleep++;
    expect(outputsOf(run)).toEqual([0, 0]);
  });
  expect(asleep).toBeGreaterThan(50);
});
