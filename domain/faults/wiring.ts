/**
 * Faults of the balance harness and of the joints between cells.
 */
import { add, type FaultRow, set } from './row.ts';
import type { FaultName } from './titles.ts';

const OPEN_OHM = 1e12;

const resistance = (min: number, max: number, value: number, what = 'resistance of the lead') => ({
  unit: 'Ohm' as const,
  what,
  min,
  max,
  default: value,
});

export const WIRING_FAULTS = {
  openSenseWire: {
    catalogue: 'W1',
    target: 'wire',
    severity: resistance(1e6, OPEN_OHM, OPEN_OHM),
    ends: 'restore',
    symptom: 'the two cells at the tap read the same mean or part in the ratio of their inputs; their sum stays',
    reaction: 'none by itself; over charge or over discharge where a reading leaves its limits',
    secondProfile: 'open-wire test by a pull current, warning, balancing inhibited',
    detectable: true,
    faq: ['2a'],
    effects: ({ index }, severity) => [set('pin.resistance_Ohm', severity, index)],
  },
  openEndWire: {
    catalogue: 'W2',
    target: 'endWire',
    ends: 'restore',
    symptom: 'the unit browns out where it is fed through that wire; fed by its own lead, the end cell reads 0 V',
    reaction: 'relays fall open without supply; cell count alarm and over discharge otherwise',
    detectable: true,
    faq: ['2a', '10i'],
    effects: ({ index }) => [set('pin.resistance_Ohm', OPEN_OHM, index)],
  },
  openWireWhileBleeding: {
    catalogue: 'W3',
    target: 'innerWire',
    ends: 'restore',
    symptom: 'the bleeding cell reads near 0 V, its upper neighbour twice its voltage',
    reaction: 'over charge and over discharge trip together',
    secondProfile: 'bleed stopped, measured again, the wire named and not the cell',
    detectable: true,
    faq: ['2a'],
    effects: ({ index, bleed_Ohm, pinTaps }) => [
      set('pin.resistance_Ohm', OPEN_OHM, index),
      set('group.bleedStuck_S', 1 / bleed_Ohm, pinTaps[index]! - 1),
    ],
  },
  corrodedSenseWire: {
    catalogue: 'W4',
    target: 'wire',
    severity: resistance(0.01, 1e5, 1, 'resistance added to the lead'),
    ends: 'restore',
    symptom: 'while a cell at the tap bleeds without a pause, it reads low and its neighbour high',
    reaction: 'none: the pause of the bleeds hides it',
    secondProfile: 'difference of the reading between bleed on and off',
    detectable: true,
    faq: ['2a'],
    effects: ({ index }, severity) => [add('pin.resistance_Ohm', severity, index)],
  },
  looseSenseWire: {
    catalogue: 'W5',
    target: 'innerWire',
    severity: resistance(1e3, OPEN_OHM, 1e9),
    ends: 'restore',
    intermittent: { on_s: 0.5, off_s: 1.5 },
    symptom: 'two readings jump against each other while their sum stays',
    reaction: 'none; a long cut-off delay keeps the relays from chattering',
    detectable: true,
    faq: ['2a'],
    effects: ({ index }, severity) => [set('pin.resistance_Ohm', severity, index)],
  },
  swappedSenseWires: {
    catalogue: 'W6',
    target: 'innerWire',
    ends: 'restore',
    symptom: 'three channels are wrong: twice the voltage, the negative voltage, twice the voltage',
    reaction: 'over charge and over discharge trip together',
    detectable: true,
    faq: ['2a'],
    effects: ({ index, pinTaps }) => {
      const tap = pinTaps[index]!;
      const next = pinTaps.findIndex((other, pin) => other === tap + 1 && pin > index);
      return [set('pin.tap', tap + 1, index), set('pin.tap', tap, next)];
    },
  },
  shiftedConnector: {
    catalogue: 'W7',
    target: 'connector',
    ends: 'restore',
    symptom:
      'every channel of the connector reads its upper neighbour, the last one 0 V; beside another connector a cell is shorted through two leads',
    reaction: 'cell count alarm',
    detectable: true,
    faq: ['2a', '10i'],
    effects: ({ index, pinTaps, pinConnectors }) => {
      const pins = pinTaps.map((tap, pin) => ({ tap, pin })).filter(({ pin }) => pinConnectors[pin] === index);
      return pins.map(({ pin }, place) => set('pin.tap', pins[place + 1]?.tap ?? -1, pin));
    },
  },
  looseBusbar: {
    catalogue: 'W8',
    target: 'joint',
    severity: resistance(1e-5, 0.1, 1e-3, 'resistance added to the joint below the group'),
    ends: 'restore',
    symptom: 'one cell seems to sag under load and to rise in charge; heat at the joint',
    reaction: 'cell difference or a voltage limit under current',
    detectable: true,
    faq: ['6g', '10e'],
    effects: ({ index }, severity) => [add('group.link_Ohm', severity, index)],
  },
  blownSenseFuse: {
    catalogue: 'W9',
    target: 'innerWire',
    ends: 'procedure',
    symptom: 'as an open sense wire, and it stays until the fuse is replaced',
    reaction: 'as an open sense wire',
    detectable: true,
    faq: ['2a'],
    effects: ({ index }) => [set('pin.resistance_Ohm', 1e10, index)],
  },
} as const satisfies Partial<Record<FaultName, FaultRow>>;
