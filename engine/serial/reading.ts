/**
 * What the unit has to say on its serial output, read from a run as it stands: belief only, in the units of the fields.
 * A pure reading; nothing here changes a run.
 */
import { MODELS } from '../../domain/device.ts';
import { assert } from '../../domain/errors.ts';
import type { EventName } from '../../domain/events.ts';
import { type Firmware, FIRMWARES } from '../../domain/firmwares.ts';
import { F64_BYTES } from '../../domain/memory.ts';
import { PROTECTIONS } from '../../domain/protections.ts';
import { EMPTY_SLOT_NOISE_mV, type FrameName, type FrameValues } from '../../domain/serialFrames.ts';
import type { CompiledRun } from '../compile.ts';
import type { Run } from '../run.ts';

/** The values of each frame at one moment. A frame without values is not sent: impedance is there only when the unit has a new set. */
export type LineReading = { readonly [F in FrameName]?: FrameValues<F> };

const TWO_TO_32 = 4294967296;
const MILLIVOLTS_PER_VOLT = 1000;
/** Streams of the seed for the noise of slots without a cell; the slot is added. */
const NOISE_STREAM = 0x50000;
/** Three standard deviations of the noise reach its end. */
const NOISE_CUT = 3;
/** Ticks are counted exactly, seconds are not. */
const SAME_s = 1e-9;

/** 1 from the trip of a protection until its release. */
function statusOf({ structures }: CompiledRun, event: EventName): number {
  const index = PROTECTIONS.findIndex((row) => row.event === event);
  return structures.rule[index]!.state === 0 ? 0 : 1;
}

/**
 * Voltage integrated over SOC from empty to the estimate, along the unit's own OCV table of equal steps: the energy that one cell still
 * holds per ampere-hour of capacity. How the device counts its energy is not published (assumed).
 */
function energyPerCapacity_V({ kernel, scalars }: CompiledRun): number {
  const { ocvBase, ocvCount, soc } = scalars.estimate;
  const point_V = (index: number) => kernel.f64[ocvBase / F64_BYTES + index]!;
  const steps = ocvCount - 1;
  const whole = Math.min(Math.floor(soc * steps), steps - 1);
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += (point_V(i) + point_V(i + 1)) / 2;
  const rest = soc * steps - whole;
  const rise = point_V(whole + 1) - point_V(whole);
  return (sum + rest * (point_V(whole) + (rise * rest) / 2)) / steps;
}

function slotsOf(run: Run, slotCount: number, draw: number): number[] {
  const { compiled, loaded } = run;
  const { seed } = loaded.scenario;
  const noise_mV = (slot: number) => {
    const deviate = compiled.kernel.exports.normal(Math.floor(seed / TWO_TO_32), seed >>> 0, NOISE_STREAM + slot, draw);
    return Math.min(Math.round((Math.abs(deviate) / NOISE_CUT) * EMPTY_SLOT_NOISE_mV), EMPTY_SLOT_NOISE_mV);
  };
  const reading_mV = (slot: number) => (slot < loaded.scenario.pack.series ? compiled.groups.measured_mV.get(slot) : noise_mV(slot));
  return Array.from({ length: slotCount }, (_, slot) => reading_mV(slot) / MILLIVOLTS_PER_VOLT);
}

/** The version that the unit runs now: an update changes it. */
export function firmwareOf({ compiled }: Run): Firmware {
  return FIRMWARES[compiled.scalars.unit.firmware]!;
}

/** The reading of a unit that runs, undefined where it is switched off. `draw` counts readings, so that each has noise of its own. */
/** Impedances of a change between charge and discharge within the second that ends now. */
function newImpedances(run: Run, second: number): Pick<LineReading, 'cellImpedance'> {
  const { compiled, loaded } = run;
  const { tick_s, pack } = loaded.scenario;
  const { tick, mode, current_A } = compiled.scalars.impedance;
  if (tick === 0 || tick * tick_s <= second - 1 + SAME_s) return {};
  const cell_Ohm = Array.from({ length: pack.series }, (_, group) => compiled.groups.impedance_Ohm.get(group));
  return { cellImpedance: { mode_code: mode, current_A: Math.abs(current_A), cell_Ohm } };
}

/**
 * The reading of a unit that sends, undefined where it does not run or its line is silent. `second` counts readings, so that each has
 * noise of its own and a set of impedances is sent once.
 */
export function readLine(run: Run, second: number): LineReading | undefined {
  const { bms } = run.loaded.scenario;
  assert(bms !== null, 'a scenario without a BMS has no serial output');
  const { serial, unit, setting, measured, estimate } = run.compiled.scalars;
  if (serial.sends === 0) return undefined;
  const remaining_Ah = estimate.soc * setting.batteryCapacity_Ah;
  const remaining_Wh = energyPerCapacity_V(run.compiled) * setting.batteryCapacity_Ah * measured.cellCount;
  return {
    measuredValues: {
      chargeEnd_V: setting.overChargeProtectionVoltage_V,
      mode_code: unit.mode,
      current_A: Math.abs(measured.current_A),
      temperature1_degC: measured.temperature1_degC,
      temperature2_degC: measured.temperature2_degC,
      soc_fraction: estimate.soc,
      dischargeEnd_V: setting.overDischargeProtectionVoltage_V,
      chargeStatus_code: statusOf(run.compiled, 'overCharge'),
      dischargeStatus_code: statusOf(run.compiled, 'overDischarge'),
    },
    cellVoltages: { cell_V: slotsOf(run, MODELS[bms.model], second), soc_fraction: estimate.soc, remaining_Wh, remaining_Ah },
    ...newImpedances(run, second),
  };
}
