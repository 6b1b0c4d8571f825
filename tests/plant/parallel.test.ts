/**
 * Cells in parallel: the split of a group's current against ngspice, against a dense solution and against one big cell.
 * The bus ladder is solved by two sweeps in the kernel; nothing here knows how.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import {
  type CellFile,
  constantCell,
  csvOf,
  everyTick,
  finishedRun,
  flatOcv,
  inRepository,
  openRun,
  type ScenarioObject,
} from '../scenarios.ts';

/** Voltage and current of ngspice's circuit a; its numbers stand in tests/reference/ngspice. */
const SPICE_CELL: CellFile = {
  capacity_Ah: 5,
  ocv: {
    soc: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    voltage_V: [3, 3.3, 3.45, 3.55, 3.61, 3.65, 3.71, 3.8, 3.9, 4, 4.08, 4.19],
  },
  seriesResistance_Ohm: 0.02,
  rc: [
    { resistance_Ohm: 0.008, timeConstant_s: 30 },
    { resistance_Ohm: 0.012, timeConstant_s: 600 },
  ],
};
const SPICE_PROFILE: [number, number][] = [
  [0, 0],
  [9.999, 0],
  [10, -15],
  [1199.999, -15],
  [1200, 0],
  [1799.999, 0],
  [1800, 10],
  [2999.999, 10],
  [3000, 0],
  [3600, 0],
];
const ON_AN_EDGE = [10, 1200, 1800, 3000];

function spicePack(tick_s: number): ScenarioObject {
  const own = (group: number, position: number, capacity_Ah: number, seriesResistance_Ohm: number, initialSoc: number) => ({
    group,
    position,
    capacity_Ah,
    seriesResistance_Ohm,
    initialSoc,
  });
  const overrides = [
    own(0, 1, 4.9, 0.022, 0.61),
    own(0, 2, 5.1, 0.0185, 0.595),
    { ...own(1, 0, 4.7, 0.024, 0.585), rc: [{ resistance_Ohm: 0.01 }] },
    own(1, 1, 5.05, 0.02, 0.605),
    own(1, 2, 5, 0.021, 0.6),
    { ...own(2, 1, 4.5, 0.03, 0.56), rc: [{}, { resistance_Ohm: 0.018 }] },
    { group: 3, position: 2, tab_Ohm: 0.012 },
  ];
  return {
    tick_s,
    duration_s: 3600,
    cell: SPICE_CELL,
    thermal: null,
    pack: { series: 4, parallel: 3, initialSoc: 0.6, tab_Ohm: 0.002, bus_Ohm: 0.0005, link_Ohm: 0.0003, terminals: 'diagonal', overrides },
    source: { csv: 'load.csv', column: 'current_A', interpolation: 'linear' },
  };
}

function spiceRows(): number[][] {
  const text = gunzipSync(readFileSync(inRepository('tests/reference/ngspice/a_pack_4s3p.csv.gz'))).toString();
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
}

async function spiceErrors(tick_s: number): Promise<{ voltage_V: number; current_A: number; soc: number }> {
  const run = await openRun(spicePack(tick_s), { files: { 'load.csv': csvOf('current_A', SPICE_PROFILE) } });
  const worst = { voltage_V: 0, current_A: 0, soc: 0 };
  for (const [time, , ...values] of spiceRows()) {
    if (ON_AN_EDGE.includes(time!)) continue;
    run.advance(Math.round(time! / tick_s));
    for (let group = 0; group < 4; group++) {
      worst.voltage_V = Math.max(worst.voltage_V, Math.abs(run.read(`group.voltage_V[${group}]`) - values[group]!));
      for (let position = 0; position < 3; position++) {
        const place = 4 + group * 3 + position;
        worst.current_A = Math.max(worst.current_A, Math.abs(run.read(`cell.current_A[${group}][${position}]`) + values[place]!));
        worst.soc = Math.max(worst.soc, Math.abs(run.read(`cell.soc[${group}][${position}]`) - values[12 + place]!));
      }
    }
  }
  return worst;
}

