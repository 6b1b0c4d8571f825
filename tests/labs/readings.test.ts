/**
 * A lab reads only what its user could, says what it takes out, and takes out exactly that.
 */
import { describe, expect, it } from 'vitest';
import { FAQ_CLAUSES } from '../../domain/faqClauses.ts';
import type { Json } from '../../domain/scenario/json.ts';
import { labWithout, labSchema } from '../../domain/scenario/lab.ts';
import { checkScenario } from '../../domain/scenario/read.ts';
import { GOOD, refusalOf } from '../commandline/refusal.ts';

const WORDS = { clause: '2a', title: 'title', symptom: 'seen', check: 'checked', remedy: 'helped' };
const LAB = { ...WORDS, withoutPremise: [{ remove: 'faults[0]' }] };
const unit = { model: '8T', chemistry: 'LiFe' };
const labWith = (parts: Record<string, unknown>): Json => ({ ...GOOD, bms: unit, lab: LAB, ...parts }) as unknown as Json;

const scope = (channel: string) => ({ measure: [{ time_s: 1, instrument: 'oscilloscope', channel, for_s: 1 }] });
const limit = (channel: string) => ({ expect: [{ channel, atLeast: 0 }] });

describe('a lab may read', () => {
  it.each([
    limit('measuredCell.voltage_V[3]'),
    limit('measured.current_A'),
    limit('estimate.soc'),
    limit('relay.closed[1]'),
    limit('relay.coilVoltage_V[0]'),
    limit('lamp.alarm'),
    limit('lcd.balancing[2]'),
    limit('unit.current_A'),
    limit('update.progress_ratio'),
    scope('measured.current_A'),
    { measure: [{ time_s: 1, instrument: 'lcd', shows: 'soc' }] },
    { measure: [{ time_s: 1, instrument: 'volts', between: ['pin 1.1', 'tap 1'] }] },
    { expect: [{ event: 'overCharge', never: true }] },
  ])('%j', (parts) => {
    expect(checkScenario(labWith(parts)).lab?.clause).toBe('2a');
  });
});

describe('a lab may not read', () => {
  it.each([
    [limit('cell.voltage_V[3][0]'), 'expect[0].channel'],
    [limit('cell.soc[0][0]'), 'expect[0].channel'],
    [limit('group.voltage_V[1]'), 'expect[0].channel'],
    [limit('pack.current_A'), 'expect[0].channel'],
    [limit('afe.voltage_V[1]'), 'expect[0].channel'],
    [limit('bleed.current_A[1]'), 'expect[0].channel'],
    [limit('consumption.current_A'), 'expect[0].channel'],
    [scope('cell.voltage_V[3][0]'), 'measure[0].channel'],
    [scope('pack.current_A'), 'measure[0].channel'],
    [{ expect: [{ event: 'fault' }] }, 'expect[0].event'],
    [{ expect: [{ event: 'outsideCellData', never: true }] }, 'expect[0].event'],
    [{ expect: [{ event: 'updateWrongModel' }] }, 'expect[0].event'],
  ])('%j', (parts, path) => {
    expect(refusalOf(() => checkScenario(labWith(parts)))).toMatchObject({ code: 'hidden', path });
    expect(checkScenario(labWith({ ...parts, lab: undefined })).lab).toBeUndefined();
  });
});

describe('the lab block is checked', () => {
  it.each([
    [{ ...LAB, clause: '12a' }, 'lab.clause', FAQ_CLAUSES.map((clause) => JSON.stringify(clause)).join(', ')],
    [{ ...LAB, title: '' }, 'lab.title', 'text of at least one character'],
    [{ ...WORDS }, 'lab.withoutPremise', 'a list of 1 to 20 entries'],
    [{ ...LAB, withoutPremise: [] }, 'lab.withoutPremise', 'a list of 1 to 20 entries'],
    [
      { ...LAB, withoutRemedy: [{ erase: 'faults[0]' }] },
      'lab.withoutRemedy[0].remove',
      'text of at most 200 characters without control characters',
    ],
    [{ ...LAB, because: 'of' }, 'lab.because', 'one of clause, title, symptom, check, remedy, withoutPremise, withoutRemedy'],
  ])('%j', (lab, path, allowed) => {
    expect(refusalOf(() => checkScenario(labWith({ lab })))).toMatchObject({ path, allowed });
  });
});

describe('what is taken out', () => {
  const document = { faults: ['a', 'b', 'c'], commands: [{ time_s: 1 }, { time_s: 2 }], tick_s: 1 };
  const without = (...withoutPremise: unknown[]) => labWithout('premise', document, labSchema.parse({ ...LAB, withoutPremise }));

  it('list entries keep their places until all are out', () => {
    expect(without({ remove: 'faults[0]' }, { remove: 'faults[2]' }, { remove: 'commands[1].time_s' })).toEqual({
      faults: ['b'],
      commands: [{ time_s: 1 }, {}],
      tick_s: 1,
    });
  });

  it('values are set before, at the places that the file has', () => {
    expect(without({ remove: 'commands[0]' }, { set: 'commands[1].time_s', value: 3 })).toMatchObject({ commands: [{ time_s: 3 }] });
  });

  it.each(['faults[3]', 'faults.a', 'nothing', 'tick_s.s', 'commands[0].until_s'])('%s is not there', (path) => {
    expect(refusalOf(() => without({ remove: path }))).toMatchObject({ code: 'path', path });
  });
});
