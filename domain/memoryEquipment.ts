/**
 * Columns of the equipment: the main fuse, and one row for each charger, load or profile.
 * They are a part of domain/memory.ts, where the rules stand.
 */
import { type Column, f64, i32 } from './column.ts';

export const FUSE_COLUMNS = {
  fitted: i32('compile', 'the pack has a main fuse'),
  rating_A: f64('compile', 'rated current'),
  i2t_A2s: f64('compile', 'melting integral'),
  breakingCapacity_A: f64('compile', 'largest current that it can interrupt'),
  fusingSquare_A2: f64('compile', 'square of the steady current that just melts it'),
  elementTime_s: f64('compile', 'time constant of the element'),
  elementKeep: f64('compile', 'exp(-dt/tau) of the element'),
  bodyKeep: f64('compile', 'exp(-dt/tau) of the body'),
  resistance_Ohm: f64('compile', 'its own resistance, in series at the terminals; 0 where none is fitted'),
  toAmbient_W_per_K: f64('compile', 'conductance of the body to ambient'),
  temperature_degC: f64('plant/fuse', 'temperature of the body'),
  heat_J: f64('plant/fuse', 'heat since the run began'),
  element_A2s: f64('plant/fuse', 'melting integral so far, less what the element has given off'),
  body_A2: f64('plant/fuse', 'mean square of the current over the time constant of the body'),
  state: i32('plant/fuse', '0 whole, 1 blown, 2 melted but arcing on'),
} as const satisfies Record<string, Column>;

export const SOURCE_STRUCTURE = {
  // The last row is no equipment: it carries the ambient profile.
  count: 9,
  columns: {
    kind: i32(
      'compile',
      '0 none, 1 constant current, 2 profile of current, 3 profile of power, 4 charger, 5 constant power, 6 resistor, 7 inverter',
    ),
    enabled: f64('command', 'connected and switched on'),
    current_A: f64('command', "constant current, or the charger's current limit"),
    voltage_V: f64('command', "the charger's voltage limit, or that of a power that charges, 0 none"),
    endCurrent_A: f64('command', 'the charger ends below this current'),
    power_W: f64('command', 'constant power'),
    resistance_Ohm: f64('command', 'constant resistance'),
    place: i32('compile', '0 behind the relays, 1 at the terminals, 2 before the shunt'),
    overVoltage_ratio: f64('command', "the charger's voltage limit is too high by this share"),
    overCurrent_ratio: f64('command', "the charger's current limit is too high by this share"),
    ignoresStop: f64('command', 'the charger does not obey COM1'),
    smart: i32('compile', 'the charger listens to COM1'),
    taper_V: f64('compile', 'headroom below which a smart charger lowers its current'),
    response_s: f64('compile', 'time constant of a smart charger'),
    allowance_ratio: f64('plant/charger', 'share of its current that a smart charger allows itself'),
    efficiency_ratio: f64('compile', 'output over input of an inverter'),
    cutOff_V: f64('compile', 'the inverter stops below this input voltage'),
    reconnect_V: f64('compile', 'it starts again from this one'),
    capacitance_F: f64('compile', 'capacitor on its bus'),
    connection_Ohm: f64('compile', 'cables, contact and capacitor between the pack and it'),
    precharge_Ohm: f64('compile', 'pre-charge resistor'),
    prechargeTicks: i32('compile', 'ticks that the pre-charge resistor is in the path'),
    drainKeep: f64('compile', 'exp(-dt/(R C)) of its bleeder'),
    surge_ratio: f64('compile', 'power over constant power while it surges'),
    surgeTicks: i32('compile', 'ticks of a surge, 0 where it is shorter than one'),
    ripple_ratio: f64('compile', 'amplitude of its ripple over its current'),
    rippleFrequency_Hz: f64('compile', 'frequency of its ripple, twice that of its output'),
    inverterState: i32('plant/inverter', '0 off, 1 running, 2 cut off by low voltage'),
    connected: i32('plant/inverter', 'the pack reaches it'),
    prechargeLeft: i32('plant/inverter', 'ticks of pre-charge left'),
    surgeLeft: i32('plant/inverter', 'ticks of surge left'),
    input_V: f64('plant/inverter', 'voltage at its input, end of tick'),
    input_W: f64('plant/inverter', 'power at its input over the tick'),
    state: i32('plant/charger', 'charger: 0 constant current, 1 constant voltage, 2 ended'),

    scale: f64('command', 'factor on the profile'),
    from_s: f64('compile', 'start of the row'),
    until_s: f64('compile', 'end of the row'),
    times: i32('compile', "address of the profile's times"),
    values: i32('compile', "address of the profile's values"),
    rows: i32('compile', 'rows of the profile'),
    interpolation: i32('compile', '0 previous, 1 next, 2 linear'),
    period_s: f64('compile', 'the profile repeats after this time, 0 never'),
    cursor: i32('plant/profile', 'last row at or before the tick'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };
