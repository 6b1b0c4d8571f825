/**
 * What will not work as designed, found without running: settings, equipment and pack held against one another.
 * Each finding names the path to change and, where there is one, the FAQ clause behind it.
 */
import { COIL_CURRENT_A, COIL_V, MODELS, RELAY_FOR_VERSION, type RelayRating } from '../domain/device.ts';
import { fuseBody, inverterOf } from '../domain/scenario/equipment.ts';
import { type Bms, sourcesOf } from '../domain/scenario/schema.ts';
import { settingsOf } from '../domain/scenario/read.ts';
import { rowOf, SETTING_NAMES, type Settings } from '../domain/settings.ts';
import { linearAt, nodeTables, tableAt } from './cellTables.ts';
import type { LoadedScenario } from './load.ts';
import { isIsothermal } from './packState.ts';

export interface Finding {
  severity: 'problem' | 'advice' | 'note';
  path: string;
  message: string;
  faq: string[];
}

interface Context {
  loaded: LoadedScenario;
  bms: Bms;
  settings: Settings;
}

const problem = (path: string, message: string, ...faq: string[]): Finding => ({ severity: 'problem', path, message, faq });
const advice = (path: string, message: string, ...faq: string[]): Finding => ({ severity: 'advice', path, message, faq });
const note = (path: string, message: string): Finding => ({ severity: 'note', path, message, faq: [] });

/** A lead of this resistance has a bad contact. */
const CORRODED_OHM = 0.5;
const CAPACITY_TOLERANCE = 0.1;
const WARM_degC = 25;

function capacityFindings({ loaded, settings }: Context): Finding[] {
  const real = loaded.cell.capacity_Ah * loaded.scenario.pack.parallel;
  if (Math.abs(settings.batteryCapacity_Ah / real - 1) <= CAPACITY_TOLERANCE) return [];
  return [
    problem(
      'bms.settings.batteryCapacity_Ah',
      `The unit counts with ${settings.batteryCapacity_Ah} Ah but the pack has ${real} Ah: its SOC will be wrong.`,
      '4a',
    ),
  ];
}

function voltageFindings({ loaded, settings, bms }: Context): Finding[] {
  const { cell } = loaded;
  const findings: Finding[] = [];
  const most = cell.limits?.maximumVoltage_V;
  const least = cell.limits?.minimumVoltage_V;
  if (cell.chemistry !== undefined && cell.chemistry !== bms.chemistry)
    findings.push(problem('bms.chemistry', `The unit is set to ${bms.chemistry} but the cell is ${cell.chemistry}.`));
  if (most !== undefined && settings.overChargeProtectionVoltage_V > most + 0.005)
    findings.push(problem('bms.settings.overChargeProtectionVoltage_V', `Over charge P is above the cell's limit of ${most} V.`, '9a'));
  if (least !== undefined && settings.overDischargeProtectionVoltage_V < least - 0.005)
    findings.push(
      advice('bms.settings.overDischargeProtectionVoltage_V', `Over discharge P is below the cell's limit of ${least} V.`, '10a'),
    );
  if (settings.cutOffDelay_s === 0)
    findings.push(
      advice('bms.settings.cutOffDelay_s', 'Cut-off delay is NO: alarms do not open the relays, except beyond the absolute limits.'),
    );
  return findings;
}

function currentFindings({ loaded, settings }: Context): Finding[] {
  const { limits } = loaded.cell;
  const strings = loaded.scenario.pack.parallel;
  const findings: Finding[] = [];
  if (limits?.chargeCurrent_A !== undefined && settings.overChargeCurrent_A > limits.chargeCurrent_A * strings)
    findings.push(
      advice(
        'bms.settings.overChargeCurrent_A',
        `The limit is above the cells' rated ${limits.chargeCurrent_A * strings} A in charge.`,
        '9c',
      ),
    );
  if (limits?.dischargeCurrent_A !== undefined && settings.overDischargeCurrent_A > limits.dischargeCurrent_A * strings)
    findings.push(
      advice(
        'bms.settings.overDischargeCurrent_A',
        `The limit is above the cells' rated ${limits.dischargeCurrent_A * strings} A in discharge.`,
        '10c',
      ),
    );
  return findings;
}

