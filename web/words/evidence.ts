/**
 * Words of what was expected and found.
 * A part of the one catalogue that comes with the lists which use it.
 */

export const EVIDENCE_WORDS = {
  pass: 'holds',
  fail: 'does not hold',
  found: (value: string) => `found ${value}`,
  nothing: 'found nothing',
  none: 'The scenario expects nothing in particular.',
} as const;
