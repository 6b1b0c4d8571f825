/**
 * Faults of cells and of what cools them.
 */
import { add, type ColumnChange, type FaultRow, impulse, scale, set, type Target } from './row.ts';
import type { FaultName } from './titles.ts';

/** The same change on the target's cell, or on every parallel cell of its group. */
function each({ index, position, parallel }: Target, make: (index: number, position: number) => ColumnChange[]): ColumnChange[] {
  const positions = position === undefined ? Array.from({ length: parallel }, (_, each) => each) : [position];
  return positions.flatMap((place) => make(index, place));
}

function capacity(ratio: number): (index: number, position: number) => ColumnChange[] {
  return (index, position) => [
    scale('cell.capacity_Ah', ratio, index, position),
    scale('cell.socPerAmpereTick', 1 / ratio, index, position),
    scale('cell.perCoulomb', 1 / ratio, index, position),
    scale('cell.hysteresisPerAmpere', 1 / ratio, index, position),
  ];
}

function resistances(ratio: number, withPairs: boolean): (index: number, position: number) => ColumnChange[] {
  const factors = ['chargeFactor_ratio', 'dischargeFactor_ratio', ...(withPairs ? ['rc1Factor_ratio', 'rc2Factor_ratio'] : [])];
  return (index, position) => factors.map((name) => scale(`cell.${name}`, ratio, index, position));
}

const short = (min: number, max: number, value: number) => ({
  unit: 'Ohm' as const,
  what: 'resistance of the short',
  min,
  max,
  default: value,
});
const shorted = (target: Target, ohm: number) => [add('cell.short_S', 1 / ohm, target.index, target.position ?? 0)];