/** Coils: what the nameplate says against what the outputs give. */
function relayFindings({ bms }: Context): Finding[] {
  const rating = (bms.relays.rating_A ?? RELAY_FOR_VERSION[bms.currentVersion_A]) as RelayRating;
  const { driverEach_A, driverTogether_A } = bms.assumptions;
  const coils = (['charge', 'discharge'] as const).map((name) => {
    const { coilVoltage_V, coilCurrent_A = COIL_CURRENT_A[rating], pullIn_ratio } = bms.relays[name];
    return { name, coilVoltage_V, least_V: pullIn_ratio * coilVoltage_V, at12V_A: (coilCurrent_A * COIL_V) / coilVoltage_V };
  });
  const together = coils.reduce((sum, { at12V_A }) => sum + at12V_A, 0);
  const findings = coils
    .filter(({ least_V }) => least_V > COIL_V)
    .map(({ name, coilVoltage_V, least_V }) =>
      problem(
        `bms.relays.${name}.coilVoltage_V`,
        `A coil for ${coilVoltage_V} V pulls in from ${least_V} V; the output gives ${COIL_V} V: the relay will never close.`,
        '1a',
      ),
    );
  if (together > driverTogether_A && coils.some(({ at12V_A }) => at12V_A > driverEach_A))
    findings.push(
      problem(
        'bms.relays',
        `The coils take ${together.toFixed(2)} A together; beyond ${driverTogether_A} A the outputs fall to 0 V and try again.`,
        '1b',
      ),
    );
  else if (coils.some(({ at12V_A }) => at12V_A > driverEach_A))
    findings.push(
      advice(
        'bms.relays.rating_A',
        `A coil takes ${Math.max(...coils.map(({ at12V_A }) => at12V_A)).toFixed(2)} A; the output is specified for ${driverEach_A} A each, or ${driverTogether_A} A for both together.`,
        '1b',
      ),
    );
  return findings;
}

/** Leads: a wire that is named open, and end wires that starve the unit. */
function wiringFindings({ loaded, bms }: Context): Finding[] {
  const { pack, harness } = loaded.scenario;
  const findings = pack.wires.flatMap(({ wire, resistance_Ohm }, index) =>
    resistance_Ohm < CORRODED_OHM
      ? []
      : [
          problem(
            `pack.wires[${index}].resistance_Ohm`,
            `Sense wire ${wire} has ${resistance_Ohm} Ohm: its cells will read wrong while they bleed.`,
            '2a',
          ),
        ],
  );
  const end_Ohm = harness?.wire_Ohm ?? 0;
  if (end_Ohm > 0 && (harness?.supply ?? 'endWires') === 'endWires' && bms.consumption === 'vendor')
    findings.push(note('harness.supply', 'The unit is fed through wires 0 and N: the two end cells read low by what it draws.'));
  return findings;
}

function balanceFindings({ loaded, settings }: Context): Finding[] {
  const findings: Finding[] = [];
  const anywhere = settings.balanceInStorage + settings.balanceInCharge + settings.balanceInDischarge > 0;
  if (!anywhere)
    findings.push(advice('bms.settings.balanceInCharge', 'Balancing is off in every mode: cell differences will only grow.', '6a', '6b'));
  if (anywhere && loaded.scenario.harness === null)
    findings.push(problem('harness', 'Without a harness there is no bleed resistor: balancing cannot do anything.'));
  const top = loaded.cell.ocv.voltage_V.at(-1)!;
  if (anywhere && settings.balanceStartVoltage_V > top)
    findings.push(
      problem(
        'bms.settings.balanceStartVoltage_V',
        `Balancing starts above ${settings.balanceStartVoltage_V} V, which these cells never rest at.`,
        '6c',
      ),
    );
  return findings;
}