describe('a 4S3P pack of unequal cells agrees with ngspice', () => {
  it('at a tick of 0.1 s to 50 uV, 1 mA and 1e-6 of SOC; at 1 s to ten times that, and worse than at 0.1 s', async () => {
    const fine = await spiceErrors(0.1);
    const coarse = await spiceErrors(1);
    expect(fine.voltage_V).toBeLessThanOrEqual(50e-6);
    expect(fine.current_A).toBeLessThanOrEqual(1e-3);
    expect(fine.soc).toBeLessThanOrEqual(1e-6);
    expect(coarse.voltage_V).toBeLessThanOrEqual(500e-6);
    expect(coarse.current_A).toBeLessThanOrEqual(10e-3);
    expect(coarse.soc).toBeLessThanOrEqual(1e-5);
    expect(fine.current_A).toBeLessThan(coarse.current_A);
    expect(fine.soc).toBeLessThan(coarse.soc);
  });
});

const cell = constantCell({ capacity_Ah: 4, seriesResistance_Ohm: 0.016, rc: [{ resistance_Ohm: 0.008, timeConstant_s: 32 }] });

function group(parallel: number, more: Partial<ScenarioObject['pack']> = {}): ScenarioObject['pack'] {
  return { series: 1, parallel, initialSoc: 0.5, ...more };
}

const currents = (run: Run, count: number, groupIndex = 0) =>
  Array.from({ length: count }, (_, position) => run.read(`cell.current_A[${groupIndex}][${position}]`));

describe('p identical cells are one cell of p times the capacity and a p-th of the resistance', () => {
  it.each([2, 3, 7, 100])('%d of them', async (parallel) => {
    const scaled = constantCell({
      capacity_Ah: 4 / parallel,
      seriesResistance_Ohm: 0.016 * parallel,
      rc: [{ resistance_Ohm: 0.008 * parallel, timeConstant_s: 32 }],
    });
    const source = [
      { constantCurrent_A: -6, until_s: 300 },
      { constantCurrent_A: 3, from_s: 400 },
    ];
    const one = await openRun({ cell, thermal: null, duration_s: 600, pack: group(1), source });
    const many = await openRun({ cell: scaled, thermal: null, duration_s: 600, pack: group(parallel), source });
    everyTick(one, (tick) => {
      many.advance(tick);
      expect(Math.abs(many.read('group.voltage_V[0]') / one.read('group.voltage_V[0]') - 1)).toBeLessThanOrEqual(1e-12);
      expect(Math.abs(many.read(`cell.soc[0][${parallel - 1}]`) / one.read('cell.soc[0][0]') - 1)).toBeLessThanOrEqual(1e-12);
    });
  });
});

/** Currents of stiff cells on a ladder by a dense solution of its node equations; resistances only, flat OCV. */
function denseSplit(source_V: number[], resistance_Ohm: number[], bus_Ohm: number, diagonal: boolean, current_A: number): number[] {
  const count = source_V.length;
  const nodes = 2 * count;
  const matrix = Array.from({ length: nodes }, () => new Array<number>(nodes + 1).fill(0));
  const join = (a: number, b: number, conductance: number, emf = 0) => {
    matrix[a]![a]! += conductance;
    matrix[b]![b]! += conductance;
    matrix[a]![b]! -= conductance;
    matrix[b]![a]! -= conductance;
    matrix[a]![nodes]! += conductance * emf;
    matrix[b]![nodes]! -= conductance * emf;
  };
  source_V.forEach((emf, index) => join(index, count + index, 1 / resistance_Ohm[index]!, emf));
  for (let index = 0; index + 1 < count; index++) {
    join(index, index + 1, 1 / bus_Ohm);
    join(count + index, count + index + 1, 1 / bus_Ohm);
  }
  matrix[0]![nodes]! += current_A;
  const minus = diagonal ? nodes - 1 : count;
  matrix[minus] = Array.from({ length: nodes + 1 }, (_, column) => (column === minus ? 1 : 0));
  const voltage = solved(matrix);
  return source_V.map((emf, index) => (voltage[index]! - voltage[count + index]! - emf) / resistance_Ohm[index]!);
}

