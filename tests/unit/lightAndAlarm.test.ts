/**
 * What is seen and heard of the unit: back light (FAQ 11), alarm LED, beeper and yellow indicators (FAQ 6d).
 */
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../domain/faults/titles.ts';
import { reads } from '../firmware/bench.ts';
import { eventsNamed, openRun, traceOf } from '../scenarios.ts';
import { advanceTo, at, bench, press, TICK_S } from './bench.ts';

/** Times at which a channel of 0 and 1 is 1: from the first row to the last of each stretch. */
async function litFrom(channel: string, parts: Parameters<typeof bench>[0]): Promise<[number, number][]> {
  const values = traceOf(await openRun(bench(parts)), channel);
  const stretches: [number, number][] = [];
  values.forEach((value, row) => {
    if (value === 0) return;
    if (row > 0 && values[row - 1] !== 0) stretches.at(-1)![1] = row * TICK_S;
    else stretches.push([row * TICK_S, row * TICK_S]);
  });
  return stretches;
}
const light = (parts: Parameters<typeof bench>[0]) => litFrom('lcd.lit', parts);

describe('the back light (FAQ 11)', () => {
  it('is off while nobody operates and nothing is wrong', async () => {
    expect(await light({})).toEqual([]);
  });

  it.each([30, 10, 1])('after an operation it is on for the set %d s (11b)', async (lcdBacklightTime_s) => {
    // Pressed at 20 s, in the tick that ends at 20.5 s; it goes out at the sample that comes the set time later.
    const lit = await light({ settings: { lcdBacklightTime_s }, commands: [press(20, 'down')] });
    expect(lit).toEqual([[20.5, 20 + lcdBacklightTime_s - 0.5]]);
  });

  it('every operation begins the time anew', async () => {
    const commands = [press(20, 'down'), press(40, 'stop'), press(45, 'up')];
    const load = { source: [{ constantCurrent_A: -5 }] };
    expect(await light({ commands, scenario: load })).toEqual([[20.5, 74.5]]);
  });

  it('with 0 s an operation lights nothing beyond its own sample; with Always on it is never off', async () => {
    expect(await light({ settings: { lcdBacklightTime_s: 0 }, commands: [press(20, 'down')] })).toEqual([]);
    expect(await light({ settings: { lcdBacklightTime_s: -1 } })).toEqual([[0, 120]]);
  });

  it('it is on as long as a warning lasts (11a), with no operation, and off behind it', async () => {
    const commands = [...reads.cell(10, 2, 3.9), ...reads.cell(60, 2, 3.3)];
    expect(await light({ commands })).toEqual([[16, 65.5]]);
    const run = await at(120, { commands });
    expect(eventsNamed(run, 'overCharge').map(({ time_s }) => time_s)).toEqual([16]);
    expect(eventsNamed(run, 'overCharge', false).map(({ time_s }) => time_s)).toEqual([66]);
  });

  it('a warning during which somebody operates: on until the later of both ends', async () => {
    const commands = [...reads.cell(10, 2, 3.9), ...reads.cell(40, 2, 3.3), press(38, 'down')];
    const [[from, until]] = (await light({ commands })) as [[number, number]];
    expect([from, until]).toEqual([16, 67.5]);
  });

  it('switching on, waking and plugging in are operations', async () => {
    expect(await light({ bms: { switchedOn: false }, commands: [{ time_s: 20, do: 'powerOn' }] })).toEqual([[21, 49.5]]);
    expect(await light({ commands: [press(20, 'stop'), press(40, 'up')] })).toEqual([[41, 69.5]]);
    const plugs = [
      { time_s: 20, do: 'unplugLcd' as const },
      { time_s: 40, do: 'plugLcd' as const },
    ];
    expect(await light({ commands: plugs })).toEqual([[40.5, 69.5]]);
  });

  it('asleep, off or unplugged it is off at once', async () => {
    for (const dark of [press(25, 'stop'), { time_s: 25, do: 'powerOff' as const }, { time_s: 25, do: 'unplugLcd' as const }])
      expect(await light({ commands: [press(20, 'down'), dark] })).toEqual([[20.5, 25]]);
  });

  it('a light that is stuck burns whatever the setting, also asleep, and draws; a dark one never burns', async () => {
    const faults = (fault: FaultName) => ({ faults: [{ fault, when: { time_s: 10 }, for_s: 60 }] });
    const stuck = { settings: { lcdBacklightTime_s: 0 }, commands: [press(30, 'stop')], scenario: faults('stuckBacklight') };
    const [[from, until]] = (await light(stuck)) as [[number, number]];
    expect(from).toBe(11);
    expect(until).toBeGreaterThanOrEqual(69.5);
    expect(await light({ commands: [press(30, 'down'), ...reads.cell(40, 2, 3.9)], scenario: { ...faults('darkBacklight'), duration_s: 60 } })).toEqual([]); // prettier-ignore
    const drawn = async (scenario: object) => (await at(20, { bms: { consumption: 'vendor' }, scenario })).read('unit.current_A') * 13.2;
    expect((await drawn(faults('stuckBacklight'))) - (await drawn({}))).toBeCloseTo(0.5, 2);
  });
});