export const CELL_FAULTS = {
  capacityMismatch: {
    catalogue: 'B6',
    target: 'cell',
    severity: { unit: 'ratio', what: 'capacity over its own', min: 0.1, max: 1.5, default: 0.9 },
    ends: 'restore',
    symptom: 'the cell is highest at the end of charge and lowest at the end of discharge',
    reaction: 'balancing cannot remove it',
    detectable: true,
    faq: ['6g'],
    effects: (target, severity) => each(target, capacity(severity)),
  },
  capacityLoss: {
    catalogue: 'L5',
    target: 'cell',
    severity: { unit: 'ratio', what: 'capacity left', min: 0.1, max: 1, default: 0.7 },
    ends: 'restore',
    symptom: 'the cell reaches both limits first and sags more than the others',
    reaction: 'earlier over charge and over discharge',
    detectable: true,
    faq: ['6g', '9a', '10a'],
    effects: (target, severity) => [...each(target, capacity(severity)), ...each(target, resistances(1 + (1 - severity), true))],
  },
  highImpedance: {
    catalogue: 'L6',
    target: 'cell',
    severity: { unit: 'ratio', what: 'resistances over their own', min: 1, max: 50, default: 4 },
    ends: 'restore',
    symptom: 'the cell sags under load and peaks in charge; at rest it is like the others',
    reaction: 'limits of voltage or cell difference under current only',
    detectable: true,
    faq: ['6g', '10e'],
    effects: (target, severity) => each(target, resistances(severity, true)),
  },
  softShort: {
    catalogue: 'L1',
    target: 'cell',
    severity: short(10, 1e6, 100),
    ends: 'restore',
    symptom: 'the cell slowly falls behind at rest and needs more balancing',
    reaction: 'none for days',
    secondProfile: 'trend of the charge that each cell needs',
    detectable: false,
    faq: ['6e'],
    effects: shorted,
  },
  microShort: {
    catalogue: 'L2',
    target: 'cell',
    severity: short(0.01, 100, 0.1),
    ends: 'restore',
    lasts_s: 1,
    symptom: 'a dip of the voltage that no current explains',
    reaction: 'none',
    detectable: false,
    faq: [],
    effects: shorted,
  },
  hardShort: {
    catalogue: 'L3',
    target: 'cell',
    severity: short(1e-3, 1, 0.02),
    ends: 'restore',
    symptom: 'the voltage falls, the cell heats fast',
    reaction: 'over discharge, temperature where a sensor is near',
    secondProfile: 'voltage drop with a fast rise of temperature: open and latch',
    detectable: true,
    faq: ['10a', '10f'],
    effects: (target, severity) => [...shorted(target, severity), ...each(target, resistances(1.5, false))],
  },
  thermalRunaway: {
    catalogue: 'L4',
    target: 'cell',
    severity: { unit: 'W', what: 'heat that starts it', min: 1, max: 1e5, default: 2000 },
    ends: 'procedure',
    lasts_s: 600,
    symptom: 'the cell heats itself by more than 1 K/s and heats its neighbours',
    reaction: 'high temperature or temperature difference where a sensor is near',
    secondProfile: 'warning less than 5 minutes after onset',
    detectable: true,
    faq: ['9d', '9f'],
    effects: ({ index, position = 0 }, severity) => [set('cell.abuse_W', severity, index, position)],
  },
  deeplyDischarged: {
    catalogue: 'L7',
    target: 'cell',
    severity: { unit: 'soc', what: 'state of charge', min: -0.5, max: 0.05, default: -0.1 },
    ends: 'impulse',
    symptom: 'the cell is far below its limit, perhaps reversed',
    reaction: 'over discharge; charging is not refused',
    secondProfile: 'never charged again',
    detectable: true,
    faq: ['10a'],
    effects: (target, severity) => each(target, (index, position) => [{ ...impulse('cell.soc', severity, index), position }]),
  },
  selfDischarge: {
    catalogue: 'L8',
    target: 'cell',
    severity: { unit: 'A', what: 'current at full charge', min: 1e-5, max: 10, default: 0.05 },
    ends: 'restore',
    symptom: 'the difference grows at rest',
    reaction: 'none for days',
    detectable: true,
    faq: ['6e'],
    effects: (target, severity) => each(target, (index, position) => [add('cell.leak_A', severity, index, position)]),
  },
  openParallelCell: {
    catalogue: 'L9',
    target: 'parallelCell',
    ends: 'restore',
    symptom: 'the group has less capacity and more resistance',
    reaction: 'none by itself',
    detectable: true,
    faq: ['6g'],
    effects: ({ index, position = 0 }) => [set('cell.tab_Ohm', 1e9, index, position)],
  },
  swollenCell: {
    catalogue: 'L10',
    target: 'cell',
    severity: { unit: 'ratio', what: 'R0 over its own', min: 1, max: 10, default: 1.5 },
    ends: 'restore',
    symptom: 'more resistance and less cooling',
    reaction: 'none',
    secondProfile: 'a pressure sensor',
    detectable: false,
    faq: ['6g'],
    effects: (target, severity) => [
      ...each(target, resistances(severity, false)),
      ...each(target, (index, position) => [scale('cell.toAmbient_W_per_K', 0.7, index, position)]),
    ],
  },
  wrongOcvTable: {
    catalogue: 'L11',
    target: 'none',
    severity: { unit: 'V', what: 'distance of its curve', min: -1, max: 1, default: 0.1 },
    ends: 'restore',
    symptom: 'SOC is wrong after every calibration',
    reaction: 'none',
    detectable: false,
    faq: ['4a'],
    effects: (_, severity) => [add('estimate.ocvOffset_V', severity)],
  },
  blockedCooling: {
    catalogue: 'T5',
    target: 'cell',
    severity: { unit: 'ratio', what: 'cooling left', min: 0, max: 1, default: 0.1 },
    ends: 'restore',
    symptom: 'the cell is warmer than the others under load',
    reaction: 'temperature difference where a sensor is on it',
    detectable: true,
    faq: ['9f', '10h'],
    effects: (target, severity) => each(target, (index, position) => [scale('cell.toAmbient_W_per_K', severity, index, position)]),
  },
  coldAmbient: {
    catalogue: 'T6',
    target: 'none',
    severity: { unit: 'degC', what: 'ambient temperature', min: -40, max: 0, default: -10 },
    ends: 'restore',
    symptom: 'cells are charged below 0 degC unless charging stops',
    reaction: 'low temperature opens the charge relay',
    detectable: true,
    faq: ['9e'],
    effects: (_, severity) => [set('pack.ambient_degC', severity)],
  },
} as const satisfies Partial<Record<FaultName, FaultRow>>;
