/**
 * Nothing comes from nothing: charge, voltage, energy and heat of a pack in which everything happens are counted again here.
 * The sums are made from what the run shows at every tick, not from its own totals.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { compensatedSum, largest, observedOrder, SAMPLE } from '../plant/formulas.ts';
import { constantCell, csvOf, everyTick, finishedRun, openRun, type ScenarioObject } from '../scenarios.ts';
import { BUSY_FILES, BUSY_PACK } from './busyPack.ts';

const SERIES = BUSY_PACK.pack!.series!;
const TICK_S = BUSY_PACK.tick_s!;
const GROUPS = Array.from({ length: SERIES }, (_, group) => group);
const WITHOUT_HYSTERESIS: ScenarioObject = { ...BUSY_PACK, cell: { ...BUSY_PACK.cell!, hysteresis: undefined } };

const cellReader = (run: Run, group: number) => (name: keyof Run['compiled']['cells']) => run.compiled.cells[name].get(group);
const throughCells_A = ({ compiled: { scalars } }: Run) => scalars.pack.current_A - scalars.pack.consumption_A;

/** dQ/dt of a cell over a tick that began at `soc`. */
function storedCurrent_A(run: Run, group: number, soc: number): number {
  const at = cellReader(run, group);
  const current = at('current_A');
  return (current > 0 ? at('efficiency_ratio') : 1) * current - at('leak_A') * soc;
}

describe('charge: each cell holds what flowed into it, to 1e-12 of the throughput', () => {
  it.each(GROUPS)('cell %d, through trips, balancing and a resume every 100 ticks', async (group) => {
    let run = await openRun(BUSY_PACK, BUSY_FILES);
    const first = run.compiled.cells.soc.get(group);
    const stored: number[] = [];
    const moved: number[] = [];
    while (run.status === 'running') {
      if (run.tick % 100 === 0) {
        const snapshot = await run.snapshot();
        run = await openRun(BUSY_PACK, BUSY_FILES);
        await run.restore(snapshot);
      }
      const soc = run.compiled.cells.soc.get(group);
      run.advance(run.tick + 1);
      const { cells, groups } = run.compiled;
      expect(cells.current_A.get(group)).toBe(throughCells_A(run) - groups.bleed_A.get(group));
      stored.push(storedCurrent_A(run, group, soc) * TICK_S);
      moved.push(Math.abs(cells.current_A.get(group)) * TICK_S);
    }
    const { soc, capacity_Ah } = run.compiled.cells;
    const held = (soc.get(group) - first) * 3600 * capacity_Ah.get(group);
    expect(Math.abs(held - compensatedSum(stored)) / compensatedSum(moved)).toBeLessThanOrEqual(1e-12);
  });

  it('a million ticks of a small current on a large cell', async () => {
    const [ticks, current_A, tick_s, capacity_Ah] = [1e6, -0.3, 0.01, 280];
    const run = await finishedRun({
      cell: constantCell({ capacity_Ah }),
      thermal: null,
      tick_s,
      duration_s: ticks * tick_s,
      pack: { initialSoc: 0.7 },
      source: { constantCurrent_A: current_A },
    });
    const throughput_C = Math.abs(current_A) * ticks * tick_s;
    const held_C = (run.read('cell.soc[0][0]') - 0.7) * 3600 * capacity_Ah;
    expect(Math.abs(held_C + throughput_C) / throughput_C).toBeLessThanOrEqual(1e-12);
  });
});

it('voltage: the pack is the sum of its cells, tabs and joints at every tick, to 1e-12 V', async () => {
  const run = await openRun(BUSY_PACK, BUSY_FILES);
  const { cells, groups } = run.compiled;
  const link_Ohm = BUSY_PACK.pack!.link_Ohm!;
  const deviations: number[] = [];
  let bled = 0;
  everyTick(run, (tick) => {
    const through = throughCells_A(run);
    // At a sample the bleeds pause: the end-of-tick current of cell and joint is that of the pack.
    const measuring = tick > 0 && run.compiled.scalars.run.measuring !== 0;
    const own = GROUPS.map((group) => cells.voltage_V.get(group));
    const carried = (group: number) => through - (measuring ? 0 : groups.bleed_A.get(group));
    const tabs = GROUPS.map((group) => cells.tab_Ohm.get(group) * carried(group));
    const joints = GROUPS.slice(1).map((group) => link_Ohm * carried(group));
    bled += groups.bleed_A.get(1);
    deviations.push(run.read('pack.voltage_V') - compensatedSum([...own, ...tabs, ...joints]));
  });
  expect(bled).toBeGreaterThan(0);
  expect(largest(deviations)).toBeLessThanOrEqual(1e-12);
});

