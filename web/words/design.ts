/**
 * Words of the fields that most designs leave alone: joints, leads, relays, shunt, fuse and heat.
 * A part of the one catalogue, by the paths of the scenario: what is told of a path uses them as well as the form.
 */

export const CIRCUIT_WORDS = {
  headings: { wiring: 'Joints and leads', relays: 'Relays', shunt: 'Shunt', fuse: 'Main fuse' },
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
    'pack.fuse.rating_A': 'Rating of the fuse',
    'pack.fuse.i2t_A2s': 'Melting integral',
    'pack.fuse.breakingCapacity_A': 'Breaks at most',
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

export const HEAT_FIELDS: Record<string, string> = {
  'thermal.heatCapacity_J_per_K': 'Heat capacity of a cell',
  'thermal.toAmbient_W_per_K': 'Cell to ambient',
  'thermal.initialTemperature_degC': 'Temperature at the start',
  'thermal.neighbour_W_per_K': 'Between cells that touch',
  'thermal.rows': 'Rows of cells',
  'thermal.rowGap_W_per_K': 'Across the gap between rows',
};
