/**
 * What a new firmware brings: other serial frames, and a current that needs no calibration (FAQ 5d).
 */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../engine/serial/frame.ts';
import { lineWrites } from '../../engine/serial/line.ts';
import { finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { bench, stepsBut } from './steps.ts';

type Commands = NonNullable<ScenarioObject['commands']>;

it('the serial line is silent while an image is sent, then its frames are those of the new version', async () => {
  const run = await openRun(bench(stepsBut('main')));
  const told = [4, 8, 12, 20].map((second) => {
    run.advance(second * 10);
    const [values] = lineWrites(run, second);
    return values === undefined ? null : [decodeFrame(values.bytes)!.firmwares, values.bytes.length];
  });
  expect(told).toEqual([[['V1.21', 'V1.22', 'V1.25'], 0x0f], null, null, [['V1.26'], 0x13]]);
});

describe('FAQ 5d: a unit of before V1.21 that displays a wrong current', () => {
  const charge = { source: { constantCurrent_A: -20 } };
  const old = { firmware: 'before V1.21' as const };
  const shown = async (commands: Commands, bms: object = {}) =>
    (await finishedRun(bench(commands, { ...old, ...bms }, charge))).read('measured.current_A');
  const calibrate = (time_s: number) => ({ time_s, do: 'calibrateCurrent' as const });

  it('is 4 % and 0.4 A off', async () => {
    expect(await shown([])).toBeCloseTo(-20 * 1.04 + 0.4, 9);
  });

  it('is right after an update, and needs no calibration', async () => {
    expect(await shown(stepsBut('main'))).toBe(-20);
  });

  it('stays wrong where the update comes to nothing', async () => {
    expect(await shown(stepsBut('main', { file: { model: '16T' } }))).toBeCloseTo(-20.4, 9);
  });

  it('that was calibrated before stays right', async () => {
    expect(await shown([calibrate(2), ...stepsBut('main')])).toBe(-20);
  });

  it('a calibrated one is right after being switched off and on', async () => {
    const again: Commands = [calibrate(2), { time_s: 20, do: 'powerOff' }, { time_s: 22, do: 'powerOn' }];
    expect(await shown(again)).toBe(-20);
  });

  it('firmware does not heal a shunt: what was wrong with the hardware stays', async () => {
    const sensing = { current: { gain_ratio: 1.5 } };
    expect(await shown(stepsBut('main'), { sensing })).toBe(-30);
  });

  it('an older firmware in place of a newer one brings its error back', async () => {
    const down = stepsBut('main', { file: { firmware: 'before V1.21' } });
    expect(await shown(down, { firmware: 'V1.26' })).toBeCloseTo(-20.4, 9);
  });
});

it('before anybody touches cable or tool nothing of an update is followed', async () => {
  const run = await finishedRun(bench([]));
  expect(run.compiled.scalars.update.inPlay).toBe(0);
});