function solved(matrix: number[][]): number[] {
  const count = matrix.length;
  for (let column = 0; column < count; column++) {
    const best = matrix
      .map((row, index) => ({ index, size: index < column ? -1 : Math.abs(row[column]!) }))
      .reduce((a, b) => (b.size > a.size ? b : a)).index;
    [matrix[column], matrix[best]] = [matrix[best]!, matrix[column]!];
    for (let row = 0; row < count; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let k = column; k <= count; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
    }
  }
  return matrix.map((row, index) => row[count]! / row[index]!);
}

describe('the split of a current on the bars equals a dense solution of the node equations', () => {
  const resistance_Ohm = [0.02, 0.023, 0.018, 0.031, 0.02];
  it.each([
    ['terminals at opposite ends', 'diagonal'],
    ['terminals at the same end', 'same'],
  ] as const)('%s', async (_, terminals) => {
    const stiff = constantCell({ ocv: flatOcv(3.7), seriesResistance_Ohm: 0.02 });
    const overrides = resistance_Ohm.map((value, position) => ({ group: 0, position, seriesResistance_Ohm: value }));
    const run = await finishedRun({
      cell: stiff,
      thermal: null,
      duration_s: 3,
      pack: group(5, { bus_Ohm: 0.0017, terminals, overrides }),
      source: { constantCurrent_A: -40 },
    });
    const expected = denseSplit(new Array<number>(5).fill(3.7), resistance_Ohm, 0.0017, terminals === 'diagonal', -40);
    currents(run, 5).forEach((value, position) => expect(Math.abs(value - expected[position]!)).toBeLessThanOrEqual(1e-11));
  });
});

it('the currents of a group add up to the current through the pack at every tick', async () => {
  const run = await openRun({
    cell,
    thermal: null,
    duration_s: 400,
    seed: 11,
    pack: group(8, { series: 3, bus_Ohm: 0.0004, spread: { capacity_ratio: 0.05, seriesResistance_ratio: 0.2, initialSoc: 0.02 } }),
    source: { constantCurrent_A: -11 },
  });
  everyTick(run, () => {
    for (let place = 0; place < 3; place++) {
      const sum = currents(run, 8, place).reduce((all, value) => all + value, 0);
      expect(Math.abs(sum - run.read('pack.current_A'))).toBeLessThanOrEqual(1e-12 * 11 * 8);
    }
  });
});

describe('circulating currents die away without ringing', () => {
  it.each([0.1, 1, 10, 60])('under a light load at a tick of %d s', async (tick_s) => {
    const overrides = [{ group: 0, position: 0, initialSoc: 0.55 }];
    const run = await openRun({
      cell,
      thermal: null,
      tick_s,
      duration_s: tick_s * 400,
      pack: group(2, { overrides }),
      source: { constantCurrent_A: -0.01 },
    });
    const between: number[] = [];
    everyTick(run, () => between.push(run.read('cell.current_A[0][1]') - run.read('cell.current_A[0][0]')));
    const steps = between.slice(1);
    expect(steps[0]).toBeGreaterThan(0.5);
    steps.forEach((value, index) => {
      expect(value).toBeGreaterThanOrEqual(-1e-9);
      if (index > 0) expect(value).toBeLessThanOrEqual(steps[index - 1]! + 1e-9);
    });
  });
});

