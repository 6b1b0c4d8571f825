/**
 * What a serial line is to the command: a place with an address that takes bytes, counts what happens and can be closed.
 */

export interface LineCounts {
  /** Readers that came. */
  readers: number;
  /** Readers that were turned away: too many at once, or they spoke HTTP. */
  refused: number;
  /** Bytes that readers sent; the line only sends, so they were dropped. */
  receivedBytes: number;
  /** Writes that slow readers lost. */
  dropped: number;
}

export interface Line {
  /** What a reader opens: `127.0.0.1:PORT`, or the path of a terminal. */
  address: string;
  readonly counts: LineCounts;
  /** Sends the bytes to every reader, as one write each. Never waits and never fails. */
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}
