/**
 * What the unit says of a run: belief and settings as they stand, and when it says it.
 */
import { describe, expect, it } from 'vitest';
import { FIRMWARES } from '../../domain/firmwares.ts';
import { decodeFrame } from '../../engine/serial/frame.ts';
import { type LineReading, readLine } from '../../engine/serial/reading.ts';
import { type LineWrite, writesOf } from '../../engine/serial/schedule.ts';
import { constantCell, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';

const SECONDS_PER_HOUR = 3600;

/** Five groups on a 16T that is charged; two channels off, one sensor cold. */
const CHARGED: ScenarioObject = {
  cell: constantCell(),
  tick_s: 0.5,
  duration_s: 60,
  seed: 7,
  pack: { series: 5, initialSoc: 0.4 },
  source: { constantCurrent_A: 12.34 },
  bms: {
    model: '16T',
    chemistry: 'LiPo',
    consumption: 'none',
    settings: { batteryCapacity_Ah: 12, temperatureAlarm: false, overChargeProtectionVoltage_V: 4.1, overChargeReleaseVoltage_V: 4.05 },
    sensing: {
      channels: [{ group: 1, offset_V: 0.013 }],
      temperature: [{ group: 0 }, { group: 4, offset_K: -47.3 }],
    },
  },
};

const withBms = (more: object): ScenarioObject => ({ ...CHARGED, bms: { ...CHARGED.bms!, ...more } });
const voltages = (reading: LineReading | undefined) => reading!.cellVoltages!.cell_V;

describe('the reading of a run', () => {
  it('is what the unit measured, estimates and has stored', async () => {
    const run = await finishedRun(CHARGED);
    const { measuredValues, cellVoltages, cellImpedance } = readLine(run, 60)!;
    expect(measuredValues).toMatchObject({
      ...{ chargeEnd_V: 4.1, dischargeEnd_V: 3, mode_code: 1, current_A: 12.3, temperature1_degC: 25, temperature2_degC: -22.3 },
      ...{ chargeStatus_code: 0, dischargeStatus_code: 0, soc_fraction: run.read('estimate.soc') },
    });
    const measured = [0, 1, 2, 3, 4].map((group) => run.read(`measuredCell.voltage_V[${group}]`));
    expect(cellVoltages!.cell_V.slice(0, 5)).toEqual(measured);
    expect(measured[1]! - measured[0]!).toBeCloseTo(0.013, 9);
    const soc = 0.4 + (12.3 * 60) / SECONDS_PER_HOUR / 12;
    expect(cellVoltages!.remaining_Ah).toBeCloseTo(12 * soc, 9);
    // The integral of 3 V + 1 V times SOC, for five cells.
    expect(cellVoltages!.remaining_Wh).toBeCloseTo(5 * 12 * (3 * soc + (soc * soc) / 2), 6);
    expect(cellImpedance).toBeUndefined();
  });

  it('a full pack holds the whole integral, an empty one nothing', async () => {
    const full = await openRun(withBms({ initialSoc: 1 }));
    const empty = await openRun(withBms({ initialSoc: 0 }));
    expect(readLine(full, 0)!.cellVoltages).toMatchObject({ remaining_Ah: 12 });
    expect(readLine(full, 0)!.cellVoltages!.remaining_Wh).toBeCloseTo(5 * 12 * 3.5, 9);
    expect(readLine(empty, 0)!.cellVoltages).toMatchObject({ remaining_Ah: 0, remaining_Wh: 0 });
  });

  it('a discharge has the same magnitude in another mode, a small current is storage', async () => {
    const discharge = await finishedRun({ ...CHARGED, source: { constantCurrent_A: -12.34 } });
    expect(readLine(discharge, 60)!.measuredValues).toMatchObject({ mode_code: 0, current_A: 12.3 });
    const storage = await finishedRun({ ...CHARGED, source: { constantCurrent_A: -0.4 } });
    expect(readLine(storage, 60)!.measuredValues).toMatchObject({ mode_code: 2, current_A: 0.4 });
  });

  it('slots without a cell carry noise of 0 to 27 mV that follows from seed, slot and count', async () => {
    const run = await openRun(CHARGED);
    const drawn = Array.from({ length: 200 }, (_, draw) => voltages(readLine(run, draw)).slice(5));
    const all = drawn.flat().map((volt) => Math.round(volt * 1000));
    expect(drawn[0]!.length).toBe(11);
    expect([Math.min(...all), Math.max(...all)]).toEqual([0, 27]);
    expect(new Set(all).size).toBe(28);
    expect(voltages(readLine(await openRun(CHARGED), 3)).slice(5)).toEqual(drawn[3]);
    expect(voltages(readLine(await openRun({ ...CHARGED, seed: 8 }), 3)).slice(5)).not.toEqual(drawn[3]);
    expect(voltages(readLine(run, 4)).slice(0, 5)).toEqual(voltages(readLine(run, 5)).slice(0, 5));
  });

  it('the charge status is 1 from the trip of Over charge P until its release', async () => {
    const commands = [
      { time_s: 10.5, set: 'bms.sensing.channels[0].offset_V', value: 1.5 },
      { time_s: 30.5, set: 'bms.sensing.channels[0].offset_V', value: 0 },
    ];
    const run = await openRun({ ...CHARGED, source: null, commands });
    const status = Array.from({ length: 61 }, (_, second) => {
      run.advance(second * 2);
      return readLine(run, second)!.measuredValues!;
    });
    expect(status.map(({ chargeStatus_code }) => chargeStatus_code).join('')).toBe(`${'0'.repeat(16)}${'1'.repeat(20)}${'0'.repeat(25)}`);
    expect(status.every(({ dischargeStatus_code }) => dischargeStatus_code === 0)).toBe(true);
  });

  it('a setting that is changed while the run goes on is told at once', async () => {
    const commands = [{ time_s: 30, set: 'bms.settings.overChargeProtectionVoltage_V', value: 4.2 }];
    const run = await openRun({ ...CHARGED, commands });
    run.advance(60);
    expect(readLine(run, 30)!.measuredValues!.chargeEnd_V).toBe(4.1);
    run.advance(62);
    expect(readLine(run, 31)!.measuredValues!.chargeEnd_V).toBe(4.2);
  });

  it('a unit that is off says nothing, and speaks again when it is on', async () => {
    const commands = [
      { time_s: 10, do: 'powerOff' as const },
      { time_s: 20, do: 'powerOn' as const },
    ];
    const run = await openRun({ ...CHARGED, commands });
    const speaks = [9, 11, 15, 21].map((second) => {
      run.advance(second * 2);
      return readLine(run, second) !== undefined;
    });
    expect(speaks).toEqual([true, false, false, true]);
  });
});

describe('when the unit writes', () => {
  const nameOf = ({ bytes }: LineWrite) => decodeFrame(bytes)?.frame ?? new TextDecoder().decode(bytes);
  const impedance = { mode_code: 0, current_A: 12.3, cell_Ohm: [0.001, 0.002, 0.003, 0.004, 0.005] };

  it('measured values every second, voltages every other, text after every fifth, impedance when there is a new set', async () => {
    const reading = readLine(await openRun(CHARGED), 0)!;
    const names = Array.from({ length: 11 }, (_, second) => writesOf(second, reading, 'V1.26').map(nameOf));
    const text = 'h::3\r\n';
    const [odd, even] = [['measuredValues'], ['measuredValues', 'cellVoltages']];
    expect(names).toEqual([[...even, text], odd, even, odd, even, [...odd, text], even, odd, even, odd, [...even, text]]);
    expect(writesOf(3, { ...reading, cellImpedance: impedance }, 'V1.26').map(nameOf)).toEqual(['measuredValues', 'cellImpedance']);
  });

  it('no two writes begin closer than 0.1 s, not even when everything is due', async () => {
    const reading = { ...readLine(await openRun(CHARGED), 0)!, cellImpedance: impedance };
    const times = Array.from({ length: 20 }, (_, second) => writesOf(second, reading, 'V1.26').map(({ time_s }) => time_s)).flat();
    expect(times.slice(0, 4)).toEqual([0, 1, 2, 3].map((slot) => expect.closeTo(slot * 0.2, 9)));
    expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThan(0.1);
  });

  it.each(FIRMWARES)('%s: every frame is one that this firmware sends', async (firmware) => {
    const reading = { ...readLine(await openRun(CHARGED), 0)!, cellImpedance: impedance };
    const frames = writesOf(4, reading, firmware).map(({ bytes }) => decodeFrame(bytes));
    expect(frames.map((frame) => frame?.frame)).toEqual(['measuredValues', 'cellVoltages', 'cellImpedance']);
    for (const frame of frames) expect(frame!.firmwares).toContain(firmware);
  });
});
