/**
 * One story for each protection: a timeline on the bench and the complete event log that the documents ask for.
 * Every time in a log is worked out by hand: a command at 30 s is first seen by the sample at 31 s, a trip follows 5 s later.
 */
import type { EventName } from '../../domain/events.ts';
import type { ScenarioFile } from '../../domain/scenario/schema.ts';
import { bench, type BenchParts, reads } from './bench.ts';

type Commands = NonNullable<ScenarioFile['commands']>;

export interface Story {
  /** What the technician sees. */
  tale: string;
  scenario: ScenarioFile;
  /** The whole log. */
  log: string;
  /** Every cause the unit may name: the protection, and its name while it holds. */
  causes: EventName[];
  opens: ('charge' | 'discharge')[];
  trip: { time_s: number; cell: number | null; value: number; trueValue: number; limit: number; faq: string[] };
}

interface Levels {
  /** As far as it may go without a trip. */
  short: number;
  trips: number;
  /** Back, but not far enough for a release. */
  stays: number;
  frees: number;
}

/** Short of the limit, over it for five samples, then for good; back a little, then back far enough. */
function upAndDown(level: (time_s: number, level: number) => Commands, { short, trips, stays, frees }: Levels): Commands {
  return [...level(10, short), ...level(20, trips), ...level(25, short), ...level(30, trips), ...level(40, stays), ...level(100, frees)];
}

const cell3 = (time_s: number, voltage_V: number) => reads.cell(time_s, 2, voltage_V);
const t1Warmer = (time_s: number, t1_degC: number) => reads.temperatures(time_s, t1_degC, t1_degC - 1);
const t2Colder = (time_s: number, t2_degC: number) => reads.temperatures(time_s, t2_degC + 1, t2_degC);
const apart = (time_s: number, difference_K: number) => reads.temperatures(time_s, 25 + difference_K, 25);

function withCurrent(parts: BenchParts, current_A: number): ScenarioFile {
  return bench({ ...parts, scenario: { ...parts.scenario, source: [{ constantCurrent_A: current_A }] } });
}

/** Over-current: tried again 30 s after each trip; the third trip waits until somebody presses START. */
function overCurrent(limit: 'overChargeCurrent_A' | 'overDischargeCurrent_A', sign: 1 | -1): ScenarioFile {
  const commands: Commands = [
    ...reads.current(10, sign * 10.04),
    ...reads.current(20, sign * 10.06),
    ...reads.current(25, sign * 10.04),
    ...reads.current(30, sign * 10.06),
    ...reads.current(290, sign * 5),
    { time_s: 300, do: 'start' },
  ];
  return withCurrent({ settings: { [limit]: 10 }, commands, scenario: { duration_s: 320 } }, sign * 5);
}

const retries = (code: string, relay: string) => `
  36 ${code}
  36 ${relay} opens
  66 ${code} ends
  66 ${relay} closes
  72 ${code}
  72 ${relay} opens
  102 ${code} ends
  102 ${relay} closes
  108 ${code}
  108 ${relay} opens
  301 ${code} ends
  301 ${relay} closes`;

