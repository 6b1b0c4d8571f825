/**
 * Errors of a model against measurement, summed sample by sample.
 * It is separate because every kind of validation sums the same way.
 */
export interface Errors {
  samples: number;
  rmse_mV: number;
  maximum_mV: number;
}

export class ErrorSum {
  private squares = 0;
  private samples = 0;
  private largest = 0;

  add(error_V: number): void {
    this.squares += error_V * error_V;
    this.samples++;
    this.largest = Math.max(this.largest, Math.abs(error_V));
  }

  get figures(): Errors {
    return { samples: this.samples, rmse_mV: Math.sqrt(this.squares / Math.max(this.samples, 1)) * 1000, maximum_mV: this.largest * 1000 };
  }
}

/** The same in words, for people. */
export function errorLine(where: string, { samples, rmse_mV, maximum_mV }: Errors): string {
  return `  ${where}: RMSE ${rmse_mV.toFixed(1)} mV, maximum ${maximum_mV.toFixed(1)} mV over ${samples} samples`;
}
