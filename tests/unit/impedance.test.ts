/**
 * Impedance as the device shows it: the step of a reading over the step of the current at a change between charge and discharge.
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { readLine } from '../../engine/serial/reading.ts';
import { writesOf } from '../../engine/serial/schedule.ts';
import { decodeFrame } from '../../engine/serial/frame.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

/** 1, 2, 3 and 4 mOhm; the steps of ±20 A below are whole millivolts. */
const MILLIOHMS = [1, 2, 3, 4];
type Source = NonNullable<ScenarioFile['source']>;

function pack(source: Source, more: Partial<ScenarioObject> = {}, bms: object = {}): ScenarioObject {
  return {
    cell: constantCell({ capacity_Ah: 1000, ocv: flatOcv(3.3), seriesResistance_Ohm: 1e-3 }),
    thermal: null,
    tick_s: 0.5,
    duration_s: 60,
    pack: { series: 4, overrides: MILLIOHMS.map((mOhm, group) => ({ group, seriesResistance_Ohm: mOhm / 1000 })) },
    bms: { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { lowSoc_fraction: 0, temperatureAlarm: false }, ...bms },
    source,
    ...more,
  };
}

const phases = (...currents: number[]): Source => {
  const each_s = 10;
  return currents.map((constantCurrent_A, index) => ({ constantCurrent_A, from_s: index * each_s, until_s: (index + 1) * each_s }));
};
const shown = (run: Run) => MILLIOHMS.map((_, group) => Math.round(run.read(`lcd.impedance_Ohm[${group}]`) * 1e4) / 10);
const toSecond = (run: Run, second: number) => run.advance(Math.round(second / run.loaded.scenario.tick_s));

describe('the displayed impedance', () => {
  it('is there from the first sample after a change between charge and discharge, straight or through rest, and stays until the next', async () => {
    for (const source of [phases(20, -20), phases(20, 0, -20), phases(-20, 20), phases(-30, 0, 10)]) {
      const run = await openRun(pack(source));
      const turn_s = (Array.isArray(source) ? source.length - 1 : 1) * 10;
      toSecond(run, turn_s);
      expect(shown(run)).toEqual([0, 0, 0, 0]);
      toSecond(run, turn_s + 1);
      expect(shown(run)).toEqual(MILLIOHMS);
      toSecond(run, 60);
      expect(shown(run)).toEqual(MILLIOHMS);
    }
  });

  it('a current that goes on or off in one direction changes nothing', async () => {
    const run = await openRun(pack(phases(20, 0, 20, 40, 20, 0)));
    toSecond(run, 60);
    expect([shown(run), run.compiled.scalars.impedance.tick]).toEqual([[0, 0, 0, 0], 0]);
  });

  it('is computed anew at the next change: a cell that has aged since then shows it', async () => {
    const faults = [{ fault: 'highImpedance' as const, target: 1, severity: 4, when: { time_s: 25 } }];
    const run = await openRun(pack(phases(20, -20, -20, 20), { faults }));
    toSecond(run, 29);
    expect(shown(run)).toEqual(MILLIOHMS);
    toSecond(run, 31);
    expect(shown(run)).toEqual([1, 8, 3, 4]);
  });

  it.each([
    [1, -1, true],
    [1, -0.9, false],
    [0.9, -1.1, false],
  ])('from %d A to %d A, which is a change between charge and discharge: %s', async (from, to, computed) => {
    const run = await openRun(pack(phases(from, to)));
    toSecond(run, 20);
    expect(run.compiled.scalars.impedance.tick > 0).toBe(computed);
  });

  it('a step that is too small to divide by is passed over', async () => {
    const run = await openRun(pack(phases(1, 0, -1)));
    toSecond(run, 30);
    expect(run.compiled.scalars.impedance.tick).toBe(0);
    const finer = await openRun(pack(phases(1, 0, -1), {}, { assumptions: { impedanceStep_A: 1 } }));
    toSecond(finer, 30);
    expect(shown(finer)).toEqual(MILLIOHMS);
  });

  it('is what the readings say: by the displayed current, in steps of 1 mV and 0.1 mOhm, and never below 0', async () => {
    const wrong = await openRun(pack(phases(20, -20), {}, { sensing: { current: { gain_ratio: 0.5 } } }));
    toSecond(wrong, 15);
    expect(shown(wrong)).toEqual(MILLIOHMS.map((mOhm) => 2 * mOhm));
    const coarse = await openRun(pack(phases(3.3, -3.3)));
    toSecond(coarse, 15);
    // 6, 14, 20 and 26 mV are seen of 6.6, 13.2, 19.8 and 26.4 mV.
    expect(shown(coarse)).toEqual([0.9, 2.1, 3, 3.9]);
    const reversed = await openRun(pack(phases(20, -20), {}, { sensing: { current: { gain_ratio: -1 } } }));
    toSecond(reversed, 15);
    expect(shown(reversed)).toEqual([0, 0, 0, 0]);
  });

  it('a unit that was switched off knows of no change; one that slept still does', async () => {
    const off = await openRun(
      pack(phases(20, -20, 0), {
        commands: [
          { time_s: 40, do: 'powerOff' },
          { time_s: 45, do: 'powerOn' },
        ],
      }),
    );
    toSecond(off, 50);
    expect([shown(off), off.compiled.scalars.impedance.tick]).toEqual([[0, 0, 0, 0], 0]);
    const slept = await openRun(pack(phases(20, -20, 0), { commands: [{ time_s: 40, do: 'press', button: 'stop' }, { time_s: 45, do: 'press', button: 'up' }] })); // prettier-ignore
    toSecond(slept, 50);
    expect(shown(slept)).toEqual(MILLIOHMS);
  });
});

describe('on the serial line (0x58)', () => {
  async function sent(scenario: ScenarioObject): Promise<[number, unknown][]> {
    const run = await openRun(scenario);
    const frames: [number, unknown][] = [];
    for (let second = 0; second <= scenario.duration_s; second++) {
      run.advance(Math.floor(second / scenario.tick_s! + 1e-9));
      for (const { bytes } of writesOf(second, readLine(run, second)!, 'V1.26')) {
        const decoded = decodeFrame(bytes);
        if (decoded?.frame === 'cellImpedance') frames.push([second, decoded.values]);
      }
    }
    return frames;
  }

  it('a frame comes once after each change, with the mode and the current after it and every cell', async () => {
    const cell_Ohm = MILLIOHMS.map((mOhm) => mOhm / 1000);
    expect(await sent(pack(phases(20, -20, 0, -20, 30)))).toEqual([
      [11, { mode_code: 0, current_A: 20, cell_Ohm }],
      [41, { mode_code: 1, current_A: 30, cell_Ohm }],
    ]);
  });

  it.each([0.1, 0.5, 1, 5, 20])('once, with ticks of %d s too', async (tick_s) => {
    const source: Source = [
      { constantCurrent_A: 20, until_s: 40 },
      { constantCurrent_A: -20, from_s: 40 },
    ];
    expect(await sent(pack(source, { tick_s, duration_s: 200 }))).toHaveLength(1);
  });
});