export const STORIES: Partial<Record<EventName, Story>> = {
  overCharge: {
    tale: 'one cell reads 3.65 V',
    scenario: bench({ commands: upAndDown(cell3, { short: 3.649, trips: 3.65, stays: 3.551, frees: 3.55 }) }),
    log: `
      36 overCharge Cell 3
      36 charge relay opens
      41 overCharge ends
      41 overChargeHold Cell 3
      106 overChargeHold ends
      106 charge relay closes`,
    causes: ['overCharge', 'overChargeHold'],
    opens: ['charge'],
    trip: { time_s: 36, cell: 2, value: 3.65, trueValue: 3.3, limit: 3.65, faq: ['9a'] },
  },
  overChargeCurrent: {
    tale: 'the charger gives 10.1 A where 10 A are allowed',
    scenario: overCurrent('overChargeCurrent_A', 1),
    log: retries('overChargeCurrent', 'charge relay'),
    causes: ['overChargeCurrent'],
    opens: ['charge'],
    trip: { time_s: 36, cell: null, value: 10.1, trueValue: 10.06, limit: 10, faq: ['9c'] },
  },
  highTemperature: {
    tale: 'T1 reads 60.1 degC',
    scenario: bench({ commands: upAndDown(t1Warmer, { short: 60, trips: 60.1, stays: 55.1, frees: 55 }) }),
    log: `
      36 highTemperature Cell 1
      36 charge relay opens
      36 discharge relay opens
      106 highTemperature ends
      106 charge relay closes
      106 discharge relay closes`,
    causes: ['highTemperature'],
    opens: ['charge', 'discharge'],
    trip: { time_s: 36, cell: 0, value: 60.1, trueValue: 25, limit: 60, faq: ['9d', '10f'] },
  },
  lowTemperatureCharge: {
    tale: 'T2 reads 1.9 degC',
    scenario: bench({ commands: upAndDown(t2Colder, { short: 2, trips: 1.9, stays: 6.9, frees: 7 }) }),
    log: `
      36 lowTemperatureCharge Cell 3
      36 charge relay opens
      106 lowTemperatureCharge ends
      106 charge relay closes`,
    causes: ['lowTemperatureCharge'],
    opens: ['charge'],
    trip: { time_s: 36, cell: 2, value: 1.9, trueValue: 25, limit: 2, faq: ['9e'] },
  },
  temperatureDifference: {
    tale: 'T1 and T2 differ by 10.1 K',
    scenario: bench({ commands: upAndDown(apart, { short: 10, trips: 10.1, stays: 8.1, frees: 8 }) }),
    log: `
      36 temperatureDifference
      36 charge relay opens
      36 discharge relay opens
      106 temperatureDifference ends
      106 charge relay closes
      106 discharge relay closes`,
    causes: ['temperatureDifference'],
    opens: ['charge', 'discharge'],
    trip: { time_s: 36, cell: null, value: 10.1, trueValue: 0, limit: 10, faq: ['9f', '10h'] },
  },
  overDischarge: {
    // Reaching P also sets the gauge to 0 %: without lowSoc at 0 there would rightly be a second cause.
    tale: 'one cell reads 2.50 V',
    scenario: bench({
      settings: { lowSoc_fraction: 0 },
      commands: upAndDown(cell3, { short: 2.501, trips: 2.5, stays: 2.799, frees: 2.8 }),
    }),
    log: `
      36 overDischarge Cell 3
      36 discharge relay opens
      41 overDischarge ends
      41 overDischargeHold Cell 3
      106 overDischargeHold ends
      106 discharge relay closes`,
    causes: ['overDischarge', 'overDischargeHold'],
    opens: ['discharge'],
    trip: { time_s: 36, cell: 2, value: 2.5, trueValue: 3.3, limit: 2.5, faq: ['10a'] },
  },
  overDischargeCurrent: {
    tale: 'the load takes 10.1 A where 10 A are allowed',
    scenario: overCurrent('overDischargeCurrent_A', -1),
    log: retries('overDischargeCurrent', 'discharge relay'),
    causes: ['overDischargeCurrent'],
    opens: ['discharge'],
    trip: { time_s: 36, cell: null, value: 10.1, trueValue: 10.06, limit: 10, faq: ['10c'] },
  },
  lowSoc: {
    // 36 A on 10 Ah are 0.1 points a second. 10.554 % at the start, 9.954 % counted at 6 s, tripped 5 s later at 11 s.
    // From 30 s a charge: 9.454 % grows over 12 % (the limit and 2 points) at 56 s, released 5 s later.
    tale: 'the gauge falls below 10 %',
    scenario: withCurrent(
      {
        settings: { batteryCapacity_Ah: 10 },
        bms: { initialSoc: 0.10554 },
        commands: reads.current(30, 36),
        scenario: { pack: { series: 4, cell: 'still', initialSoc: 0.10554 } },
      },
      -36,
    ),
    log: `
      11 lowSoc
      11 discharge relay opens
      61 lowSoc ends
      61 discharge relay closes`,
    causes: ['lowSoc'],
    opens: ['discharge'],
    trip: { time_s: 11, cell: null, value: 0.0945, trueValue: 0.10554, limit: 0.1, faq: ['10d'] },
  },
  cellDifference: {
    tale: 'in discharge one cell reads 301 mV less than the others',
    scenario: withCurrent(
      {
        commands: [
          ...reads.cell(10, 1, 3.0),
          ...reads.cell(20, 1, 2.999),
          ...reads.cell(25, 1, 3.0),
          ...reads.cell(30, 1, 2.999),
          ...reads.cell(40, 1, 3.3),
          ...reads.current(60, 0.9),
          ...reads.current(100, 1),
        ],
      },
      -2,
    ),
    log: `
      36 cellDifference Cell 2
      36 discharge relay opens
      106 cellDifference ends
      106 discharge relay closes`,
    causes: ['cellDifference'],
    opens: ['discharge'],
    trip: { time_s: 36, cell: 1, value: 0.301, trueValue: 0, limit: 0.3, faq: ['10e'] },
  },
  lowTemperatureDischarge: {
    tale: 'T2 reads -10.1 degC',
    scenario: bench({
      settings: { lowTemperatureCutoffCharge_degC: -20 },
      commands: upAndDown(t2Colder, { short: -10, trips: -10.1, stays: -5.1, frees: -5 }),
    }),
    log: `
      36 lowTemperatureDischarge Cell 3
      36 discharge relay opens
      106 lowTemperatureDischarge ends
      106 discharge relay closes`,
    causes: ['lowTemperatureDischarge'],
    opens: ['discharge'],
    trip: { time_s: 36, cell: 2, value: -10.1, trueValue: 25, limit: -10, faq: ['10g'] },
  },
  cellCount: {
    // The unit learnt five cells and finds four from its first sample on. Neither START nor time helps, nor does a power
    // cycle as long as a cell is missing: it lets the relays close, and the check starts over.
    tale: 'the unit learnt five cells and finds four',
    scenario: bench({
      bms: { learntCellCount: 5 },
      commands: [
        { time_s: 20, do: 'start' },
        { time_s: 80, do: 'powerOff' },
        { time_s: 90, do: 'powerOn' },
      ],
    }),
    log: `
      6 cellCount
      6 charge relay opens
      6 discharge relay opens
      80 cellCount ends
      80 unitOn ends
      90 unitOn
      96 cellCount`,
    causes: ['cellCount'],
    opens: ['charge', 'discharge'],
    trip: { time_s: 6, cell: null, value: 4, trueValue: 4, limit: 5, faq: ['10i'] },
  },
  overChargeAbsolute: {
    tale: 'cut-off delay is NO and one cell reads 3.80 V',
    scenario: bench({
      settings: { cutOffDelay_s: 0, overChargeProtectionVoltage_V: 3.9 },
      commands: upAndDown(cell3, { short: 3.799, trips: 3.8, stays: 3.701, frees: 3.7 }),
    }),
    log: `
      21 overChargeAbsolute Cell 3
      21 charge relay opens
      101 overChargeAbsolute ends
      101 charge relay closes`,
    causes: ['overChargeAbsolute'],
    opens: ['charge'],
    trip: { time_s: 21, cell: 2, value: 3.8, trueValue: 3.3, limit: 3.8, faq: ['9a'] },
  },
  overDischargeAbsolute: {
    tale: 'cut-off delay is NO and one cell reads 2.00 V',
    scenario: bench({
      settings: { cutOffDelay_s: 0, overDischargeProtectionVoltage_V: 1.5 },
      commands: upAndDown(cell3, { short: 2.001, trips: 2, stays: 2.299, frees: 2.3 }),
    }),
    log: `
      21 overDischargeAbsolute Cell 3
      21 discharge relay opens
      101 overDischargeAbsolute ends
      101 discharge relay closes`,
    causes: ['overDischargeAbsolute'],
    opens: ['discharge'],
    trip: { time_s: 21, cell: 2, value: 2, trueValue: 3.3, limit: 2, faq: ['10a'] },
  },
};
