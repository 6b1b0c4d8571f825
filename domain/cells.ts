/**
 * A cell as data: open-circuit voltage, resistances, time constants, hysteresis, heat and limits.
 * The same shape serves the library, inline cells of a scenario and cell files.
 */
import { z } from 'zod';
import { CHEMISTRIES } from './chemistries.ts';
import { listOf, oneOf, positive, record, text, within } from './fields.ts';

/** Knots closer than this would share a bin of the kernel's OCV table. */
export const LEAST_SOC_STEP = 1 / 4096;

const socAxis = (shortest: number) =>
  listOf(within(0, 1), 4097, shortest).refine(
    (soc) => soc.every((value, index) => index === 0 || value - soc[index - 1]! >= LEAST_SOC_STEP * (1 - 1e-9)),
    {
      error: 'rising values of SOC at least 1/4096 apart',
    },
  );

const temperatureAxis = listOf(within(-60, 120), 64, 1).refine(
  (axis) => axis.every((value, index) => index === 0 || value > axis[index - 1]!),
  { error: 'rising temperatures' },
);

const sameLength = (name: string) => ({ error: `as many entries as soc`, path: [name] });

/** A constant, a curve over SOC, or rows per temperature over SOC. */
function table(least: number, most: number) {
  const value = within(least, most);
  const curve = record({ soc: socAxis(1), value: listOf(value, 4097, 1) }).refine(
    (t) => t.soc.length === t.value.length,
    sameLength('value'),
  );
  const surface = record({ soc: socAxis(1), temperature_degC: temperatureAxis, value: listOf(listOf(value, 4097, 1), 64, 1) })
    .refine((t) => t.value.length === t.temperature_degC.length, { error: 'one row for each temperature', path: ['value'] })
    .refine((t) => t.value.every((row) => row.length === t.soc.length), sameLength('value'));
  return z.union([value, surface, curve], { error: `a number from ${least} to ${most}, {soc, value} or {soc, temperature_degC, value}` });
}

const resistance = table(0, 100);
const timeConstant = table(1e-3, 1e7);

const openCircuitVoltage = record({ soc: socAxis(2), voltage_V: listOf(within(-10, 10), 4097, 2) })
  .refine((ocv) => ocv.soc.length === ocv.voltage_V.length, sameLength('voltage_V'))
  .refine((ocv) => ocv.voltage_V.every((value, index) => index === 0 || value >= ocv.voltage_V[index - 1]!), {
    error: 'voltages that never fall with SOC',
    path: ['voltage_V'],
  })
  .refine((ocv) => ocv.soc[0] === 0 && ocv.soc.at(-1) === 1, { error: 'from SOC 0 to SOC 1', path: ['soc'] });

export const cellSchema = record({
  name: text().optional(),
  chemistry: oneOf(CHEMISTRIES).optional(),
  basis: oneOf(['measured', 'estimate', 'assumption']).optional(),
  source: text(2000).optional(),
  licence: text().optional(),
  assumptions: listOf(text(2000), 50).optional(),
  capacity_Ah: positive(10_000, 1e-3),
  ocv: openCircuitVoltage,
  entropicCoefficient: record({ soc: socAxis(1), value_V_per_K: listOf(within(-0.01, 0.01), 4097, 1) })
    .refine((t) => t.soc.length === t.value_V_per_K.length, sameLength('value_V_per_K'))
    .optional(),
  seriesResistance_Ohm: z.union([record({ charge: resistance, discharge: resistance }), resistance], {
    error: 'a resistance table or {charge, discharge}',
  }),
  rc: listOf(record({ resistance_Ohm: resistance, timeConstant_s: timeConstant }), 2).default([]),
  hysteresis: record({ soc: socAxis(1), voltage_V: listOf(within(0, 1), 4097, 1), decay_ratio: within(0, 100_000) })
    .refine((t) => t.soc.length === t.voltage_V.length, sameLength('voltage_V'))
    .optional(),
  coulombicEfficiency_ratio: within(0.5, 1).default(1),
  selfDischarge_per_s: within(0, 1e-3).default(0),
  thermal: record({ heatCapacity_J_per_K: positive(1e6, 1e-3), toAmbient_W_per_K: within(0, 1e4) }).optional(),
  mass_kg: positive(1000, 1e-5).optional(),
  limits: record({
    minimumVoltage_V: within(0, 10),
    maximumVoltage_V: within(0, 10),
    chargeCurrent_A: positive(1e5),
    dischargeCurrent_A: positive(1e5),
    minimumTemperature_degC: within(-60, 120),
    maximumTemperature_degC: within(-60, 200),
    minimumChargeTemperature_degC: within(-60, 120),
  })
    .partial()
    .optional(),
});

export type Cell = z.output<typeof cellSchema>;
export type CellTable = z.output<typeof resistance>;
