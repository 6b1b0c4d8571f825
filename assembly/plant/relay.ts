/**
 * The two relay contacts: they follow the firmware's orders after their delays.
 * Runs at the start of a tick, so an order given at the end of a tick acts from the next one.
 */
import { COIL_V, eventCode, relay, run } from '../generated/layout';
import { report } from '../time/events';

/** Contact after this tick start: 0 open, 1 closed; `waited` counts the ticks since the order differs. */
function moved(order: i32, closed: i32, waited: i32): i32 {
  const delay = order ? load<i32>(relay.closeTicks) : load<i32>(relay.openTicks);
  return order != closed && waited >= delay ? order : closed;
}

function tell(code: i32, closed: i32): void {
  report(code, closed != 0, -1, <f64>closed, <f64>closed, 1.0);
}

/** Without a unit nothing opens the contacts; they stay as the start state has them. */
export function moveRelays(): void {
  if (!load<i32>(run.hasUnit)) return;
  const chargeOrder = load<i32>(relay.chargeOrder);
  const charge = moved(chargeOrder, load<i32>(relay.chargeClosed), load<i32>(relay.chargeWaited));
  if (charge != load<i32>(relay.chargeClosed)) tell(eventCode.chargeRelayClosed, charge);
  store<i32>(relay.chargeWaited, charge == chargeOrder ? 0 : load<i32>(relay.chargeWaited) + 1);
  store<i32>(relay.chargeClosed, charge);
  store<f64>(relay.chargeCoil_V, chargeOrder ? COIL_V : 0.0);

  const dischargeOrder = load<i32>(relay.dischargeOrder);
  const discharge = moved(dischargeOrder, load<i32>(relay.dischargeClosed), load<i32>(relay.dischargeWaited));
  if (discharge != load<i32>(relay.dischargeClosed)) tell(eventCode.dischargeRelayClosed, discharge);
  store<i32>(relay.dischargeWaited, discharge == dischargeOrder ? 0 : load<i32>(relay.dischargeWaited) + 1);
  store<i32>(relay.dischargeClosed, discharge);
  store<f64>(relay.dischargeCoil_V, dischargeOrder ? COIL_V : 0.0);
}
