/*
 * What the unit shows at every sample: alarm LED and beeper, display, light and indicators; and the impedance at a turn of the current.
 * Buttons and sleep are commands, and there are none here.
 */
#include "model.h"

#define PER_OHM 10000.0
#define PER_MILLIOHM 10.0

enum { STORAGE = 2 };

/* Whether the current goes the other way than the last one that went any way. */
bool directionHasTurned(Memory *m, double currentBefore) {
  int32_t mode = m->unit_mode;
  int32_t before = m->impedance_direction;
  if (mode == before || mode == STORAGE) return false;
  m->impedance_direction = mode;
  return before != STORAGE && fabs(m->measured_current_A - currentBefore) >= m->assumed_impedanceStep_A;
}

void keepVoltages(Memory *m) {
  for (int i = 0; i < m->run_groupCount; i++) {
    Groups *g = &groupsOf(m)[i / LANES];
    g->impedanceFrom_mV[i % LANES] = g->measured_mV[i % LANES];
  }
}

void formImpedances(Memory *m, double currentBefore) {
  double step = m->measured_current_A - currentBefore;
  for (int i = 0; i < m->run_groupCount; i++) {
    Groups *g = &groupsOf(m)[i / LANES];
    double milliohm = (g->measured_mV[i % LANES] - g->impedanceFrom_mV[i % LANES]) / step;
    g->impedance_Ohm[i % LANES] = most(nearestWhole(milliohm * PER_MILLIOHM), 0.0) / PER_OHM;
  }
  m->impedance_tick = m->run_tick;
  m->impedance_mode = m->unit_mode;
  m->impedance_current_A = m->measured_current_A;
}

void followAlarm(Memory *m) {
  int32_t alarm = m->protection_alarm;
  if (!(alarm | m->lamp_alarm)) return;
  if (m->protection_trips != m->beeper_tripsSeen) {
    m->beeper_tripsSeen = m->protection_trips;
    m->beeper_untilTick = m->run_tick + nearestWhole(m->assumed_beeperTime_s / m->run_tick_s);
  }
  m->lamp_alarm = alarm;
  m->beeper_on = alarm && m->run_tick < m->beeper_untilTick;
}

static bool isLit(const Memory *m) {
  double time = m->setting_lcdBacklightTime_s;
  if (time < 0.0 || m->lamp_alarm) return true;
  return (m->run_tick - m->lcd_operationTick) * m->run_tick_s < time - 1e-9;
}

static void showBleeds(Memory *m, bool on) {
  int32_t orders = on && m->lcd_hasIndicators ? m->balance_orders : -1;
  if (orders == m->lcd_ordersShown) return;
  m->lcd_ordersShown = orders;
  for (int i = 0; i < m->run_groupCount; i++) {
    Groups *g = &groupsOf(m)[i / LANES];
    g->indicator[i % LANES] = orders < 0 ? 0.0 : g->bleedOrder[i % LANES];
  }
}

/* A dark display without an alarm changes with the orders of the bleeds only: settings stay here. */
void refreshDisplay(Memory *m) {
  if (!(m->lcd_lit | m->lamp_alarm) && m->lcd_versionShown == m->protection_settingsUsed && m->lcd_ordersShown == m->balance_orders) return;
  bool runs = m->unit_state == STATE_running;
  bool on = m->lcd_plugged != 0.0 && runs;
  m->serial_sends = runs && m->serial_silent == 0.0;
  m->lcd_on = on;
  m->lcd_versionShown = m->protection_settingsUsed;
  m->lcd_lit = on && m->lcd_lightStuck == 0.0 && isLit(m);
  showBleeds(m, on);
}
