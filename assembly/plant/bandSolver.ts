/**
 * Symmetric equations in which every unknown meets only the next two: factored once, solved as often as wanted.
 * Rows hold diagonal, coupling to the next and to the one after; LDL^T in place (Golub and Van Loan 2013, section 4.3.6).
 */
import { bleedingNode as node } from '../generated/layout';

const ROW: usize = <usize>node.bytes;

export function clearRows(first: usize, count: i32): void {
  memory.fill(first, 0, <usize>count * ROW);
}

export function addTo(row: usize, column: usize, value: f64): void {
  store<f64>(row + column, load<f64>(row + column) + value);
}

/** A conductance between two rows, `apart` rows from each other (1 or 2). */
export function join(row: usize, apart: usize, conductance: f64): void {
  addTo(row, <usize>node.pivot, conductance);
  addTo(row + apart * ROW, <usize>node.pivot, conductance);
  addTo(row, apart == 1 ? <usize>node.next : <usize>node.second, -conductance);
}

/** d_i = A_ii - l_(i-1)² d_(i-1) - m_(i-2)² d_(i-2), with l and m the factors towards the next and the one after. */
export function factor(first: usize, count: i32): void {
  const end = first + <usize>count * ROW;
  for (let row = first; row < end; row += ROW) {
    const inverse = 1.0 / load<f64>(row, node.pivot);
    const next = load<f64>(row, node.next);
    const second = load<f64>(row, node.second);
    store<f64>(row, inverse, node.pivot);
    store<f64>(row, next * inverse, node.next);
    store<f64>(row, second * inverse, node.second);
    if (row + ROW < end) {
      addTo(row + ROW, <usize>node.pivot, -next * next * inverse);
      addTo(row + ROW, <usize>node.next, -next * second * inverse);
    }
    if (row + 2 * ROW < end) addTo(row + 2 * ROW, <usize>node.pivot, -second * second * inverse);
  }
}

/** The right side in `deviation_V` becomes the solution. */
export function solve(first: usize, count: i32): void {
  const last = first + <usize>(count - 1) * ROW;
  for (let row = first; row < last; row += ROW) {
    const value = load<f64>(row, node.deviation_V);
    addTo(row + ROW, <usize>node.deviation_V, -load<f64>(row, node.next) * value);
    if (row + ROW < last) addTo(row + 2 * ROW, <usize>node.deviation_V, -load<f64>(row, node.second) * value);
  }
  for (let row = last; row >= first; row -= ROW) {
    let value = load<f64>(row, node.deviation_V) * load<f64>(row, node.pivot);
    if (row < last) value -= load<f64>(row, node.next) * load<f64>(row + ROW, node.deviation_V);
    if (row + ROW < last) value -= load<f64>(row, node.second) * load<f64>(row + 2 * ROW, node.deviation_V);
    store<f64>(row, value, node.deviation_V);
  }
}
