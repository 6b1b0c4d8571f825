/**
 * The books of every shipped scenario: energy, charge and heat that went in are found again, to rounding.
 * Charge is counted anew from the currents of every tick; energy and heat from what the run itself wrote down.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { indicatorsOf } from '../../engine/result.ts';
import type { Run } from '../../engine/run.ts';
import { everyTick, inRepository, openShipped } from '../scenarios.ts';
import { energyBook } from './energyBook.ts';

const JOULES_PER_WH = 3600;
const SLOW_STEP_TICKS = 16;
const shipped = readdirSync(inRepository('scenarios')).filter((file) => file.endsWith('.json'));

type CellColumn = keyof Run['compiled']['cells'];

function columnOf(run: Run, name: CellColumn): number[] {
  const { series, parallel } = run.loaded.scenario.pack;
  return Array.from({ length: series * parallel }, (_, index) =>
    run.compiled.cells[name].get(Math.floor(index / parallel), index % parallel),
  );
}

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

/** A sum that keeps what rounding takes from it (Neumaier). */
class ExactSum {
  private high = 0;
  private low = 0;

  add(value: number): void {
    const next = this.high + value;
    this.low += Math.abs(this.high) >= Math.abs(value) ? this.high - next + value : value - next + this.high;
    this.high = next;
  }

  get value(): number {
    return this.high + this.low;
  }
}

/** Charge that each cell should hold more at the end: efficiency on what goes in, leak by its state of charge. */
class ChargeBook {
  private readonly stored_C: ExactSum[];
  private readonly throughput_C: number[];
  private readonly start: number[];
  private soc: number[];
  private readonly efficiency: number[];
  private readonly leak_A: number[];

  constructor(private readonly run: Run) {
    this.soc = columnOf(run, 'soc');
    this.start = this.soc;
    this.stored_C = this.soc.map(() => new ExactSum());
    this.throughput_C = this.soc.map(() => 0);
    this.efficiency = columnOf(run, 'efficiency_ratio');
    this.leak_A = columnOf(run, 'leak_A');
  }

  addTick(): void {
    const { tick_s } = this.run.loaded.scenario;
    columnOf(this.run, 'current_A').forEach((current, cell) => {
      const gained = (current > 0 ? this.efficiency[cell]! : 1) * current - this.leak_A[cell]! * this.soc[cell]!;
      this.stored_C[cell]!.add(gained * tick_s);
      this.throughput_C[cell]! += Math.abs(current) * tick_s;
    });
    this.soc = columnOf(this.run, 'soc');
  }

  /** What is missing in each cell over what passed through it. */
  errors(): number[] {
    const carry = columnOf(this.run, 'socCarry');
    return columnOf(this.run, 'capacity_Ah').map((capacity_Ah, cell) => {
      const found_C = 3600 * capacity_Ah * (this.soc[cell]! - this.start[cell]! - carry[cell]!);
      return Math.abs(found_C - this.stored_C[cell]!.value) / this.throughput_C[cell]!;
    });
  }
}

interface HeatBook {
  stored_J: number;
  made_J: number;
  lost_J: number;
  /** Everything that moved, without sign. */
  turnover_J: number;
}

/** Heat at the slow step that just ended. */
function heatBook(run: Run, start_degC: number[]): HeatBook {
  const indicators = indicatorsOf(run.compiled);
  const capacity = columnOf(run, 'heatCapacity_J_per_K');
  const rises = columnOf(run, 'temperature_degC').map((value, cell) => capacity[cell]! * (value - start_degC[cell]!));
  const ohmic_J = JOULES_PER_WH * (indicators['cellLoss_Wh']! + indicators['jointLoss_Wh']!);
  const reversible_J = indicators['reversibleHeat_J']!;
  const lost_J = indicators['lostHeat_J']!;
  return { stored_J: sum(rises), made_J: ohmic_J + reversible_J, lost_J, turnover_J: ohmic_J + Math.abs(reversible_J) + Math.abs(lost_J) };
}

describe.each(shipped)('%s', (file) => {
  it('balances in energy to 1e-9, in charge to 1e-12 and in heat to 1e-9 of what was turned over', async () => {
    const run = await openShipped(file);
    const charge = new ChargeBook(run);
    const start_degC = columnOf(run, 'temperature_degC');
    let heat: HeatBook | undefined;
    everyTick(run, (tick) => {
      if (tick > 0) charge.addTick();
      const slowStepEnded = run.compiled.scalars.run.slowDone === tick;
      if (slowStepEnded && tick > run.ticks - 2 * SLOW_STEP_TICKS) heat = heatBook(run, start_degC);
    });
    expect(run.status).toBe('completed');

    const found = (await run.result()).indicators;
    const { turnover_Wh, missing_Wh } = energyBook(found);
    expect(turnover_Wh).toBeGreaterThan(10);
    expect(Math.abs(missing_Wh) / turnover_Wh).toBeLessThanOrEqual(1e-9);

    const chargeError = Math.max(...charge.errors());
    expect(chargeError).toBeLessThanOrEqual(1e-12);

    expect(heat!.turnover_J).toBeGreaterThan(100);
    const heatError = Math.abs(heat!.stored_J - heat!.made_J + heat!.lost_J) / heat!.turnover_J;
    expect(heatError).toBeLessThanOrEqual(1e-9);
  });
});