describe('alarm LED and beeper', () => {
  const trip = [...reads.cell(10, 2, 3.9), ...reads.cell(60, 2, 3.3)];

  it('the LED is lit while a protection is in force, held or tripped, the beeper for ten seconds after the trip', async () => {
    const held = [...reads.cell(10, 2, 3.9), ...reads.cell(40, 2, 3.6), ...reads.cell(60, 2, 3.3)];
    expect(await litFrom('lamp.alarm', { commands: held })).toEqual([[16, 65.5]]);
    expect(await litFrom('beeper.on', { commands: held })).toEqual([[16, 25.5]]);
  });

  it.each([
    [3, 18.5],
    [1000, 65.5],
  ])('a beeper of %d s is silent after %d s, and never outlasts its alarm', async (beeperTime_s, until) => {
    const [[, end]] = (await litFrom('beeper.on', { commands: trip, bms: { assumptions: { beeperTime_s } } })) as [[number, number]];
    expect(end).toBe(until);
  });

  it('a second trip during the first alarm sounds again', async () => {
    const commands = [...trip, ...reads.temperatures(34, 70, 25)];
    expect(await litFrom('beeper.on', { commands })).toEqual([[16, 25.5], [40, 49.5]]); // prettier-ignore
  });

  it('any press ends the sound and leaves the LED', async () => {
    const commands = [...trip, press(20, 'up')];
    expect(await litFrom('beeper.on', { commands })).toEqual([[16, 20]]);
    expect(await litFrom('lamp.alarm', { commands })).toEqual([[16, 65.5]]);
  });

  it('with cut-off delay NO they are all that an alarm does', async () => {
    const run = await at(30, { commands: reads.cell(10, 2, 3.7), settings: { cutOffDelay_s: 0 } });
    expect([run.read('lamp.alarm'), run.read('relay.closed[0]')]).toEqual([1, 1]);
    expect(await litFrom('beeper.on', { commands: reads.cell(10, 2, 3.7), settings: { cutOffDelay_s: 0 } })).toEqual([[11, 20.5]]);
  });

  it('asleep and off both are dark', async () => {
    for (const dark of [press(20, 'stop'), { time_s: 20, do: 'powerOff' as const }]) {
      const run = await at(20, { commands: [...trip.slice(0, 1), dark] });
      expect([run.read('lamp.alarm'), run.read('beeper.on')]).toEqual([1, 1]);
      advanceTo(run, 20.5);
      expect([run.read('lamp.alarm'), run.read('beeper.on')]).toEqual([0, 0]);
    }
  });
});

describe('yellow indicators (FAQ 6d)', () => {
  const settings = { balanceInStorage: true, balanceStartVoltage_V: 3.1 };
  const commands = [...reads.cell(10, 2, 3.35), ...reads.cell(40, 2, 3.3), ...reads.cell(40, 1, 3.4), ...reads.cell(60, 1, 3.3)];
  const indicators = (run: Parameters<typeof advanceTo>[0]) => [0, 1, 2, 3].map((group) => run.read(`lcd.balancing[${group}]`));

  it('name the cells whose bleeds are ordered, at the sample that orders them', async () => {
    const run = await at(9.5, { settings, commands });
    const seen = [9.5, 11, 41, 61].map((time) => {
      advanceTo(run, time);
      return indicators(run).join('');
    });
    expect(seen).toEqual(['0000', '0010', '0100', '0000']);
  });

  it('hardware before V4.0 has none', async () => {
    const run = await at(20, { settings, commands, bms: { hardware: 'V3.0' } });
    expect([indicators(run), run.compiled.scalars.balance.active]).toEqual([[0, 0, 0, 0], 1]);
  });

  it('on a display that is dark none is lit, and plugged in again they are', async () => {
    const plugs = [
      { time_s: 20, do: 'unplugLcd' as const },
      { time_s: 30, do: 'plugLcd' as const },
    ];
    const run = await at(21, { settings, commands: [...commands, ...plugs] });
    expect(indicators(run)).toEqual([0, 0, 0, 0]);
    advanceTo(run, 31);
    expect(indicators(run)).toEqual([0, 0, 1, 0]);
  });
});
