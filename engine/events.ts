/**
 * Events of a run as people and files know them, decoded from the kernel's ring.
 * Draining empties the ring; nothing else of the run changes.
 */
import { EVENTS, type EventName, eventName } from '../domain/events.ts';
import { faultRow } from '../domain/faults/catalogue.ts';
import type { FaultName } from '../domain/faults/titles.ts';
import { SETTING_NAMES, type SettingName } from '../domain/settings.ts';
import type { CompiledRun } from './compile.ts';

export interface RunEvent {
  time_s: number;
  code: EventName;
  active: boolean;
  /** 0-based group, null where no cell is meant. */
  cell: number | null;
  /** 0-based, where the event is about one cell among several in parallel; null for a group, the pack, and packs without any in parallel. */
  position: number | null;
  value: number | null;
  trueValue: number | null;
  limit: number | null;
  faq: readonly string[];
  /** Of an event `fault`: the row of the catalogue and its index in the scenario. */
  fault?: FaultName;
  index?: number;
  /** Of an event `settingStored`: which one. */
  setting?: SettingName;
}

const EVENT_WORDS = 8;
const RING_HEADER_WORDS = 8;

/** Takes the rows out of the ring, in order. */
export function drainEvents(run: CompiledRun, tick_s: number): RunEvent[] {
  const { kernel, plan } = run;
  const count = kernel.i32[plan.ringBase / 4]!;
  const first = plan.ringBase / 8 + RING_HEADER_WORDS;
  const events = Array.from({ length: count }, (_, row) =>
    decodeEvent(kernel.f64.subarray(first + row * EVENT_WORDS, first + (row + 1) * EVENT_WORDS), tick_s, run.faultNames),
  );
  kernel.i32[plan.ringBase / 4] = 0;
  return events;
}

/** A fault's row carries its severity, and in place of a limit its index in the scenario. */
function asFault(event: RunEvent, index: number, severity: number, names: readonly FaultName[]): RunEvent {
  const fault = names[index]!;
  const row = faultRow(fault);
  const value = row.severity === undefined ? null : severity;
  return { ...event, value, trueValue: value, faq: row.faq, fault, index };
}

/** A stored setting's row carries its value, and in place of a limit its row of the menu. */
function asSetting(event: RunEvent, index: number, value: number): RunEvent {
  return { ...event, value, trueValue: value, setting: SETTING_NAMES[index]! };
}

function decodeEvent(row: Float64Array, tick_s: number, faultNames: readonly FaultName[]): RunEvent {
  const [tick, codeNumber, active, cell, value, trueValue, limit, position] = row as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const code = eventName(codeNumber);
  const carries = EVENTS[code].unit !== '' || code === 'outsideCellData' || code === 'loadBeyondMaximumPower';
  const shownValue = (x: number) => (carries && Number.isFinite(x) ? x : null);
  const event: RunEvent = {
    time_s: tick * tick_s,
    code,
    active: active !== 0,
    cell: cell < 0 ? null : cell,
    position: position < 0 ? null : position,
    value: shownValue(value),
    trueValue: shownValue(trueValue),
    limit: shownValue(limit),
    faq: EVENTS[code].faq,
  };
  if (code === 'settingStored') return asSetting(event, limit, value);
  return code === 'fault' ? asFault(event, limit, value, faultNames) : event;
}
