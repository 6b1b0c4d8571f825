/**
 * The kernel's memory as one table: every column, its type, who writes it and what it holds.
 * The AssemblyScript constants are generated from it and the TypeScript views are inferred from it.
 *
 * A column has one writer: `compile` (start state), `command` (the world outside) or a stage of the kernel by its file.
 */
import { type Column, f64, i32 } from './column.ts';
import { ASSUMPTION_NAMES, ASSUMPTIONS, type AssumptionName } from './assumptions.ts';
import { EFFECT_COLUMNS } from './memoryEffects.ts';
import { FUSE_COLUMNS, SOURCE_STRUCTURE } from './memoryEquipment.ts';
import { HARNESS_COLUMNS, HARNESS_GROUP, HARNESS_STRUCTURES } from './memoryHarness.ts';
import { RULE_STRUCTURE } from './memoryProtection.ts';
import { DRIVER_COLUMNS, RELAY_STRUCTURE } from './memoryRelay.ts';
import { SENSING_COLUMNS, SENSING_GROUP, SENSOR_STRUCTURE } from './memorySensing.ts';
import { SETTING_NAMES, type SettingName } from './settings.ts';
import { IMAGE_STRUCTURE, UPDATE_COLUMNS } from './memoryUpdate.ts';

export const LANES_PER_CHUNK = 4;
export const F64_BYTES = 8;

export type { Column, ColumnType } from './column.ts';
export { RULE_LANES, VECTORS } from './memoryProtection.ts';

const SETTING_COLUMNS = Object.fromEntries(SETTING_NAMES.map((name) => [name, f64('command', 'setting stored in the unit')])) as Record<
  SettingName,
  Column
>;

const ASSUMPTION_COLUMNS = Object.fromEntries(ASSUMPTION_NAMES.map((name) => [name, f64('compile', ASSUMPTIONS[name].help)])) as Record<
  AssumptionName,
  Column
>;

