/**
 * Six aged groups of a Nissan Leaf against their measured 0.3C discharge, with one capacity and one resistance factor a group.
 * Factors come from the 1C discharge and start SOC from the voltage before the load, so the 0.3C discharge itself is held out.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../engine/load.ts';
import { Run } from '../../engine/run.ts';
import { inRepository, kernelModule, readerOf } from '../scenarios.ts';

const FOLDER = 'library/packs';
const GROUPS = [0, 1, 2, 3, 4, 5];
const EMPTY_V = 3;
const LOW_SOC = 0.2;
const GATE = { rmse_V: 0.02, maximum_V: 0.04 };

/** The order in which the groups of the real pack stand when the first of them is empty. */
const MEASURED_ORDER = [0, 3, 5, 4, 1, 2];

interface Row {
  time_s: number;
  voltage_V: number[];
}

function measuredRows(): Row[] {
  const text = gunzipSync(readFileSync(inRepository('library/measurements/pack_leaf_6s_65ah/dis_0p3c.csv.gz'))).toString();
  const [header, ...lines] = text.trim().split('\n');
  const names = header!.split(',');
  const places = GROUPS.map((group) => names.indexOf(`cell${group + 1}_V`));
  return lines.map((line) => {
    const fields = line.split(',');
    return { time_s: Number(fields[0]), voltage_V: places.map((place) => Number(fields[place])) };
  });
}

function lowestFirst(voltage_V: readonly number[]): number[] {
  return GROUPS.toSorted((a, b) => voltage_V[a]! - voltage_V[b]!);
}

describe('a used Leaf pack discharged at 0.3C', () => {
  const rows = measuredRows();
  const last = rows.at(-1)!;
  const errors = GROUPS.map(() => ({ squares: 0, samples: 0, maximum_V: 0 }));
  let run: Run;
  let atMeasuredEnd: number[];
  const groups = () => GROUPS.map((group) => run.read(`group.voltage_V[${group}]`));

  beforeAll(async () => {
    const text = readFileSync(inRepository(`${FOLDER}/leaf_6s.json`), 'utf8');
    run = await Run.open(await loadScenario(text, readerOf({}, FOLDER)), await kernelModule());
    for (const { time_s, voltage_V } of rows) {
      run.advance(Math.round(time_s / run.loaded.scenario.tick_s));
      groups().forEach((value, group) => {
        if (run.read(`cell.soc[${group}][0]`) < LOW_SOC) return;
        const sum = errors[group]!;
        const error = Math.abs(value - voltage_V[group]!);
        sum.squares += error * error;
        sum.samples++;
        sum.maximum_V = Math.max(sum.maximum_V, error);
      });
    }
    atMeasuredEnd = groups();
  });

  it.each(GROUPS)('group %d follows the measurement above 20 %% SOC: 20 mV RMSE and 40 mV at most', (group) => {
    const { squares, samples, maximum_V } = errors[group]!;
    expect(samples).toBeGreaterThan(8000);
    expect(Math.sqrt(squares / samples)).toBeLessThanOrEqual(GATE.rmse_V);
    expect(maximum_V).toBeLessThanOrEqual(GATE.maximum_V);
  });

  it('stands in the measured order when the real pack stops: the weakest, then the four next-lowest', () => {
    expect(lowestFirst(last.voltage_V)).toEqual(MEASURED_ORDER);
    expect(lowestFirst(atMeasuredEnd).slice(0, 5)).toEqual(MEASURED_ORDER.slice(0, 5));
  });

  it('empties the measured group first, within 3 % of the measured time, the others still above 3.0 V', () => {
    while (run.status === 'running' && Math.min(...groups()) > EMPTY_V) run.advance(run.tick + 1);
    const voltages = groups();
    expect(lowestFirst(voltages)).toEqual(MEASURED_ORDER);
    expect(voltages[MEASURED_ORDER[0]!]).toBeLessThanOrEqual(EMPTY_V);
    expect(voltages.filter((value) => value <= EMPTY_V)).toHaveLength(1);
    expect(Math.abs(run.time_s / last.time_s - 1)).toBeLessThanOrEqual(0.03);
  });
});
