/**
 * All equipment together: which current flows through the terminals over a tick.
 * Charging current passes the charge relay and discharging current the discharge relay; a common port needs both.
 *
 * Equations in docs/model.md: order of solving (13), constant power (14), resistors (20).
 */
import { effect, eventCode, pack, relay, run, source } from '../generated/layout';
import { maximum, minimum } from '../lane';
import { report } from '../time/events';
import { chargers } from './charger';
import {
  BEFORE_SHUNT,
  BEHIND_RELAYS,
  chargeContact_Ohm,
  CHARGER,
  CONSTANT_CURRENT,
  CONSTANT_POWER,
  dischargeContact_Ohm,
  CURRENT_PROFILE,
  HYBRID_INVERTER,
  inForce,
  INVERTER,
  isInverter,
  mayCharge,
  mayDischarge,
  RESISTOR,
  rowAt,
} from './equipmentRow';
import { fuseIsOpen } from './fuse';
import { finishInverters, inverterPower, limitInverters } from './inverter';
import { profileAtStart, profileMean } from './profile';
import { CHARGE_RELAY, DISCHARGE_RELAY } from './relay';

const NO_CELL: i32 = -1;

/** What the relays let pass; a load that feeds back does so through the discharge relay. */
function passed(row: usize, x: f64): f64 {
  const charges = x > 0.0 && load<f64>(row, source.feedsBack) == 0.0;
  if (charges) return mayCharge() ? x : 0.0;
  return x != 0.0 && mayDischarge() ? x : 0.0;
}

/** What a row is set to over the tick, by a number or a profile: A or W. */
function setPoint(row: usize, time: f64, dt: f64): f64 {
  const kind = load<i32>(row, source.kind);
  if (kind == CONSTANT_CURRENT) return load<f64>(row, source.current_A);
  if (kind == CONSTANT_POWER || load<i32>(row, source.rows) == 0) return load<f64>(row, source.power_W);
  const value = dt > 0.0 ? profileMean(row, maximum<f64>(time - load<f64>(row, source.from_s), 0.0), dt) : profileAtStart(row);
  return value * load<f64>(row, source.scale);
}

/** What it asks for at the terminals: equations (23) and (29) for inverters, else what it is set to. */
function demand(row: usize, time: f64, dt: f64): f64 {
  const kind = load<i32>(row, source.kind);
  const set = setPoint(row, time, dt);
  if (kind == INVERTER) return -set / load<f64>(row, source.efficiency_ratio);
  if (kind != HYBRID_INVERTER) return set;
  return maximum<f64>(minimum<f64>(set, load<f64>(row, source.maximumCharge_W)), -load<f64>(row, source.maximumDischarge_W));
}

function watchOverload(beyond: bool, power: f64, limit: f64): void {
  if (beyond == (load<i32>(pack.overloaded) != 0)) return;
  store<i32>(pack.overloaded, beyond ? 1 : 0);
  report(eventCode.loadBeyondMaximumPower, beyond, NO_CELL, power, power, limit);
}

/** Equation (14): I with (E + R I) I = P, the root that vanishes with P. A load beyond the maximum gets the maximum, and nothing works on a pack without voltage. */
function currentOfPower(power: f64, emf: f64, resistance: f64): f64 {
  if (emf <= 0.0) {
    watchOverload(power < 0.0, power, 0.0);
    return 0.0;
  }
  const square = emf * emf + 4.0 * resistance * power;
  watchOverload(square < 0.0, power, (-emf * emf) / (4.0 * resistance));
  if (square < 0.0) return -emf / (2.0 * resistance);
  return (2.0 * power) / (emf + sqrt<f64>(square));
}

/** Conductance of everything across the bus. */
function conductanceAcross(time: f64): f64 {
  let sum = 0.0;
  const discharging = mayDischarge();
  const count = load<i32>(pack.sourceCount);
  for (let i = 0; i < count && discharging; i++) {
    const row = rowAt(i);
    if (load<i32>(row, source.kind) != RESISTOR || !inForce(row, time)) continue;
    sum += 1.0 / load<f64>(row, source.resistance_Ohm);
  }
  return discharging ? sum + load<f64>(pack.externalShort_S) : sum;
}