function sourcesWithPaths({ scenario }: LoadedScenario) {
  const inList = Array.isArray(scenario.source);
  return sourcesOf(scenario).map((source, index) => ({ source, path: inList ? `source[${index}]` : 'source' }));
}

function chargerFindings({ loaded, settings }: Context): Finding[] {
  const { series } = loaded.scenario.pack;
  return sourcesWithPaths(loaded).flatMap(({ source, path: place }) => {
    if (!('charger' in source)) return [];
    const path = `${place}.charger`;
    const protection = settings.overChargeProtectionVoltage_V * series;
    const findings: Finding[] = [];
    if (source.charger.voltage_V > protection)
      findings.push(
        advice(
          `${path}.voltage_V`,
          `The charger goes to ${source.charger.voltage_V} V; the pack reaches Over charge P at ${protection.toFixed(2)} V, so the BMS and not the charger ends the charge.`,
          '9a',
        ),
      );
    if (source.charger.current_A > settings.overChargeCurrent_A)
      findings.push(
        problem(
          `${path}.current_A`,
          `The charger gives ${source.charger.current_A} A, over the limit of ${settings.overChargeCurrent_A} A.`,
          '9c',
        ),
      );
    if (source.charger.smart && source.charger.ignoresStop)
      findings.push(problem(`${path}.ignoresStop`, 'The charger does not obey COM1: only the charge relay can stop it.', '9a'));
    const defects = (['overVoltage_ratio', 'overCurrent_ratio'] as const).filter((name) => source.charger[name] > 0);
    for (const name of defects)
      findings.push(problem(`${path}.${name}`, `The charger exceeds its own limit by ${(source.charger[name] * 100).toFixed(0)} %.`));
    return findings;
  });
}

/** The unit must open before the fuse melts, and the fuse must be able to interrupt a short circuit. */
function fuseFindings({ loaded, settings }: Context): Finding[] {
  const { fuse } = loaded.scenario.pack;
  if (fuse === null) return [];
  const findings: Finding[] = [];
  const limit = Math.max(settings.overDischargeCurrent_A, settings.overChargeCurrent_A);
  if (fuse.rating_A < limit)
    findings.push(advice('pack.fuse.rating_A', `The fuse carries ${fuse.rating_A} A, the unit allows ${limit} A: the fuse may go first.`));
  const short = shortCircuit_A(loaded);
  if (short > fuse.breakingCapacity_A)
    findings.push(
      problem(
        'pack.fuse.breakingCapacity_A',
        `A short circuit of this pack is about ${short.toPrecision(2)} A; the fuse interrupts at most ${fuse.breakingCapacity_A} A.`,
      ),
    );
  return findings;
}

/** A hybrid inverter that charges without a voltage limit leaves the end of charge to the unit. */
function chargeVoltageFindings({ loaded, settings }: Context): Finding[] {
  const protection = settings.overChargeProtectionVoltage_V * loaded.scenario.pack.series;
  return sourcesWithPaths(loaded).flatMap(({ source, path }) => {
    const limited =
      'household' in source
        ? { name: 'household', ...source.household }
        : 'hybridInverter' in source
          ? { name: 'hybridInverter', ...source.hybridInverter }
          : undefined;
    if (limited === undefined || (limited.chargeVoltage_V ?? Infinity) <= protection) return [];
    return [
      advice(
        `${path}.${limited.name}.chargeVoltage_V`,
        `The hybrid inverter charges beyond ${protection.toFixed(2)} V, so the BMS and not the inverter ends the charge.`,
        '9a',
      ),
    ];
  });
}

