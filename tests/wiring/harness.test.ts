/**
 * The balance harness against an independent solver (ngspice) and against the figures that a technician checks by hand.
 * The circuits are those of tests/reference/ngspice; every reading is at the converter, before its step.
 */
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../engine/run.ts';
import { constantCell, flatOcv, inRepository, openRun, type ScenarioObject } from '../scenarios.ts';

const GATE_V = 1e-6;
const EMF_V = [3.301, 3.312, 3.333, 3.294, 3.305, 3.316];
const SOURCES = EMF_V.map((volts, group) => ({ group, initialSoc: Math.round((volts - 3) * 1e6) / 1e6 }));
const GROUPS = EMF_V.map((_, group) => group);

function table(name: string): { columns: string[]; rows: string[][] } {
  const text = gunzipSync(readFileSync(inRepository(`tests/reference/ngspice/${name}.csv.gz`))).toString();
  const [header, ...rows] = text.trim().split('\n').map((line) => line.split(',')); // prettier-ignore
  return { columns: header!, rows };
}

/** Cells as voltage sources of 2 mOhm that time does not move: the OCV spans a volt over a capacity far beyond any draw. */
function stiffPack(parts: Partial<ScenarioObject>): ScenarioObject {
  return {
    cell: constantCell({ capacity_Ah: 10_000, ocv: { soc: [0, 1], voltage_V: [3, 4] }, seriesResistance_Ohm: 0.002 }),
    thermal: null,
    bms: null,
    duration_s: 3,
    tick_s: 0.01,
    ...parts,
    pack: {
      series: 6,
      overrides: SOURCES,
      ...parts.pack,
    },
  };
}

const readings = (run: Run) => GROUPS.map((group) => run.read(`afe.voltage_V[${group}]`));

describe('against ngspice, within 1 uV', () => {
  const { columns, rows } = table('b_openwire_6s');
  const expectedAt = (time_s: number) => {
    const row = rows.find(([time]) => Math.abs(Number(time) - time_s) < 1e-6)!;
    return GROUPS.map((group) => Number(row[columns.indexOf(`n1c${group + 1}`)]));
  };

  it.each([
    ['healthy', 0.25],
    ['wire 3 open', 0.9],
    ['wire 3 open, the cell below it bleeds', 1.4],
    ['wire 3 open, nothing bleeds', 1.8],
    ['wire 3 open, the cell above it bleeds', 2.4],
  ])('an open sense wire: %s', async (_, time_s) => {
    const run = await openRun(
      stiffPack({
        harness: { wire_Ohm: 0.2, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 33.15 },
        faults: [{ fault: 'openSenseWire', target: 3, when: { time_s: 0.5 } }],
        commands: [
          { time_s: 1, set: 'bleed.ordered[2]', value: true },
          { time_s: 1.5, set: 'bleed.ordered[2]', value: false },
          { time_s: 2, set: 'bleed.ordered[3]', value: true },
          { time_s: 2.5, set: 'bleed.ordered[3]', value: false },
        ],
      }),
    );
    run.advance(Math.round(time_s / 0.01));
    const expected = expectedAt(time_s);
    readings(run).forEach((value, group) => expect(Math.abs(value - expected[group]!), `channel ${group + 1}`).toBeLessThan(GATE_V));
  });

  const bleeds = table('c_bleed_wires');
  it.each(bleeds.rows)('bleeds %s with %s A through shared leads', async (mask, load_A, ...values) => {
    const run = await openRun(
      stiffPack({
        duration_s: 1,
        harness: { wire_Ohm: 0.2, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 33.15 },
        pack: {
          wires: [0.15, 0.18, 0.2, 0.22, 0.55, 0.2, 0.16].map((resistance_Ohm, wire) => ({ wire, resistance_Ohm })),
          link_Ohm: 0.2e-3,
          overrides: [...SOURCES, { group: 4, link_Ohm: 0.45e-3 }],
        },
        source: { constantCurrent_A: -Number(load_A) },
        commands: [...mask!].flatMap((bit, group) => (bit === '1' ? [{ time_s: 0, set: `bleed.ordered[${group}]`, value: true }] : [])),
      }),
    );
    run.advance();
    readings(run).forEach((value, group) => expect(Math.abs(value - Number(values[group])), `channel ${group + 1}`).toBeLessThan(GATE_V));
    GROUPS.forEach((group) => {
      if (mask![group] === '1') expect(Math.abs(run.read(`bleed.current_A[${group}]`) - Number(values[6 + group]))).toBeLessThan(GATE_V);
    });
  });
});

