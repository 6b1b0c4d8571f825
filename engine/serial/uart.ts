/**
 * What a receiver of 8N1 makes of bytes that were sent at another speed than its own.
 * Levels on a wire and nothing else: the line decoder never sees them.
 */

const DATA_BITS = 8;
/** Start, data, stop. */
const BITS_A_BYTE = DATA_BITS + 2;
/** A receiver looks so often within a bit for the edge of a start bit. */
const LOOKS_A_BIT = 16;

/** Level in a bit that was sent: low while starting, then the data from its lowest bit on, else high. */
function levelAt(bytes: Uint8Array, bit: number): number {
  const byte = bytes[Math.floor(bit / BITS_A_BYTE)];
  const place = bit % BITS_A_BYTE;
  if (byte === undefined || place === BITS_A_BYTE - 1) return 1;
  return place === 0 ? 0 : (byte >> (place - 1)) & 1;
}

/** Bytes as they are received where they were sent at `baud_ratio` times the receiver's speed; what has no stop bit is dropped. */
export function heardAt(bytes: Uint8Array, baud_ratio: number): Uint8Array {
  const level = (time_bits: number) => levelAt(bytes, Math.floor(time_bits * baud_ratio));
  const end_bits = (bytes.length * BITS_A_BYTE) / baud_ratio;
  const got: number[] = [];
  let look = 0;
  while (look / LOOKS_A_BIT < end_bits) {
    const edge = look / LOOKS_A_BIT;
    if (level(edge) === 1 || level(edge + 0.5) === 1) {
      look++;
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < DATA_BITS; bit++) byte |= level(edge + 1.5 + bit) << bit;
    if (level(edge + 1.5 + DATA_BITS) === 1) got.push(byte);
    // The next start bit may come right behind the middle of the stop bit.
    look += (BITS_A_BYTE - 0.5) * LOOKS_A_BIT;
  }
  return Uint8Array.from(got);
}
