/**
 * What a line does to the writes of the unit: nothing while it is in order, and each fault of its kind what its row says.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../domain/faults/titles.ts';
import { decodeFrame, encodeFrame } from '../../engine/serial/frame.ts';
import { type Chance, disturbed, type LineState, lineWrites } from '../../engine/serial/line.ts';
import { LineDecoder } from '../../engine/serial/lineDecoder.ts';
import { firmwareOf, readLine } from '../../engine/serial/reading.ts';
import { writesOf } from '../../engine/serial/schedule.ts';
import { heardAt } from '../../engine/serial/uart.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, openRun, type ScenarioObject } from '../scenarios.ts';
import { anyValues, FORMS, GOLDEN, SEED, textOf } from './golden.ts';

const IN_ORDER: LineState = { cut_ratio: 0, bitError_ratio: 0, hiddenError_ratio: 0, baud_ratio: 1, flood_ratio: 0 };

/** Chances in the order of a list, again and again. */
function chances(list: readonly number[]): Chance {
  let at = 0;
  return () => list[at++ % list.length]!;
}

const anyChances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 40 }).map(chances);
const anyFrame = fc
  .constantFrom(...FORMS)
  .chain(({ frame, firmware }) => anyValues(frame).map((values) => encodeFrame(frame, values, firmware)));

const property = (what: string, holds: (bytes: Uint8Array, chance: Chance) => void) =>
  it(what, () => {
    fc.assert(fc.property(anyFrame, anyChances, holds), { seed: SEED, numRuns: 500 });
  });

const bitsThatDiffer = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, byte, at) => sum + (byte ^ b[at]!).toString(2).replaceAll('0', '').length, 0);

describe('a write on a line', () => {
  property('in order: the same bytes, and no chance is taken', (bytes) => {
    const never = () => {
      throw new Error('a line in order asks for a chance');
    };
    expect(disturbed(bytes, IN_ORDER, never)).toBe(bytes);
  });

  property('that cuts: a true part of its beginning', (bytes, chance) => {
    const got = disturbed(bytes, { ...IN_ORDER, cut_ratio: 1 }, chance);
    expect(got.length).toBeGreaterThan(0);
    expect(got.length).toBeLessThan(bytes.length);
    expect(textOf(got)).toBe(textOf(bytes.subarray(0, got.length)));
  });

  property('with hidden errors: no bit or two, in the payload, and the sum is right', (bytes, chance) => {
    const got = disturbed(bytes, { ...IN_ORDER, hiddenError_ratio: 1 }, chance);
    expect([0, 2]).toContain(bitsThatDiffer(got, bytes));
    expect(textOf(got.subarray(0, 4))).toBe(textOf(bytes.subarray(0, 4)));
    expect(got.at(-1)).toBe(bytes.at(-1));
    expect(decodeFrame(got)?.frame).toBe(decodeFrame(bytes)!.frame);
  });

  property('flooded: foreign bytes before it, and it or nothing', (bytes, chance) => {
    const got = disturbed(bytes, { ...IN_ORDER, flood_ratio: 0.5 }, chance);
    const whole = textOf(got).endsWith(textOf(bytes));
    expect(got.length - (whole ? bytes.length : 0)).toBeGreaterThan(0);
    expect(got.length).toBeLessThanOrEqual(64 + bytes.length);
  });

  it('that is noisy: as many bits change as its share says, within four standard deviations', () => {
    const ratio = 0.01;
    const { bytes } = GOLDEN[1]!;
    let state = 12345;
    const chance = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    let changed = 0;
    const writes = 2000;
    for (let i = 0; i < writes; i++) changed += bitsThatDiffer(disturbed(bytes, { ...IN_ORDER, bitError_ratio: ratio }, chance), bytes);
    const bits = writes * bytes.length * 8;
    expect(Math.abs(changed - bits * ratio)).toBeLessThan(4 * Math.sqrt(bits * ratio * (1 - ratio)));
  });
});

