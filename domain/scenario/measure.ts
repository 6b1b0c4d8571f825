/**
 * What an instrument is asked in a scenario: which one, where its leads are, when and for how long.
 * Apart from the scenario because labs and the page's meter ask in the same words.
 */
import { z } from 'zod';
import { oneOf, record, text, whole, within } from '../fields.ts';
import { lcdNumberRow, LCD_NUMBER_NAMES } from '../lcd/numbers.ts';
import { type Unit, unitOf } from '../quantity.ts';
import { time_s } from './equipment.ts';

const points = z.tuple([text(), text()], { error: 'two points such as ["tap 4", "tap 5"]' });

export const INSTRUMENTS = ['volts', 'ohms', 'clamp', 'thermometer', 'oscilloscope', 'lcd'] as const;

const meter = record({ time_s, instrument: oneOf(['volts', 'ohms'] as const), between: points });
const clamp = record({
  time_s,
  instrument: oneOf(['clamp'] as const),
  around: oneOf(['pack', 'charge', 'discharge'] as const).default('pack'),
  reads: oneOf(['mean', 'rms'] as const).default('mean'),
  for_s: within(0, 1e7).default(0).meta({ description: 'over this time; the last tick by default' }),
});
const thermometer = record({ time_s, instrument: oneOf(['thermometer'] as const), at: text() });
const oscilloscope = record({
  time_s,
  instrument: oneOf(['oscilloscope'] as const),
  channel: text(),
  for_s: within(0, 1e7),
  reads: oneOf(['minimum', 'maximum', 'mean', 'peakToPeak'] as const).default('peakToPeak'),
});

const lcd = record({
  time_s,
  instrument: oneOf(['lcd'] as const),
  shows: oneOf(LCD_NUMBER_NAMES).meta({
    description: 'the number as it stands on the display, on whichever page; nothing where it is dark or unplugged',
  }),
  cell: whole(0, 23).optional().meta({ description: 'group, for cellVoltage, impedance and balancing' }),
  sensor: whole(0, 1).optional().meta({ description: 'for temperature: 0 for T1, 1 for T2' }),
});

export const measureSchema = z.union([meter, clamp, thermometer, oscilloscope, lcd], {
  error:
    '{time_s, instrument: "volts" | "ohms", between: [point, point]}, {time_s, instrument: "clamp"}, {time_s, instrument: "thermometer", at} {time_s, instrument: "oscilloscope", channel, for_s} or {time_s, instrument: "lcd", shows, cell?, sensor?}',
});

export const MEASURE_EXAMPLES = [
  { time_s: 10, instrument: 'volts', between: ['tap 4', 'tap 5'] },
  { time_s: 10, instrument: 'ohms', between: ['pin 1.5', 'pin 1.6'] },
  { time_s: 60, instrument: 'clamp', around: 'pack', reads: 'rms', for_s: 10 },
  { time_s: 60, instrument: 'thermometer', at: 'case' },
  { time_s: 60, instrument: 'oscilloscope', channel: 'measured.current_A', for_s: 30 },
  { time_s: 60, instrument: 'lcd', shows: 'cellVoltage', cell: 4 },
];

export type MeasureOfScenario = z.output<typeof measureSchema>;

/** Unit of what an instrument shows. */
export function unitOfMeasure(given: MeasureOfScenario): Unit {
  switch (given.instrument) {
    case 'volts':
      return 'V';
    case 'ohms':
      return 'Ohm';
    case 'clamp':
      return 'A';
    case 'thermometer':
      return 'degC';
    case 'oscilloscope':
      return unitOf(given.channel) ?? 'count';
    case 'lcd':
      return lcdNumberRow(given.shows).unit;
  }
}
