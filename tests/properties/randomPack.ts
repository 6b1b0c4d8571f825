/**
 * Packs made by chance, with everything a scenario can say in reasonable ranges; fast-check prints seed and pack on failure.
 */
import fc from 'fast-check';
import type { CellFile, ScenarioObject } from '../scenarios.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

function curve(low: number, high: number) {
  return fc.tuple(between(low, high), between(low, high), between(low, high)).map((value) => ({ soc: [0, 0.37, 1], value }));
}

const cell: fc.Arbitrary<CellFile> = fc.record({
  capacity_Ah: between(0.5, 300),
  ocv: fc.tuple(between(2.5, 3), between(0, 0.5), between(0, 0.3), between(0.01, 0.5), between(0.05, 0.9)).map(([base, a, b, c, knot]) => ({
    soc: [0, knot, 0.95, 1],
    voltage_V: [base, base + a, base + a + b, base + a + b + c],
  })),
  seriesResistance_Ohm: fc.oneof(between(0, 0.02), fc.record({ charge: curve(0, 0.02), discharge: curve(1e-4, 0.03) })),
  rc: fc.array(fc.record({ resistance_Ohm: fc.oneof(between(0, 0.02), curve(0, 0.02)), timeConstant_s: between(0.1, 2000) }), {
    maxLength: 2,
  }),
  hysteresis: fc.option(
    fc.record({
      soc: fc.constant([0, 0.37, 1]),
      voltage_V: fc.tuple(between(0, 0.1), between(0, 0.1), between(0, 0.1)),
      decay_ratio: between(0, 300),
    }),
    { nil: undefined },
  ),
  coulombicEfficiency_ratio: between(0.9, 1),
  selfDischarge_per_s: between(0, 1e-6),
});

const source = fc.oneof(
  between(-80, 80).map((constantCurrent_A) => ({ constantCurrent_A })),
  fc.record({ charger: fc.record({ current_A: between(1, 60), voltage_V: between(6, 60), endCurrent_A: between(0, 2) }) }),
  fc.record({
    csv: fc.constant('p.csv'),
    column: fc.constantFrom('current_A', 'power_W'),
    interpolation: fc.constantFrom('previous' as const, 'next' as const, 'linear' as const),
    repeat: fc.boolean(),
  }),
);

/** A scenario of at most some hundred ticks and the file it may name. */
export const randomPack = fc
  .record({
    cell,
    seed: fc.maxSafeNat(),
    series: fc.integer({ min: 2, max: 24 }),
    parallel: fc.constantFrom(1, 1, 1, 2, 5),
    terminals: fc.constantFrom('same' as const, 'diagonal' as const),
    tick_s: fc.constantFrom(0.01, 0.1, 0.5, 1, 10, 60),
    ambient_degC: between(-15, 55),
    spread: between(0, 0.1),
    soc: between(0.02, 0.98),
    noise_V: fc.constantFrom(0, 0.004),
    unit: fc.boolean(),
    switches: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    delay_s: fc.integer({ min: 0, max: 9 }),
    warm: fc.boolean(),
    source,
    profile: fc.array(between(-90, 90), { minLength: 2, maxLength: 9 }),
  })
  .map((made) => {
    const [balanceInStorage, balanceInCharge, commonPort] = made.switches;
    const scenario: ScenarioObject = {
      cell: made.cell,
      seed: made.seed,
      tick_s: made.tick_s,
      duration_s: made.tick_s * 300,
      ambient_degC: made.ambient_degC,
      thermal: made.warm ? { heatCapacity_J_per_K: 100, toAmbient_W_per_K: 0.3, initialTemperature_degC: 25 } : null,
      pack: {
        series: made.series,
        parallel: made.parallel,
        terminals: made.terminals,
        bus_Ohm: 1e-4,
        initialSoc: made.soc,
        link_Ohm: 1e-4,
        tab_Ohm: 2e-4,
        spread: {
          capacity_ratio: made.spread,
          seriesResistance_ratio: made.spread,
          initialSoc: made.spread / 5,
          selfDischarge_ratio: made.spread,
        },
      },
      bms: made.unit
        ? {
            model: '24T',
            chemistry: 'LiFe',
            topology: commonPort ? 'commonPort' : 'separatePorts',
            sensing: { noise_V: made.noise_V },
            settings: { balanceInStorage, balanceInCharge, balanceStartVoltage_V: 2.6, cutOffDelay_s: made.delay_s },
          }
        : null,
      source: made.source,
    };
    const rows = made.profile.map((value, index) => `${index * made.tick_s * 7.3},${value},${value}`);
    return { scenario, files: { 'p.csv': `time_s,current_A,power_W\n${rows.join('\n')}\n` } };
  });
