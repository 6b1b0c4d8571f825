/**
 * FAQ 8a to 8g: the steps in order succeed, and each one that is left out or wrong ends as a timeout or a refusal that names it.
 */
import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../domain/events.ts';
import { FIRMWARES } from '../../domain/firmwares.ts';
import { UPDATE_CLAUSES, UPDATE_ENDINGS, type UpdateEndingName } from '../../domain/update.ts';
import { finishedRun, loadObject, type RunEvent, type ScenarioObject } from '../scenarios.ts';
import { bench, PRESS_s, stepsBut } from './steps.ts';

const OLD = FIRMWARES.indexOf('V1.25');
const NEW = FIRMWARES.indexOf('V1.26');
const UNITS = ['main', 'lcd'] as const;
const VERSION = { main: 'unit.firmware_index', lcd: 'update.lcdFirmware_index' } as const;

const ofUpdate = ({ code }: RunEvent) => code.startsWith('update');
const told = (events: readonly RunEvent[]) => events.filter(ofUpdate).map(({ time_s, code }) => `${Math.round(time_s * 10) / 10} ${code}`);

describe.each(UNITS)('an update of the %s unit', (unit) => {
  it('with every step right the new firmware runs, as long after UPDATE as its bytes take', async () => {
    const run = await finishedRun(bench(stepsBut(unit)));
    expect(told(run.events)).toEqual(['5 updateStarted', '11.4 updateDone']);
    expect(run.read(VERSION[unit])).toBe(NEW);
    expect(run.read(VERSION[unit === 'main' ? 'lcd' : 'main'])).toBe(OLD);
    expect([run.read('update.progress_ratio'), run.read('update.state'), run.read('unit.state')]).toEqual([1, 0, 2]);
    expect([run.read('relay.closed[0]'), run.read('relay.closed[1]')]).toEqual([1, 1]);
  });

  it('of the assumed size takes 11.4 s at 115200 baud, and progress is what has come over the size', async () => {
    const assumptions = { updateImage_count: 131_072, updateSpeed_per_s: 11_520 };
    const run = await finishedRun(bench(stepsBut(unit), { assumptions }));
    expect(told(run.events)).toEqual(['5 updateStarted', '16.4 updateDone']);
    const half = await finishedRun(bench(stepsBut(unit), { assumptions }, { duration_s: 10 }));
    // The tick that begins at 9.9 s knows what has come until then.
    expect(half.read('update.progress_ratio')).toBe(Math.floor(4.9 * 11_520 + 1e-6) / 131_072);
    expect(run.events.find(({ code }) => code === 'updateDone')).toMatchObject({ value: 131_072, limit: 131_072 });
  });

  it('all steps at one moment count in the order of the FAQ', async () => {
    const run = await finishedRun(bench(stepsBut(unit).map((step) => ({ ...step, time_s: 5 }))));
    expect(told(run.events)).toEqual(['5 updateStarted', '11.4 updateDone']);
  });
});

interface Omission {
  what: string;
  ending: UpdateEndingName;
  /** When it ends: at once, or when the tool has waited in vain. */
  time_s: number;
  changes?: Parameters<typeof stepsBut>[1];
  bms?: NonNullable<ScenarioObject['bms']> extends infer B ? Partial<B> : never;
  more?: NonNullable<ScenarioObject['commands']>;
  faults?: ScenarioObject['faults'];
}

const REFUSED_s = PRESS_s;
const TIMED_OUT_s = PRESS_s + 10;

function omissions(unit: 'main' | 'lcd'): Omission[] {
  const other = unit === 'main' ? 'lcd' : 'main';
  return [
    { what: '8a the file is for another model', ending: 'updateWrongModel', time_s: REFUSED_s, changes: { file: { model: '16T' } } },
    { what: '8a the file is for the other unit', ending: 'updateOtherUnit', time_s: REFUSED_s, changes: { file: { for: other } } },
    { what: '8b the tool is v1.02', ending: 'updateOldTool', time_s: TIMED_OUT_s, changes: { tool: { version: 'v1.02' } } },
    { what: '8b the tool is v0.99', ending: 'updateOldTool', time_s: TIMED_OUT_s, changes: { tool: { version: 'v0.99' } } },
    { what: '8b the tool was not started', ending: 'updateNoTool', time_s: REFUSED_s, changes: { tool: null } },
    { what: '8c the cable is not connected', ending: 'updateNoCable', time_s: REFUSED_s, changes: { cable: null } },
    { what: '8c the cable is at the other unit', ending: 'updateOtherUnit', time_s: REFUSED_s, changes: { cable: { unit: other } } },
    {
      what: '8c the cable was pulled out again',
      ending: 'updateNoCable',
      time_s: REFUSED_s,
      more: [{ time_s: 4.5, do: 'disconnectUsb', unit }],
    },
    { what: '8d the main unit was never on', ending: 'updateUnitOff', time_s: TIMED_OUT_s, bms: { switchedOn: false } },
    { what: '8d the main unit was switched off', ending: 'updateUnitOff', time_s: TIMED_OUT_s, more: [{ time_s: 4.5, do: 'powerOff' }] },
    { what: '8d the main unit sleeps', ending: 'updateUnitOff', time_s: TIMED_OUT_s, more: [{ time_s: 4.5, do: 'press', button: 'stop' }] },
    { what: '8d the main unit hangs', ending: 'updateUnitOff', time_s: TIMED_OUT_s, faults: [{ fault: 'haltedLoop', for_s: 60 }] },
    { what: '8e OPEN was not pressed', ending: 'updatePortClosed', time_s: REFUSED_s, changes: { port: null } },
    {
      what: '8e the cable was plugged in anew behind OPEN',
      ending: 'updatePortClosed',
      time_s: REFUSED_s,
      more: [
        { time_s: 4.4, do: 'disconnectUsb', unit },
        { time_s: 4.6, do: 'connectUsb', unit },
      ],
    },
    { what: '8e another COM port was opened', ending: 'updateOtherPort', time_s: TIMED_OUT_s, faults: [{ fault: 'wrongComPort' }] },
    { what: '8f no file was opened', ending: 'updateNoFile', time_s: REFUSED_s, changes: { file: null } },
    { what: '8f the tool was started anew', ending: 'updatePortClosed', time_s: REFUSED_s, more: [{ time_s: 4.5, do: 'startUpdateTool', version: 'v1.03' }] }, // prettier-ignore
    { what: '8g UPDATE was not pressed', ending: 'updateNotPressed', time_s: 3 + 20, changes: { press: null } },
  ];
}

