/**
 * A sine of current and the voltage that answers it, against R0 + sum R/(1 + j w tau).
 * Current and voltage are both taken as means over a tick, so the half tick between a mean and a tick's end cancels.
 */
import { expect, it } from 'vitest';
import { constantCell, csvOf, flatOcv, openRun } from '../scenarios.ts';

const R0_Ohm = 0.004;
const PAIRS = [
  { resistance_Ohm: 0.006, timeConstant_s: 0.09 },
  { resistance_Ohm: 0.009, timeConstant_s: 11 },
];
const OCV_V = 3.7;
const SAMPLES = 200;
const AMPLITUDE_A = 5;

interface Complex {
  re: number;
  im: number;
}

const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const over = (a: Complex, b: Complex): Complex => {
  const square = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / square, im: (a.im * b.re - a.re * b.im) / square };
};
const magnitude = ({ re, im }: Complex) => Math.hypot(re, im);
const degrees = ({ re, im }: Complex) => (Math.atan2(im, re) * 180) / Math.PI;

function impedance(frequency_Hz: number): Complex {
  const w = 2 * Math.PI * frequency_Hz;
  return PAIRS.map(({ resistance_Ohm, timeConstant_s }) => over({ re: resistance_Ohm, im: 0 }, { re: 1, im: w * timeConstant_s })).reduce(
    plus,
    { re: R0_Ohm, im: 0 },
  );
}

/** First Fourier coefficient of one period. */
function fundamental(values: readonly number[]): Complex {
  return values.reduce(
    (sum, value, index) => {
      const angle = (2 * Math.PI * index) / values.length;
      return plus(sum, { re: value * Math.cos(angle), im: -value * Math.sin(angle) });
    },
    { re: 0, im: 0 },
  );
}

/** Voltage over current of the run's last period, and the same of the samples at tick ends. */
async function measured(frequency_Hz: number): Promise<{ means: Complex; ends: Complex }> {
  const tick_s = 1 / (frequency_Hz * SAMPLES);
  const rows = Array.from({ length: SAMPLES + 1 }, (_, index): [number, number] => [
    index * tick_s,
    AMPLITUDE_A * Math.sin((2 * Math.PI * index) / SAMPLES),
  ]);
  // Whole periods until the slow pair has forgotten the start.
  const periods = Math.ceil(14 * PAIRS[1].timeConstant_s * frequency_Hz) + 1;
  const run = await openRun(
    {
      cell: constantCell({ ocv: flatOcv(OCV_V), seriesResistance_Ohm: R0_Ohm, rc: PAIRS }),
      thermal: null,
      tick_s,
      duration_s: (periods + 1) / frequency_Hz,
      source: { csv: 'sine.csv', column: 'current_A', interpolation: 'linear', repeat: true },
    },
    { files: { 'sine.csv': csvOf('current_A', rows) } },
  );
  run.advance(periods * SAMPLES);
  const { current_A, meanVoltage_V, voltage_V } = run.compiled.cells;
  const samples = Array.from({ length: SAMPLES }, () => {
    run.advance(run.tick + 1);
    return { current: current_A.get(0), mean: meanVoltage_V.get(0) - OCV_V, end: voltage_V.get(0) - OCV_V };
  });
  const current = fundamental(samples.map((sample) => sample.current));
  expect(magnitude(current)).toBeGreaterThan(0.4 * SAMPLES * AMPLITUDE_A);
  return {
    means: over(fundamental(samples.map((sample) => sample.mean)), current),
    ends: over(fundamental(samples.map((sample) => sample.end)), current),
  };
}

/** What samples at tick ends must show of a current that stands still over each tick: R0 + sum R (1 - a) / (1 - a/z). */
function sampledImpedance(frequency_Hz: number): Complex {
  const angle = (2 * Math.PI) / SAMPLES;
  const tick_s = 1 / (frequency_Hz * SAMPLES);
  const pairs = PAIRS.map(({ resistance_Ohm, timeConstant_s }) => {
    const a = Math.exp(-tick_s / timeConstant_s);
    return over(
      { re: -resistance_Ohm * Math.expm1(-tick_s / timeConstant_s), im: 0 },
      { re: 1 - a * Math.cos(angle), im: a * Math.sin(angle) },
    );
  });
  return pairs.reduce(plus, { re: R0_Ohm, im: 0 });
}

it.each([0.001, 0.005, 0.014, 0.05, 0.2, 1, 1.77, 5])(
  'at %d Hz the cell shows the impedance of its circuit to 0.1 % and 0.1 degrees',
  async (frequency_Hz) => {
    const { means, ends } = await measured(frequency_Hz);
    const ratio = over(means, impedance(frequency_Hz));
    expect(Math.abs(magnitude(ratio) - 1)).toBeLessThanOrEqual(1e-3);
    expect(Math.abs(degrees(ratio))).toBeLessThanOrEqual(0.1);
    const sampled = over(ends, sampledImpedance(frequency_Hz));
    expect(Math.abs(magnitude(sampled) - 1)).toBeLessThanOrEqual(1e-5);
    expect(Math.abs(degrees(sampled))).toBeLessThanOrEqual(1e-3);
  },
);