it('24 groups of 100 cells run, and both builds of the kernel agree on every byte', async () => {
  const scenario: ScenarioObject = {
    cells: {},
    duration_s: 60,
    seed: 4,
    pack: { series: 24, parallel: 100, cell: 'nmc21700', bus_Ohm: 1e-5, tab_Ohm: 1e-4, spread: { capacity_ratio: 0.02, initialSoc: 0.01 } },
    source: { constantCurrent_A: -300 },
  };
  const hashes = await Promise.all(
    (['simd', 'scalar'] as const).map(async (kernel) => (await (await finishedRun(scenario, { kernel })).result()).resultHash),
  );
  expect(hashes[0]).toBe(hashes[1]);
});

it('a group whose cells have no resistance at all is refused, because its split would be undefined', async () => {
  const ideal = constantCell({ seriesResistance_Ohm: 0 });
  await expect(openRun({ cell: ideal, duration_s: 1, pack: group(2) })).rejects.toMatchObject({
    details: { path: 'pack.tab_Ohm', code: 'range' },
  });
  await openRun({ cell: ideal, duration_s: 1, pack: group(2, { tab_Ohm: 1e-4 }) });
});

it('every cell of a large pack may leave its data on the same tick, twice, and no event is lost', async () => {
  const run = await finishedRun({
    duration_s: 800,
    thermal: null,
    ambientProfile: { time_s: [0, 400, 800], temperature_degC: [20, -60, 20] },
    pack: { series: 24, parallel: 100, cell: 'nmc21700', tab_Ohm: 1e-4 },
  });
  const outside = run.events.filter(({ code }) => code === 'outsideCellData');
  expect(outside.filter(({ active }) => active)).toHaveLength(2400);
  expect(outside.filter(({ active }) => !active)).toHaveLength(2400);
  const places = new Set(outside.filter(({ active }) => active).map(({ cell, position }) => `${cell} ${position}`));
  const every = Array.from({ length: 2400 }, (_, index) => `${index % 24} ${Math.floor(index / 24)}`);
  expect([...places].toSorted()).toEqual(every.toSorted());
});

describe('an event about a cell names its position', () => {
  const emptied = (parallel: number, overrides: { group: number; position: number; initialSoc: number }[]) =>
    finishedRun({
      cell,
      thermal: null,
      duration_s: 60,
      pack: group(parallel, { series: 3, tab_Ohm: 0.5, overrides }),
      source: { constantCurrent_A: -6 },
    });

  it('where several are in parallel', async () => {
    const run = await emptied(4, [{ group: 1, position: 2, initialSoc: 0.001 }]);
    expect(run.events.map(({ code, cell: number, position }) => ({ code, number, position }))).toEqual([
      { code: 'outsideCellData', number: 1, position: 2 },
    ]);
  });

  it('and has null where there is none beside it', async () => {
    const run = await emptied(1, [{ group: 1, position: 0, initialSoc: 0.001 }]);
    expect(run.events.map(({ cell: number, position }) => ({ number, position }))).toEqual([{ number: 1, position: null }]);
  });

  it('and has null where the unit speaks of a group', async () => {
    const run = await finishedRun({
      cell,
      duration_s: 60,
      pack: group(2, { series: 3, overrides: [{ group: 1, position: 0, initialSoc: 0.9 }] }),
      bms: { model: '8T', chemistry: 'LiFe', settings: { batteryCapacity_Ah: 8 } },
    });
    expect(run.events.filter(({ code }) => code === 'overCharge')).toMatchObject([{ cell: 1, position: null }]);
  });
});

it('an isothermal cell that is asked for many ambients in a row is hot for as long as it is hot', async () => {
  const commands = Array.from({ length: 10 }, (_, index) => ({ time_s: index, set: 'ambient_degC', value: 70 + index / 100 }));
  const limits = { maximumTemperature_degC: 60 };
  const run = await finishedRun({ cell: constantCell({ limits }), thermal: null, duration_s: 48, commands });
  const [exposed] = (await run.result()).exposure;
  expect(exposed).toMatchObject({ group: 0, overTemperature_s: 42 });
});