interface Books {
  taken_J: number;
  stored_J: number;
  pairs_J: number;
  heat_J: number;
  turnover_J: number;
}

/** Energy of one cell over the whole run: taken at its own terminals, stored, in its RC pairs, and turned to heat. */
async function booksOf(scenario: ScenarioObject, group: number): Promise<Books> {
  const run = await openRun(scenario, BUSY_FILES);
  const at = cellReader(run, group);
  const moment = () => ({ soc: at('soc'), ocv: at('open_V'), u1: at('rc1_V'), u2: at('rc2_V') });
  const capacitance = (pair: 'rc1' | 'rc2') => at(`${pair}Time_s`) / at(`${pair}Resistance_Ohm`);
  const rows: Books[] = [];
  while (run.status === 'running') {
    const before = moment();
    const [heat, c1, c2] = [at('heat_J'), capacitance('rc1'), capacitance('rc2')];
    run.advance(run.tick + 1);
    const after = moment();
    const current = at('current_A');
    const taken_J = at('meanVoltage_V') * current * TICK_S;
    rows.push({
      taken_J,
      stored_J: ((before.ocv + after.ocv) / 2) * storedCurrent_A(run, group, before.soc) * TICK_S,
      pairs_J: (c1 * (after.u1 ** 2 - before.u1 ** 2) + c2 * (after.u2 ** 2 - before.u2 ** 2)) / 2,
      heat_J: at('heat_J') - heat,
      turnover_J: Math.abs(taken_J),
    });
  }
  const total = (name: keyof Books) => compensatedSum(rows.map((row) => row[name]));
  const names = ['taken_J', 'stored_J', 'pairs_J', 'heat_J', 'turnover_J'] as const;
  return Object.fromEntries(names.map((name) => [name, total(name)])) as unknown as Books;
}

