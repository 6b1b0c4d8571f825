/**
 * Linear least squares by normal equations, with lower bounds on chosen unknowns.
 * It is separate so that every fit of the library uses one solver that can be read on one page.
 */

/** Sums of the normal equations A x = b for `size` unknowns. */
export class NormalEquations {
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  weight = 0;
  squares = 0;

  constructor(readonly size: number) {
    this.matrix = new Float64Array(size * size);
    this.right = new Float64Array(size);
  }

  /** Adds one sample: the non-zero regressors `value[0..count)` at the unknowns `index[0..count)`. Only the upper triangle is kept. */
  add(index: Int32Array, value: Float64Array, count: number, target: number, weight: number): void {
    for (let a = 0; a < count; a++) {
      const scaled = weight * value[a];
      const row = index[a];
      this.right[row] += scaled * target;
      for (let b = a; b < count; b++) {
        const column = index[b];
        this.matrix[row <= column ? row * this.size + column : column * this.size + row] += scaled * value[b];
      }
    }
    this.weight += weight;
    this.squares += weight * target * target;
  }

  /** Adds `strength` times the square of a weighted sum of unknowns: a prior that the sum equals `target`. */
  addPrior(index: number[], value: number[], target: number, strength: number): void {
    const weightSoFar = this.weight;
    const squaresSoFar = this.squares;
    this.add(Int32Array.from(index), Float64Array.from(value), index.length, target, strength);
    this.weight = weightSoFar;
    this.squares = squaresSoFar;
  }

  /** Least-squares solution with x[i] >= lower[i] (-Infinity = free): bounds are held one round at a time until none is violated. */
  solve(lower: Float64Array): Float64Array {
    const held = new Array<boolean>(this.size).fill(false);
    for (;;) {
      const solution = this.solveFree(held, lower);
      let violated = false;
      for (let i = 0; i < this.size; i++) {
        if (!held[i] && solution[i] < lower[i] - 1e-12) violated = held[i] = true;
      }
      if (!violated) return solution;
    }
  }

  /** Mean squared residual, per unit of weight, of `x` over the samples added (priors left out only if none were added). */
  meanSquare(x: Float64Array): number {
    let quadratic = 0;
    for (let i = 0; i < this.size; i++) {
      let sum = 0;
      for (let j = 0; j < this.size; j++) sum += this.entry(i, j) * x[j];
      quadratic += x[i] * (sum - 2 * this.right[i]);
    }
    return Math.max(0, (quadratic + this.squares) / this.weight);
  }

  private entry(i: number, j: number): number {
    return this.matrix[i <= j ? i * this.size + j : j * this.size + i];
  }

  /** Cholesky solution with the held unknowns at their bounds. */
  private solveFree(held: boolean[], lower: Float64Array): Float64Array {
    const free: number[] = [];
    for (let i = 0; i < this.size; i++) if (!held[i]) free.push(i);
    const n = free.length;
    const factor = new Float64Array(n * n);
    const solution = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let right = this.right[free[i]];
      for (let j = 0; j < this.size; j++) if (held[j]) right -= this.entry(free[i], j) * lower[j];
      for (let j = 0; j <= i; j++) {
        let sum = this.entry(free[i], free[j]);
        if (i === j) sum += 1e-12 * this.weight + 1e-14 * sum;
        for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
        if (i === j && !(sum > 0)) throw new Error(`normal equations are singular at unknown ${free[i]} of ${this.size}`);
        factor[i * n + j] = i === j ? Math.sqrt(sum) : sum / factor[j * n + j];
      }
      for (let k = 0; k < i; k++) right -= factor[i * n + k] * solution[k];
      solution[i] = right / factor[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) solution[i] -= factor[k * n + i] * solution[k];
      solution[i] /= factor[i * n + i];
    }
    const full = Float64Array.from(lower, (bound) => (Number.isFinite(bound) ? bound : 0));
    free.forEach((unknown, i) => (full[unknown] = solution[i]));
    return full;
  }
}
