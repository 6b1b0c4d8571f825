/*
 * One sample of the unit's firmware: sensing, balancing and the estimate of the state of charge.
 * The protections stand beside it in protection.c.
 */
#include "model.h"

/* Reading and group share one number, so that one minimum gives both: 32 * mV + group. */
#define PER_READING 32.0
/* Counting leaves an SOC of 10 % at 9.999999999 %: that is still 10 %. */
#define SAME_SOC 1e-6
#define TENTHS_PER_AMPERE_HOUR 36000.0
/* Front end and sensors are adjusted at this temperature. */
#define CALIBRATED_DEGC 25.0

enum { DISCHARGE, CHARGE, STORAGE };

/* The line of every channel and the converter's step, which reads highest and lowest, and the sum of whole numbers, exact in any order. */
static void readChannels(Memory *m) {
  double top[LANES], bottom[LANES], sum[LANES];
  FOR_LANES(i) {
    sum[i] = 0.0;
    top[i] = -1e12;
    bottom[i] = 1e12;
  }
  double scale = 1000.0 * (1.0 + m->sensing_referenceDrift_per_K * (m->heat_case_degC - CALIBRATED_DEGC));
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++) {
    Groups *restrict g = &groups[chunk];
    FOR_LANES(i) {
      double reading = nearestWhole((g->afeVoltage_V[i] * g->line_ratio[i] + g->lineOffset_V[i]) * scale);
      double key = reading * PER_READING;
      g->measured_mV[i] = reading;
      sum[i] += reading;
      bottom[i] = least(bottom[i], key + g->lowBias[i]);
      top[i] = most(top[i], key + g->highBias[i]);
    }
  }
  double lowest = least(least(bottom[0], bottom[1]), least(bottom[2], bottom[3]));
  double highest = most(most(top[0], top[1]), most(top[2], top[3]));
  m->measured_voltageSum_mV = sum[0] + sum[1] + (sum[2] + sum[3]);
  m->measured_lowest_mV = floor(lowest * (1.0 / PER_READING));
  m->measured_highest_mV = floor(highest * (1.0 / PER_READING));
  m->measured_lowestCell = (int32_t)(lowest - m->measured_lowest_mV * PER_READING);
  m->measured_highestCell = (int32_t)(highest - m->measured_highest_mV * PER_READING);
}

static int32_t countCells(Memory *m) {
  if (m->measured_lowest_mV >= m->assumed_cellPresent_V * 1000.0) return m->run_groupCount;
  int32_t count = 0;
  for (int i = 0; i < m->run_groupCount; i++) count += groupsOf(m)[i / LANES].measured_mV[i % LANES] >= m->assumed_cellPresent_V * 1000.0;
  return count;
}

/* The filter on the current sensor follows the mean of every tick. */
void filterCurrent(Memory *m) {
  double time = m->sensing_filterTime_s;
  if (time <= 0.0)
    m->sensing_filtered_A = m->pack_current_A;
  else
    m->sensing_filtered_A += (m->pack_current_A - m->sensing_filtered_A) * (1.0 - exp(-m->run_tick_s / time));
}

/* The displayed current; no equipment here has ripple. */
static void readCurrent(Memory *m) {
  double steady = m->sensing_cableResistance_Ohm * m->sensing_commonMode_ratio / m->sensing_shunt_Ohm;
  double sensed = m->sensing_filtered_A + steady * m->pack_current_A;
  double biased = sensed * m->sensing_currentGain_ratio + m->sensing_currentOffset_A;
  double corrected = (biased - m->sensing_correctionOffset_A) * m->sensing_correction_ratio;
  double range = m->sensing_currentRange_A;
  double current = nearestWhole(least(most(corrected, -range), range) * 10.0);
  m->measured_current_A = current / 10.0;
  m->unit_mode = current >= STORAGE_CURRENT_A * 10.0 ? CHARGE : current <= STORAGE_CURRENT_A * -10.0 ? DISCHARGE : STORAGE;
}

