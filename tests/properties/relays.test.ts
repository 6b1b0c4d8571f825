/**
 * Debounce and relays under readings that somebody tries to make as nasty as possible.
 * Cells rest at 3.30 V whatever happens; what the unit reads is set sample by sample, or noisy.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventName } from '../../domain/events.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, finishedRun, flatOcv, openRun, type RunEvent, type ScenarioObject } from '../scenarios.ts';

type Command = NonNullable<ScenarioObject['commands']>[number];

interface Knob {
  path: string;
  /** Offset that violates the limit by far. */
  violating: number;
  /** All that it sets off, the cause that it is used for first. */
  event: EventName;
}

const CHANNEL = (group: number) => `bms.sensing.channels[${group}].offset_V`;
const SENSOR = (index: number) => `bms.sensing.temperature[${index}].offset_K`;
const KNOBS: Knob[] = [
  { event: 'overCharge', path: CHANNEL(1), violating: 0.5 },
  { event: 'overDischarge', path: CHANNEL(2), violating: -1 },
  { event: 'highTemperature', path: SENSOR(0), violating: 50 },
  { event: 'lowTemperatureDischarge', path: SENSOR(1), violating: -50 },
  { event: 'overDischargeCurrent', path: 'bms.sensing.current.offset_A', violating: -150 },
  { event: 'overChargeCurrent', path: 'bms.sensing.current.offset_A', violating: 150 },
];
const STILL = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(3.3), seriesResistance_Ohm: 0 });
const UNIT = { model: '8T', chemistry: 'LiFe', consumption: 'none' } as const;

/** Sample n of the firmware comes at n seconds; its reading is set half a second before. */
function readings(knob: Knob, pattern: readonly boolean[]): Command[] {
  return pattern.flatMap((violating, index): Command[] => {
    const before = index > 0 && pattern[index - 1];
    return violating === before ? [] : [{ time_s: index + 0.5, set: knob.path, value: violating ? knob.violating : 0 }];
  });
}

function bench(delay_s: number, samples: number, commands: Command[], bms: object = {}): ScenarioObject {
  return {
    cell: STILL,
    thermal: null,
    tick_s: 0.5,
    duration_s: samples,
    pack: { series: 4, initialSoc: 0.5 },
    bms: {
      ...UNIT,
      ...bms,
      settings: { batteryCapacity_Ah: 1000, cutOffDelay_s: delay_s, temperatureDifference_K: 40, lowSoc_fraction: 0 },
    },
    commands,
  };
}

describe('debounce: a violation trips at the first sample that is the delay after its first, and an interruption starts anew', () => {
  it.each(KNOBS)('$event', async (knob) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2, 3, 5),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6 })), { minLength: 3, maxLength: 12 }),
        async (delay_s, runs) => {
          const pattern = runs.flatMap(([violating, count]) => Array.from({ length: count }, () => violating));
          const expected = pattern.findIndex((_, end) => end >= delay_s && pattern.slice(end - delay_s, end + 1).every(Boolean));
          const run = await finishedRun(bench(delay_s, pattern.length + 0.5, readings(knob, pattern)), { until: knob.event });
          const tripped = eventsNamed(run, knob.event).map(({ time_s }) => time_s);
          expect(tripped).toEqual(expected < 0 ? [] : [expected + 1]);
        },
      ),
      { seed: 27, numRuns: 60 },
    );
  });

  it.each([1, 5, 37, 60])('with a delay of %d s: that many violating samples never trip, one more always does', async (delay_s) => {
    const knob = KNOBS[0];
    for (const [count, trips] of [
      [delay_s, 0],
      [delay_s + 1, 1],
    ] as const) {
      // prettier-ignore
      const pattern = Array.from({ length: delay_s + 20 }, (_, index) => index >= 4 && index < 4 + count);
      const run = await finishedRun(bench(delay_s, pattern.length, readings(knob, pattern)));
      expect(eventsNamed(run, 'overCharge').length).toBe(trips);
    }
  });

  it('a slower firmware counts its own samples: 5 s are two periods of 2.5 s', async () => {
    const violation: Command[] = [{ time_s: 6, set: CHANNEL(1), value: 0.5 }];
    const run = await finishedRun(bench(5, 40, violation, { period_ticks: 5 }));
    expect(eventsNamed(run, 'overCharge').map(({ time_s }) => time_s)).toEqual([12.5]);
  });
});

/** Times at which each relay moved. */
function moves(run: Run): number[][] {
  return (['chargeRelayClosed', 'dischargeRelayClosed'] as const).map((name) =>
    run.events.filter(({ code }) => code === name).map(({ time_s }) => time_s),
  );
}

function closestPair(times: readonly number[]): number {
  return times.slice(1).reduce((least, time, index) => Math.min(least, time - times[index]), Infinity);
}

const pattern = (samples: number) =>
  fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 15 })), { minLength: 2, maxLength: 14 })
    .map((runs) => runs.flatMap(([violating, count]) => Array.from({ length: count }, () => violating)).slice(0, samples));

