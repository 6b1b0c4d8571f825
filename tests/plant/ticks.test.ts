/**
 * What happens at a time of the scenario happens at that time, however the tick divides it.
 */
import { describe, expect, it } from 'vitest';
import { constantCell, finishedRun, openRun, traceOf } from '../scenarios.ts';

describe('equipment is connected from the first tick that starts at or after its time, and disconnected likewise', () => {
  // Not every multiple of a decimal tick is the nearest number to its product: 3 * 0.3 is a little less than 0.9.
  it.each([
    [0.3, 0.9, 2.1],
    [0.7, 2.1, 4.2],
    [0.6, 1.8, 7.2],
    [0.1, 0.3, 0.7],
    [0.01, 0.07, 0.29],
    [0.001, 0.009, 0.035],
    [1, 2, 5],
    [60, 120, 300],
  ])('ticks of %d s: from %d s until %d s', async (tick_s, from_s, until_s) => {
    const run = await openRun({
      cell: constantCell(),
      thermal: null,
      tick_s,
      duration_s: until_s + 3 * tick_s,
      source: { constantCurrent_A: 2, from_s, until_s },
    });
    // Row n of the trace is the current over the tick that ends at n.
    const current = traceOf(run, 'cell.current_A[0][0]').slice(1);
    const [first, end] = [Math.round(from_s / tick_s), Math.round(until_s / tick_s)];
    expect(current).toEqual(current.map((_, tick) => (tick >= first && tick < end ? 2 : 0)));
  });

  it.each([0.3, 0.7, 0.6, 0.1, 0.01])('a command at the third tick of %d s acts in that tick', async (tick_s) => {
    const run = await openRun({
      cell: constantCell(),
      thermal: null,
      tick_s,
      duration_s: 6 * tick_s,
      source: { constantCurrent_A: 2 },
      commands: [{ time_s: Number((3 * tick_s).toFixed(3)), set: 'source[0].constantCurrent_A', value: 5 }],
    });
    expect(traceOf(run, 'cell.current_A[0][0]').slice(1)).toEqual([2, 2, 2, 5, 5, 5]);
  });
});

describe('a bleed pauses 50 ms before each sample, however short the tick', () => {
  // 1.2 A for 0.95 of every second.
  const expected_Ah = ((3.3 / 2.75) * 0.95 * 99) / 3600;
  it.each([0.01, 0.025, 0.05, 0.1, 0.5, 1])('ticks of %d s', async (tick_s) => {
    const run = await finishedRun({
      cell: constantCell({ ocv: { soc: [0, 1], voltage_V: [3.3, 3.3] }, seriesResistance_Ohm: 0, capacity_Ah: 1000 }),
      thermal: null,
      tick_s,
      duration_s: 100,
      pack: { series: 2 },
      bms: {
        model: '8T',
        chemistry: 'LiFe',
        consumption: 'none',
        sensing: { channels: [{ group: 1, offset_V: 0.05 }] },
        settings: { balanceInStorage: true, balanceStartVoltage_V: 3.2 },
      },
    });
    // Ordered at the first sample, so it flows for 99 of the 100 s.
    expect(run.compiled.scalars.total.bled_Ah / expected_Ah).toBeCloseTo(1, 9);
  });
});
