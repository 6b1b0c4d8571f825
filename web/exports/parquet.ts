/**
 * A run's course as a Parquet file: a column of doubles for each trace, provenance in the file's own metadata.
 * The library that writes it comes with the first one that is asked for.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { KeptRun } from '../runs.ts';
import { columnsOf } from './columns.ts';
import { provenanceOf } from './provenance.ts';

/** What a run does not have, such as the estimate of a pack without a unit, is no value. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function parquetOf(run: KeptRun): ArrayBuffer {
  const columnData = columnsOf(run).map(({ name, values }) => ({ name, data: Array.from(values, known), type: 'DOUBLE' as const }));
  const kvMetadata = Object.entries(provenanceOf(run)).map(([key, value]) => ({ key, value }));
  return parquetWriteBuffer({ columnData, kvMetadata });
}