describe.each(UNITS)('an update of the %s unit that comes to nothing', (unit) => {
  it.each(omissions(unit))('$what: $ending', async ({ ending, time_s, changes, bms, more, faults }) => {
    const all = bench(
      [...stepsBut(unit, changes), ...(more ?? [])],
      { ...bms, assumptions: { updateIdle_s: 20 } },
      { faults: faults ?? [] },
    );
    const run = await finishedRun(all);
    const shown = UPDATE_ENDINGS[ending].ends === 'timeout' ? 'updateTimeout' : 'updateRefused';
    expect(told(run.events).slice(-2)).toEqual([`${time_s} ${ending}`, `${time_s} ${shown}`]);
    expect(run.events.filter(ofUpdate).map(({ code }) => code)).not.toContain('updateStarted');
    expect([run.read('unit.firmware_index'), run.read('update.lcdFirmware_index')]).toEqual([OLD, OLD]);
    expect(run.read('update.state')).toBe(0);
  });

  it('and when what was missing is there, the same tool succeeds', async () => {
    const again = [
      { time_s: 20, do: 'openFile', model: '8T', for: unit, firmware: 'V1.26' },
      { time_s: 21, do: 'update' },
    ] as const;
    const run = await finishedRun(bench([...stepsBut(unit, { file: { model: '24T' } }), ...again]));
    expect(told(run.events)).toEqual(['5 updateWrongModel', '5 updateRefused', '21 updateStarted', '27.4 updateDone']);
    expect(run.read(VERSION[unit])).toBe(NEW);
  });
});

describe('while the tool waits for an answer', () => {
  it('a unit that comes on in time answers; other presses count for nothing', async () => {
    const commands = [
      ...stepsBut('main'),
      { time_s: 7, do: 'powerOn' as const },
      { time_s: 8, do: 'openFile' as const, model: '24T' as const, for: 'main' as const, firmware: 'V1.22' as const },
      { time_s: 8.5, do: 'update' as const },
    ];
    const run = await finishedRun(bench(commands.slice(0, 6), { switchedOn: false }));
    expect(told(run.events)).toEqual(['8 updateStarted', '14.4 updateDone']);
    const busy = await finishedRun(bench(commands, { switchedOn: false }));
    expect(told(busy.events)).toEqual(told(run.events));
    expect(busy.read('unit.firmware_index')).toBe(NEW);
  });
});

describe('the table of endings', () => {
  it('has every clause, and every ending that it has is met above or by an interruption', () => {
    const clauses = Object.values(UPDATE_ENDINGS).flatMap(({ faq }) => faq);
    expect([...new Set(clauses)].sort()).toEqual([...UPDATE_CLAUSES]);
    const met = new Set<string>(omissions('main').map(({ ending }) => ending));
    expect(Object.keys(UPDATE_ENDINGS).filter((name) => !met.has(name))).toEqual(['updateInterrupted', 'updateDamaged']);
    for (const [name, { label, ends, code }] of Object.entries(UPDATE_ENDINGS)) {
      expect(label).toMatch(ends === 'timeout' ? /^Update timed out: / : /^Update refused: /);
      expect(EVENTS[name as UpdateEndingName].code).toBe(code);
    }
  });
});

describe('what a step must say', () => {
  it.each([
    [{ do: 'connectUsb' }, 'unit'],
    [{ do: 'disconnectUsb' }, 'unit'],
    [{ do: 'connectUsb', unit: 'charger' }, 'unit'],
    [{ do: 'startUpdateTool' }, 'version'],
    [{ do: 'startUpdateTool', version: '1.03' }, 'version'],
    [{ do: 'startUpdateTool', version: 'v0.00' }, 'version'],
    [{ do: 'openFile', for: 'main', firmware: 'V1.26' }, 'model'],
    [{ do: 'openFile', model: '8T', firmware: 'V1.26' }, 'for'],
    [{ do: 'openFile', model: '8T', for: 'main' }, 'firmware'],
    [{ do: 'openFile', model: '8T', for: 'main', firmware: 'V1.23' }, 'firmware'],
  ])('%j is refused by the path of its %s', async (command, field) => {
    const load = async () => finishedRun(bench([{ time_s: 1, ...command } as never]));
    await expect(load()).rejects.toMatchObject({ details: { path: `commands[0].${field}` } });
  });

  it('a pack without a unit has nothing to update', async () => {
    const scenario = { ...bench([{ time_s: 1, do: 'update' }]), bms: null };
    await expect(finishedRun(scenario)).rejects.toMatchObject({ details: { path: 'commands[0].do' } });
    await loadObject({ ...scenario, commands: [] });
  });
});
