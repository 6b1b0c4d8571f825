/**
 * The bench at this moment as the drawing needs it: every part's figures, and where truth and belief differ.
 * Pure: the same state and design give the same figures.
 */
import { settingValue, sourceKind, sourceList, valueOf } from '../../document.ts';
import { BenchReader } from '../../simulation/benchReader.ts';
import type { BenchState } from '../../simulation/benchState.ts';
import type { RunPlan } from '../../simulation/protocol.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { wordFor, WORDS } from '../../words.ts';
import { designedJoints, unexplained_V } from './readings.ts';

/** Currents under this are leakage and noise, no flow worth an arrow. */
const FLOW_A = 0.5;
/** From these on truth and belief are said to differ: beyond what the front end's resolution and sampling alone explain. Of cells, what remains of a reading. */
export const DIFFERS = { V: 0.005, A: 0.2, degC: 0.2, soc: 0.01 } as const;
/** Ends of the colour scale around the mean, whichever holds the pack. */
const SCALES_V = [0.01, 0.03, 0.1, 0.3, 1] as const;

export interface CellNow {
  group: number;
  voltage_V: number;
  /** Undefined without a unit. */
  measured_V: number | undefined;
  /** The unit has something else than what its channel would measure by design. */
  differs: boolean;
  soc: number;
  bleed_A: number;
  /** Place on the colour scale, -1 … 1 around the mean: of the truth, and of what the unit has. */
  place: number;
  measuredPlace: number;
  rank: '' | 'lowest' | 'highest';
  /** Beyond a protection voltage. */
  limit: '' | 'over' | 'under';
}

export interface BenchNow {
  reader: BenchReader;
  hasUnit: boolean;
  parallel: number;
  cells: CellNow[];
  mean_V: number;
  scale_V: number;
  current_A: number;
  flow: 'charge' | 'discharge' | 'none';
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function benchNow(state: BenchState, plan: RunPlan, document: Json): BenchNow {
  const { series, parallel, hasUnit } = plan;
  const reader = new BenchReader(state.values, { series, parallel });
  const volts = reader.list('group.voltage_V');
  const measured = reader.list('measuredCell.voltage_V');
  const bleeds = reader.list('bleed.current_A');
  const socs = reader.list('cell.soc');
  const mean_V = meanOf(volts);
  const [low, high] = [volts.indexOf(Math.min(...volts)), volts.indexOf(Math.max(...volts))];
  const spread = Math.max(...volts.map((value) => Math.abs(value - mean_V)));
  const scale_V = SCALES_V.find((scale) => spread <= scale) ?? SCALES_V.at(-1)!;
  const top = hasUnit ? Number(settingValue(document, 'overChargeProtectionVoltage_V')) : Infinity;
  const bottom = hasUnit ? Number(settingValue(document, 'overDischargeProtectionVoltage_V')) : -Infinity;
  const current_A = reader.value('pack.current_A');
  const hasMoved = hasUnit && Math.abs(reader.value('measured.current_A') - current_A) >= DIFFERS.A;
  const joints_Ohm = designedJoints(document, series);
  const remains_V = unexplained_V({ truth_V: volts, measured_V: measured, joints_Ohm, current_A, hasMoved });
  const placeAt = (value_V: number) => Math.min(Math.max((value_V - mean_V) / scale_V, -1), 1);
  const cells = Array.from(volts, (voltage_V, group): CellNow => {
    const measured_V = hasUnit ? measured[group]! : undefined;
    return {
      group,
      voltage_V,
      measured_V,
      differs: hasUnit && Math.abs(remains_V[group]!) >= DIFFERS.V,
      soc: meanOf(socs.subarray(group * parallel, (group + 1) * parallel)),
      bleed_A: bleeds[group]!,
      place: placeAt(voltage_V),
      measuredPlace: placeAt(measured_V ?? voltage_V),
      rank: low === high ? '' : group === low ? 'lowest' : group === high ? 'highest' : '',
      limit: voltage_V >= top ? 'over' : voltage_V <= bottom ? 'under' : '',
    };
  });
  const flow = Math.abs(current_A) < FLOW_A ? 'none' : current_A > 0 ? 'charge' : 'discharge';
  return { reader, hasUnit, parallel, cells, mean_V, scale_V, current_A, flow };
}

/** Colour of a place on the scale: blue below the mean, orange above, by tokens of the page. */
export function scaleColour(place: number): string {
  const share = Math.round(Math.abs(place) * 100);
  return `color-mix(in oklab, var(${place < 0 ? '--data-low' : '--data-high'}) ${share}%, var(--cell))`;
}

const CHARGES: readonly string[] = ['charger', 'profile', 'household', 'driveCycle', 'hybridInverter'];
const LOADS: readonly string[] = ['resistor', 'parasitic', 'inverter', 'profile', 'household', 'driveCycle', 'hybridInverter'];

/** Indices of the sources that stand at the charger's or at the load's place, by their kinds. */
export function sourcesAt(document: Json, place: 'charger' | 'load'): number[] {
  const [kinds, sign] = place === 'charger' ? ([CHARGES, 1] as const) : ([LOADS, -1] as const);
  return sourceList(document).flatMap((source, index) => {
    const kind = sourceKind(source);
    const amount = Number(valueOf(source, 'constantCurrent_A') ?? valueOf(source, 'constantPower_W') ?? 0);
    const isSigned = kind === 'constantCurrent' || kind === 'constantPower';
    return kind === undefined || kinds.includes(kind) || (isSigned && amount * sign > 0) ? [index] : [];
  });
}

/** What stands at the charger's and at the load's place, in words. */
export function equipmentOf(document: Json): { charger: string; load: string } {
  const sources = sourceList(document);
  const told = (place: 'charger' | 'load') => {
    const kinds = sourcesAt(document, place).map((index) => sourceKind(sources[index]!));
    const names = kinds.map((kind) => (kind === undefined ? WORDS.bench.other : wordFor(WORDS.bench.kinds, kind)));
    return names.length === 0 ? WORDS.bench.nothing : [...new Set(names)].join(' + ');
  };
  return { charger: told('charger'), load: told('load') };
}

/** The groups that T1 and T2 touch, as the design says or the unit has it. */
export function sensorGroups(document: Json, series: number): [number, number] {
  const given = valueOf(document, 'bms.sensing.temperature');
  const groupAt = (index: number, otherwise: number) => {
    const group = Array.isArray(given) ? valueOf(given, `[${index}].group`) : undefined;
    return typeof group === 'number' && group < series ? group : otherwise;
  };
  return [groupAt(0, 0), groupAt(1, Math.floor(series / 2))];
}
