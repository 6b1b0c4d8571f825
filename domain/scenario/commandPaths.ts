/**
 * What a command may set while a run goes on.
 * Apart from the schema so that a reader of the list does not bring the library of the schema with it.
 */

/** Paths that `set` may write while the run goes on. */
export const COMMAND_PATHS = [
  'bms.settings.NAME',
  'ambient_degC',
  'bms.sensing.channels[GROUP].gain_ratio',
  'bms.sensing.channels[GROUP].offset_V',
  'bms.sensing.channels[GROUP].noise_V',
  'bms.sensing.current.gain_ratio',
  'bms.sensing.current.offset_A',
  'bms.sensing.current.filterTime_s',
  'bms.sensing.temperature[0].offset_K',
  'bms.sensing.temperature[1].offset_K',
  'source[INDEX].constantCurrent_A',
  'source[INDEX].constantPower_W',
  'source[INDEX].constantResistance_Ohm',
  'source[INDEX].inverter.outputPower_W',
  'source[INDEX].hybridInverter.power_W',
  'source[INDEX].scale',
  'source[INDEX].charger.current_A',
  'source[INDEX].charger.voltage_V',
  'source[INDEX].charger.overVoltage_ratio',
  'source[INDEX].charger.overCurrent_ratio',
  'source[INDEX].charger.ignoresStop',
  'bleed.ordered[GROUP]',
] as const;
