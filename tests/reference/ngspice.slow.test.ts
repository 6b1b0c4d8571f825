/**
 * The kernel against ngspice itself: circuit a run anew, and 200 random linear packs, each as a netlist and as a scenario.
 * It is slow and needs `ngspice`; where that is missing, and only here, the tests are left out with a message that says so.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csvOf, inRepository, openRun, type ScenarioObject } from '../scenarios.ts';
import { hasNgspice, netlistOf, OUTPUT_STEP_s, runNgspice } from './ngspice/netlist.ts';
import { cornersOf, DURATION_s, type LinearPack, randomPack } from './ngspice/randomPack.ts';

const FIRST_SEED = 20_260;
const PACKS = 200;
const BLOCK = 20;
const TICK_s = 0.1;
/** How long after a step of the current a comparison starts. */
const SETTLED_s = {
  /** `cell.current_A` is the mean over the tick and is held against ngspice at the middle of the tick. */
  current: 1,
  /** `group.voltage_V` stands at the end of the tick; the lag of the mean split cancels in it. */
  voltage: 1,
};
const GATE = { voltage_V: 50e-6, current_A: 1e-3, soc: 1e-6 };
const TIMEOUT_ms = 600_000;

type Errors = typeof GATE;

const installed = hasNgspice();

beforeAll(() => {
  if (!installed) console.warn('ngspice is not installed: the comparison with it is left out (Debian and Ubuntu: apt-get install ngspice)');
});
beforeEach((context) => {
  if (!installed) context.skip('ngspice is not installed');
});

/** The pack as a scenario whose every cell has its own numbers. */
function scenarioOf(pack: LinearPack): ScenarioObject {
  const [first] = pack.groups[0]!;
  const overrides = pack.groups.flatMap((cells, group) => cells.map((cell, position) => ({ group, position, ...cell })));
  return {
    duration_s: DURATION_s,
    tick_s: TICK_s,
    thermal: null,
    cell: {
      capacity_Ah: first!.capacity_Ah,
      ocv: { soc: [0, 1], voltage_V: [pack.ocv_V, pack.ocv_V + pack.slope_V] },
      seriesResistance_Ohm: first!.seriesResistance_Ohm,
      rc: first!.rc,
    },
    pack: {
      series: pack.groups.length,
      parallel: pack.groups[0]!.length,
      bus_Ohm: pack.bus_Ohm,
      link_Ohm: pack.link_Ohm,
      terminals: pack.terminals,
      overrides,
    },
    source: { csv: 'load.csv', column: 'current_A', interpolation: 'linear' },
  };
}

/** Away from the current's steps, of which the start is one: cells of unequal SOC are joined there. */
function isSettled(pack: LinearPack, time_s: number, settled_s: number): boolean {
  return [0, ...pack.steps.map((step) => step.time_s)].every((step) => time_s < step || time_s >= step + settled_s);
}

async function errorsOf(pack: LinearPack): Promise<Errors> {
  const rows = runNgspice(netlistOf(pack), 'out.txt');
  const rowAt = (time_s: number) => rows[Math.round(time_s / OUTPUT_STEP_s)]!.slice(1);
  const run = await openRun(scenarioOf(pack), { files: { 'load.csv': csvOf('current_A', cornersOf(pack)) } });
  const worst = { voltage_V: 0, current_A: 0, soc: 0 };
  const cells = pack.groups.flatMap((group, place) => group.map((_, position) => `[${place}][${position}]`));
  for (let time_s = 1; time_s <= DURATION_s; time_s++) {
    if (!isSettled(pack, time_s, SETTLED_s.current)) continue;
    run.advance(Math.round(time_s / TICK_s));
    const [atEnd, atMiddle] = [rowAt(time_s), rowAt(time_s - TICK_s / 2)];
    pack.groups.forEach((_, group) => {
      if (!isSettled(pack, time_s, SETTLED_s.voltage)) return;
      worst.voltage_V = Math.max(worst.voltage_V, Math.abs(run.read(`group.voltage_V[${group}]`) - atEnd[group]!));
    });
    cells.forEach((name, index) => {
      const place = pack.groups.length + index;
      worst.current_A = Math.max(worst.current_A, Math.abs(run.read(`cell.current_A${name}`) + atMiddle[place]!));
      worst.soc = Math.max(worst.soc, Math.abs(run.read(`cell.soc${name}`) - atEnd[place + cells.length]!));
    });
  }
  return worst;
}

const shown = ({ voltage_V, current_A, soc }: Errors) =>
  `group voltage ${(voltage_V * 1e6).toFixed(3)} uV, cell current ${(current_A * 1e6).toFixed(1)} uA, SOC ${soc.toExponential(2)}`;

describe('random linear packs agree with ngspice to 50 uV, 1 mA and 1e-6 of SOC at a tick of 0.1 s', () => {
  const blocks = Array.from({ length: PACKS / BLOCK }, (_, block) => FIRST_SEED + block * BLOCK);
  it.each(blocks)(
    `${BLOCK} packs from seed %d`,
    async (seed) => {
      const overall = { voltage_V: 0, current_A: 0, soc: 0 };
      const missed: string[] = [];
      for (let own = seed; own < seed + BLOCK; own++) {
        const pack = randomPack(own);
        const errors = await errorsOf(pack);
        for (const key of ['voltage_V', 'current_A', 'soc'] as const) overall[key] = Math.max(overall[key], errors[key]);
        const size = `${pack.groups.length}S${pack.groups[0]!.length}P`;
        if (!(errors.voltage_V <= GATE.voltage_V && errors.current_A <= GATE.current_A && errors.soc <= GATE.soc))
          missed.push(`seed ${own} (${size}): ${shown(errors)}`);
      }
      console.log(`seeds ${seed} to ${seed + BLOCK - 1}, worst: ${shown(overall)}`);
      expect(missed).toEqual([]);
    },
    TIMEOUT_ms,
  );
});

it(
  'circuit a, run anew, prints what is committed to a tenth of the gates',
  () => {
    const rows = runNgspice(readFileSync(inRepository('tests/reference/ngspice/a_pack_4s3p.cir'), 'utf8'), 'a_pack_4s3p.raw.txt');
    const kept = gunzipSync(readFileSync(inRepository('tests/reference/ngspice/a_pack_4s3p.csv.gz')))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
    const worst = { voltage_V: 0, current_A: 0, soc: 0 };
    expect(rows.length).toBe(kept.length);
    kept.forEach((row, index) => {
      if ([10, 1200, 1800, 3000].includes(row[0]!)) return;
      row.forEach((value, column) => {
        const key = column < 6 ? 'voltage_V' : column < 18 ? 'current_A' : 'soc';
        worst[key] = Math.max(worst[key], Math.abs(rows[index]![column]! - value));
      });
    });
    console.log(`circuit a, run anew, worst: ${shown(worst)}`);
    expect(worst.voltage_V).toBeLessThanOrEqual(GATE.voltage_V / 10);
    expect(worst.current_A).toBeLessThanOrEqual(GATE.current_A / 10);
    expect(worst.soc).toBeLessThanOrEqual(GATE.soc / 10);
  },
  TIMEOUT_ms,
);
