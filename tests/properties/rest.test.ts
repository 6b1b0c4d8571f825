/**
 * A pack that is left alone: it comes to rest without overshoot, stays there for ever, and an idle hour only moves the clock.
 */
import { describe, expect, it } from 'vitest';
import { CELL, GROUP } from '../../domain/memory.ts';
import type { Run } from '../../engine/run.ts';
import { constantCell, csvOf, firstDifference, openRun, type ScenarioObject, traceOf } from '../scenarios.ts';

type Untimed = Omit<ScenarioObject, 'duration_s'>;

const RC = [
  { resistance_Ohm: 0.012, timeConstant_s: 7 },
  { resistance_Ohm: 0.02, timeConstant_s: 300 },
];

describe('after a load the voltage comes back to the open-circuit voltage from one side and stays', () => {
  it.each([
    ['after a discharge', -8],
    ['after a charge', 8],
  ])('%s', async (_, current_A) => {
    const run = await openRun({
      cell: constantCell({ rc: RC }),
      thermal: null,
      tick_s: 0.5,
      duration_s: 9000,
      source: { constantCurrent_A: current_A, until_s: 100 },
    });
    run.advance(200);
    const voltages = traceOf(run, 'cell.voltage_V[0][0]').slice(1);
    const open_V = 3.5 + (current_A * 100) / 36000;
    const away = voltages.map((voltage) => (open_V - voltage) * -Math.sign(current_A));
    expect(away[0]).toBeGreaterThan(0.04);
    // At the end the difference is that of the last bits of the open-circuit voltage itself.
    const settled_V = voltages.at(-1)!;
    for (let i = 1; i < voltages.length; i++) {
      const [before, now] = [voltages[i - 1], voltages[i]].map((value) => value * Math.sign(current_A));
      if (now > before || now < settled_V * Math.sign(current_A)) throw new Error(`tick ${200 + i}: ${before} then ${now}`);
    }
    expect(Math.abs(settled_V - open_V)).toBeLessThanOrEqual(1e-9);
  });
});

describe('a cell that is warmer or colder than its place comes to the place from one side', () => {
  it.each([
    ['a warm cell', 48],
    ['a cold cell', -17],
  ])('%s', async (_, initialTemperature_degC) => {
    const run = await openRun({
      cell: constantCell({ rc: RC }),
      thermal: { heatCapacity_J_per_K: 50, toAmbient_W_per_K: 0.9, initialTemperature_degC },
      ambient_degC: 21,
      duration_s: 3000,
    });
    const away = traceOf(run, 'cell.temperature_degC[0][0]').map((value) => (value - 21) * Math.sign(initialTemperature_degC - 21));
    for (let i = 1; i < away.length; i++)
      if (away[i] > away[i - 1] || away[i] < 0) throw new Error(`tick ${i}: ${away[i - 1]} K then ${away[i]} K`);
    expect(new Set(away).size).toBeGreaterThan(50);
    expect(away.at(-1)).toBeLessThanOrEqual(1e-9);
  });
});

/** Every column of cells and groups, and what the unit believes. */
function everythingOf(run: Run): string {
  run.compiled.kernel.exports.settle();
  const { cells, groups, scalars, structures } = run.compiled;
  const all = Array.from({ length: run.loaded.scenario.pack.series }, (_, group) => [
    ...Object.keys(CELL).map((name) => cells[name as keyof typeof CELL].get(group)),
    ...Object.keys(GROUP).map((name) => groups[name as keyof typeof GROUP].get(group)),
  ]);
  const { measured, estimate, total, pack, balance } = scalars;
  const outputs = structures.relay.map(({ order, coil_V, pulled, closed, waited }) => [order, coil_V, pulled, closed, waited]);
  return JSON.stringify([all, outputs, [measured, estimate, total, pack, balance].map((section) => ({ ...section }))]);
}

