/**
 * Words of the guide; what a clause says stands in its lab.
 * A part of the one catalogue that comes with the panel.
 */

export const GUIDE_WORDS = {
  question: 'What do you see?',
  hint: 'Each answer opens a lab: a small pack on the bench that shows it, with its evidence checked off after the run.',
  seen: (count: number) => `seen in this run: ${count}`,
  back: 'All clauses',
  symptom: 'What one sees',
  check: 'What to look at',
  remedy: 'What helps',
  open: 'Open on the bench',
  withoutPremise: 'Without the cause',
  withoutRemedy: 'Without the remedy',
  withoutHelp: 'The same lab as an experiment: what is left of the evidence then?',
  evidence: 'Evidence',
  waits: 'The evidence is checked when the run is over.',
  notRun: 'Open the lab to check its evidence.',
  opened: (clause: string) => `Lab ${clause}`,
  openedWithout: (clause: string, part: string) => `Lab ${clause}, ${part}`,
} as const;
