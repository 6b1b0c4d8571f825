/**
 * Brings a run to a tick that another has come to, in slices between which the worker answers the page.
 * Separate from the session, which shows what it does: this way is not to be seen.
 */
import type { Rewind } from '../../engine/rewind.ts';
import { Tempo } from './tempo.ts';

/** True once the run stands there; false where `isWanted` no longer holds, or the run has ended on its way. */
export function reach(
  rewind: Rewind,
  tick: number,
  isWanted: () => boolean,
  later: (work: () => void, wait_ms: number) => void,
): Promise<boolean> {
  const tempo = new Tempo();
  const { run } = rewind;
  return new Promise((resolve) => {
    const slice = (): void => {
      if (!isWanted()) return resolve(false);
      const isThere = () => run.tick >= tick || run.status !== 'running';
      const go = (ticks: number) => {
        rewind.advance(Math.min(run.tick + ticks, tick));
        return isThere();
      };
      if (isThere() || tempo.slice(go)) resolve(run.tick >= tick);
      else later(slice, 0);
    };
    slice();
  });
}
