/**
 * The balance harness of a scenario as rows of the kernel's memory: pins by connector, leads, board.
 * Apart from the compiler because faults and instruments ask it for the same pins.
 */
import { BLEED_OHM, CELLS_PER_CONNECTOR, INPUT_OHM, PIN_OHM } from '../domain/device.ts';
import type { Scenario } from '../domain/scenario/schema.ts';
import type { GroupViews, ScalarViews, StructureViews } from './kernel.ts';

/** One lead: its name in files, its tap, and where it is plugged. */
export interface Pin {
  wire: number | string;
  tap: number;
  /** 0-based connector and 1-based pin in it, as people count them. */
  connector: number;
  pin: number;
}

/** Every pin of a pack of so many groups: connector k has pins 1 to 9, its last tap is the next one's first. */
export function pinsOf(series: number): Pin[] {
  const pins: Pin[] = [];
  for (let connector = 0; connector * CELLS_PER_CONNECTOR < series; connector++) {
    const first = connector * CELLS_PER_CONNECTOR;
    const last = Math.min(first + CELLS_PER_CONNECTOR, series);
    for (let tap = first; tap <= last; tap++)
      pins.push({ wire: tap === first && connector > 0 ? `${tap}b` : tap, tap, connector, pin: tap - first + 1 });
  }
  return pins;
}

const LEAST_OHM = 1e-7;
const conductance = (ohm: number) => 1 / Math.max(ohm, LEAST_OHM);

interface HarnessTarget {
  scalars: ScalarViews;
  structures: StructureViews;
  groups: GroupViews;
}

function writePins({ scalars, structures }: HarnessTarget, { pack, harness }: Scenario): void {
  const pins = pinsOf(pack.series);
  scalars.harness.pinCount = pins.length;
  pins.forEach((pin, index) => {
    const own = pack.wires.findLast(({ wire }) => wire === pin.wire);
    const row = structures.pin[index]!;
    row.node = pin.tap;
    row.tap = pin.tap;
    row.nominalTap = pin.tap;
    row.resistance_Ohm = own?.resistance_Ohm ?? harness?.wire_Ohm ?? 0;
    row.nominal_Ohm = harness?.wire_Ohm ?? 0;
  });
}

/** A harness is there where the scenario describes one, and with every unit unless it is left out by null. */
export function hasHarness({ harness, bms, pack }: Scenario): boolean {
  if (harness === null) return false;
  return harness !== undefined || bms !== null || pack.wires.length > 0;
}

export function writeHarness(target: HarnessTarget, scenario: Scenario): void {
  const { harness, pack } = scenario;
  const { scalars, groups } = target;
  scalars.harness.versionSeen = -1;
  scalars.harness.due = 1;
  for (let group = 0; group < pack.series; group++) {
    groups.bleedEnabled.set(group, 1);
    groups.bleedSource.set(group, group);
    groups.channelSource.set(group, group);
  }
  if (!hasHarness(scenario)) return;
  const isDescribed = ['wire_Ohm', 'pin_Ohm', 'input_Ohm'].some((name) => harness?.[name as 'wire_Ohm'] !== undefined);
  scalars.harness.fitted = 1;
  scalars.harness.loadsWhenIdle = isDescribed || scenario.bms === null ? 1 : 0;
  scalars.harness.supplyOnEndWires = (harness?.supply ?? 'endWires') === 'endWires' && scenario.bms?.consumption === 'vendor' ? 1 : 0;
  const pin_Ohm = harness?.pin_Ohm ?? PIN_OHM;
  const input_Ohm = harness?.input_Ohm ?? INPUT_OHM;
  scalars.harness.pinConductance_S = conductance(pin_Ohm);
  scalars.harness.inputConductance_S = 1 / input_Ohm;
  scalars.balance.bleedConductance_S = 1 / (harness?.bleed_Ohm ?? BLEED_OHM);
  writePins(target, scenario);
  if (scalars.harness.loadsWhenIdle !== 0) return;
  // The input of an end channel draws through one pin resistor that no neighbour's input relieves.
  const ends = pack.series === 1 ? [0, 0] : [0, pack.series - 1];
  for (const group of ends) groups.trim_ratio.set(group, groups.trim_ratio.get(group) + pin_Ohm / input_Ohm);
}
