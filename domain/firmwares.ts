/**
 * The main unit's firmware versions and what tells them apart, oldest first: a version is data, not a branch.
 * The forms of their serial frames are rows of domain/serialFrames.ts, which name these versions.
 */

export interface FirmwareRow {
  /** Error of the current measurement until it is calibrated (FAQ 5d, 5e). */
  uncalibrated: { gain_ratio: number; offset_A: number };
  /** What this version brought, in words. */
  brought: string;
}

/** How far the current is off is assumed; that it needs calibration is FAQ 5d. */
const NEEDS_CALIBRATION = { gain_ratio: 1.04, offset_A: 0.4 } as const;
const CALIBRATED = { gain_ratio: 1, offset_A: 0 } as const;

export const FIRMWARE_VERSIONS = {
  'before V1.21': { uncalibrated: NEEDS_CALIBRATION, brought: 'current and temperatures on COM3' },
  'V1.21': { uncalibrated: CALIBRATED, brought: 'no current calibration needed; mode and SOC in the measured values' },
  'V1.22': { uncalibrated: CALIBRATED, brought: 'the first serial form that is published whole' },
  'V1.25': { uncalibrated: CALIBRATED, brought: 'energy and charge that are left in place of SOC behind the cell voltages' },
  'V1.26': { uncalibrated: CALIBRATED, brought: 'discharge end voltage and the status of charge and discharge' },
} as const satisfies Record<string, FirmwareRow>;

export type Firmware = keyof typeof FIRMWARE_VERSIONS;
export const FIRMWARES = Object.keys(FIRMWARE_VERSIONS) as Firmware[];