describe('relays: no two moves of a relay are closer than the delay', () => {
  const delays = fc.constantFrom(1, 2, 3, 5, 8);

  it.each(KNOBS)('whatever comes and goes of $event', async (knob) => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(delays, pattern(120), async (delay_s, list) => {
        const run = await finishedRun(bench(delay_s, 160, readings(knob, list)));
        for (const times of moves(run)) {
          moved += times.length;
          expect(closestPair(times)).toBeGreaterThanOrEqual(delay_s);
        }
      }),
      { seed: 28, numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(30);
  });

  it.each(['perCause', 'anyAlarmOpensBoth'])('whatever comes and goes of several causes at once, policy %s', async (policy) => {
    await fc.assert(
      fc.asyncProperty(delays, fc.array(pattern(120), { minLength: 5, maxLength: 5 }), async (delay_s, lists) => {
        const commands = lists.flatMap((list, index) => readings(KNOBS[index], list));
        const run = await finishedRun(bench(delay_s, 160, commands, { policy }));
        for (const times of moves(run)) expect(closestPair(times)).toBeGreaterThanOrEqual(delay_s);
      }),
      { seed: 280, numRuns: 150 },
    );
  });

  it.each([
    { place: 'at P', voltage_V: 3.65, delay_s: 5, moves: 1 },
    { place: 'at P', voltage_V: 3.65, delay_s: 1, moves: 4 },
    { place: 'between P and R', voltage_V: 3.6, delay_s: 5, moves: 1 },
    { place: 'between P and R', voltage_V: 3.6, delay_s: 1, moves: 1000 },
    { place: 'at R', voltage_V: 3.55, delay_s: 1, moves: 4 },
  ])('noise under half the gap between P and R, a million samples $place, delay $delay_s s: no chatter', async (row) => {
    const run = await openRun({
      cell: { ...STILL, ocv: flatOcv(row.voltage_V) },
      thermal: null,
      seed: 28,
      tick_s: 1,
      duration_s: 1e6,
      pack: { series: 2 },
      bms: { ...UNIT, sensing: { noise_V: 0.4999 * (3.65 - 3.55) }, settings: { lowSoc_fraction: 0, cutOffDelay_s: row.delay_s } },
    });
    run.advance();
    expect(run.compiled.scalars.sensing.sample).toBe(1e6 + 1);
    const [charge, discharge] = moves(run);
    expect(discharge).toEqual([]);
    expect(charge.length).toBeGreaterThanOrEqual(row.moves);
    expect(charge.slice(1).filter((time, index) => time - charge[index] < row.delay_s).length).toBe(0);
  });
});

describe('permissiveness: one more violation that is seen never closes a relay and never ends another alarm', () => {
  /** 9a and 9b, 10a and 10b, are two names of one cause. */
  const causeOf = (code: EventName) => code.replace('Hold', '');
  const NO_CAUSES = new Set<EventName>(['chargeRelayClosed', 'dischargeRelayClosed', 'balancing', 'socCalibrated', 'unitOn']);

  /** After each sample: which relays are closed and which causes are active. */
  async function historyOf(commands: Command[], policy: string) {
    const run = await openRun(bench(3, 160, commands, { policy }));
    const history: { closed: number[]; causes: Set<string> }[] = [];
    let seen = 0;
    const active = new Map<string, number>();
    const count = (event: RunEvent) => active.set(causeOf(event.code), (active.get(causeOf(event.code)) ?? 0) + (event.active ? 1 : -1));
    while (run.status === 'running') {
      run.advance(run.tick + 1);
      run.events.slice(seen).filter(({ code }) => !NO_CAUSES.has(code)).forEach(count); // prettier-ignore
      seen = run.events.length;
      const orders = run.compiled.structures.relay.map(({ order }) => order);
      history.push({ closed: orders, causes: new Set([...active].filter(([, n]) => n > 0).map(([name]) => name)) });
    }
    return history;
  }

  const independent = KNOBS.slice(0, 5);
  it.each(['perCause', 'anyAlarmOpensBoth'])('policy %s', async (policy) => {
    let alarms = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2 }),
        fc.array(pattern(120), { minLength: 5, maxLength: 5 }),
        async ([added, ...present], lists) => {
          const before = await historyOf(present.flatMap((index) => readings(independent[index], lists[index])), policy); // prettier-ignore
          const after = await historyOf(
            [added, ...present].flatMap((index) => readings(independent[index], lists[index])),
            policy,
          );
          before.forEach(({ closed, causes }, tick) => {
            alarms += causes.size;
            expect(
              after[tick].closed.every((order, relay) => order <= closed[relay]),
              `orders at tick ${tick + 1}`,
            ).toBe(true);
            expect([...after[tick].causes], `causes at tick ${tick + 1}`).toEqual(expect.arrayContaining([...causes]));
          });
        },
      ),
      { seed: 29, numRuns: 60 },
    );
    expect(alarms).toBeGreaterThan(1000);
  });

  it('the one exception is the gauge: a full cell sets it to 100 %, and with that the alarm of a low gauge ends', async () => {
    const scenario = (commands: Command[]): ScenarioObject => {
      const plain = bench(3, 60, commands, { initialSoc: 0.05 });
      return { ...plain, bms: { ...plain.bms!, settings: { ...plain.bms!.settings, lowSoc_fraction: 0.1 } } };
    };
    const [without, full] = [await finishedRun(scenario([])), await finishedRun(scenario([{ time_s: 20, set: CHANNEL(1), value: 0.5 }]))];
    expect(without.read('relay.closed[1]')).toBe(0);
    expect(full.read('relay.closed[0]')).toBe(0);
    expect(full.read('estimate.soc')).toBe(1);
    expect(full.events.map(({ time_s, code, active }) => [time_s, code, active])).toEqual([
      [4, 'lowSoc', true],
      [4, 'dischargeRelayClosed', false],
      [24, 'overCharge', true],
      [24, 'chargeRelayClosed', false],
      [28, 'lowSoc', false],
      [28, 'dischargeRelayClosed', true],
    ]);
  });
});
