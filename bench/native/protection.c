/*
 * The protections: compare, delay, trip, hold, release, and the relay orders that follow.
 * A quiet pack costs two comparisons a measurand; rules are followed only where one is violated or not idle.
 */
#include "model.h"

enum { IDLE, TRIPPED, HELD };
enum { BY_SETTING, BY_OFFSET, BY_RETRY, BY_START_OR_CHARGE };
enum { OPEN_CHARGE = 1, OPEN_DISCHARGE = 2, OPEN_BOTH = 3 };
/* Bits of the relays that a rule is about to open, beside those that it opens. */
enum { ABOUT_TO_SHIFT = 2 };
/* Beyond both: the rule is in force, whatever it opens. */
enum { IN_FORCE = 16 };

static double setting(Memory *m, int32_t address) {
  return *(const double *)at(m, address);
}

/* Changes whenever something may have written a setting. */
static int32_t settingsVersion(const Memory *m) {
  return m->command_settingsWritten + m->lcd_settingsStored + m->effect_version;
}

/* The tightest levels of all rules on a measurand: while each stays between its two no rule is violated. */
static void compileBounds(Memory *m) {
  FOR_INDEPENDENT(i, RULE_LANES) {
    m->readingHigh[i] = INFINITY;
    m->readingLow[i] = -INFINITY;
  }
  for (int i = 0; i < m->protection_ruleCount; i++) {
    int which = m->rule[i].measurand;
    double trip = m->ruleTrip[i];
    if (m->rule[i].direction > 0.0)
      m->readingHigh[which] = least(m->readingHigh[which], trip);
    else
      m->readingLow[which] = most(m->readingLow[which], -trip);
  }
}

/* Levels in the rules' integer units from the settings in physical units. */
static void compileLevels(Memory *m) {
  double delay = m->setting_cutOffDelay_s;
  m->protection_alarmOnly = delay == 0.0;
  m->protection_delaySamples = (int32_t)ceil(delay / (m->run_firmwareTicks * m->run_tick_s) - 1e-9);
  for (int i = 0; i < m->protection_ruleCount; i++) {
    Rule *r = &m->rule[i];
    double level = r->threshold ? setting(m, r->threshold) : r->level;
    double key = r->direction * nearestWhole(level * r->perUnit);
    double byOffset = most(key - nearestWhole(r->releaseOffset * r->perUnit), r->releaseLeast * r->perUnit);
    bool switched = !r->enabledBy || setting(m, r->enabledBy) != 0.0;
    r->releaseKey = r->releaseSetting ? r->direction * nearestWhole(setting(m, r->releaseSetting) * r->perUnit) : byOffset;
    r->enabled = switched && (!r->absolute || delay == 0.0);
    m->ruleTrip[i] = r->enabled ? key + r->strict : INFINITY;
  }
  compileBounds(m);
  m->protection_settingsUsed = settingsVersion(m);
}

/* Group that a measurand speaks of, -1 for none. */
static int cellOf(const Memory *m, int which) {
  bool firstIsHotter = m->measured_temperature1_degC >= m->measured_temperature2_degC;
  switch (which) {
    case MEASURAND_cellVoltageMax:
      return m->measured_highestCell;
    case MEASURAND_cellVoltageMin:
    case MEASURAND_cellDifferenceInDischarge:
      return m->measured_lowestCell;
    case MEASURAND_temperatureMax:
      return m->sensor[firstIsHotter ? 0 : 1].group;
    case MEASURAND_temperatureMin:
      return m->sensor[firstIsHotter ? 1 : 0].group;
    default:
      return -1;
  }
}

static void tell(Memory *m, const Rule *r, int32_t code, bool active) {
  int which = r->measurand;
  if (which == MEASURAND_cellCountMismatch) {
    report(m, code, active, -1, m->measured_cellCount, trueValueOf(m, which, -1), m->unit_cellsLearnt);
    return;
  }
  int cell = cellOf(m, which);
  int32_t held = code == r->hold ? r->releaseSetting : 0;
  int32_t from = held ? held : r->threshold;
  report(m, code, active, cell, m->reading[which] / r->perUnit, trueValueOf(m, which, cell), from ? setting(m, from) : r->level);
}

/* Reaching P sets the estimate to full or empty. */
static void anchor(Memory *m, int32_t code) {
  if (code == EVENT_overCharge) anchorSoc(m, 1.0);
  if (code == EVENT_overDischarge) anchorSoc(m, 0.0);
}

static void trip(Memory *m, Rule *r) {
  int32_t now = m->sensing_sample;
  bool thirdInWindow = r->tripSampleBefore > 0 && now - r->tripSampleBefore <= r->windowSamples;
  r->latched = r->releaseBy == BY_RETRY && thirdInWindow;
  r->tripSampleBefore = r->tripSample;
  r->tripSample = now;
  r->pending = 0;
  r->releasing = 0;
  r->state = TRIPPED;
  m->protection_trips++;
  tell(m, r, r->event, true);
  anchor(m, r->event);
}

