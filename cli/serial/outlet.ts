/**
 * One reader's side of the line: frames go out whole and in order, and one who does not read loses the oldest of them.
 * It is separate because TCP and pseudo-terminal have the same slow readers.
 */
import type { Writable } from 'node:stream';

/** What may wait for a reader beside what the stream itself holds; some minutes of the line. */
const MOST_WAITING_BYTES = 16_384;

export class Outlet {
  /** Writes that were dropped because the reader was too slow. */
  dropped = 0;
  private readonly waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  constructor(
    private readonly stream: Writable,
    private readonly mostWaitingBytes = MOST_WAITING_BYTES,
  ) {
    stream.on('drain', () => this.flush());
  }

  /** Gives the stream the bytes in one write, now or when it has room again. */
  write(bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.flush();
    while (this.waitingBytes > this.mostWaitingBytes) {
      this.take();
      this.dropped++;
    }
  }

  private take(): Uint8Array {
    const bytes = this.waiting.shift()!;
    this.waitingBytes -= bytes.length;
    return bytes;
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.stream.writable && !this.stream.writableNeedDrain) this.stream.write(this.take());
  }

  /** Gives the stream all that waits; nothing is written after it. */
  finish(): void {
    while (this.waiting.length > 0 && this.stream.writable) this.stream.write(this.take());
  }
}