describe('energy: what a cell takes is stored, stands in its RC pairs or became heat, to 1e-9', () => {
  it.each(GROUPS)('cell %d without hysteresis', async (group) => {
    const { taken_J, stored_J, pairs_J, heat_J, turnover_J } = await booksOf(WITHOUT_HYSTERESIS, group);
    expect(heat_J).toBeGreaterThan(1);
    expect(Math.abs(taken_J - stored_J - pairs_J - heat_J) / turnover_J).toBeLessThanOrEqual(1e-9);
  });

  it('a cell with hysteresis, whose work is heat', async () => {
    const { taken_J, stored_J, pairs_J, heat_J, turnover_J } = await booksOf(BUSY_PACK, 3);
    expect(Math.abs(taken_J - stored_J - pairs_J - heat_J) / turnover_J).toBeLessThanOrEqual(1e-9);
  });

  it('the totals of the pack are the cells, the bleeds and the joints, to 1e-9', async () => {
    const run = await openRun(BUSY_PACK, BUSY_FILES);
    const { cells, groups, scalars } = run.compiled;
    const parts: number[] = [];
    while (run.status === 'running') {
      run.advance(run.tick + 1);
      for (const group of GROUPS) {
        const joints_V = groups.link_Ohm.get(group) * cells.current_A.get(group);
        const group_V = cells.meanVoltage_V.get(group) + cells.tab_Ohm.get(group) * cells.current_A.get(group);
        parts.push((group_V + joints_V) * (cells.current_A.get(group) + groups.bleed_A.get(group)) * TICK_S);
      }
    }
    const { energyIn_Wh, energyOut_Wh, consumption_Wh } = scalars.total;
    const taken_J = (energyIn_Wh - energyOut_Wh - consumption_Wh) * 3600;
    const turnover_J = (energyIn_Wh + energyOut_Wh + consumption_Wh) * 3600;
    expect(Math.abs(taken_J - compensatedSum(parts)) / turnover_J).toBeLessThanOrEqual(1e-9);
  });

  it('summed by trapezoids over the shown voltage, the balance closes with the second power of the tick', async () => {
    const [current_A, duration_s] = [-6, 64];
    const ticks_s = [2, 1, 0.5, 0.25, 0.125, 0.0625];
    const cell = constantCell({
      capacity_Ah: SAMPLE.capacity_Ah,
      ocv: { soc: [0, 1], voltage_V: [...SAMPLE.ocv_V] },
      seriesResistance_Ohm: SAMPLE.r0_Ohm,
      rc: SAMPLE.rc.map((pair, index) => ({ ...pair, timeConstant_s: index === 0 ? 9 : 43 })),
    });
    const errors: number[] = [];
    for (const tick_s of ticks_s) {
      const source = { constantCurrent_A: current_A };
      const run = await openRun({ cell, thermal: null, tick_s, duration_s, pack: { initialSoc: SAMPLE.soc }, source });
      const voltages: number[] = [];
      everyTick(run, () => voltages.push(run.read('cell.voltage_V[0][0]')));
      const trapezoids = compensatedSum(voltages.slice(1).map((value, index) => ((value + voltages[index]) / 2) * current_A * tick_s));
      const soc = run.read('cell.soc[0][0]');
      const stored =
        (soc - SAMPLE.soc) * 3600 * SAMPLE.capacity_Ah * (SAMPLE.ocv_V[0] + ((SAMPLE.ocv_V[1] - SAMPLE.ocv_V[0]) * (soc + SAMPLE.soc)) / 2);
      const { rc1Resistance_Ohm, rc2Resistance_Ohm, rc1Time_s, rc2Time_s, rc1_V, rc2_V, heat_J } = run.compiled.cells;
      const pair1 = ((rc1Time_s.get(0) / rc1Resistance_Ohm.get(0)) * rc1_V.get(0) ** 2) / 2;
      const pair2 = ((rc2Time_s.get(0) / rc2Resistance_Ohm.get(0)) * rc2_V.get(0) ** 2) / 2;
      errors.push(trapezoids - stored - pair1 - pair2 - heat_J.get(0));
    }
    expect(Math.abs(observedOrder(ticks_s, errors) - 2)).toBeLessThanOrEqual(0.05);
  });
});

