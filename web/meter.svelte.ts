/**
 * The multimeter in the hands of a person: what it measures, where its probes are, and which one touches next.
 * A part of the store; what it reads comes from the run with the state of the bench.
 */
import type { ClampPlace } from '../engine/meter.ts';

export const METER_MODES = ['volts', 'ohms', 'clamp'] as const;
export type MeterMode = (typeof METER_MODES)[number];

/** Where the instrument is held. */
export interface Probing {
  mode: MeterMode;
  red: string;
  black: string;
  around: ClampPlace;
}

export class Meter {
  /** The probes are in hand: a click on the drawing touches a point. */
  isOn = $state(false);
  mode = $state<MeterMode>('volts');
  red = $state('pack +');
  black = $state('pack -');
  around = $state<ClampPlace>('pack');
  /** The probe that touches next. */
  next = $state<'red' | 'black'>('red');
  readonly probing = $derived<Probing>({ mode: this.mode, red: this.red, black: this.black, around: this.around });

  toggle(): void {
    this.isOn = !this.isOn;
    this.next = 'red';
  }

  /** One probe after the other touches a point of the drawing. */
  touch(point: string): void {
    if (this.mode === 'clamp') {
      this.around = CLAMPED[point] ?? 'pack';
      return;
    }
    this[this.next] = point;
    this.next = this.next === 'red' ? 'black' : 'red';
  }

  swap(): void {
    [this.red, this.black] = [this.black, this.red];
  }
}

/** The cable that is nearest to a point. */
const CLAMPED: Record<string, ClampPlace> = {
  'coil charge +': 'charge',
  'coil charge -': 'charge',
  'coil discharge +': 'discharge',
  'coil discharge -': 'discharge',
};

/** The point that is meant by touching a part of the drawing as a whole; undefined where it has none. */
export function pointOfPart(part: string): string | undefined {
  const [kind, rest = ''] = part.split(/-(.*)/s);
  if (kind === 'cell') return `cell ${Number.parseInt(rest, 10)} +`;
  if (kind === 'wire') return `tap ${Number.parseInt(rest, 10)}`;
  if (kind === 'relay') return `coil ${rest} +`;
  return { shunt: 'shunt +', fuse: 'pack +', charger: 'bus +', load: 'bus +' }[part];
}
