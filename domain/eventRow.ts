/**
 * What every row of domain/events.ts says.
 * Separate from the rows so that parts of the device can keep their own beside what they are about.
 */

export interface EventRow {
  code: number;
  label: string;
  faq: readonly string[];
  /** Suffix unit of value, trueValue and limit; empty where the event carries none. */
  unit: '' | 'V' | 'A' | 'A2s' | 'degC' | 'K' | 'fraction' | 'count';
  severity: 'information' | 'warning' | 'stop';
}
