/**
 * A run's course as a Parquet file: a column of doubles for each trace, provenance in the file's own metadata.
 * The library that writes it comes with the first one that is asked for.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from './columns.ts';

/** What a run does not have, such as the estimate of a pack without a unit, is no value. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

function valuesOf(values: Float64Array): Float64Array | (number | null)[] {
  return values.every(Number.isFinite) ? values : Array.from(values, known);
}

export function parquetOf(columns: readonly Column[], provenance: Record<string, string>): ArrayBuffer {
  const columnData = columns.map(({ name, values }) => ({ name, data: valuesOf(values), type: 'DOUBLE' as const }));
  const kvMetadata = Object.entries(provenance).map(([key, value]) => ({ key, value }));
  return parquetWriteBuffer({ columnData, kvMetadata });
}
