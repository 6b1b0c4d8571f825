/**
 * Whether the unit sends on COM3; what it sends is a reading of the run.
 */
import { serial, unit, unitState } from '../generated/layout';

export function followCom3(): void {
  store<i32>(serial.sends, load<i32>(unit.state) == unitState.running && load<f64>(serial.silent) == 0.0 ? 1 : 0);
}
