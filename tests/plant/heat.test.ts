/**
 * Where heat comes from and where it goes: neighbours, rows, ambient, joints and the main unit's case.
 * Temperatures are set in the cells' own columns where a story starts with one warm cell.
 */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, eventsNamed, everyTick, finishedRun, flatOcv, openRun, type ScenarioObject } from '../scenarios.ts';

const C_J_per_K = 100;
const SLOW_STEP_s = 16;
const still = constantCell({ ocv: flatOcv(3.7) });

type Pack = Partial<ScenarioObject['pack']>;
type Thermal = NonNullable<ScenarioObject['thermal']>;

/** Cells that nothing warms but their neighbours. */
function resting(pack: Pack, thermal: Thermal, more: Partial<ScenarioObject> = {}): ScenarioObject {
  return {
    cell: still,
    duration_s: 1600,
    ambient_degC: 20,
    pack: { series: 1, ...pack },
    thermal: { heatCapacity_J_per_K: C_J_per_K, toAmbient_W_per_K: 0, ...thermal },
    ...more,
  };
}

/** Values of a cell column, group by group. */
function columnOf(run: Run, name: keyof Run['compiled']['cells']): number[] {
  const { series, parallel } = run.loaded.scenario.pack;
  return Array.from({ length: series * parallel }, (_, index) =>
    run.compiled.cells[name].get(Math.floor(index / parallel), index % parallel),
  );
}

const temperatures = (run: Run) => columnOf(run, 'temperature_degC');
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

function setTemperatures(run: Run, values: readonly number[]): void {
  const { parallel } = run.loaded.scenario.pack;
  values.forEach((value, index) => run.compiled.cells.temperature_degC.set(Math.floor(index / parallel), value, index % parallel));
}

describe('two cells that touch', () => {
  it('move towards their mean at the rate of both heat capacities, and no heat is lost between them', async () => {
    const conductance = 0.05;
    const run = await openRun(resting({ series: 2 }, { neighbour_W_per_K: conductance }, { duration_s: 4800 }));
    setTemperatures(run, [40, 20]);
    everyTick(run, (tick) => {
      const [a, b] = temperatures(run) as [number, number];
      expect(Math.abs(a + b - 60) / 60).toBeLessThanOrEqual(1e-10);
      if (tick % SLOW_STEP_s !== 0) return;
      const expected = 10 * Math.exp((-2 * conductance * tick) / C_J_per_K);
      // Explicit steps that take 0.8 % each: the decay is faster by 0.8 %.
      expect(Math.abs((a - b) / 2 - expected)).toBeLessThanOrEqual(0.04);
    });
    expect(temperatures(run)[0]! - 30).toBeLessThan(0.1);
  });

  it('of which one makes heat: what all store is what was made less what ambient took', async () => {
    const run = await openRun(
      resting(
        { series: 3, parallel: 2, overrides: [{ group: 1, position: 1, seriesResistance_Ohm: 0.03 }] },
        { neighbour_W_per_K: 0.7, toAmbient_W_per_K: 0.2, initialTemperature_degC: 5 },
        { source: { constantCurrent_A: -15 } },
      ),
    );
    everyTick(run, () => {
      const stored = sum(temperatures(run).map((value) => C_J_per_K * (value - 5)));
      const made = sum(columnOf(run, 'slowHeat_J'));
      const lost = sum(columnOf(run, 'lostHeat_J'));
      const turnover = made + Math.abs(lost) + 1;
      expect(Math.abs(stored - made + lost) / turnover).toBeLessThanOrEqual(1e-10);
    });
    expect(sum(columnOf(run, 'slowHeat_J'))).toBe(sum(columnOf(run, 'heat_J')));
    expect(Math.abs(sum(columnOf(run, 'lostHeat_J')))).toBeGreaterThan(100);
  });
});

describe('a warm cell in the middle warms both sides alike, the near ones more', () => {
  it.each([
    ['groups of a row', { series: 5 }],
    ['positions of a group', { parallel: 5 }],
  ] as const)('%s', async (_, pack) => {
    const run = await openRun(resting(pack, { neighbour_W_per_K: 0.3 }, { duration_s: 160 }));
    setTemperatures(run, [20, 20, 50, 20, 20]);
    run.advance();
    const [a, b, c, d, e] = temperatures(run) as [number, number, number, number, number];
    expect(Math.abs(a - e)).toBeLessThanOrEqual(1e-12);
    expect(Math.abs(b - d)).toBeLessThanOrEqual(1e-12);
    expect(a).toBeGreaterThan(20);
    expect(b).toBeGreaterThan(a);
    expect(c).toBeGreaterThan(b);
  });
});

