/*
 * What the unit draws for itself: electronics by the vendor's table, and the coils that are energised.
 * A unit that loses its supply goes off in the kernel and stays on here: the check of agreement would find such a case.
 *
 * Equation: supply behind its leads (48).
 */
#include "model.h"

#define NO_CELL (-1)

/* The search begins where it ended last; the memory holds its row as the distance in bytes. */
static double awakePower(Memory *m, double voltage) {
  static const double volt[CONSUMPTION_KNOTS] = CONSUMPTION_V;
  static const double watt[CONSUMPTION_KNOTS] = CONSUMPTION_W;
  static const double slope[CONSUMPTION_KNOTS] = CONSUMPTION_SLOPE_A;
  int i = m->unit_consumptionRow / (int32_t)sizeof(double);
  while (i > 0 && voltage < volt[i]) i--;
  while (i < CONSUMPTION_KNOTS - 2 && voltage >= volt[i + 1]) i++;
  m->unit_consumptionRow = i * (int32_t)sizeof(double);
  double held = least(most(voltage, volt[0]), volt[CONSUMPTION_KNOTS - 1]);
  return watt[i] + (held - volt[i]) * slope[i];
}

/* Equation (48): voltage behind the leads that feed the unit while it draws a power; 0 where they cannot carry it. */
static double behindLeads(const Memory *m, double voltage, double power) {
  double path = m->harness_supplyPath_Ohm;
  if (path == 0.0) return voltage;
  double square = voltage * voltage - 4.0 * power * path;
  return square < 0.0 ? 0.0 : 0.5 * (voltage + sqrt(square));
}

/* Whether the unit has the voltage to run, with a hysteresis of its own. */
static void followSupply(Memory *m, double voltage) {
  bool was = m->unit_supplied != 0;
  double limit = was ? m->assumed_brownOut_V : m->assumed_brownOutRelease_V;
  bool is = voltage >= limit;
  if (is == was) return;
  m->unit_supplied = is;
  report(m, EVENT_brownOut, was, NO_CELL, voltage, voltage, limit);
}

/* A unit whose consumption is left out is fed by the pack too, and loads neither it nor the leads. */
static double unitCurrent(Memory *m, double voltage) {
  if (!m->unit_hasConsumption) {
    followSupply(m, voltage * m->unit_supply_ratio);
    return 0.0;
  }
  bool on = m->unit_switchedOn != 0.0;
  double coils = on ? m->relay[CHARGE_RELAY].coilPower_W + m->relay[DISCHARGE_RELAY].coilPower_W : 0.0;
  double wanted = on ? awakePower(m, voltage) + coils + m->unit_extra_W : 0.0;
  double atUnit = behindLeads(m, voltage, wanted);
  followSupply(m, atUnit * m->unit_supply_ratio);
  bool runs = on && m->unit_supplied;
  m->unit_coilPower_W = runs ? coils : 0.0;
  return runs && atUnit > 0.0 ? wanted / atUnit : 0.0;
}

/* Current at the pack's last voltage. */
void drawConsumption(Memory *m) {
  if (!m->run_hasUnit) return;
  m->unit_current_A = unitCurrent(m, most(m->pack_voltage_V, 0.0));
  m->pack_consumption_A = m->unit_current_A;
}
