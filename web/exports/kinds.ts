/**
 * Kinds of file that a run can be exported as, by their suffix.
 * Separate so that buttons, commands and writers can name them without loading one another.
 */
export const EXPORT_KINDS = ['csv', 'parquet', 'json', 'png', 'svg'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
/** Those that hold the course as numbers, which can be written in more detail than it is drawn. */
export const DETAILED_KINDS = ['csv', 'parquet'] as const satisfies readonly ExportKind[];
export type DetailedKind = (typeof DETAILED_KINDS)[number];

export const FILE_TYPES: Record<DetailedKind, string> = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' };

export function isDetailed(kind: ExportKind): kind is DetailedKind {
  return (DETAILED_KINDS as readonly ExportKind[]).includes(kind);
}
