/**
 * How long a test waits for something that is to come, on a machine that is slow or busy with other things.
 * One figure for all of them: where the thing comes at once, nobody waits that long.
 */
export const PATIENCE_ms = 30_000;

/** Time of the processor since this was called, on whichever thread; the clock on the wall would count what other programs take. */
export function processorTime(): () => number {
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
}