/** Single values at fixed addresses, in sections. */
export const SCALARS = {
  run: {
    tick_s: f64('compile', 'length of a tick'),
    slow_s: f64('time/schedule', 'length of the slow step that ends now; a hastened one is shorter'),
    tick: i32('kernel', 'ticks done'),
    chunkBytes: i32('compile', 'bytes of one layer of cell chunks'),
    positionCount: i32('compile', 'cells in parallel: layers of cell chunks'),
    groupBytes: i32('compile', 'bytes of the group chunks'),
    groupBase: i32('compile', 'address of the group chunks'),
    groupCount: i32('compile', 'groups in series'),
    slowTicks: i32('compile', 'ticks between slow steps'),
    slowDone: i32('time/schedule', 'ticks done at the last slow step'),
    slowLeft: i32('time/schedule', 'ticks until the next slow step'),
    firmwareTicks: i32('compile', 'ticks between firmware steps'),
    firmwareLeft: i32('time/schedule', 'ticks until the next firmware step'),
    hasUnit: i32('compile', 'a BMS is fitted'),
    hasHysteresis: i32('compile', 'the cell has hysteresis'),
    isothermal: i32('compile', 'cells are held at ambient'),
    hasShorts: i32('compile', 'some cell may have an internal short'),
    hasReactions: i32('compile', 'cells may decompose or be heated'),
    recorderBase: i32('compile', 'address of the recorder'),
    measuring: i32('time/schedule', 'the firmware samples at the end of this tick'),
  },
  ocv: {
    base: i32('compile', 'address of the OCV bins'),
    binCount: f64('compile', 'number of bins over SOC 0…1'),
    lastBin: f64('compile', 'index of the last bin'),
  },
  parameter: {
    base: i32('compile', 'address of the nodes [temperature][soc][8]'),
    socKnots: i32('compile', 'address of the SOC axis'),
    socCount: i32('compile', 'knots on the SOC axis'),
    temperatureKnots: i32('compile', 'address of the temperature axis'),
    temperatureCount: i32('compile', 'knots on the temperature axis'),
    minimumTemperature_degC: f64('compile', 'lower end of the data'),
    maximumTemperature_degC: f64('compile', 'upper end of the data'),
  },
  pack: {
    current_A: f64('plant/network', 'mean current through the terminals over the tick, positive charges'),
    voltage_V: f64('plant/network', 'between the ends of the pack, before shunt and fuse, at the end of the tick'),
    meanVoltage_V: f64('plant/network', 'the same as its mean over the tick'),
    squareCharge_A2s: f64('time/totals', 'integral of the square of the current through the joints'),
    consumption_A: f64('plant/consumption', 'current drawn past the shunt: by the unit, and by parasitic loads before the shunt'),
    ambient_degC: f64('command', 'ambient temperature where no profile gives it'),
    ambientNow_degC: f64('plant/thermal', 'ambient temperature of the slow step'),
    busVoltage_V: f64('plant/network', 'voltage past the fuse, on the load side of the relays'),
    sourceCount: i32('compile', 'rows of equipment'),
    needsThevenin: i32('compile', 'some equipment reacts to voltage'),
    commonPort: i32('compile', 'relays in series: either opens both directions'),
    busSegment_Ohm: f64('compile', 'one bus segment between neighbours on one side'),
    terminalSides: f64(
      'compile',
      '1: current leaves at the far end, 2: at the near one; bus segments that it passes beside the first cell',
    ),
    hasInverter: i32('compile', 'some equipment is an inverter'),
    momentResistance_Ohm: f64('plant/network', 'resistance of the pack at the moment an inverter last met it'),
    rippleSquare_A2: f64('plant/inverter', 'mean square of the current over the tick beyond the square of its mean'),
    rippleAmplitude_A: f64('plant/inverter', 'amplitude of the ripple, all inverters together'),
    rippleFrequency_Hz: f64('plant/inverter', 'frequency of its largest part, 0 where there is none'),
    ripplePower_W: f64('plant/network', 'mean power through the terminals beyond mean current times mean voltage: what that square heats'),
    driftPower_W: f64('plant/network', 'the same by currents of parallel cells that are not in the proportions of their shares'),
    pulse_A2s: f64('plant/inverter', 'the part of it that is inrush, times the tick'),
    pulsePeak_A: f64('plant/inverter', 'peak of the inrush in this tick'),
    externalShort_S: f64('compile', 'conductance of a short behind the discharge relay'),
    reversedCharger_S: f64('compile', 'conductance of a charger that is connected the wrong way round'),
    reversedCharger_V: f64('compile', 'its voltage'),
    parasitic_A: f64('compile', 'drawn past the shunt by what somebody left connected'),
    directLoads: i32('compile', 'some parasitic load is joined before the shunt'),
    overloaded: i32('plant/equipment', 'a load asks for more than the pack can give'),
  },
  heat: {
    edges: i32('compile', 'address of the conductances between neighbours: rows of [lane, lane, W/K]'),
    edgeCount: i32('compile', 'rows of that list'),
    substeps: i32('compile', 'steps of the exchange within a slow step, so that it stays stable'),
    ambientRow: i32('compile', 'address of the row that gives the ambient profile, 0 none'),
    squareSeen_A2s: f64('plant/thermal', 'squareCharge_A2s at the last slow step'),
    case_degC: f64('plant/thermal', 'temperature of the main unit'),
    caseSeen_J: f64('plant/thermal', 'heat in the main unit at the last slow step'),
  },
  fuse: FUSE_COLUMNS,
  unit: {
    switchedOn: f64('command', 'power switch of the main unit'),
    startPresses: f64('command', 'how often START was pressed'),
    startsSeen: f64('firmware/power', 'START presses handled'),
    running: i32('firmware/power', 'the unit is on and has booted'),
    firmware: i32('firmware/update', 'version that runs, row of FIRMWARES'),
    cellsLearnt: i32('firmware/power', 'cell count learnt at first power-on, 0 before'),
    hasConsumption: i32('compile', 'the unit draws power'),
    current_A: f64('plant/consumption', 'current that the unit draws'),
    coilPower_W: f64('plant/consumption', 'power of the coils that are energised'),
    supply_ratio: f64('compile', 'share of the voltage at its leads that reaches the unit'),
    supplied: i32('plant/consumption', 'the voltage at the unit is enough for it to run'),
    halted: f64('compile', 'the loop of the firmware does not go on'),
    mode: i32('firmware/sensing', '0 discharge, 1 charge, 2 storage'),
    anyAlarmOpensBoth: i32('compile', 'policy: any alarm opens both relays'),
    periodHours: f64('compile', 'period of the firmware in hours'),
    chargeHeadroom_V: f64('firmware/com1', 'told to a smart charger: from the highest measured cell to Over charge P'),
  },
  update: UPDATE_COLUMNS,
  setting: SETTING_COLUMNS,
  assumed: ASSUMPTION_COLUMNS,
  sensing: SENSING_COLUMNS,
  measured: {
    current_A: f64('firmware/sensing', 'displayed current'),
    temperature1_degC: f64('firmware/sensing', 'T1'),
    temperature2_degC: f64('firmware/sensing', 'T2'),
    case_degC: f64('firmware/sensing', 'temperature of the main unit as it reads it'),
    highestCell: i32('firmware/sensing', 'group of the highest reading'),
    lowestCell: i32('firmware/sensing', 'group of the lowest reading'),
    highest_mV: f64('firmware/sensing', 'highest reading'),
    lowest_mV: f64('firmware/sensing', 'lowest reading'),
    voltageSum_mV: f64('firmware/sensing', 'sum of the readings'),
    cellCount: i32('firmware/sensing', 'channels that read a cell'),
  },
  estimate: {
    soc: f64('firmware/soc', 'estimated state of charge'),
    ocvOffset_V: f64('compile', "distance of the unit's OCV table from the cell's"),
    segmentTenths: f64('firmware/soc', 'displayed tenths of an ampere summed over the samples since the last turn'),
    segmentMode: i32('firmware/soc', 'direction of the segment, as unit.mode'),
    restSamples: i32('firmware/soc', 'samples at rest since the segment ended'),
    calibrationDue: i32('firmware/soc', 'the segment was long enough'),
    efficiency_ratio: f64('compile', 'coulombic efficiency that the unit assumes'),
    ocvBase: i32('compile', "address of the unit's OCV table, equal steps over SOC 0…1"),
    ocvCount: i32('compile', 'points of that table'),
  },
  balance: {
    tooHot: i32('firmware/balance', 'the case is too warm for bleeding'),
    active: i32('firmware/balance', 'some bleed is ordered'),
    orders: i32('firmware/balance', 'how often an order has changed'),
    bleedConductance_S: f64('compile', 'conductance of a bleed resistor, 0 where there is none'),
  },
  driver: DRIVER_COLUMNS,
  harness: HARNESS_COLUMNS,
  effect: EFFECT_COLUMNS,
  protection: {
    busy: i32('firmware/protection', 'rules that are not idle'),
    settingsUsed: i32('firmware/protection', 'version of the settings that the levels come from, -1 none'),
    ruleCount: i32('compile', 'rows in use'),
    delaySamples: i32('firmware/protection', 'cut-off delay in firmware samples'),
    alarmOnly: i32('firmware/protection', 'cut-off delay is NO'),
  },
  command: {
    base: i32('compile', 'address of the log: time order, rows of [tick, address, value]'),
    count: i32('compile', 'rows of the log'),
    next: i32('time/commands', 'next row'),
    settingsWritten: i32('time/commands', 'version of the settings'),
  },
  event: {
    base: i32('compile', 'address of the ring'),
    capacity: i32('compile', 'rows of the ring'),
    reserve: i32('compile', 'rows that one tick may need at most'),
    total: i32('time/events', 'events so far'),
    stopCode: i32('host', 'the run stops on this event, 0 none, -1 any'),
    stopSeen: i32('time/events', 'that event came'),
  },
  watch: {
    base: i32('compile', 'address of the watched channels, outside the state'),
  },
  limit: {
    maximumVoltage_V: f64('compile', 'of the cell'),
    minimumVoltage_V: f64('compile', 'of the cell'),
    chargeCurrent_A: f64('compile', 'of the cell'),
    dischargeCurrent_A: f64('compile', 'of the cell, negative'),
    maximumTemperature_degC: f64('compile', 'of the cell'),
    minimumTemperature_degC: f64('compile', 'of the cell'),
    chargeTemperature_degC: f64('compile', 'least temperature for charging the cell'),
  },
  total: {
    chargeIn_Ah: f64('time/totals', 'charge into the terminals'),
    chargeOut_Ah: f64('time/totals', 'charge out of the terminals'),
    energyIn_Wh: f64('time/totals', 'energy into the terminals'),
    energyOut_Wh: f64('time/totals', 'energy out of the terminals'),
    consumption_Ah: f64('time/totals', 'charge drawn by the unit'),
    consumption_Wh: f64('time/totals', 'energy drawn by the unit'),
    bled_Ah: f64('time/totals', 'charge through all bleeds'),
    bled_J: f64('time/totals', 'energy in all bleed resistors'),
    harness_J: f64('time/totals', 'energy in leads, inputs and leaks'),
    contact_J: f64('time/totals', 'energy in the contacts of the relays'),
    effectsSeen: i32('time/totals', 'version of the effects when joints were last counted'),
    parasitic_Wh: f64('time/totals', 'energy of loads before the shunt'),
    converterLoss_J: f64('plant/inverter', 'lost in inverters beyond the terminals'),
    coil_J: f64('time/totals', 'energy drawn for the relay coils'),
  },
} as const satisfies Record<string, Record<string, Column>>;