/** A charger connected the wrong way round: its voltage adds to the pack's, its wires limit the current. */
function reversedConductance(): f64 {
  const conductance = load<f64>(pack.reversedCharger_S);
  return conductance > 0.0 && mayCharge() ? 1.0 / (1.0 / conductance + chargeContact_Ohm()) : 0.0;
}

/** What passed which contact over the tick; loads in the charging direction pass the charge relay. */
function noteContacts(charging: f64, discharging: f64): void {
  const common = load<i32>(pack.commonPort) != 0;
  store<f64>(CHARGE_RELAY, common ? charging + discharging : charging, relay.current_A);
  store<f64>(DISCHARGE_RELAY, common ? charging + discharging : discharging, relay.current_A);
}

/** What of a demand relays and the inverter's own state let through. */
function reached(row: usize, asked: f64, time: f64, dt: f64): f64 {
  if (isInverter(load<i32>(row, source.kind))) return inverterPower(row, asked, time, dt);
  return load<i32>(row, source.place) == BEHIND_RELAYS ? passed(row, asked) : asked;
}

/**
 * Equation (20): what stands behind a contact meets there E + R I, with the currents that pass the same contact and those that do not.
 * `keep` is 1/(1 + R G) of the discharge contact and all resistors behind it.
 */
function metEmf(charges: bool, emf: f64, resistance: f64, keep: f64, charging: f64, discharging: f64, direct: f64): f64 {
  if (load<i32>(pack.commonPort)) {
    const behind = charging + discharging;
    return keep * (emf + resistance * (direct + keep * behind) + dischargeContact_Ohm() * behind);
  }
  const open = emf + resistance * (direct + charging + keep * discharging);
  return charges ? open + chargeContact_Ohm() * charging : keep * (open + dischargeContact_Ohm() * discharging);
}

function metResistance(charges: bool, resistance: f64, keep: f64): f64 {
  if (charges && !load<i32>(pack.commonPort)) return resistance + chargeContact_Ohm();
  return keep * (keep * resistance + dischargeContact_Ohm());
}

function metByChargers(
  time: f64,
  dt: f64,
  power: f64,
  emf: f64,
  resistance: f64,
  keep: f64,
  charging: f64,
  discharging: f64,
  direct: f64,
): f64 {
  const met = metEmf(true, emf, resistance, keep, charging, discharging, direct);
  const own = metResistance(true, resistance, keep);
  const sharesContact = power > 0.0 || load<i32>(pack.commonPort) != 0;
  return chargers(time, dt, power, met, own, sharesContact ? own : keep * resistance);
}