/** Cells that are not at 20 degC one slow step after one cell was warmed. */
async function warmedBy(hot: number, pack: Pack, thermal: Thermal): Promise<number[]> {
  const run = await openRun(resting(pack, thermal, { duration_s: SLOW_STEP_s }));
  setTemperatures(
    run,
    temperatures(run).map((value, index) => (index === hot ? 50 : value)),
  );
  run.advance();
  expect(run.compiled.scalars.heat.substeps).toBe(1);
  return temperatures(run).flatMap((value, index) => (value > 20 && index !== hot ? [index] : []));
}

describe('groups lie in rows, there and back again', () => {
  it.each([
    { series: 6, rows: 2, hot: 0, touches: [1], faces: [5] },
    { series: 6, rows: 2, hot: 1, touches: [0, 2], faces: [4] },
    { series: 6, rows: 2, hot: 2, touches: [1], faces: [3] },
    { series: 6, rows: 2, hot: 3, touches: [4], faces: [2] },
    { series: 6, rows: 3, hot: 2, touches: [3], faces: [1, 5] },
    { series: 6, rows: 3, hot: 3, touches: [2], faces: [0, 4] },
    { series: 5, rows: 2, hot: 0, touches: [1], faces: [] },
    { series: 5, rows: 2, hot: 4, touches: [3], faces: [1] },
    { series: 4, rows: 4, hot: 1, touches: [], faces: [0, 2] },
    { series: 6, rows: 1, hot: 3, touches: [2, 4], faces: [] },
  ])('of $series groups in $rows rows, group $hot touches $touches and faces $faces', async ({ series, rows, hot, touches, faces }) => {
    expect(await warmedBy(hot, { series }, { rows, neighbour_W_per_K: 0.1 })).toEqual(touches);
    expect(await warmedBy(hot, { series }, { rows, rowGap_W_per_K: 0.1 })).toEqual(faces);
  });

  it('across the gap each position faces the same position', async () => {
    expect(await warmedBy(1, { series: 2, parallel: 3 }, { rows: 2, rowGap_W_per_K: 0.1 })).toEqual([4]);
  });
});

describe('a large conductance at ticks of 60 s does not ring', () => {
  it('two cells: their difference falls at every tick and never turns', async () => {
    const run = await openRun(resting({ series: 2 }, { neighbour_W_per_K: 3 }, { tick_s: 60, duration_s: 1800 }));
    setTemperatures(run, [80, 20]);
    let before = 60;
    everyTick(run, (tick) => {
      const [a, b] = temperatures(run) as [number, number];
      expect(a - b).toBeGreaterThanOrEqual(-1e-9);
      if (tick > 0) expect(a - b).toBeLessThanOrEqual(before * 0.5 + 1e-9);
      before = a - b;
    });
  });

  it('24 groups of 5 in 4 rows: the hottest never rises, the coldest never falls', async () => {
    const run = await openRun(
      resting({ series: 24, parallel: 5 }, { neighbour_W_per_K: 1000, rowGap_W_per_K: 300, rows: 4 }, { tick_s: 60, duration_s: 600 }),
    );
    setTemperatures(
      run,
      temperatures(run).map((_, index) => 20 + ((index * 37) % 60)),
    );
    const mean = sum(temperatures(run)) / 120;
    let [low, high] = [-Infinity, Infinity];
    everyTick(run, () => {
      const now = temperatures(run);
      expect(Math.max(...now)).toBeLessThanOrEqual(high + 1e-9);
      expect(Math.min(...now)).toBeGreaterThanOrEqual(low - 1e-9);
      [low, high] = [Math.min(...now), Math.max(...now)];
    });
    expect(high - low).toBeLessThan(1e-3);
    expect(Math.abs(low - mean)).toBeLessThan(1e-3);
  });
});

it('in a pack whose cells are all alike neighbours change nothing, to the bit', async () => {
  const scenario = (neighbour_W_per_K: number) =>
    resting({ series: 4, parallel: 3 }, { neighbour_W_per_K, rows: 2, toAmbient_W_per_K: 0.3 }, { source: { constantCurrent_A: -30 } });
  const [without, with_] = await Promise.all([finishedRun(scenario(0)), finishedRun(scenario(2))]);
  for (const name of ['temperature_degC', 'soc', 'voltage_V', 'lostHeat_J'] as const)
    expect(columnOf(with_, name)).toEqual(columnOf(without, name));
  expect(temperatures(with_)[0]).toBeGreaterThan(23);
});

