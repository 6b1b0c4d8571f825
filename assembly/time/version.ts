/**
 * One number that tells whether the world outside or an effect has touched anything since somebody last looked.
 * Separate because leads and front end both ask it, so that what can only change from outside is not looked at on every tick.
 */
import { command, effect } from '../generated/layout';

/** Grows with every command and every change of effects. */
export function worldVersion(): i32 {
  return load<i32>(command.next) + load<i32>(effect.version);
}