/* Displayed temperature of a sensor: its own, which follows cell or air. */
static double readTemperature(Memory *m, Sensor *s) {
  double touched = *(const double *)at(m, (int32_t)s->cell);
  double around = s->contact_ratio == 1.0 ? touched : s->contact_ratio * touched + (1.0 - s->contact_ratio) * m->pack_ambientNow_degC;
  double before = s->temperature_degC;
  double period = m->run_firmwareTicks * m->run_tick_s;
  double own = s->lag_s > 0.0 ? before + (around - before) * (1.0 - exp(-period / s->lag_s)) : around;
  s->temperature_degC = own;
  double shown = s->slope_ratio == 1.0 ? own : CALIBRATED_DEGC + s->slope_ratio * (own - CALIBRATED_DEGC);
  return nearestWhole((shown + s->offset_K) * 10.0) / 10.0;
}

/* Temperatures move on slow steps; a sensor with a lag of its own moves at every sample. */
static bool temperaturesAreDue(Memory *m) {
  if (m->run_slowDone == m->sensing_slowFelt && !m->sensing_lagging) return false;
  m->sensing_lagging = m->sensor[0].lag_s > 0.0 || m->sensor[1].lag_s > 0.0;
  m->sensing_slowFelt = m->run_slowDone;
  return true;
}

static void readTemperatures(Memory *m) {
  m->measured_temperature1_degC = readTemperature(m, &m->sensor[0]);
  m->measured_temperature2_degC = readTemperature(m, &m->sensor[1]);
  m->measured_case_degC = nearestWhole(m->heat_case_degC * 10.0) / 10.0;
}

void sense(Memory *m) {
  m->sensing_sample++;
  double currentBefore = m->measured_current_A;
  readCurrent(m);
  bool turned = directionHasTurned(m, currentBefore);
  if (turned) keepVoltages(m);
  readChannels(m);
  if (turned) formImpedances(m, currentBefore);
  m->measured_cellCount = countCells(m);
  if (temperaturesAreDue(m)) readTemperatures(m);
}

/* Every measurand in its integer unit. */
void formMeasurands(Memory *m) {
  double current = nearestWhole(m->measured_current_A * 10.0);
  double t1 = nearestWhole(m->measured_temperature1_degC * 10.0);
  double t2 = nearestWhole(m->measured_temperature2_degC * 10.0);
  double difference = m->measured_highest_mV - m->measured_lowest_mV;
  double *reading = m->reading;
  reading[MEASURAND_cellVoltageMax] = m->measured_highest_mV;
  reading[MEASURAND_cellVoltageMin] = m->measured_lowest_mV;
  reading[MEASURAND_chargeCurrent] = current;
  reading[MEASURAND_dischargeCurrent] = 0.0 - current;
  reading[MEASURAND_temperatureMax] = most(t1, t2);
  reading[MEASURAND_temperatureMin] = least(t1, t2);
  reading[MEASURAND_temperatureDifference] = fabs(t1 - t2);
  reading[MEASURAND_cellDifferenceInDischarge] = m->unit_mode == DISCHARGE ? difference : 0.0;
  reading[MEASURAND_soc] = floor(m->estimate_soc * 10000.0 + SAME_SOC);
  reading[MEASURAND_cellCountMismatch] = m->unit_cellsLearnt == 0 ? 0.0 : fabs((double)(m->measured_cellCount - m->unit_cellsLearnt));
}

static bool mayBalance(const Memory *m) {
  if (m->unit_mode == CHARGE) return m->setting_balanceInCharge != 0.0;
  if (m->unit_mode == DISCHARGE) return m->setting_balanceInDischarge != 0.0;
  return m->setting_balanceInStorage != 0.0;
}

/* Bleeding stops when the case is hot and resumes when it has cooled. */
static bool caseIsTooHot(Memory *m) {
  bool was = m->balance_tooHot != 0;
  double reading = m->measured_case_degC;
  bool is = was ? reading > m->assumed_balanceResume_degC : reading >= m->assumed_balanceStop_degC;
  if (is != was) {
    m->balance_tooHot = is;
    report(m, EVENT_balancingTooHot, is, -1, reading, m->heat_case_degC, is ? m->assumed_balanceStop_degC : m->assumed_balanceResume_degC);
  }
  return is;
}