static void clear(Memory *m, Rule *r) {
  bool held = r->state == HELD;
  r->state = IDLE;
  r->pending = 0;
  r->releasing = 0;
  if (r->latched) {
    r->tripSample = 0;
    r->tripSampleBefore = 0;
  }
  r->latched = 0;
  tell(m, r, held ? r->hold : r->event, false);
}

/* Counts samples in a row for which something holds; true when they span the delay. */
static bool lasts(Rule *r, bool holds, int32_t delay) {
  r->releasing = holds ? r->releasing + 1 : 0;
  return r->releasing > delay;
}

/* START is a command, and there are none here. */
static bool isReleased(const Memory *m, Rule *r, double key, int32_t delay) {
  if (r->releaseBy == BY_SETTING || r->releaseBy == BY_OFFSET) return lasts(r, key <= r->releaseKey, delay);
  int32_t retry = r->retrySamples > delay ? r->retrySamples : delay;
  if (r->releaseBy == BY_RETRY) return !r->latched && m->sensing_sample - r->tripSample >= retry;
  return r->releaseBy == BY_START_OR_CHARGE && lasts(r, m->measured_current_A >= m->assumed_releasingCharge_A, delay);
}

/* Between P and R the cause has another name. */
static void exchangeNames(Memory *m, Rule *r, bool violating, bool released, int32_t delay) {
  if (r->hold == 0) return;
  r->pending = violating ? r->pending + 1 : 0;
  if (r->state == TRIPPED && !violating && !released) {
    r->state = HELD;
    tell(m, r, r->event, false);
    tell(m, r, r->hold, true);
  } else if (r->state == HELD && r->pending > delay) {
    r->state = TRIPPED;
    tell(m, r, r->hold, false);
    tell(m, r, r->event, true);
    anchor(m, r->event);
  }
}

/* One rule on one sample; returns the relays that it opens, in the upper bits those that it is about to open, and IN_FORCE. */
static int32_t follow(Memory *m, int i, int32_t delay) {
  Rule *r = &m->rule[i];
  double key = m->reading[r->measurand] * r->direction;
  bool violating = key >= m->ruleTrip[i];
  if (r->state == IDLE) {
    r->pending = violating ? r->pending + 1 : 0;
    if (r->pending > delay) trip(m, r);
  } else if (!r->enabled || isReleased(m, r, key, delay))
    clear(m, r);
  else
    exchangeNames(m, r, violating, key <= r->releaseKey, delay);
  if (r->state != IDLE || r->pending > 0) m->protection_busy++;
  bool silent = m->protection_alarmOnly && !r->absolute;
  if (silent) return r->state != IDLE ? IN_FORCE : 0;
  if (r->state != IDLE) return r->opens | IN_FORCE;
  return r->pending > 0 ? r->opens << ABOUT_TO_SHIFT : 0;
}

/* In whole vectors: lanes beyond the last measurand have no bounds. */
static bool anyViolated(const Memory *m) {
  int64_t violated = 0;
  for (int i = 0; i < (MEASURANDS + LANES - 1) / LANES * LANES; i++)
    violated |= (m->reading[i] >= m->readingHigh[i]) | (m->reading[i] <= m->readingLow[i]);
  return violated != 0;
}

/* Runs every rule on this sample and writes the relay orders. */
void protect(Memory *m) {
  if (m->protection_settingsUsed != settingsVersion(m)) compileLevels(m);
  int32_t opens = 0;
  if (m->protection_busy || anyViolated(m)) {
    m->protection_busy = 0;
    for (int i = 0; i < m->protection_ruleCount; i++) opens |= follow(m, i, m->protection_delaySamples);
  }
  m->protection_alarm = (opens & IN_FORCE) != 0;
  int32_t pending = opens >> ABOUT_TO_SHIFT & OPEN_BOTH;
  opens &= OPEN_BOTH;
  if (m->unit_anyAlarmOpensBoth) {
    if (opens) opens = OPEN_BOTH;
    if (pending) pending = OPEN_BOTH;
  }
  /* An open relay does not close onto a violation that is about to open it again. */
  if (!m->relay[CHARGE_RELAY].order) opens |= pending & OPEN_CHARGE;
  if (!m->relay[DISCHARGE_RELAY].order) opens |= pending & OPEN_DISCHARGE;
  m->relay[CHARGE_RELAY].order = !(opens & OPEN_CHARGE);
  m->relay[DISCHARGE_RELAY].order = !(opens & OPEN_DISCHARGE);
}