describe('without current, leak, consumption and noise a pack at ambient is where it was after a million ticks, bit for bit', () => {
  it.each<[string, Untimed]>([
    ['a bare cell', { cell: constantCell({ rc: RC }), thermal: null, tick_s: 0.1 }],
    [
      'cells with heat, hysteresis and entropy at 11 degC',
      {
        pack: {
          series: 5,
          cell: 'lfp26650',
          initialSoc: 0.37,
          spread: { capacity_ratio: 0.02 },
          overrides: [0, 1, 2, 3, 4].map((group) => ({ group, selfDischarge_per_s: 0 })),
        },
        ambient_degC: 11,
        thermal: { heatCapacity_J_per_K: 70, toAmbient_W_per_K: 0.2 },
        tick_s: 1,
      },
    ],
    [
      'cells watched by a unit',
      {
        cell: constantCell({ rc: RC, thermal: { heatCapacity_J_per_K: 70, toAmbient_W_per_K: 0.2 } }),
        pack: { series: 4, initialSoc: 0.4, overrides: [{ group: 2, initialSoc: 0.45 }] },
        bms: { model: '8T', chemistry: 'LiFe', consumption: 'none', settings: { balanceInStorage: true } },
        ambient_degC: 19,
        tick_s: 1,
      },
    ],
  ])('%s', async (_, scenario) => {
    const run = await openRun({ ...scenario, duration_s: 1e6 * scenario.tick_s! });
    const before = everythingOf(run);
    run.advance(1e6);
    expect(run.tick).toBe(1e6);
    expect(everythingOf(run)).toBe(before);
  });
});

describe('an idle hour put in before anything happens only moves the later trace, bit for bit', () => {
  const columns = ['soc', 'rc1_V', 'rc2_V', 'hysteresis_V', 'voltage_V', 'temperature_degC', 'heat_J'] as const;
  const rows = csvOf('current_A', [[0, 0], [40, -9], [90, 4], [200, 7.7], [260, -1]]); // prettier-ignore

  async function traceAfter(idle_s: number, scenario: (from_s: number) => Untimed, tick_s: number): Promise<string[]> {
    const run = await openRun({ ...scenario(idle_s), tick_s, duration_s: idle_s + 512 }, { files: { 'p.csv': rows } });
    run.advance(Math.round(idle_s / tick_s));
    const begun = run.events.length;
    const trace: string[] = [];
    while (run.status === 'running') {
      run.advance(run.tick + 1);
      trace.push(JSON.stringify([0, 1, 2].map((group) => columns.map((name) => run.compiled.cells[name].get(group)))));
    }
    trace.push(
      JSON.stringify(run.events.slice(begun).map((event) => ({ ...event, time_s: Math.round((event.time_s - idle_s) / tick_s) }))),
    );
    return trace;
  }

  const pack = { series: 3, initialSoc: 0.5, overrides: [{ group: 1, initialSoc: 0.62 }] };
  const cell = constantCell({
    capacity_Ah: 2,
    rc: RC,
    hysteresis: { soc: [0, 1], voltage_V: [0.03, 0.01], decay_ratio: 80 },
    entropicCoefficient: { soc: [0, 1], value_V_per_K: [-1e-4, 2e-4] },
  });
  const thermal = { heatCapacity_J_per_K: 60, toAmbient_W_per_K: 0.1 };
  const unit = { model: '8T', chemistry: 'LiFe', consumption: 'none' } as const;
  const settings = { balanceInCharge: true, overChargeProtectionVoltage_V: 3.7, lowSoc_fraction: 0.3, batteryCapacity_Ah: 2 };

  it.each<[string, number, (from_s: number) => Untimed]>([
    [
      'a profile on bare cells, ticks of 1/8 s',
      0.125,
      (from_s) => ({ cell, thermal, pack, source: { csv: 'p.csv', column: 'current_A', interpolation: 'linear', from_s } }),
    ],
    [
      'steps of current with a unit that trips, ticks of 0.1 s',
      0.1,
      (from_s) => ({
        cell,
        thermal,
        pack,
        bms: { ...unit, settings },
        source: [
          { constantCurrent_A: 6, from_s, until_s: from_s + 230 },
          { constantCurrent_A: -8, from_s: from_s + 240 },
        ],
      }),
    ],
  ])('%s', async (_, tick_s, scenario) => {
    const direct = await traceAfter(0, scenario, tick_s);
    expect(new Set(direct).size).toBeGreaterThan(direct.length / 2);
    expect(firstDifference(await traceAfter(3600, scenario, tick_s), direct)).toBeUndefined();
  });
});
