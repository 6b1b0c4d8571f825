/**
 * Every row of the fault catalogue, through scenario files and the command line:
 * the symptom comes with the fault, does not come without it, and is gone when it has been repaired.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from '../../domain/channels.ts';
import { EVENTS } from '../../domain/events.ts';
import { faultRow } from '../../domain/faults/catalogue.ts';
import { FAULT_NAMES, type FaultName } from '../../domain/faults/titles.ts';
import type { RunResult } from '../../engine/result.ts';
import { planFaults } from '../../engine/faults.ts';
import { runScenarios } from '../commandline/packbench.ts';
import { loadObject, type ScenarioObject } from '../scenarios.ts';
import { listenTo } from './receiver.ts';
import { scenarioOf, STORIES, type Symptom, TIMES, type Variant } from './stories.ts';

const VARIANTS: Variant[] = ['with', 'without', 'after'];
const strikes = (name: FaultName) => faultRow(name).ends === 'impulse';

let results: Record<string, RunResult>;
beforeAll(async () => {
  const files = FAULT_NAMES.flatMap((name) =>
    VARIANTS.map((variant) => [`${name}-${variant}`, scenarioOf(name, variant, strikes(name))] as const),
  );
  results = await runScenarios(Object.fromEntries(files));
  for (const name of FAULT_NAMES.filter((each) => STORIES[each].symptoms.some((symptom) => 'line' in symptom)))
    for (const variant of VARIANTS) results[`${name}-${variant}`]!.expectations.push(...(await lineExpectations(name, variant)));
});

/** The symptoms of a story that a receiver on COM3 sees, judged as the others are. */
async function lineExpectations(name: FaultName, variant: Variant): Promise<RunResult['expectations']> {
  const file = scenarioOf(name, variant, strikes(name));
  const heard = await listenTo(file as unknown as ScenarioObject, variant === 'after' ? TIMES.after : TIMES.seen);
  return STORIES[name].symptoms.flatMap((symptom) => {
    if (!('line' in symptom)) return [];
    const { line, atLeast = -Infinity, atMost = Infinity } = symptom;
    const passes = heard[line] >= atLeast && heard[line] <= atMost;
    const expected = `${atLeast} to ${atMost}`;
    return [
      {
        text: `${line} from ${expected} (was ${heard[line]})`,
        status: passes ? 'pass' : 'fail',
        what: line,
        value: heard[line],
        unit: 'count',
        expected,
      },
    ];
  });
}

const outcome = (name: FaultName, variant: Variant) => results[`${name}-${variant}`]!;
const statuses = (name: FaultName, variant: Variant) => outcome(name, variant).expectations.map(({ status, text }) => `${status} ${text}`);

describe.each(FAULT_NAMES)('%s', (name) => {
  it('appears: its symptoms come with it', () => {
    expect(statuses(name, 'with').filter((line) => !line.startsWith('pass'))).toEqual([]);
    expect(outcome(name, 'with').events.filter(({ code }) => code === 'fault')[0]).toMatchObject({ fault: name, active: true });
  });

  it('without it they do not come', () => {
    expect(statuses(name, 'without').some((line) => line.startsWith('fail'))).toBe(true);
    expect(outcome(name, 'without').events.some(({ code }) => code === 'fault')).toBe(false);
  });

  it.skipIf(strikes(name) || STORIES[name].scar !== undefined)('repaired, they are gone', () => {
    expect(statuses(name, 'after').some((line) => line.startsWith('fail'))).toBe(true);
    expect(outcome(name, 'with').events.some(({ code, active }) => code === 'fault' && !active)).toBe(true);
  });

  it('is seen, or is declared not detectable and names no cause', () => {
    const causes = (variant: Variant) =>
      [...new Set(outcome(name, variant).events.filter(({ code }) => EVENTS[code].severity === 'stop').map(({ code }) => code as string))].sort(); // prettier-ignore
    if (!faultRow(name).detectable) expect(causes('without')).toEqual(expect.arrayContaining(causes('with')));
    else expect(STORIES[name].symptoms.some(isVisible) || causes('with').length > causes('without').length).toBe(true);
  });
});

/** Something that a person with the unit, its LCD and a meter can see. */
function isVisible(symptom: Symptom): boolean {
  if ('measure' in symptom)
    return symptom.measure['instrument'] !== 'oscilloscope' || !String(symptom.measure['channel']).startsWith('cell.');
  if ('event' in symptom || 'line' in symptom) return true;
  const world = CHANNELS[symptom.channel.replace(/\[.*$/, '') as keyof typeof CHANNELS].world;
  return world !== 'truth' || /^(pack|relay|bus|bleed|case)\./.test(symptom.channel);
}

describe('the catalogue as a whole', () => {
  it('has at least 65 rows', () => {
    expect(FAULT_NAMES.length).toBeGreaterThanOrEqual(65);
  });

  const changesOf = async (name: FaultName) => {
    const { scenario } = await loadObject(scenarioOf(name, 'with', strikes(name)) as unknown as ScenarioObject);
    return planFaults(scenario, () => 0).triggers[0]!.changes;
  };

  it('no two rows have the same effects', async () => {
    const effects = await Promise.all(FAULT_NAMES.map(async (name) => JSON.stringify(await changesOf(name))));
    expect(new Set(effects).size).toBe(FAULT_NAMES.length);
  });

  it.each(FAULT_NAMES)('%s: its symptoms are on channels that no effect of it writes', async (name) => {
    const written = (await changesOf(name)).filter(({ op }) => !op.startsWith('impulse')).map(({ column }) => column);
    for (const symptom of STORIES[name].symptoms) {
      const channel = 'channel' in symptom ? symptom.channel : 'measure' in symptom ? String(symptom.measure['channel'] ?? '') : '';
      const row = CHANNELS[channel.replace(/\[.*$/, '') as keyof typeof CHANNELS];
      if (row !== undefined) expect(written.some((column) => ([row.column].flat() as string[]).includes(column))).toBe(false);
    }
  });
});
