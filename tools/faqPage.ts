/**
 * Writes docs/faq.md: the FAQ as a manual that is tested, one section a clause, from the labs.
 * What a lab measures stands there as its test reads it; `--check` writes nothing and fails where the committed page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAQ_CLAUSES, FAQ_ITEMS, itemOf } from '../domain/faqClauses.ts';
import { readScenario } from '../domain/scenario/read.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import { expectationWords, type Words } from '../domain/scenario/words.ts';

const PAGE = fileURLToPath(new URL('../docs/faq.md', import.meta.url));
const LABS = new URL('../scenarios/labs/', import.meta.url);

function scenarioOf(clause: string): Scenario {
  const file = fileURLToPath(new URL(`${clause}.json`, LABS));
  return readScenario(readFileSync(file, 'utf8'), { file });
}

const row = ({ what, expected }: Pick<Words, 'what' | 'expected'>) => `| ${what} | ${expected} |`;

/** What must hold, a row each; what must not come in one row for each window. */
function rowsOf({ expect, measure }: Scenario): string[] {
  const all = expect.map((expectation) => ({
    ...expectationWords(expectation, measure),
    never: 'event' in expectation && expectation.never,
  }));
  const windows = [...new Set(all.filter(({ never }) => never).map(({ expected }) => expected))];
  const absent = windows.map((expected) => {
    const labels = all.flatMap((one) => (one.never && one.expected === expected ? [one.what] : []));
    return { what: labels.length === 1 ? labels[0]! : `None of: ${labels.join('; ')}`, expected };
  });
  return [...all.filter(({ never }) => !never), ...absent].map(row);
}

function sectionOf(clause: string): string[] {
  const scenario = scenarioOf(clause);
  const { lab } = scenario;
  if (lab === undefined) throw new Error(`${clause}.json is no lab`);
  return [
    `### ${clause} ${lab.title}`,
    '',
    `**What you see.** ${lab.symptom}`,
    '',
    `**What to check.** ${lab.check}`,
    '',
    `**What helps.** ${lab.remedy}`,
    '',
    `**The lab.** ${scenario.description ?? ''}`,
    '',
    '| what is looked at | what it must show |',
    '|---|---|',
    ...rowsOf(scenario),
    '',
  ];
}

function page(): string {
  const sections = FAQ_CLAUSES.flatMap((clause, place) => {
    const item = itemOf(clause);
    const begins = place === 0 || itemOf(FAQ_CLAUSES[place - 1]!) !== item;
    return [...(begins ? [`## ${item} ${FAQ_ITEMS[item]}`, ''] : []), ...sectionOf(clause)];
  });
  return [
    '# The FAQ as a tested manual',
    '',
    'Every clause of the troubleshooting FAQ is a lab: a scenario in `scenarios/labs/` in which the symptom comes, the check is made with a simulated',
    'instrument and the remedy is applied. `packbench labs run` runs them all, `packbench labs run 2a` one, and shows what was measured beside what is',
    'expected below. A lab reads only what its user could: the display, what can be seen and heard at the unit, and instruments. Every lab fails when',
    'its cause is taken out of it, and when its remedy is.',
    '',
    'This page is written by `npm run layout` from the labs.',
    '',
    ...sections,
  ].join('\n');
}

const text = page();
if (!process.argv.includes('--check')) writeFileSync(PAGE, text);
else if (readFileSync(PAGE, 'utf8') !== text) {
  console.error('docs/faq.md is stale: run npm run layout');
  process.exitCode = 1;
}
