/**
 * How long a test waits for something that is to come, on a machine that is slow or busy with other things.
 * One figure for all of them: where the thing comes at once, nobody waits that long.
 */
export const PATIENCE_ms = 30_000;
