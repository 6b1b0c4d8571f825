/**
 * The energy book of a run: what went through the terminals against every place where it can have gone.
 * The places stand here once, so that a new one is missed by no balance.
 */
import type { Indicators } from '../../engine/result.ts';

const PLACES = [
  'storedEnergy_Wh',
  'cellLoss_Wh',
  'jointLoss_Wh',
  'fuseLoss_Wh',
  'bleedLoss_Wh',
  'harnessLoss_Wh',
  'shortLoss_Wh',
  'parasiticLoss_Wh',
  'relayConsumption_Wh',
  'unitConsumption_Wh',
] as const;

export interface EnergyBook {
  /** Energy through the terminals, both ways. */
  turnover_Wh: number;
  missing_Wh: number;
}

export function energyBook(indicators: Indicators): EnergyBook {
  const [taken_Wh, given_Wh] = [indicators['energyIn_Wh']!, indicators['energyOut_Wh']!];
  return {
    turnover_Wh: taken_Wh + given_Wh,
    missing_Wh: PLACES.reduce((left, place) => left - indicators[place]!, taken_Wh - given_Wh),
  };
}