describe('heat: what cells warmed is what they and their joints made less what they gave away, to 1e-10', () => {
  const SLOW_TICKS = 8;
  const SLOW_S = SLOW_TICKS * TICK_S;
  const link_Ohm = BUSY_PACK.pack!.link_Ohm!;

  /** Heat of one tick in tabs and joints that belongs to a cell: its own tabs, and half of every joint beside it. */
  function jointHeat_J(run: Run, group: number): number {
    const at = cellReader(run, group);
    const joint = (above: number) => (above > 0 && above < SERIES ? link_Ohm * cellReader(run, above)('current_A') ** 2 : 0);
    return (at('tab_Ohm') * at('current_A') ** 2 + 0.5 * (joint(group) + joint(group + 1))) * TICK_S;
  }

  /** Runs one slow step and gives the heat that each cell got from itself and its joints. */
  function slowStep(run: Run): number[] {
    const before = GROUPS.map((group) => {
      const at = cellReader(run, group);
      return { heat: at('heat_J'), entropic: at('entropic_V_per_K'), temperature_K: at('temperature_degC') + 273.15 };
    });
    const parts: number[][] = GROUPS.map(() => []);
    for (let tick = 0; tick < SLOW_TICKS; tick++) {
      run.advance(run.tick + 1);
      GROUPS.forEach((group) => {
        const { entropic, temperature_K } = before[group];
        parts[group].push(jointHeat_J(run, group), cellReader(run, group)('current_A') * TICK_S * entropic * temperature_K);
      });
    }
    return GROUPS.map((group) => compensatedSum([...parts[group], cellReader(run, group)('heat_J'), -before[group].heat]));
  }

  it.each(GROUPS)('cell %d alone in the air', async (group) => {
    const run = await openRun({ ...BUSY_PACK, slowStep_ticks: SLOW_TICKS }, BUSY_FILES);
    const at = cellReader(run, group);
    const [capacity, conductance, start] = [at('heatCapacity_J_per_K'), at('toAmbient_W_per_K'), at('temperature_degC')];
    const [made, given]: number[][] = [[], []];
    while (run.status === 'running') {
      const temperature = at('temperature_degC');
      const heat_J = slowStep(run)[group];
      // Exact over the step: mean excess over ambient = P/G + (excess - P/G) (1 - e^-x) / x.
      const x = (conductance * SLOW_S) / capacity;
      const final_K = heat_J / SLOW_S / conductance;
      const mean_K = final_K + ((temperature - run.compiled.scalars.pack.ambientNow_degC - final_K) * -Math.expm1(-x)) / x;
      made.push(heat_J);
      given.push(conductance * mean_K * SLOW_S);
    }
    const turnover_J = compensatedSum(made.map(Math.abs));
    const warmed_J = capacity * (at('temperature_degC') - start);
    expect(Math.abs(warmed_J - compensatedSum(made) + compensatedSum(given)) / turnover_J).toBeLessThanOrEqual(1e-10);
    expect(Math.abs(at('lostHeat_J') - compensatedSum(given)) / turnover_J).toBeLessThanOrEqual(1e-10);
  });

  it('cells that touch, in two rows: what one gives its neighbour the other has', async () => {
    const thermal = { ...BUSY_PACK.thermal!, neighbour_W_per_K: 0.7, rows: 2, rowGap_W_per_K: 0.3 };
    const run = await openRun({ ...BUSY_PACK, thermal, slowStep_ticks: SLOW_TICKS }, BUSY_FILES);
    const { heatCapacity_J_per_K, temperature_degC, lostHeat_J } = run.compiled.cells;
    const held_J = () => compensatedSum(GROUPS.map((group) => heatCapacity_J_per_K.get(group) * temperature_degC.get(group)));
    const start = held_J();
    const made: number[] = [];
    while (run.status === 'running') made.push(...slowStep(run));
    const given_J = compensatedSum(GROUPS.map((group) => lostHeat_J.get(group)));
    const turnover_J = compensatedSum(made.map(Math.abs));
    expect(Math.abs(held_J() - start - compensatedSum(made) + given_J) / turnover_J).toBeLessThanOrEqual(1e-10);
  });
});

it('dissipation: no resistor ever gives heat back, whatever the current does and however the parts are sized', async () => {
  const tau_s = fc.double({ min: Math.log10(1e-3), max: 7, noNaN: true }).map((exponent) => 10 ** exponent);
  const resistance_Ohm = fc.oneof(fc.constantFrom(0, 5e-324), fc.double({ min: 1e-6, max: 0.1, noNaN: true }));
  const currents = fc.array(fc.oneof(fc.constant(0), fc.double({ min: -300, max: 300, noNaN: true })), { minLength: 20, maxLength: 60 });
  const tick_s = fc.constantFrom(0.001, 0.1, 1, 60);
  await fc.assert(
    fc.asyncProperty(
      resistance_Ohm,
      resistance_Ohm,
      resistance_Ohm,
      tau_s,
      tau_s,
      currents,
      tick_s,
      async (r0, r1, r2, tau1, tau2, list, tick) => {
        const cell = constantCell({
          seriesResistance_Ohm: r0,
          rc: [
            { resistance_Ohm: r1, timeConstant_s: tau1 },
            { resistance_Ohm: r2, timeConstant_s: tau2 },
          ],
          coulombicEfficiency_ratio: 0.98,
          selfDischarge_per_s: 1e-6,
          capacity_Ah: 1000,
        });
        const rows = list.map((current, index): [number, number] => [index * tick, current]);
        const source = { csv: 'p.csv', column: 'current_A', interpolation: 'previous' as const };
        const scenario = { cell, thermal: null, tick_s: tick, duration_s: list.length * 2 * tick, source };
        const run = await openRun(scenario, { files: { 'p.csv': csvOf('current_A', rows) } });
        let heat = 0;
        everyTick(run, () => {
          const now = run.compiled.cells.heat_J.get(0);
          if (!(now >= heat)) throw new Error(`heat fell from ${heat} to ${now} J in tick ${run.tick}`);
          heat = now;
        });
      },
    ),
    { seed: 6, numRuns: 150 },
  );
});