/* Orders the bleed of every channel that reads more than `level` mV. */
static void orderAbove(Memory *m, double level) {
  bool turned = false;
  int chunks = chunkCount(m);
  Groups *groups = groupsOf(m);
  for (int chunk = 0; chunk < chunks; chunk++)
    for (int i = 0; i < LANES; i++) {
      double order = groups[chunk].measured_mV[i] > level ? 1.0 : 0.0;
      if (order != groups[chunk].bleedOrder[i]) turned = true;
      groups[chunk].bleedOrder[i] = order;
    }
  if (turned) m->balance_orders++;
}

void balanceCells(Memory *m) {
  double lowest = m->measured_lowest_mV;
  double difference = m->measured_highest_mV - lowest;
  double startDifference = nearestWhole(m->setting_balanceStartDifference_V * 1000.0);
  bool starts = lowest > nearestWhole(m->setting_balanceStartVoltage_V * 1000.0) && difference >= startDifference;
  bool active = !caseIsTooHot(m) && starts && mayBalance(m);
  bool was = m->balance_active != 0;
  if (active)
    orderAbove(m, lowest + startDifference - 0.5);
  else if (was)
    orderAbove(m, INFINITY);
  if (active == was) return;
  m->balance_active = active;
  report(m, EVENT_balancing, active, m->measured_highestCell, difference / 1000.0, difference / 1000.0,
         m->setting_balanceStartDifference_V);
}

/* Into both copies of the memory. */
void anchorSoc(Memory *m, double soc) {
  m->estimate_soc = soc;
  m->estimate_storedCopy_soc = soc;
}

static void beginSegment(Memory *m, int32_t mode) {
  m->estimate_segmentMode = mode;
  m->estimate_segmentTenths = 0.0;
  m->estimate_calibrationDue = 0;
  m->estimate_restSamples = 0;
}

/* SOC from the unit's OCV table at the mean cell voltage; nothing where the curve is too flat to tell. */
static void calibrate(Memory *m) {
  int32_t cells = m->measured_cellCount > 1 ? m->measured_cellCount : 1;
  double voltage = m->measured_voltageSum_mV / 1000.0 / cells - m->estimate_ocvOffset_V;
  const double *table = at(m, m->estimate_ocvBase);
  int steps = m->estimate_ocvCount - 1;
  int i = 0;
  while (i < steps - 1 && voltage >= table[i + 1]) i++;
  double rise = table[i + 1] - table[i];
  if (rise * steps < m->assumed_calibrationSlope_V) return;
  double before = m->estimate_soc;
  anchorSoc(m, least(most((i + (voltage - table[i]) / rise) / steps, 0.0), 1.0));
  report(m, EVENT_socCalibrated, true, -1, m->estimate_soc, trueSoc(m), before);
}

static void followSegment(Memory *m) {
  if (m->unit_mode != STORAGE) {
    if (m->unit_mode != m->estimate_segmentMode) beginSegment(m, m->unit_mode);
    m->estimate_segmentTenths += nearestWhole(fabs(m->measured_current_A) * 10.0);
    return;
  }
  if (m->estimate_segmentMode != STORAGE) {
    double needed = m->assumed_calibrationSwing_fraction * m->setting_batteryCapacity_Ah * TENTHS_PER_AMPERE_HOUR;
    bool enough = m->estimate_segmentTenths * (m->run_firmwareTicks * m->run_tick_s) >= needed * (1.0 - 1e-12);
    beginSegment(m, STORAGE);
    m->estimate_calibrationDue = enough;
    return;
  }
  if (!m->estimate_calibrationDue) return;
  m->estimate_restSamples++;
  if (m->estimate_restSamples * (m->run_firmwareTicks * m->run_tick_s) < m->assumed_calibrationRest_s) return;
  m->estimate_calibrationDue = 0;
  calibrate(m);
}

/* Coulomb counting on what the unit displays. */
void estimateSoc(Memory *m) {
  double current = m->measured_current_A;
  double effective = current > 0.0 ? current * m->estimate_efficiency_ratio : current;
  double soc = m->estimate_soc + effective * m->unit_periodHours / m->setting_batteryCapacity_Ah;
  anchorSoc(m, least(most(soc, 0.0), 1.0));
  followSegment(m);
}
