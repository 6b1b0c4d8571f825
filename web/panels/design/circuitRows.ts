/**
 * The fields that most designs leave alone, as rows of the same shape as the others.
 * Separate because they come after the first screen, with their words.
 */
import {
  BLEED_OHM,
  COIL_CURRENT_A,
  COIL_V,
  INPUT_OHM,
  PIN_OHM,
  RELAY_COIL_POWER_W,
  RELAY_FOR_VERSION,
  SHUNT_FULL_SCALE_V,
  TOPOLOGIES,
} from '../../../domain/device.ts';
import { FIRMWARES } from '../../../domain/firmwares.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { hasUnit, valueOf } from '../../document.ts';
import { CIRCUIT_WORDS } from '../../words/design.ts';
import type { ChoiceRow, NumberRow } from './rows.ts';

export type CircuitPath = keyof typeof CIRCUIT_WORDS.fields;
type CircuitNumber = NumberRow & { path: CircuitPath };
type CircuitChoice = ChoiceRow & { path: CircuitPath };

export interface CircuitGroup {
  name: keyof typeof CIRCUIT_WORDS.headings;
  numbers: readonly CircuitNumber[];
  choices: readonly CircuitChoice[];
}

const named = (values: readonly string[]) => values.map((value) => ({ value, label: CIRCUIT_WORDS.choices[value] ?? value }));

const RATINGS = Object.keys(RELAY_COIL_POWER_W).map(Number) as (keyof typeof COIL_CURRENT_A)[];

/** The relay that the unit's current version comes with where the design names none. */
function ratingOf(document: Json): keyof typeof COIL_CURRENT_A {
  const given = RATINGS.find((rating) => rating === valueOf(document, 'bms.relays.rating_A'));
  const version = Number(valueOf(document, 'bms.currentVersion_A') ?? 100) as keyof typeof RELAY_FOR_VERSION;
  return given ?? RELAY_FOR_VERSION[version] ?? RATINGS[0]!;
}

/** Leads, pins and inputs count only where the design names one of them; without them the harness is ideal. */
const WIRING: CircuitGroup = {
  name: 'wiring',
  numbers: [
    { path: 'pack.tab_Ohm', step: 0.0001, otherwise: 0 },
    { path: 'pack.bus_Ohm', step: 0.0001, otherwise: 0 },
    { path: 'harness.wire_Ohm', step: 0.01, otherwise: 0 },
    { path: 'harness.pin_Ohm', step: 10, otherwise: PIN_OHM },
    { path: 'harness.input_Ohm', step: 1000, otherwise: INPUT_OHM },
    { path: 'harness.bleed_Ohm', step: 0.25, otherwise: BLEED_OHM },
  ],
  choices: [
    { path: 'pack.terminals', choices: named(['diagonal', 'same']), otherwise: 'diagonal' },
    { path: 'harness.supply', choices: named(['endWires', 'ownLead']), otherwise: 'endWires' },
  ],
};

function relaysOf(document: Json): CircuitGroup {
  const rating = ratingOf(document);
  const coil_A = COIL_CURRENT_A[rating];
  return {
    name: 'relays',
    choices: [
      { path: 'bms.topology', choices: named(TOPOLOGIES), otherwise: TOPOLOGIES[0] },
      { path: 'bms.relays.rating_A', choices: RATINGS.map((value) => ({ value, label: `${value} A` })), otherwise: rating },
    ],
    numbers: [
      { path: 'bms.relays.contact_Ohm', step: 0.0001, otherwise: 0 },
      { path: 'bms.relays.openDelay_s', step: 0.01, otherwise: 0 },
      { path: 'bms.relays.closeDelay_s', step: 0.01, otherwise: 0 },
      { path: 'bms.relays.bounce_s', step: 0.01, otherwise: 0 },
      { path: 'bms.relays.charge.coilVoltage_V', step: 1, otherwise: COIL_V },
      { path: 'bms.relays.charge.coilCurrent_A', step: 0.05, otherwise: coil_A },
      { path: 'bms.relays.discharge.coilVoltage_V', step: 1, otherwise: COIL_V },
      { path: 'bms.relays.discharge.coilCurrent_A', step: 0.05, otherwise: coil_A },
    ],
  };
}

const SHUNT: CircuitGroup = {
  name: 'shunt',
  choices: [{ path: 'bms.firmware', choices: named(FIRMWARES), otherwise: FIRMWARES.at(-1)! }],
  numbers: [
    { path: 'bms.sensing.current.shuntFullScale_V', step: 0.005, otherwise: SHUNT_FULL_SCALE_V },
    { path: 'bms.sensing.current.gain_ratio', step: 0.01 },
    { path: 'bms.sensing.current.offset_A', step: 0.1 },
    { path: 'bms.sensing.current.noise_A', step: 0.1, otherwise: 0 },
    { path: 'bms.sensing.current.filterTime_s', step: 0.1, otherwise: 0 },
    { path: 'bms.sensing.current.cableLength_m', step: 0.5, otherwise: 0 },
  ],
};

/** What there is to set beside the first screen's fields; relays and shunt belong to a unit. */
export function circuitGroups(document: Json): CircuitGroup[] {
  return hasUnit(document) ? [WIRING, relaysOf(document), SHUNT] : [WIRING];
}
