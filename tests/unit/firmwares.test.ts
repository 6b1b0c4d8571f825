/**
 * Firmware versions of the main unit as data: what tells them apart in a run and on the serial line.
 */
import { describe, expect, it } from 'vitest';
import { FIRMWARES, type Firmware } from '../../domain/firmwares.ts';
import { FRAME_NAMES } from '../../domain/serialFrames.ts';
import { FRAME_LAYOUTS } from '../../domain/serialLayout.ts';
import { advanceTo, at } from './bench.ts';

const CURRENT_A = 10;

describe('firmware versions', () => {
  it.each(FIRMWARES)('%s: displays the current rightly, or once it is calibrated (FAQ 5d)', async (firmware) => {
    const commands = [{ time_s: 30, do: 'calibrateCurrent' as const }];
    const run = await at(20, { bms: { firmware }, commands, scenario: { source: [{ constantCurrent_A: CURRENT_A }] } });
    const before_A = run.read('measured.current_A');
    if (firmware === 'before V1.21') expect(Math.abs(before_A - CURRENT_A)).toBeGreaterThan(0.5);
    else expect(before_A).toBe(CURRENT_A);
    advanceTo(run, 40);
    expect(run.read('measured.current_A')).toBe(CURRENT_A);
  });

  it('stand oldest first, and a frame once longer never loses a field again but SOC to energy', () => {
    expect(FIRMWARES).toEqual(['before V1.21', 'V1.21', 'V1.22', 'V1.25', 'V1.26']);
    const fieldsOf = (firmware: Firmware) =>
      FRAME_NAMES.map((frame) => FRAME_LAYOUTS.find((layout) => layout.frame === frame && layout.firmwares.includes(firmware))!.places.map(({ name }) => name)); // prettier-ignore
    FIRMWARES.slice(1).forEach((firmware, index) => {
      const lost = fieldsOf(FIRMWARES[index]!).flatMap((names, frame) =>
        names.filter((name) => !fieldsOf(firmware)[frame]!.includes(name)),
      );
      expect(lost).toEqual(firmware === 'V1.25' ? ['soc_fraction'] : []);
    });
  });
});
