/**
 * Kinds of file that a run can be exported as, by their suffix.
 * Separate so that buttons, commands and writers can name them without loading one another.
 */
export const EXPORT_KINDS = ['csv', 'parquet', 'json', 'png', 'svg'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