describe('cells held at ambient follow its profile, linear in between', () => {
  const at = (time_s: number) => (time_s <= 960 ? 10 + time_s / 48 : 30 - (time_s - 960) / 24);
  const ambientProfile = { time_s: [0, 960, 1920], temperature_degC: [10, 30, -10] };
  it.each([
    { tick_s: 1, slowStep_ticks: 1, slow_s: 1 },
    { tick_s: 1, slowStep_ticks: 16, slow_s: 16 },
    { tick_s: 60, slowStep_ticks: 1, slow_s: 60 },
  ])('ticks of $tick_s s and slow steps of $slow_s s: the mean of each slow step', async ({ tick_s, slowStep_ticks, slow_s }) => {
    const run = await openRun({ cell: still, thermal: null, tick_s, slowStep_ticks, duration_s: 1920, ambientProfile });
    everyTick(run, (tick) => {
      const time_s = tick * tick_s;
      const lastSlow_s = Math.floor(time_s / slow_s) * slow_s;
      if (lastSlow_s === 0) return;
      const expected = at(lastSlow_s - slow_s / 2);
      expect(Math.abs(run.read('cell.temperature_degC[0][0]') - expected)).toBeLessThanOrEqual(1e-9);
    });
  });

  it('a profile that repeats gives the second day like the first, and one that does not stays at its end', async () => {
    const day = { time_s: [0, 480, 960], temperature_degC: [5, 25, 5] };
    const temperatureAt = async (repeat: boolean, time_s: number) => {
      const run = await openRun({ cell: still, thermal: null, duration_s: 1920, ambientProfile: { ...day, repeat } });
      run.advance(time_s);
      return run.read('cell.temperature_degC[0][0]');
    };
    expect(await temperatureAt(true, 960 + 320)).toBeCloseTo(await temperatureAt(true, 320), 9);
    expect(await temperatureAt(false, 960 + 320)).toBe(5);
  });
});

describe('the heat of joints', () => {
  const source = [
    { constantCurrent_A: -20, until_s: 800 },
    { constantCurrent_A: 10, from_s: 800 },
  ];
  const square_A2s = 800 * (400 + 100);

  it('a link gives R times the integral of the square, by halves to the groups on its sides', async () => {
    const ideal = constantCell({ ocv: flatOcv(3.7), seriesResistance_Ohm: 0 });
    const run = await finishedRun(resting({ series: 3, link_Ohm: 0.001 }, {}, { cell: ideal, source }));
    const made_J = 0.001 * square_A2s;
    const { jointLoss_Wh } = (await run.result()).indicators;
    expect(Math.abs((jointLoss_Wh! * 3600) / (2 * made_J) - 1)).toBeLessThanOrEqual(1e-12);
    const rises = temperatures(run).map((value) => (value - 20) * C_J_per_K);
    [made_J / 2, made_J, made_J / 2].forEach((expected, group) => expect(rises[group]! / expected).toBeCloseTo(1, 9));
  });

  const overrides = [{ group: 0, position: 0, tab_Ohm: 0.004 }];
  const barred = resting({ parallel: 3, bus_Ohm: 0.001, tab_Ohm: 0.001, overrides }, {}, { source: { constantCurrent_A: -30 } });
  const jointLoss_J = async (run: Run) => (await run.result()).indicators['jointLoss_Wh']! * 3600;

  it('a bar gives the squares of what its segments carry, to all cells of its group alike; a tab gives its own cell', async () => {
    const run = await openRun(barred);
    run.advance(SLOW_STEP_s);
    const [before_J, before_degC, own_J] = [await jointLoss_J(run), temperatures(run), columnOf(run, 'heat_J')];
    run.advance();
    const seconds = 1600 - SLOW_STEP_s;
    const currents = columnOf(run, 'current_A');
    const [a, b] = currents as [number, number];
    const segments = [-30 - a, a, -30 - a - b, a + b];
    const bars_J = seconds * 0.001 * sum(segments.map((value) => value * value));
    const tabs_J = currents.map((value, position) => seconds * (position === 0 ? 0.004 : 0.001) * value * value);
    expect(((await jointLoss_J(run)) - before_J) / (bars_J + sum(tabs_J))).toBeCloseTo(1, 10);
    columnOf(run, 'heat_J').forEach((value, position) => {
      const expected = value - own_J[position]! + tabs_J[position]! + bars_J / 3;
      expect(((temperatures(run)[position]! - before_degC[position]!) * C_J_per_K) / expected).toBeCloseTo(1, 9);
    });
  });

  it('before the first tick no joint has given heat', async () => {
    expect(await jointLoss_J(await openRun(barred))).toBe(0);
  });
});