describe('figures to check by hand', () => {
  const FLAT = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(3.3), seriesResistance_Ohm: 0 });
  const leads = (wire_Ohm: number, more: object = {}) => ({ wire_Ohm, pin_Ohm: 100, input_Ohm: 1e5, bleed_Ohm: 2.75, ...more });
  const still = (parts: Partial<ScenarioObject>): ScenarioObject => ({
    cell: FLAT,
    thermal: null,
    bms: null,
    duration_s: 5,
    ...parts,
    pack: { series: 8, ...parts.pack },
  });
  const ended = async (scenario: ScenarioObject) => {
    const run = await openRun(scenario);
    run.advance();
    return run;
  };
  const difference_mV = (run: Run, group: number) => 1000 * (run.read(`afe.voltage_V[${group}]`) - 3.3);

  it('2.75 Ohm through leads of 60 mOhm: the bleeding cell reads 138 mV low and each neighbour 69 mV high at 3.30 V', async () => {
    const run = await ended(still({ harness: leads(0.06), commands: [{ time_s: 0, set: 'bleed.ordered[4]', value: true }] }));
    expect(run.read('bleed.current_A[4]')).toBeCloseTo(1.15, 2);
    expect(difference_mV(run, 4)).toBeCloseTo(-138, 0);
    expect(difference_mV(run, 3)).toBeCloseTo(69, 0);
    expect(difference_mV(run, 5)).toBeCloseTo(69, 0);
  });

  it('two adjacent bleeding cells cancel in the lead between them', async () => {
    const both = [3, 4].map((group) => ({ time_s: 0, set: `bleed.ordered[${group}]`, value: true }));
    const run = await ended(still({ harness: leads(0.06), commands: both }));
    expect(difference_mV(run, 3)).toBeCloseTo(difference_mV(run, 4), 6);
    expect(difference_mV(run, 3)).toBeCloseTo((-3.3 * 2 * 0.06 * 1000) / (2 * 2.75 + 2 * 0.06), 0);
  });

  it.each([
    ['one tap', [4], [-920, 870, 0]],
    ['both taps', [4, 5], [-1390, 690, 690]],
  ] as const)('%s of 1 Ohm: the bleeding cell and its neighbours', async (_, wires, [own, below, above]) => {
    const harness = leads(0);
    const pack = { wires: wires.map((wire) => ({ wire, resistance_Ohm: 1 })) };
    const run = await ended(still({ harness, pack, commands: [{ time_s: 0, set: 'bleed.ordered[4]', value: true }] }));
    expect(Math.abs(difference_mV(run, 4) - own)).toBeLessThan(50);
    expect(Math.abs(difference_mV(run, 3) - below)).toBeLessThan(20);
    expect(Math.abs(difference_mV(run, 5) - above)).toBeLessThan(20);
  });

  it('an open middle wire with inputs of 1.9 to 1: a pair of 3.30 V reads 4.32 and 2.28 V', async () => {
    const run = await ended(
      still({
        harness: leads(0, { pin_Ohm: 0 }),
        faults: [
          { fault: 'openSenseWire', target: 4 },
          { fault: 'channelLeak', target: 4, severity: 1e5 / 0.9 },
        ],
        bms: { model: '8T', chemistry: 'LiFe', consumption: 'none' },
      }),
    );
    expect(run.read('afe.voltage_V[3]')).toBeCloseTo(4.32, 2);
    expect(run.read('afe.voltage_V[4]')).toBeCloseTo(2.28, 2);
  });

  it('an open middle wire while its cell bleeds: about 0 V and 6.6 V', async () => {
    const run = await ended(
      still({
        harness: leads(0.06),
        faults: [{ fault: 'openSenseWire', target: 4 }],
        commands: [{ time_s: 0, set: 'bleed.ordered[3]', value: true }],
      }),
    );
    expect(run.read('afe.voltage_V[3]')).toBeLessThan(0.02);
    expect(run.read('afe.voltage_V[4]')).toBeCloseTo(6.6, 1);
  });

  it('swapped middle taps: +6.6, -3.3, +6.6 V', async () => {
    const run = await ended(still({ harness: leads(0.06), faults: [{ fault: 'swappedSenseWires', target: 4 }] }));
    expect([3, 4, 5].map((group) => Math.round(run.read(`afe.voltage_V[${group}]`) * 10) / 10)).toEqual([6.6, -3.3, 6.6]);
  });

  it('a plug one pin off shorts a cell through two leads with tens of amperes', async () => {
    const run = await ended(still({ harness: leads(0.06), pack: { series: 16 }, faults: [{ fault: 'shiftedConnector', target: 1 }] }));
    expect(run.read('cell.current_A[8][0]')).toBeLessThan(-20);
    expect(run.read('cell.current_A[8][0]')).toBeGreaterThan(-30);
  });

  it('one of two tied leads open is invisible', async () => {
    const run = await ended(still({ harness: leads(0.06), pack: { series: 16 }, faults: [{ fault: 'openSenseWire', target: '8b' }] }));
    const healthy = await ended(still({ harness: leads(0.06), pack: { series: 16 } }));
    for (let group = 0; group < 16; group++)
      expect(Math.abs(run.read(`afe.voltage_V[${group}]`) - healthy.read(`afe.voltage_V[${group}]`))).toBeLessThan(1e-5);
  });

  it.each([
    [100, -3.3],
    [1000, -32.7],
  ])('%d Ohm in an end wire, the unit on its own lead: %f mV', async (resistance_Ohm, expected_mV) => {
    const harness = leads(0, { supply: 'ownLead' });
    const healthy = await ended(still({ harness }));
    const run = await ended(still({ harness, pack: { wires: [{ wire: 0, resistance_Ohm }] } }));
    expect(1000 * (run.read('afe.voltage_V[0]') - healthy.read('afe.voltage_V[0]'))).toBeCloseTo(expected_mV, 0);
  });

  it('the supply through the end wires: 15 to 26 mV low at 48 V with leads of 60 mOhm and a coil closed', async () => {
    const pack = { series: 16, initialSoc: 0.5 };
    const cell = constantCell({ capacity_Ah: 10_000, ocv: flatOcv(3), seriesResistance_Ohm: 0 });
    const bms = { model: '16T' as const, chemistry: 'LiFe' as const, settings: { batteryCapacity_Ah: 1000 } };
    const fed = await ended(still({ cell, pack, bms, harness: leads(0.06) }));
    const own = await ended(still({ cell, pack, bms, harness: leads(0.06, { supply: 'ownLead' }) }));
    for (const group of [0, 15]) {
      const low_mV = 1000 * (own.read(`afe.voltage_V[${group}]`) - fed.read(`afe.voltage_V[${group}]`));
      expect(low_mV).toBeGreaterThan(25.5);
      expect(low_mV).toBeLessThan(27);
    }
  });
});
