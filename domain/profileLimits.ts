/**
 * The largest profile that is read: sizes, times and values.
 * Apart from the reader because who opens a file need not load the parser.
 */
export const PROFILE_LIMITS = {
  bytes: 256 * 1024 * 1024,
  rows: 5_000_000,
  columns: 1000,
  lineLength: 100_000,
  gap_s: 3.2e7,
  time_s: 1e12,
  magnitude: 1e9,
} as const;