/** Equation (13): fixed currents, then chargers, then constant power, against E + R I. `dt` 0 asks for the start. */
function solve(sourceEmf: f64, sourceResistance: f64, time: f64, dt: f64): f64 {
  const hasInverter = load<i32>(pack.hasInverter) != 0;
  if (fuseIsOpen()) {
    noteContacts(0.0, 0.0);
    return hasInverter ? finishInverters(0.0, dt) : 0.0;
  }
  const count = load<i32>(pack.sourceCount);
  let charging = 0.0;
  let discharging = 0.0;
  let direct = 0.0;
  let power = 0.0;
  let chargePower = 0.0;
  let directPower = 0.0;
  let ceiling = Infinity;
  let wantsCharger = false;
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const kind = load<i32>(row, source.kind);
    if (kind == CHARGER) wantsCharger = true;
    const place = load<i32>(row, source.place);
    if (kind == CHARGER || kind == RESISTOR || place == BEFORE_SHUNT) continue;
    const acts = inForce(row, time);
    if (!acts && !isInverter(kind)) continue;
    const value = reached(row, acts ? demand(row, time, dt) : 0.0, time, dt);
    if (kind == CONSTANT_CURRENT || kind == CURRENT_PROFILE) {
      if (place != BEHIND_RELAYS) direct += value;
      else if (value > 0.0 && load<f64>(row, source.feedsBack) == 0.0) charging += value;
      else discharging += value;
      continue;
    }
    power += value;
    if (place != BEHIND_RELAYS) directPower += value;
    if (value <= 0.0) continue;
    chargePower += value;
    if (load<f64>(row, source.voltage_V) > 0.0) ceiling = minimum<f64>(ceiling, load<f64>(row, source.voltage_V));
  }
  const reversed = reversedConductance();
  const across = conductanceAcross(time);
  const keep = across == 0.0 ? 1.0 : 1.0 / (1.0 + dischargeContact_Ohm() * across);
  const conductance = keep * across + reversed;
  // Equation (20): E + R I with a resistor across it is E' + R' I of all the rest.
  const left = conductance == 0.0 ? 1.0 : 1.0 / (1.0 + sourceResistance * conductance);
  const emf = (sourceEmf - sourceResistance * reversed * load<f64>(pack.reversedCharger_V)) * left;
  const resistance = sourceResistance * left;
  if (wantsCharger) charging += metByChargers(time, dt, power, emf, resistance, keep, charging, discharging, direct);
  const charges = power > 0.0;
  const met = metEmf(charges, emf, resistance, keep, charging, discharging, direct);
  const metOhm = metResistance(charges, resistance, keep);
  let ofPower = 0.0;
  if (power != 0.0) ofPower = currentOfPower(power, met, metOhm);
  else watchOverload(false, 0.0, 0.0);
  const common = load<i32>(pack.commonPort) != 0;
  const known = common ? direct + keep * (charging + discharging) : direct + charging + keep * discharging;
  // Equations (26) and (29): a hybrid inverter gives less where the pack would pass its charge voltage.
  if (charges && emf + resistance * (known + ofPower) > ceiling) ofPower = maximum<f64>(known, (ceiling - emf) / resistance) - known;
  const others = known + (charges && !common ? ofPower : keep * ofPower);
  const voltage = emf + resistance * others;
  const there = met + metOhm * ofPower;
  if (hasInverter) limitInverters(power, there * ofPower, chargePower);
  const bus =
    keep * (voltage + dischargeContact_Ohm() * (common ? charging + discharging + ofPower : discharging + minimum<f64>(ofPower, 0.0)));
  const filling = hasInverter ? finishInverters(bus, dt) : 0.0;
  const turned = reversed * (voltage + load<f64>(pack.reversedCharger_V));
  // Of powers that work against each other the charge relay passes its own; what stands at the terminals passes none.
  const ofCharge = chargePower == 0.0 || met <= 0.0 ? 0.0 : (chargePower - (charges ? power - there * ofPower : 0.0)) / there;
  const ofDirect = directPower == 0.0 || met <= 0.0 ? 0.0 : directPower / there;
  noteContacts(charging + ofCharge - turned, discharging + (ofPower - ofCharge - ofDirect) - across * bus + filling);
  const drawn = keep * across * voltage + turned;
  return hasInverter ? others - drawn + filling : others - drawn;
}

/** Equation (13) where nothing asks for the pack's voltage: currents alone, which the relays let pass or not. */
function solveCurrents(time: f64, dt: f64): f64 {
  let charging = 0.0;
  let discharging = 0.0;
  let direct = 0.0;
  const count = fuseIsOpen() ? 0 : load<i32>(pack.sourceCount);
  for (let i = 0; i < count; i++) {
    const row = rowAt(i);
    const place = load<i32>(row, source.place);
    if (place == BEFORE_SHUNT || !inForce(row, time)) continue;
    const asked = setPoint(row, time, dt);
    if (place != BEHIND_RELAYS) direct += asked;
    else if (asked > 0.0 && load<f64>(row, source.feedsBack) == 0.0) charging += passed(row, asked);
    else discharging += passed(row, asked);
  }
  noteContacts(charging, discharging);
  return direct + charging + discharging;
}

/** Whether something asks for the pack's voltage; a fault does so once effects have come into force. */
export function reactsToVoltage(): bool {
  return load<i32>(pack.needsThevenin) != 0 || (load<i32>(pack.faultsReact) != 0 && load<i32>(effect.version) != 0);
}

/** Current over the tick; E and R of the pack count only where something `reactsToVoltage`. */
export function solveEquipment(reactive: bool, emf: f64, resistance: f64): f64 {
  const dt = load<f64>(run.tick_s);
  const time = <f64>load<i32>(run.tick) * dt;
  return reactive ? solve(emf, resistance, time, dt) : solveCurrents(time, dt);
}

/** Current at the very start, from the open-circuit state. */
export function equipmentAtStart(emf: f64, resistance: f64): f64 {
  return solve(emf, resistance, 0.0, 0.0);
}
