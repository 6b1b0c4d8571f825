/*
 * The two relay outputs: driver, coil, armature and contact of each, without the faults of contacts.
 * Runs at the start of a tick, so an order given at the end of a tick acts from the next one.
 *
 * Equations: coil current (46), driver (47).
 */
#include "model.h"

/* Copper, per kelvin above 20 degC (IEC 60028). */
#define COPPER_PER_K 0.0039
#define NO_CELL (-1)

bool mayCharge(const Memory *m) {
  return m->relay[CHARGE_RELAY].closed && (!m->pack_commonPort || m->relay[DISCHARGE_RELAY].closed);
}

bool mayDischarge(const Memory *m) {
  return m->relay[DISCHARGE_RELAY].closed && (!m->pack_commonPort || m->relay[CHARGE_RELAY].closed);
}

/* Resistance of the contacts that discharging current passes. */
double dischargeContact(const Memory *m) {
  double own = m->relay[DISCHARGE_RELAY].contact_Ohm;
  return m->pack_commonPort ? own + m->relay[CHARGE_RELAY].contact_Ohm : own;
}

/* Equation (46). */
static double coilCurrent(const Memory *m, const Relay *r) {
  if (!r->order) return 0.0;
  return m->driver_output_V / (r->coilResistance_Ohm * (1.0 + COPPER_PER_K * (r->temperature_degC - 20.0)));
}

/* Equation (47): over its limit the driver drops both outputs and tries again later. */
static double outputVoltage(Memory *m) {
  int32_t left = m->driver_retryLeft;
  if (left > 1) {
    m->driver_retryLeft = left - 1;
    return 0.0;
  }
  double charge = coilCurrent(m, &m->relay[CHARGE_RELAY]);
  double discharge = coilCurrent(m, &m->relay[DISCHARGE_RELAY]);
  double both = charge + discharge;
  if (most(charge, discharge) > m->driver_eachLimit_A && both > m->driver_limit_A) {
    if (left == 0) report(m, EVENT_driverOverload, true, NO_CELL, both, both, m->driver_limit_A);
    m->driver_retryLeft = m->driver_retryTicks;
    return 0.0;
  }
  if (left == 1) {
    m->driver_retryLeft = 0;
    report(m, EVENT_driverOverload, false, NO_CELL, both, both, m->driver_limit_A);
  }
  return m->driver_output_V;
}

/* The coil, and what its output draws from the pack. */
static void pull(Relay *r, double output) {
  double voltage = r->order ? output : 0.0;
  r->coil_V = voltage;
  r->coilPower_W = r->coilDraw_ratio * voltage * voltage / r->coilResistance_Ohm;
  r->pulled = voltage >= (r->pulled ? r->dropOut_V : r->pullIn_V);
}

/* Opening under more current than the contact can break welds it. */
static bool breaks(Memory *m, Relay *r) {
  if (r->hasWelded) return false;
  double current = fabs(r->current_A);
  if (current <= r->weldsAbove_A) return true;
  r->hasWelded = 1;
  report(m, EVENT_contactWelded, true, NO_CELL, current, current, r->weldsAbove_A);
  return false;
}

static void bounce(Memory *m, Relay *r) {
  int32_t ticks = (int32_t)r->bounceTicks;
  r->bounceLeft = ticks + (ticks & 1);
  if (r->bounce_s > 0.0 && r->bounceTicks == 0.0) report(m, EVENT_relayBounce, true, NO_CELL, r->bounce_s, r->bounce_s, 0.0);
}

/* Position of the contact: follows the armature after its delay, then bounces. */
static int32_t follow(Memory *m, Relay *r) {
  int32_t left = r->bounceLeft;
  if (left > 0 && r->pulled) {
    r->bounceLeft = left - 1;
    return left & 1;
  }
  r->bounceLeft = 0;
  if (r->pulled == r->closed) {
    r->waited = 0;
    return r->closed;
  }
  if (r->waited < (r->pulled ? r->closeTicks : r->openTicks)) {
    r->waited++;
    return r->closed;
  }
  r->waited = 0;
  if (!r->pulled) return !breaks(m, r);
  bounce(m, r);
  return 1;
}

static void move(Memory *m, Relay *r, int code) {
  int32_t next = follow(m, r);
  if (next == r->closed) return;
  r->closed = next;
  report(m, code, next, NO_CELL, next, next, 1.0);
}

static int32_t ordersNow(const Memory *m) {
  return m->relay[CHARGE_RELAY].order | m->relay[DISCHARGE_RELAY].order << 1;
}

/* Outputs and contacts stay as they are while orders and the warmth of the coils do. */
static bool areAtRest(const Memory *m) {
  return m->driver_atRest && ordersNow(m) == m->driver_ordersSeen && m->run_slowDone == m->driver_slowSeen;
}

static bool hasComeToRest(const Relay *r) {
  return r->pulled == r->closed && r->bounceLeft == 0;
}

static void noteRest(Memory *m) {
  m->driver_atRest = m->driver_retryLeft == 0 && hasComeToRest(&m->relay[CHARGE_RELAY]) && hasComeToRest(&m->relay[DISCHARGE_RELAY]);
  m->driver_ordersSeen = ordersNow(m);
  m->driver_slowSeen = m->run_slowDone;
}

/* Without a unit nothing opens the contacts. */
void moveRelays(Memory *m) {
  if (!m->run_hasUnit || areAtRest(m)) return;
  double output = outputVoltage(m);
  for (int i = 0; i < 2; i++) pull(&m->relay[i], output);
  move(m, &m->relay[CHARGE_RELAY], EVENT_chargeRelayClosed);
  move(m, &m->relay[DISCHARGE_RELAY], EVENT_dischargeRelayClosed);
  noteRest(m);
}
