/**
 * Effects: columns changed from outside on top of what they hold by nature, so that taking an effect away restores exactly.
 * Reads the triggers that are in force; writes slots and the columns they stand for.
 */
import { effect, effectOp, effectRow, layout, pack, run, slotRow, triggerRow } from '../generated/layout';
import { hastenSlowStep } from './schedule';

function slotsEnd(): usize {
  return <usize>load<i32>(effect.slots) + <usize>load<i32>(effect.slotCount) * <usize>slotRow.bytes;
}

function effectsEnd(): usize {
  return <usize>load<i32>(effect.rows) + <usize>load<i32>(effect.rowCount) * <usize>effectRow.bytes;
}

function changed(op: i32, before: f64, value: f64): f64 {
  if (op == effectOp.set || op == effectOp.impulseSet) return value;
  return op == effectOp.scale ? before * value : before + value;
}

/** Whether a column is one of the cells', whose parameters then have to be formed anew. */
function belongsToCells(address: usize): bool {
  return address >= <usize>layout.cellBase && address < <usize>load<i32>(run.groupBase);
}

/** Every slot from its nominal value and the effects in force, in the order of their declaration. Returns whether cells changed. */
export function recompose(): bool {
  for (let slot = <usize>load<i32>(effect.slots); slot < slotsEnd(); slot += <usize>slotRow.bytes)
    store<f64>(slot + slotRow.value, load<f64>(slot, slotRow.nominal));
  for (let row = <usize>load<i32>(effect.rows); row < effectsEnd(); row += <usize>effectRow.bytes) {
    const op = <i32>load<f64>(row, effectRow.op);
    if (op >= effectOp.impulseSet || load<f64>(<usize>load<f64>(row, effectRow.trigger), triggerRow.on) == 0.0) continue;
    const slot = <usize>load<f64>(row, effectRow.slot);
    store<f64>(slot + slotRow.value, changed(op, load<f64>(slot, slotRow.value), load<f64>(row, effectRow.value)));
  }
  let cellsChanged = false;
  let anyChanged = false;
  for (let slot = <usize>load<i32>(effect.slots); slot < slotsEnd(); slot += <usize>slotRow.bytes) {
    const address = <usize>load<f64>(slot, slotRow.address);
    const value = load<f64>(slot, slotRow.value);
    if (load<f64>(address) == value) continue;
    store<f64>(address, value);
    anyChanged = true;
    if (belongsToCells(address)) cellsChanged = true;
    // As for a command: cells that are held at ambient follow it at once.
    if (address == <usize>pack.ambient_degC && load<i32>(run.isothermal)) hastenSlowStep();
  }
  if (anyChanged) store<i32>(effect.version, load<i32>(effect.version) + 1);
  return cellsChanged;
}

/** Writes the impulses of a trigger once: they change the state itself and are never taken back. */
export function strike(trigger: usize): void {
  let any = false;
  for (let row = <usize>load<i32>(effect.rows); row < effectsEnd(); row += <usize>effectRow.bytes) {
    const op = <i32>load<f64>(row, effectRow.op);
    if (op < effectOp.impulseSet || <usize>load<f64>(row, effectRow.trigger) != trigger) continue;
    const address = <usize>load<f64>(row, effectRow.slot);
    store<f64>(address, changed(op, load<f64>(address), load<f64>(row, effectRow.value)));
    any = true;
  }
  if (any) store<i32>(effect.version, load<i32>(effect.version) + 1);
}
