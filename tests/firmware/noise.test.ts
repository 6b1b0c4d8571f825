/** Noise of the front end: it is there while its cause is, and nothing of it stays. */
import { expect, it } from 'vitest';
import { openRun } from '../scenarios.ts';

it('a noisy front end that is repaired reads as it did before', async () => {
  const run = await openRun({
    duration_s: 60,
    pack: { series: 4, cell: 'lfp280', initialSoc: 0.6 },
    bms: { model: '8T', currentVersion_A: 100, chemistry: 'LiFe' },
    faults: [{ fault: 'noisyFrontEnd', severity: 0.05, when: { time_s: 10 }, for_s: 20 }],
  });
  const errors = () => [0, 1, 2, 3].map((g) => Math.abs(run.read(`measuredCell.voltage_V[${g}]`) - run.read(`group.voltage_V[${g}]`)));
  const half_mV = 0.0005 + 1e-9;
  run.advance(9);
  expect(Math.max(...errors())).toBeLessThanOrEqual(half_mV);
  run.advance(25);
  expect(Math.max(...errors())).toBeGreaterThan(0.01);
  run.advance(60);
  expect(Math.max(...errors())).toBeLessThanOrEqual(half_mV);
});
