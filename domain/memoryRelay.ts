/**
 * Columns of the two relay outputs: row 0 is the charge relay, row 1 the discharge relay.
 * They are a part of domain/memory.ts, where the rules stand.
 */
import { type Column, f64, i32 } from './column.ts';

export const RELAY_STRUCTURE = {
  count: 2,
  columns: {
    coilResistance_Ohm: f64('compile', 'at 20 degC'),
    pullIn_V: f64('compile', 'the armature is pulled in from this voltage on'),
    dropOut_V: f64('compile', 'it falls below this one'),
    contact_Ohm: f64('compile', 'of the closed contact'),
    welded: f64('compile', 'the contact stays closed'),
    jammed: f64('compile', 'the contact stays open'),
    weldsAbove_A: f64('compile', 'opening under more current than this welds it'),
    coilDraw_ratio: f64('compile', 'power drawn from the pack for the coil over its own'),
    toAmbient_W_per_K: f64('compile', 'conductance of the relay to ambient'),
    heatCapacity_J_per_K: f64('compile', 'of the relay'),
    openTicks: f64('compile', 'delay of opening'),
    closeTicks: f64('compile', 'delay of closing'),
    bounceTicks: f64('compile', 'ticks of bouncing after it closes'),
    bounce_s: f64('compile', 'time of bouncing after it closes'),
    coil_V: f64('plant/relay', 'voltage on the coil output'),
    coilPower_W: f64('plant/relay', 'power drawn from the pack for the coil'),
    current_A: f64('plant/equipment', 'current through the contact over the tick, positive charges'),
    heat_J: f64('time/totals', 'heat in the closed contact since the run began'),
    slowHeat_J: f64('plant/thermal', 'heat of contact and coil at the last slow step'),
    coilHeat_J: f64('time/totals', 'heat in the coil since the run began'),
    temperature_degC: f64('plant/thermal', 'temperature of the relay'),
    order: i32('firmware/protection', '1 close, 0 open'),
    pulled: i32('plant/relay', 'the armature is pulled in'),
    closed: i32('plant/relay', 'the contact conducts'),
    waited: i32('plant/relay', 'ticks since armature and contact differ'),
    bounceLeft: i32('plant/relay', 'ticks of bouncing left'),
    hasWelded: i32('plant/relay', 'an opening under current has welded it'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };

/** The supply of the two coil outputs. */
export const DRIVER_COLUMNS = {
  output_V: f64('compile', 'voltage of an output that is on'),
  limit_A: f64('compile', 'most current of both outputs together'),
  eachLimit_A: f64('compile', 'an output may pass this alone as long as both stay below their common limit'),
  retryTicks: i32('compile', 'ticks that the outputs stay at 0 V after an overload'),
  retryLeft: i32('plant/relay', 'ticks until the next try'),
  atRest: i32('plant/relay', 'nothing moved when outputs and contacts were last looked at'),
  ordersSeen: i32('plant/relay', 'orders of both relays at that look'),
  effectsSeen: i32('plant/relay', 'version of the effects at that look'),
  slowSeen: i32('plant/relay', 'slow step from which the temperature of the coils was then'),
} as const satisfies Record<string, Column>;
