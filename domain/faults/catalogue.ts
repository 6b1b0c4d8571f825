/**
 * The fault catalogue: everything that can be wrong with pack, wiring, sensors, relays, equipment and unit.
 * Scenario schema, command line, page and documentation are derived from these rows.
 */
import { CELL_FAULTS } from './cells.ts';
import { COMMUNICATION_FAULTS } from './communication.ts';
import { EQUIPMENT_FAULTS } from './equipment.ts';
import { FRONT_END_FAULTS } from './frontEnd.ts';
import { RELAY_FAULTS } from './relays.ts';
import type { FaultRow } from './row.ts';
import { SENSOR_FAULTS } from './sensors.ts';
import type { FaultName } from './titles.ts';
import { UNIT_FAULTS } from './unit.ts';
import { WIRING_FAULTS } from './wiring.ts';

export type { FaultRow, Severity, Target, TargetKind } from './row.ts';

const FAULTS = {
  ...WIRING_FAULTS,
  ...FRONT_END_FAULTS,
  ...RELAY_FAULTS,
  ...SENSOR_FAULTS,
  ...CELL_FAULTS,
  ...EQUIPMENT_FAULTS,
  ...UNIT_FAULTS,
  ...COMMUNICATION_FAULTS,
} as const satisfies Record<FaultName, FaultRow>;

export function faultRow(name: FaultName): FaultRow {
  return FAULTS[name];
}