describe('a receiver of 8N1', () => {
  it('hears the same bytes at its own speed and up to 4 % beside it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.double({ min: 0.96, max: 1.04, noNaN: true }), (bytes, ratio) => {
        expect([...heardAt(bytes, 1)]).toEqual([...bytes]);
        expect([...heardAt(bytes, ratio)]).toEqual([...bytes]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each([1 / 12, 1 / 6, 1 / 3, 0.5, 0.75, 1.5, 2, 4])('at %d times its speed never hears a frame of real units', (ratio) => {
    const decoder = new LineDecoder(() => undefined);
    for (const { bytes } of GOLDEN) decoder.push(heardAt(bytes, ratio));
    expect(decoder.counts.frames).toBe(0);
    expect(decoder.counts.garbageBytes + decoder.waitingBytes).toBeGreaterThan(0);
  });
});

const bench = (faults: ScenarioObject['faults'] = [], more: Partial<ScenarioObject> = {}): ScenarioObject => ({
  cell: constantCell({ capacity_Ah: 100 }),
  tick_s: 0.5,
  duration_s: 200,
  seed: 7,
  thermal: null,
  pack: { series: 8 },
  source: { constantCurrent_A: -20 },
  bms: { model: '16T', chemistry: 'LiPo', settings: { batteryCapacity_Ah: 100 } },
  ...more,
  faults,
});

interface Second {
  second: number;
  bytes: string[];
}

/** What is written in each second of a run. */
function heard(run: Run): Second[] {
  return Array.from({ length: 201 }, (_, second) => {
    run.advance(second * 2);
    return { second, bytes: lineWrites(run, second).map(({ bytes }) => textOf(bytes)) };
  });
}

describe('the line of a run', () => {
  it('in order carries what the unit writes, write by write', async () => {
    const run = await openRun(bench());
    for (let second = 0; second < 60; second++) {
      run.advance(second * 2);
      expect(lineWrites(run, second)).toEqual(writesOf(second, readLine(run, second)!, firmwareOf(run)));
    }
  });

  const FAULTS: FaultName[] = ['silentSerial', 'cutSerial', 'noisySerial', 'hiddenSerialErrors', 'wrongBaud', 'floodedSerial'];
  it.each(FAULTS)(
    '%s: changes the bytes of its time and no others, follows from the seed, and the unit knows nothing of it',
    async (fault) => {
      const faults: ScenarioObject['faults'] = [{ fault, when: { time_s: 60 }, for_s: 60 }];
      const [clean, broken, again, other] = await Promise.all([
        openRun(bench()),
        openRun(bench(faults)),
        openRun(bench(faults)),
        openRun(bench(faults, { seed: 8 })),
      ]);
      const [reference, got] = [heard(clean), heard(broken)];
      const differs = reference.filter(({ bytes, second }) => bytes.join() !== got[second]!.bytes.join()).map(({ second }) => second);
      expect(differs.length).toBeGreaterThan(10);
      // What acts from the tick that begins at 60 s on is on the line of the second that ends with it.
      expect([Math.min(...differs), Math.max(...differs)].map((second) => second > 60 && second <= 120)).toEqual([true, true]);
      expect(heard(again)).toEqual(got);
      const random = fault !== 'silentSerial' && fault !== 'wrongBaud';
      // The noise of empty slots follows from the seed on a clean line too, so only frames of measured values are compared.
      const values = (seconds: Second[]) =>
        seconds.filter(({ second }) => second > 60 && second <= 120 && second % 2 === 1).map(({ bytes }) => bytes[0]);
      if (random) expect(values(heard(other))).not.toEqual(values(got));
      for (const name of [
        'pack.voltage_V',
        'measured.current_A',
        'estimate.soc',
        'unit.current_A',
        'measuredCell.voltage_V[3]',
        'relay.closed[1]',
      ])
        expect(broken.read(name)).toBe(clean.read(name));
      expect(broken.events.filter(({ code }) => code !== 'fault')).toEqual(clean.events);
    },
  );

  it('after any of them the second whole frame is read again', async () => {
    for (const fault of FAULTS) {
      const run = await openRun(bench([{ fault, when: { time_s: 60 }, for_s: 60 }]));
      const frames: number[] = [];
      let now = 0;
      const decoder = new LineDecoder(() => frames.push(now));
      for (now = 0; now < 130; now++) {
        run.advance(now * 2);
        for (const { bytes } of lineWrites(run, now)) decoder.push(bytes);
      }
      // Two frames in the first even second behind it, one in each odd one.
      expect(frames.filter((second) => second > 121).length, fault).toBeGreaterThanOrEqual(12 - 1);
    }
  });
});
