/**
 * Words of the fields that most designs leave alone: joints, leads, relays and shunt.
 * A part of the one catalogue that comes with the panel, so that the first screen does not wait for it.
 */

export const CIRCUIT_WORDS = {
  headings: { wiring: 'Joints and leads', relays: 'Relays', shunt: 'Shunt' },
  fields: {
    'pack.tab_Ohm': 'Tabs of each cell',
    'pack.bus_Ohm': 'Busbar between neighbours',
    'pack.terminals': 'Terminals of a group',
    'harness.wire_Ohm': 'Each balance lead',
    'harness.pin_Ohm': 'Resistor at each pin',
    'harness.input_Ohm': 'Input of each channel',
    'harness.bleed_Ohm': 'Bleed resistor',
    'harness.supply': 'Unit is fed by',
    'bms.firmware': 'Firmware',
    'bms.topology': 'Ports',
    'bms.relays.rating_A': 'Rating',
    'bms.relays.contact_Ohm': 'Closed contact',
    'bms.relays.openDelay_s': 'Opens after',
    'bms.relays.closeDelay_s': 'Closes after',
    'bms.relays.bounce_s': 'Bounces for',
    'bms.relays.charge.coilVoltage_V': 'Coil voltage, charge',
    'bms.relays.charge.coilCurrent_A': 'Coil current, charge',
    'bms.relays.discharge.coilVoltage_V': 'Coil voltage, discharge',
    'bms.relays.discharge.coilCurrent_A': 'Coil current, discharge',
    'bms.sensing.current.shuntFullScale_V': 'Full scale',
    'bms.sensing.current.gain_ratio': 'Gain',
    'bms.sensing.current.offset_A': 'Offset',
    'bms.sensing.current.noise_A': 'Noise',
    'bms.sensing.current.filterTime_s': 'Filter',
    'bms.sensing.current.cableLength_m': 'Cable to battery negative',
  },
  choices: {
    diagonal: 'at opposite ends',
    same: 'at the same end',
    endWires: 'the end leads',
    ownLead: 'a lead of its own',
    separatePorts: 'charge and discharge apart',
    commonPort: 'common',
  } as Record<string, string>,
  ofTheModel: 'of the unit',
} as const;