/** Structures repeated at fixed addresses. */
export const STRUCTURES = {
  rule: RULE_STRUCTURE,
  source: SOURCE_STRUCTURE,
  relay: RELAY_STRUCTURE,
  sensor: SENSOR_STRUCTURE,
  image: IMAGE_STRUCTURE,
  ...HARNESS_STRUCTURES,
} as const satisfies Record<string, { count: number; columns: Record<string, Column> }>;

/** Per-cell columns, stored in chunks of four groups with constant offsets inside a chunk. */
export const CELL = {
  soc: f64('plant/cell', 'state of charge, fraction of capacity'),
  socCarry: f64('plant/cell', 'low part of the compensated sum'),
  rc1_V: f64('plant/cell', 'voltage of the first RC pair'),
  rc2_V: f64('plant/cell', 'voltage of the second RC pair'),
  hysteresis_V: f64('plant/cell', 'hysteresis voltage'),
  emf_V: f64('plant/cell', 'open-circuit voltage with entropy and hysteresis'),
  emfPerCoulomb_V: f64('plant/cell', 'slope of the OCV over charge, V per coulomb'),
  voltage_V: f64('plant/cell', "at the cell's own terminals, end of tick"),
  current_A: f64('plant/cell', 'mean over the tick, positive charges'),
  meanVoltage_V: f64('plant/cell', "mean over the tick, at the cell's own terminals"),
  currentAtEnd_A: f64('plant/cell', 'current at the end of the tick, when a bleed may pause'),
  heat_J: f64('plant/cell', 'heat since the run began, but the reversible part'),
  tabHeat_J: f64('plant/cell', 'heat of both tabs since the run began'),
  storedEnergy_J: f64('plant/cell', 'chemical energy and that of the RC pairs, since the run began'),
  movedCharge_C: f64('plant/cell', 'charge moved since the run began, signed'),
  drive_A: f64('plant/ladder', 'current that the parallel group gives the cell'),
  resistance_Ohm: f64('plant/ladder', 'the same: R, held between slow steps'),
  ladderPivot_S: f64('plant/ladder', 'inverse pivot of the bus ladder'),
  ladderShare: f64('plant/ladder', 'cumulative current here per cumulative current before'),
  ladderGain: f64('plant/ladder', 'cumulative current here per group current'),
  ladderWeight: f64('plant/ladder', 'weight of this current in the bar voltage of all that follow'),
  ladderFraction: f64('plant/ladder', 'own current per group current'),
  ladderOffset_A: f64('plant/ladder', 'cumulative current here without group current'),
  temperature_degC: f64('plant/thermal', 'cell temperature'),
  slowHeat_J: f64('plant/thermal', 'heat_J at the last slow step'),
  jointHeat_J: f64('plant/thermal', 'share of the heat of links and bars since the run began'),
  slowJointHeat_J: f64('plant/thermal', 'tabHeat_J and jointHeat_J at the last slow step'),
  exchange_K: f64('plant/thermal', 'rise by neighbours in one substep'),
  slowCharge_C: f64('plant/thermal', 'movedCharge_C at the last slow step'),
  reversibleHeat_J: f64('plant/thermal', 'entropic heat since the run began'),
  lostHeat_J: f64('plant/thermal', 'heat given to ambient since the run began'),
  chargeResistance_Ohm: f64('plant/parameters', 'R0 in charge'),
  dischargeResistance_Ohm: f64('plant/parameters', 'R0 in discharge'),
  rc1Resistance_Ohm: f64('plant/parameters', 'R1'),
  rc1Conductance_S: f64('plant/parameters', '1/R1'),
  rc1Time_s: f64('plant/parameters', 'tau1'),
  rc1Step: f64('plant/parameters', '1 - exp(-dt/tau1)'),
  rc1Taken: f64('plant/parameters', 'share of the pair that the solver of currents sees change'),
  rc1Mean: f64('plant/parameters', 'mean of exp(-t/tau1) over a tick'),
  rc1Spread_s: f64('plant/parameters', 'dt times the variance of exp(-t/tau1) over a tick'),
  rc2Resistance_Ohm: f64('plant/parameters', 'R2'),
  rc2Conductance_S: f64('plant/parameters', '1/R2'),
  rc2Time_s: f64('plant/parameters', 'tau2'),
  rc2Step: f64('plant/parameters', '1 - exp(-dt/tau2)'),
  rc2Taken: f64('plant/parameters', 'share of the pair that the solver of currents sees change'),
  rc2Mean: f64('plant/parameters', 'mean of exp(-t/tau2) over a tick'),
  rc2Spread_s: f64('plant/parameters', 'dt times the variance of exp(-t/tau2) over a tick'),
  entropic_V_per_K: f64('plant/parameters', 'dOCV/dT'),
  shift_V: f64('plant/parameters', 'entropic shift of the OCV'),
  hysteresisLimit_V: f64('plant/parameters', 'half width of the hysteresis'),
  lowest_V: f64('time/record', 'lowest voltage since the run began'),
  highest_V: f64('time/record', 'highest voltage since the run began'),
  coldest_degC: f64('time/record', 'lowest temperature since the run began'),
  hottest_degC: f64('time/record', 'highest temperature since the run began'),
  overVoltage_s: f64('time/exposure', 'time above the highest voltage'),
  underVoltage_s: f64('time/exposure', 'time below the lowest voltage'),
  overChargeCurrent_s: f64('time/exposure', 'time above the rated current in charge'),
  overDischargeCurrent_s: f64('time/exposure', 'time above the rated current in discharge'),
  overTemperature_s: f64('time/exposure', 'time above the highest temperature'),
  underTemperature_s: f64('time/exposure', 'time below the lowest temperature'),
  coldCharge_s: f64('time/exposure', 'time of charging below the least temperature for it'),
  worstCharge_A: f64('time/exposure', 'highest current beyond the rating in charge, 0 none'),
  worstDischarge_A: f64('time/exposure', 'lowest current beyond the rating in discharge, 0 none'),
  outside: f64('plant/parameters', '0 inside its data, 1 outside in SOC, 2 in temperature'),
  capacity_Ah: f64('compile', 'capacity'),
  socPerAmpereTick: f64('compile', 'dt / (3600 Q)'),
  perCoulomb: f64('compile', '1 / (3600 Q)'),
  efficiency_ratio: f64('compile', 'coulombic efficiency in charge'),
  leak_A: f64('compile', 'self-discharge current at SOC 1'),
  hysteresisPerAmpere: f64('compile', 'gamma dt / (3600 Q)'),
  chargeFactor_ratio: f64('compile', 'own R0 over the table in charge'),
  dischargeFactor_ratio: f64('compile', 'own R0 over the table in discharge'),
  rc1Factor_ratio: f64('compile', 'own R1 over the table'),
  rc2Factor_ratio: f64('compile', 'own R2 over the table'),
  rc1TimeFactor_ratio: f64('compile', 'own tau1 over the table'),
  rc2TimeFactor_ratio: f64('compile', 'own tau2 over the table'),
  heatCapacity_J_per_K: f64('compile', 'heat capacity'),
  toAmbient_W_per_K: f64('compile', 'conductance to ambient'),
  tab_Ohm: f64('compile', 'both tabs'),
  short_S: f64('compile', 'conductance of an internal short'),
  shortHeat_J: f64('plant/draws', 'heat of that short since the run began'),
  foreignHeat_J: f64('plant/reaction', 'heat from heaters and decomposition since the run began'),
  abuse_W: f64('compile', 'heat put into the cell from outside'),
  reaction_W: f64('compile', 'heat of its decomposition at the reference temperature, 0 none'),
  reactionLeft_J: f64('plant/reaction', 'heat that its decomposition can still give'),
} as const satisfies Record<string, Column>;

