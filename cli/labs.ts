/**
 * `packbench labs`: the clauses of the FAQ as labs that can be listed and run.
 * A lab is a shipped scenario; it passes when its run comes to its end and everything it expects holds.
 */
import { fileURLToPath } from 'node:url';
import { InputError, type InputErrorDetails, shown } from '../domain/errors.ts';
import { FAQ_CLAUSES } from '../domain/faqClauses.ts';
import { decodeText } from '../domain/scenario/json.ts';
import type { Lab } from '../domain/scenario/lab.ts';
import { readScenario } from '../domain/scenario/read.ts';
import { shownAs } from '../domain/scenario/words.ts';
import type { ExpectationResult } from '../engine/expectation.ts';
import type { RunResult } from '../engine/result.ts';
import { EXIT, printAnswer, reportBadInput, say } from './answer.ts';
import { readScenarioFile } from './files.ts';
import { simulateAll } from './pool.ts';

const LABS = new URL('../scenarios/labs/', import.meta.url);

/** One thing that was looked at, as people read it. */
interface Evidence {
  what: string;
  value: number | null;
  unit: string;
  expected: string;
  status: 'pass' | 'fail';
}

interface LabAnswer {
  clause: string;
  title: string;
  status: 'pass' | 'fail';
  evidence: Evidence[];
}

function fileOf(clause: string): string {
  return fileURLToPath(new URL(`${clause}.json`, LABS));
}

async function readLab(clause: string): Promise<Lab> {
  const file = fileOf(clause);
  const { lab } = readScenario(decodeText(await readScenarioFile(file), file), { file });
  if (lab?.clause !== clause)
    throw new InputError({ code: 'value', file, path: 'lab.clause', value: lab?.clause, message: 'is another lab', allowed: clause });
  return lab;
}

/** `labs`: what there is. */
export async function listLabs(json: boolean): Promise<void> {
  const labs = await Promise.all(FAQ_CLAUSES.map(readLab));
  const rows = labs.map(({ clause, title, symptom, check, remedy }) => ({ clause, title, faq: `${symptom} ${check} ${remedy}` }));
  if (json) printAnswer(rows);
  else process.stdout.write(`${rows.map(({ clause, title }) => `${clause.padEnd(4)} ${title}`).join('\n')}\n`);
}

function clausesFrom(given: readonly string[]): readonly string[] {
  const unknown = given.find((clause) => !FAQ_CLAUSES.includes(clause));
  if (unknown !== undefined)
    throw new InputError({
      code: 'argument',
      value: unknown,
      message: `there is no lab ${shown(unknown)}`,
      allowed: FAQ_CLAUSES.join(', '),
    });
  return given.length === 0 ? FAQ_CLAUSES : given;
}

function evidenceOf({ what, value, unit, expected, status }: ExpectationResult): Evidence {
  const shown = shownAs(value ?? 0, unit);
  return { what, value: value === null ? null : shown.value, unit: shown.unit, expected, status };
}

function answerOf({ clause, title }: Lab, { status, expectations }: RunResult): LabAnswer {
  const passed = status === 'completed' && expectations.every((one) => one.status === 'pass');
  return { clause, title, status: passed ? 'pass' : 'fail', evidence: expectations.map(evidenceOf) };
}

const mark = (status: 'pass' | 'fail') => (status === 'pass' ? 'pass' : 'FAIL');

function printForPeople(answers: readonly LabAnswer[]): void {
  const lines = answers.flatMap(({ clause, title, status, evidence }) => [
    `${mark(status)}  ${clause.padEnd(3)}  ${title}`,
    ...evidence.map((one) => {
      const found = one.value === null ? 'nothing' : `${one.value} ${one.unit}`.trimEnd();
      return `      ${mark(one.status)}  ${one.what}: ${found} (expected: ${one.expected})`;
    }),
  ]);
  const failed = answers.filter(({ status }) => status === 'fail').length;
  const all = answers.length === 1 ? '1 lab passes' : `${answers.length} labs pass`;
  lines.push(failed === 0 ? all : `${failed} of ${answers.length} failed`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function exitCodeOf(results: readonly RunResult[], answers: readonly LabAnswer[]): number {
  if (results.some(({ status }) => status === 'failed')) return EXIT.ourFault;
  if (results.some(({ status }) => status === 'cancelled')) return EXIT.cancelled;
  return answers.every(({ status }) => status === 'pass') ? EXIT.ok : EXIT.no;
}

/** `labs run [ID…]`: the labs of these clauses, or all of them. */
export async function runLabs(given: readonly string[], json: boolean): Promise<void> {
  const clauses = clausesFrom(given);
  const labs = await Promise.all(clauses.map(readLab));
  const tasks = clauses.map((clause) => ({ file: fileOf(clause), set: [], seed: undefined, until: undefined, csv: undefined }));
  const simulated = await simulateAll(tasks);
  if (simulated === undefined) {
    if (json) printAnswer({ status: 'cancelled' });
    else say('cancelled');
    process.exitCode = EXIT.cancelled;
    return;
  }
  const wrong = simulated.flatMap((one): InputErrorDetails[] => ('error' in one ? [one.error] : []))[0];
  if (wrong !== undefined) {
    reportBadInput(wrong, json);
    return;
  }
  const results = simulated.flatMap((one) => ('result' in one ? [one.result] : []));
  const answers = results.map((result, index) => answerOf(labs[index]!, result));
  if (json) printAnswer(answers);
  else printForPeople(answers);
  process.exitCode = exitCodeOf(results, answers);
}
