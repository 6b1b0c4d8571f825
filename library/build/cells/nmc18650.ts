/**
 * Samsung INR18650-30Q: specimen S001 at room temperature, with the SOC shape of R0, the time constants and the temperature dependence of pulsed specimen DNN01.
 * The two sat in different fixtures, so R0 is lowered to what S001 shows at switch-on, and the pairs are fitted to C/10 and 1C of S001; its 3C run checks the result.
 */
import { interpolate, type Cell } from '../cell.ts';
import { fit, type Curve, type FitPlan, type Fitted, type Run } from '../fit.ts';
import { fitHeat } from '../heat.ts';
import { rising, slowDischarge } from '../openCircuit.ts';
import { assumed, between, byFactor, commonPlan, oneTimeConstant, socKnots, switchOnResistance, typicalLosses } from '../parts.ts';
import { readSeries } from '../series.ts';
import { withBestTimeConstants } from '../timeConstants.ts';

const temperatures = [20, 40];
const folder = 'nmc_samsung_30q';

/** Rated capacity; S001 delivers 2.97 Ah at C/10, starting a little below full. */
const capacityAh = 3.0;

/** Case temperature of S001 at the start of its runs, and its mean during the 1C run that the pairs are fitted to. */
const startDegC = 23;
const fitDegC = 27;

/** Mean of R1 + R2 over the knots from 10 % SOC up. */
function meanOfPairs(fitted: Fitted): number {
  const sums = socKnots.map((_, k) => fitted.rcOhm[0].value[k] + fitted.rcOhm[1].value[k]).filter((_, k) => socKnots[k] >= 0.1);
  return sums.reduce((sum, value) => sum + value, 0) / sums.length;
}

const assumptions = (fixtureOhm: number): string[] => [
  'Capacity is the rated 3.0 Ah; S001 delivers 2.97 Ah at C/10.',
  `Series resistance is that of specimen DNN01 less ${(fixtureOhm * 1000).toFixed(1)} mOhm, the difference between the two fixtures at switch-on at full charge.`,
  'Pairs are fitted to C/10 and 1C of S001, nearly equal to each other; their temperature dependence (one factor at 20 and one at 40 degC) and time constants are those of DNN01.',
  assumed.timeConstants,
  'Resistances below 20 degC and above 40 degC are held at the measured end; charge resistance equals discharge resistance.',
  "Heat capacity is that of the cell in its fixture (more than the bare cell's); the entropic coefficient is left out: it was not measured.",
  assumed.coulombic,
  assumed.limits,
];

const limits: Cell['limits'] = {
  minimumVoltage_V: 2.5,
  maximumVoltage_V: 4.2,
  chargeCurrent_A: 4,
  dischargeCurrent_A: 15,
  minimumTemperature_degC: -20,
  maximumTemperature_degC: 75,
  minimumChargeTemperature_degC: 0,
};

/** What the pulsed specimen DNN01 gives: fits at 20 and 40 degC, their time constants, and the voltage over current at switch-on when full. */
function pulsedSpecimen(start: FitPlan): { fits: Fitted[]; timeConstantS: [Curve, Curve]; switchOnOhm: number[] } {
  const pulses = temperatures.map((t) => readSeries(`${folder}/DNN01_${t}C_hppc1c_1hz`));
  const runs = pulses.map((series): Run[] => [{ series, startSoc: 1, weight: 1, by: 'row' }]);
  const plans = runs.map((run) => withBestTimeConstants(start, run, 5));
  const fits = plans.map((plan, k) => fit(plan, runs[k]));
  return { fits, timeConstantS: plans[0].timeConstantS, switchOnOhm: pulses.map(switchOnResistance) };
}

export function nmc18650(): Cell {
  const [slow, oneC, threeC] = ['c10', '1c', '3c'].map((rate) => readSeries(`${folder}/S001_rt_dis_${rate}`));
  const start: FitPlan = {
    capacityAh,
    ocv: slowDischarge(slow, 0.15),
    ...commonPlan,
    timeConstantS: [oneTimeConstant(20), oneTimeConstant(900)],
  };
  const { fits, timeConstantS, switchOnOhm } = pulsedSpecimen(start);
  const fixtureOhm = interpolate(temperatures, switchOnOhm, startDegC) - switchOnResistance(oneC);
  const lowered = (curve: Curve): Curve => ({ soc: curve.soc, value: curve.value.map((v) => v - fixtureOhm) });
  const levelPlan: FitPlan = {
    ...start,
    resistanceKnots: [],
    knownResistanceOhm: lowered(between(20, fits[0].resistanceOhm, 40, fits[1].resistanceOhm, fitDegC)),
    timeConstantS,
    equalPairs: 1,
    leastResistanceOhm: 0.001,
  };
  const level = fit(levelPlan, [
    { series: slow, startSoc: 1, weight: 0.1, by: 'second' },
    { series: oneC, startSoc: 1, weight: 1, by: 'second' },
  ]);
  const pairs = fits.map(meanOfPairs);
  const factor = pairs.map((value) => value / interpolate(temperatures, pairs, fitDegC));

  const ocv = rising(level.ocv, 2e-5);
  const heat = fitHeat(
    [oneC, threeC].map((series) => ({ series, startSoc: 1 })),
    ocv,
    capacityAh,
    { capacityJ: 60, conductanceW: 0.08 },
  );
  return {
    name: 'Samsung INR18650-30Q 3.0 Ah',
    chemistry: 'LiPo',
    basis: 'measured',
    source:
      'ARTS-Lab, University of South Carolina, dataset-electrothermal-deformation-characterization-for-samsung-30Q-cell (4e9effd): S001 C/10, 1C and 3C discharges, DNN01 HPPC at 20 and 40 degC',
    licence: 'CC BY-SA 4.0',
    assumptions: assumptions(fixtureOhm),
    capacity_Ah: capacityAh,
    ocv: { soc: ocv.soc, voltage_V: ocv.value },
    seriesResistance_Ohm: { soc: socKnots, temperature_degC: temperatures, value: fits.map((f) => lowered(f.resistanceOhm).value) },
    rc: [
      { resistance_Ohm: byFactor(level.rcOhm[0], temperatures, factor), timeConstant_s: timeConstantS[0].value[0] },
      { resistance_Ohm: byFactor(level.rcOhm[1], temperatures, factor), timeConstant_s: timeConstantS[1].value[0] },
    ],
    ...typicalLosses,
    thermal: heat,
    mass_kg: 0.0455,
    limits,
  };
}