/** Per-group columns, chunked alike. */
export const GROUP = {
  present: f64('compile', '1, and 0 for the padding lanes'),
  link_Ohm: f64('compile', 'joint below the group'),
  voltage_V: f64('plant/cell', "between the group's terminals, end of tick"),
  meanVoltage_V: f64('plant/cell', 'mean over the tick, between the taps'),
  tapVoltage_V: f64('plant/cell', 'between the taps, end of tick'),
  afeVoltage_V: f64('plant/cell', 'at the converter, before its step'),
  ladderVoltage_V: f64('plant/ladder', 'group as E + R I: E'),
  firstResistance_Ohm: f64('plant/ladder', 'the first cell at the end of the tick: R, held between slow steps'),
  ladderResistance_Ohm: f64('plant/ladder', 'the same: R, held between slow steps'),
  busDrop_V: f64('plant/ladder', 'voltage along the bars between the terminals and the cells, weighted by their shares'),
  busHeat_J: f64('plant/ladder', 'heat of the bars since the run began'),
  busPower_W: f64('plant/ladder', 'mean heat of the bars over the tick, without ripple'),
  barResistance_Ohm: f64('plant/ladder', 'the bars as a current that splits by the shares meets them, held between slow steps'),
  slowBusHeat_J: f64('plant/thermal', 'busHeat_J at the last slow step'),
  driftPower_W: f64('plant/cell', 'what its cells, tabs and bars take beyond its current times its mean voltage'),
  rippleResistance_Ohm: f64('plant/cell', 'what ripple meets: R0, tabs and bars by the shares, and the joint below'),
  theveninVoltage_V: f64('plant/network', 'source voltage as the equipment sees it'),
  theveninResistance_Ohm: f64('plant/network', 'resistance as the equipment sees it'),
  linkExtra_J: f64('time/totals', 'heat of the joint below beyond that of the common current'),
  linkCounted_Ohm: f64('time/totals', 'joint below the group as its heat was last counted'),
  slowLinkExtra_J: f64('plant/thermal', 'linkExtra_J at the last slow step'),
  slowLink_Ohm: f64('plant/thermal', 'link_Ohm at the last slow step'),
  ...SENSING_GROUP,
  lowBias: f64('compile', 'group index, and a large number for padding'),
  highBias: f64('compile', 'group index, and a large negative number for padding'),
  bleedOrder: f64('firmware/balance', '1 where the bleed is ordered'),
  ...HARNESS_GROUP,
} as const satisfies Record<string, Column>;

/** Rows of the event ring, all f64. */
export const EVENT_ROW = ['tick', 'code', 'active', 'cell', 'value', 'trueValue', 'limit', 'position'] as const;
/** Rows of the command log, all f64. */
export const COMMAND_ROW = ['tick', 'address', 'value'] as const;

/** Where the record starts: below it lie the kernel's constants (exp and log tables). */
export const RECORD_BASE = 16384;
/** What a parameter node holds, in this order. */
export const PARAMETER_NODE = [
  'chargeResistance',
  'dischargeResistance',
  'resistance1',
  'timeConstant1',
  'resistance2',
  'timeConstant2',
  'entropic',
  'hysteresis',
] as const;
