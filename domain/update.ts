/**
 * The firmware update over USB as a table: what may be missing or wrong, and how the update tool ends then (FAQ 8a to 8g).
 * Events, kernel codes and the tests of every omission are derived from these rows.
 */
import type { EventRow } from './eventRow.ts';

/** Whose firmware it is, and where the USB cable is plugged in. */
export const UPDATE_UNITS = ['main', 'lcd'] as const;
export type UpdateUnit = (typeof UPDATE_UNITS)[number];

/** COM ports by the unit behind them; the order is their number in the kernel. */
export const UPDATE_PORTS = ['none', ...UPDATE_UNITS, 'elsewhere'] as const;

/** What the update tool is doing; the order is its number in the kernel and in the channel `update.state`. */
export const UPDATE_STATES = ['idle', 'asking', 'sending', 'stalled'] as const;

/** Versions of the update tool are counted in hundredths, so v1.03 is 103. */
export const LEAST_TOOL_VERSION = 'v1.03';
const TOOL_VERSION = /^v(\d{1,2})\.(\d{2})$/;

/** Hundredths of a tool's version such as `v1.03`, or undefined where it is none. */
export function toolHundredths(version: string): number | undefined {
  const match = TOOL_VERSION.exec(version);
  return match === null ? undefined : 100 * Number(match[1]) + Number(match[2]);
}

/** What a person does for an update, in the words of a scenario's commands. */
export const UPDATE_ACTIONS = ['connectUsb', 'disconnectUsb', 'startUpdateTool', 'openPort', 'openFile', 'update'] as const;

export const UPDATE_CLAUSES = ['8a', '8b', '8c', '8d', '8e', '8f', '8g'] as const;

/** How the tool ends: it waits in vain, or it is told no. */
export type UpdateEnd = 'timeout' | 'refusal';

export interface UpdateEnding extends EventRow {
  ends: UpdateEnd;
}

const WORDS = { timeout: 'Update timed out', refusal: 'Update refused' } as const;

/** `unit` is `count` where some bytes of the image have come. */
function ending(code: number, ends: UpdateEnd, faq: readonly string[], why: string, unit: '' | 'count' = ''): UpdateEnding {
  return { code, label: `${WORDS[ends]}: ${why}`, faq, unit, severity: 'warning', ends };
}

/** Every way in which an update comes to nothing, in the order of the FAQ; each leaves the old firmware running. */
export const UPDATE_ENDINGS = {
  updateWrongModel: ending(84, 'refusal', ['8a'], 'the file is for another model'),
  updateOtherUnit: ending(85, 'refusal', ['8a', '8c'], 'the file is for the unit at which the cable is not'),
  updateNoTool: ending(86, 'refusal', ['8b'], 'no update tool is running'),
  updateOldTool: ending(87, 'timeout', ['8b'], `the tool is older than ${LEAST_TOOL_VERSION}`),
  updateNoCable: ending(88, 'refusal', ['8c'], 'the USB cable is not connected'),
  updateUnitOff: ending(89, 'timeout', ['8d'], 'the main unit is not on, or does not answer'),
  updatePortClosed: ending(90, 'refusal', ['8e'], 'the COM port is not open'),
  updateOtherPort: ending(91, 'timeout', ['8e'], 'another COM port is open'),
  updateNoFile: ending(92, 'refusal', ['8f'], 'no file is open'),
  updateNotPressed: ending(93, 'timeout', ['8g'], 'UPDATE was not pressed'),
  updateInterrupted: ending(94, 'timeout', ['8c', '8d'], 'cable or power was cut while the image was sent', 'count'),
  updateDamaged: ending(95, 'refusal', ['8c'], 'the checksum of the image is wrong', 'count'),
} as const satisfies Record<string, UpdateEnding>;
export type UpdateEndingName = keyof typeof UPDATE_ENDINGS;
