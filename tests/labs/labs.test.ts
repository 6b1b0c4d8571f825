/**
 * The labs of the FAQ: each passes as it is, fails without its cause and fails without its remedy,
 * and reads only what its user could.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAQ_CLAUSES } from '../../domain/faqClauses.ts';
import { type JsonDocument, printJson, readJson } from '../../domain/scenario/json.ts';
import { type Lab, type LabPart, labWithout } from '../../domain/scenario/lab.ts';
import { without } from '../../domain/scenario/paths.ts';
import { readScenario } from '../../domain/scenario/read.ts';
import { loadScenario } from '../../engine/load.ts';
import type { RunResult } from '../../engine/result.ts';
import { Run } from '../../engine/run.ts';
import { inRepository, kernelModule, readerOf } from '../scenarios.ts';

const FOLDER = 'scenarios/labs';
/** Clauses that tell how to look, or what is in order, and ask for nothing to be done in the run. */
const WITHOUT_REMEDY = ['1c', '1e', '6d', '10i'];

const textOf = (clause: string) => readFileSync(inRepository(`${FOLDER}/${clause}.json`), 'utf8');

function labOf(clause: string): Lab {
  return readScenario(textOf(clause)).lab!;
}

async function played(document: JsonDocument['value']): Promise<RunResult> {
  const run = await Run.open(await loadScenario(printJson(document), readerOf({}, FOLDER)), await kernelModule());
  run.advance();
  return run.result();
}

const failuresOf = ({ expectations }: RunResult) => expectations.filter(({ status }) => status === 'fail').map(({ text }) => text);

it('there is one lab for every clause, and no other', () => {
  expect(FAQ_CLAUSES.length).toBe(53);
  expect(readdirSync(inRepository(FOLDER)).sort()).toEqual(FAQ_CLAUSES.map((clause) => `${clause}.json`).sort());
});

it('every lab but those that only tell what is in order has a remedy', () => {
  expect(FAQ_CLAUSES.filter((clause) => labOf(clause).withoutRemedy.length === 0)).toEqual(WITHOUT_REMEDY);
});

it('the lab block changes nothing of the run', async () => {
  const document = readJson(textOf('2a')).value;
  expect((await played(without(document, ['lab']))).resultHash).toBe((await played(document)).resultHash);
});

describe.each(FAQ_CLAUSES)('%s', (clause) => {
  const document = readJson(textOf(clause)).value;
  const lab = labOf(clause);

  it('says that it is this clause', () => {
    expect(lab.clause).toBe(clause);
  });

  it('passes', async () => {
    const result = await played(document);
    expect(failuresOf(result)).toEqual([]);
    expect(result.status).toBe('completed');
    expect(result.expectations.length).toBeGreaterThan(0);
  });

  it.each(['premise', ...(lab.withoutRemedy.length > 0 ? ['remedy' as const] : [])] as LabPart[])('fails without its %s', async (part) => {
    const result = await played(labWithout(part, document, lab));
    expect(result.status).toBe('completed');
    expect(failuresOf(result)).not.toEqual([]);
  });
});