/** The inverter should stop before the unit does, and its capacitor must not weld the relay. */
function inverterFindings({ loaded, settings, bms }: Context): Finding[] {
  const { series } = loaded.scenario.pack;
  const rating_A = bms.relays.rating_A ?? RELAY_FOR_VERSION[bms.currentVersion_A];
  return sourcesWithPaths(loaded).flatMap(({ source, path: place }) => {
    const inverter = inverterOf(source);
    if (inverter === undefined) return [];
    const path = `${place}.${'inverter' in source ? 'inverter' : 'hybridInverter'}`;
    const { lowVoltageCutOff_V, busCapacitance_F, precharge, connection_Ohm } = inverter;
    const findings: Finding[] = [];
    const protection = settings.overDischargeProtectionVoltage_V * series;
    if (lowVoltageCutOff_V < protection)
      findings.push(
        advice(
          `${path}.lowVoltageCutOff_V`,
          `The inverter goes down to ${lowVoltageCutOff_V} V; the pack reaches Over discharge P at ${protection.toFixed(2)} V, so the BMS and not the inverter ends the discharge.`,
          '10a',
        ),
      );
    const open_V = openCircuit_V(loaded);
    const inrush_A = open_V / (open_V / shortCircuit_A(loaded) + connection_Ohm);
    if (busCapacitance_F > 0 && precharge === null && inrush_A > rating_A)
      findings.push(
        problem(
          `${path}.precharge`,
          `Without pre-charge the capacitor takes about ${inrush_A.toPrecision(2)} A through a relay of ${rating_A} A when it closes.`,
        ),
      );
    return findings;
  });
}

function openCircuit_V({ cell, scenario }: LoadedScenario): number {
  return scenario.pack.series * linearAt({ x: cell.ocv.soc, y: cell.ocv.voltage_V }, 0.5);
}

/** Current of a dead short at the terminals, warm and at half charge: open-circuit voltage over the ohmic resistance, the fuse's own included. */
function shortCircuit_A(loaded: LoadedScenario): number {
  const { cell, scenario } = loaded;
  const { discharge } = nodeTables(cell);
  const { series, parallel, tab_Ohm, link_Ohm, fuse } = scenario.pack;
  const group_Ohm = (tableAt(discharge, 0.5, WARM_degC) + tab_Ohm) / parallel + link_Ohm;
  const fuse_Ohm = fuse === null ? 0 : fuseBody(fuse).resistance_Ohm;
  return openCircuit_V(loaded) / (series * group_Ohm + fuse_Ohm);
}

function stepFindings({ bms, settings }: Context): Finding[] {
  return SETTING_NAMES.filter((name) => bms.settings[name] !== undefined).flatMap((name) => {
    const row = rowOf(name);
    const steps = settings[name] / row.step;
    if (row.kind === 'switch' || settings[name] === row.special?.value || Math.abs(steps - Math.round(steps)) < 1e-6) return [];
    return [note(`bms.settings.${name}`, `${row.label} is ${settings[name]}; the unit's own menu has steps of ${row.step}.`)];
  });
}

function plantFindings(loaded: LoadedScenario): Finding[] {
  const findings: Finding[] = [];
  if (loaded.scenario.thermal !== null && isIsothermal(loaded))
    findings.push(note('thermal', 'The cell has no thermal figures: all cells are held at ambient.'));
  if (loaded.cell.basis === 'estimate' || loaded.cell.basis === 'assumption')
    findings.push(
      note('pack.cell', `The data of this cell are an ${loaded.cell.basis}: ${loaded.cell.assumptions?.[0] ?? loaded.cell.source ?? ''}`),
    );
  return findings;
}

/** Everything worth knowing before a run, worst first. */
export function checkDesign(loaded: LoadedScenario): Finding[] {
  const { bms } = loaded.scenario;
  const findings = plantFindings(loaded);
  if (bms !== null) {
    const context: Context = { loaded, bms, settings: settingsOf(bms) };
    for (const check of [
      capacityFindings,
      voltageFindings,
      currentFindings,
      relayFindings,
      wiringFindings,
      balanceFindings,
      chargerFindings,
      fuseFindings,
      inverterFindings,
      chargeVoltageFindings,
      stepFindings,
    ])
      findings.push(...check(context));
    if (loaded.scenario.pack.series < MODELS[bms.model] / 2)
      findings.push(note('bms.model', `The ${bms.model} has ${MODELS[bms.model]} channels; a smaller model would do.`));
  }
  const order = ['problem', 'advice', 'note'];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