describe("the main unit's case, 2 K/W and 600 J/K", () => {
  const HIGH_V = 3.48;
  const CONSTANT_s = 1200;
  /** Sixteen cells above one; their charge lasts, so that they bleed evenly. */
  const bleeding: ScenarioObject = {
    cell: constantCell({ capacity_Ah: 10_000, ocv: { soc: [0, 1], voltage_V: [3.3, 3.5] }, seriesResistance_Ohm: 0 }),
    thermal: null,
    duration_s: 1600,
    pack: { series: 17, initialSoc: 0.9, overrides: [{ group: 0, initialSoc: 0.75 }] },
    bms: { model: '24T', chemistry: 'LiFe', consumption: 'none', settings: { batteryCapacity_Ah: 1000, balanceInStorage: true } },
  };
  const bleeds_W = (16 * 0.95 * HIGH_V * HIGH_V) / 2.75;
  const caseOf = (run: Run) => run.compiled.scalars.heat.case_degC;

  it('sixteen bleeds warm it as the closed form says until bleeding stops at 75 degC', async () => {
    const run = await openRun(bleeding, { until: 'balancingTooHot' });
    while (run.status === 'running') {
      run.advance(run.tick + SLOW_STEP_s);
      // The first bleed flows in the second tick; the case takes what flowed with the slow step that ends it.
      const time_s = Math.max(run.tick - (run.tick % SLOW_STEP_s) - 1, 0);
      const expected = 25 + 2 * bleeds_W * -Math.expm1(-time_s / CONSTANT_s);
      expect(Math.abs(caseOf(run) - expected)).toBeLessThanOrEqual(0.03);
    }
    expect(run.status).toBe('stopped');
    expect(caseOf(run)).toBeGreaterThanOrEqual(74.95);
  });

  it('bleeding stops at 75 degC, resumes at 65 degC, and both are written', async () => {
    const run = await finishedRun(bleeding);
    const told = run.events.filter(({ code }) => code === 'balancingTooHot');
    const [stop, resume] = told as [(typeof told)[0], (typeof told)[0]];
    expect(stop).toMatchObject({ active: true, limit: 75 });
    expect(resume).toMatchObject({ active: false, limit: 65 });
    const toStop_s = -CONSTANT_s * Math.log(1 - 50 / (2 * bleeds_W));
    const peak_degC = stop.trueValue!;
    const toResume_s = CONSTANT_s * Math.log((peak_degC - 25) / (65 - 25));
    expect(stop.time_s).toBeGreaterThanOrEqual(toStop_s);
    expect(stop.time_s).toBeLessThanOrEqual(toStop_s + SLOW_STEP_s + 2);
    expect(resume.time_s - stop.time_s).toBeGreaterThanOrEqual(toResume_s - 2);
    // The case still takes the heat of the tick in which bleeding was stopped.
    expect(resume.time_s - stop.time_s).toBeLessThanOrEqual(toResume_s + 2 * SLOW_STEP_s);
    expect(eventsNamed(run, 'balancing', false).map(({ time_s }) => time_s)).toContain(stop.time_s);
    expect(eventsNamed(run, 'balancing').map(({ time_s }) => time_s)).toContain(resume.time_s);
    const flows = await openRun(bleeding);
    flows.advance(Math.round(stop.time_s) + 2);
    expect(flows.read('bleed.current_A[5]')).toBe(0);
    flows.advance(Math.round(resume.time_s) + 2);
    expect(flows.read('bleed.current_A[5]')).toBeGreaterThan(1);
  });

  it('electronics warm it, the coils of the relays do not', async () => {
    const bms: ScenarioObject['bms'] = { model: '16T', chemistry: 'LiFe' };
    const large = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(3.3) });
    const run = await finishedRun({ cell: large, thermal: null, duration_s: 3600, pack: { series: 16 }, bms });
    const { unitConsumption_Wh, relayConsumption_Wh } = (await run.result()).indicators;
    expect(relayConsumption_Wh).toBeGreaterThan(10);
    expect(caseOf(run)).toBeCloseTo(25 + 2 * unitConsumption_Wh! * -Math.expm1(-3600 / CONSTANT_s), 2);
  });
});
