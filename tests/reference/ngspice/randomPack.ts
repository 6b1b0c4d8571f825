/**
 * Random packs whose every part is linear: what they are, as plain numbers that a netlist and a scenario are both written from.
 * It is separate so that neither of the two writers can hide what the other got wrong.
 */

export interface LinearCell {
  capacity_Ah: number;
  seriesResistance_Ohm: number;
  initialSoc: number;
  /** Both tabs together. */
  tab_Ohm: number;
  rc: { resistance_Ohm: number; timeConstant_s: number }[];
}

export interface LinearPack {
  /** OCV is `ocv_V` plus `slope_V` times SOC. */
  ocv_V: number;
  slope_V: number;
  /** By group from pack negative, then by position. */
  groups: LinearCell[][];
  bus_Ohm: number;
  link_Ohm: number;
  terminals: 'same' | 'diagonal';
  /** Positive charges; each holds from its time to the next one's. */
  steps: { time_s: number; current_A: number }[];
}

export const DURATION_s = 100;
/** A step of the current is a ramp of this length that ends at the step's time. */
export const RAMP_s = 0.001;

/** Uniform numbers in 0…1 from a seed (xorshift, Marsaglia 2003). */
function uniformFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
  for (let warm = 0; warm < 8; warm++) next();
  return next;
}

/** At most six digits, so that the netlist and the scenario read the same number. */
const short = (value: number) => Number(value.toPrecision(6));

/** The pack that belongs to a seed. */
export function randomPack(seed: number): LinearPack {
  const uniform = uniformFrom(seed);
  const between = (least: number, most: number) => short(least + (most - least) * uniform());
  const whole = (least: number, most: number) => least + Math.floor(uniform() * (most - least + 1));
  const sometimes = (share: number) => uniform() < share;
  const around = (value: number, ratio: number) => short(value * (1 + ratio * (2 * uniform() - 1)));

  const series = whole(1, 8);
  const parallel = whole(1, 6);
  const pairs = whole(1, 2);
  const capacity_Ah = between(2, 10);
  const seriesResistance_Ohm = between(0.04, 0.15) / capacity_Ah;
  const initialSoc = between(0.3, 0.7);
  const tab_Ohm = sometimes(0.2) ? 0 : between(0.01, 0.1) * seriesResistance_Ohm;
  const rc = [
    { resistance_Ohm: between(0.2, 0.8) * seriesResistance_Ohm, timeConstant_s: between(5, 60) },
    { resistance_Ohm: between(0.2, 0.8) * seriesResistance_Ohm, timeConstant_s: between(100, 2000) },
  ].slice(0, pairs);
  const cell = (): LinearCell => ({
    capacity_Ah: around(capacity_Ah, 0.1),
    seriesResistance_Ohm: around(seriesResistance_Ohm, 0.3),
    initialSoc: short(initialSoc + between(-0.02, 0.02)),
    tab_Ohm: around(tab_Ohm, 0.5),
    rc: rc.map((pair) => ({ resistance_Ohm: around(pair.resistance_Ohm, 0.3), timeConstant_s: around(pair.timeConstant_s, 0.2) })),
  });
  const groups = Array.from({ length: series }, () => Array.from({ length: parallel }, cell));
  const count = whole(1, 4);
  const steps = Array.from({ length: count }, (_, index) => ({
    time_s: 5 + Math.round((index * 92) / count) + whole(0, 1),
    current_A: sometimes(0.2) ? 0 : between(-1.5, 1.5) * capacity_Ah * parallel,
  }));
  return {
    ocv_V: between(2.5, 3.6),
    slope_V: sometimes(0.25) ? 0 : between(0.1, 1.2),
    groups,
    bus_Ohm: sometimes(0.2) ? 0 : short(between(0.002, 0.05) * seriesResistance_Ohm),
    link_Ohm: sometimes(0.2) ? 0 : short(between(0.01, 0.1) * seriesResistance_Ohm),
    terminals: sometimes(0.5) ? 'same' : 'diagonal',
    steps: steps.map(({ time_s, current_A }) => ({ time_s, current_A: short(current_A) })),
  };
}

/** Corners of the current: 0 at first, then a ramp before each step. */
export function cornersOf({ steps }: LinearPack): [number, number][] {
  let before = 0;
  const corners: [number, number][] = [[0, 0]];
  for (const { time_s, current_A } of steps) {
    corners.push([time_s - RAMP_s, before], [time_s, current_A]);
    before = current_A;
  }
  corners.push([DURATION_s, before]);
  return corners;
}
