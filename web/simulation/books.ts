/**
 * What went through the pack between two moments of a run, exactly: the kernel's own sums at both of them.
 * The drawing would not do, because its points are the extremes of what they stand for.
 */
import type { Rewind } from '../../engine/rewind.ts';
import type { Run } from '../../engine/run.ts';
import { Tempo } from './tempo.ts';

export interface Between {
  time_s: number;
  packVoltage_V: number;
  /** Positive where it was charged. */
  charge_Ah: number;
  energy_Wh: number;
}

/** Sums since the start, and what is now. */
function sumsOf({ time_s, compiled }: Run): Between {
  compiled.kernel.exports.settle();
  const { total, pack } = compiled.scalars;
  return {
    time_s,
    packVoltage_V: pack.voltage_V,
    charge_Ah: total.chargeIn_Ah - total.chargeOut_Ah,
    energy_Wh: total.energyIn_Wh - total.energyOut_Wh,
  };
}

export class Books {
  private readonly tempo = new Tempo();
  private latest: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly rewind: Rewind,
    private readonly later: (work: () => void, wait_ms: number) => void,
  ) {}

  /** From one moment to another, each at the nearest tick that the run has come to. One answer after the other. */
  between(from_s: number, until_s: number): Promise<Between> {
    const answer = this.latest.then(async () => {
      const from = await this.at(from_s);
      const until = await this.at(until_s);
      return {
        time_s: until.time_s - from.time_s,
        packVoltage_V: until.packVoltage_V - from.packVoltage_V,
        charge_Ah: until.charge_Ah - from.charge_Ah,
        energy_Wh: until.energy_Wh - from.energy_Wh,
      };
    });
    this.latest = answer;
    return answer;
  }

  private async at(time_s: number): Promise<Between> {
    const { tick: present, loaded } = this.rewind.run;
    const tick = Math.min(Math.max(Math.round(time_s / loaded.scenario.tick_s), 0), present);
    const run = await this.rewind.nearest(tick);
    const isThere = () => run.tick >= tick || run.status !== 'running';
    const go = (ticks: number) => {
      run.advance(Math.min(run.tick + ticks, tick));
      return isThere();
    };
    return new Promise((resolve) => {
      const slice = (): void => {
        if (isThere() || this.tempo.slice(go)) resolve(sumsOf(run));
        else this.later(slice, 0);
      };
      slice();
    });
  }
}
