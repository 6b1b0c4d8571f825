/**
 * The clauses of the vendor's FAQ: how many letters each of its items has.
 * Separate because labs, their documents and tests count by it.
 */

/** Last letter of each item. */
const ITEMS = { 1: 'e', 2: 'd', 3: 'a', 4: 'c', 5: 'e', 6: 'g', 7: 'c', 8: 'g', 9: 'g', 10: 'i', 11: 'b' } as const;

export const FAQ_ITEMS: Record<number, string> = {
  1: 'Relays do not open or close',
  2: 'A cell voltage is displayed wrong',
  3: 'SOC shows zero',
  4: 'SOC is wrong',
  5: 'The current is unstable or wrong',
  6: 'The cell difference falls slowly',
  7: 'STOP seems to do nothing',
  8: 'A firmware update times out',
  9: 'Charging stops',
  10: 'Discharging stops',
  11: 'The back light stays on',
};

function lettersTo(last: string): string[] {
  return Array.from({ length: last.charCodeAt(0) - 'a'.charCodeAt(0) + 1 }, (_, place) => String.fromCharCode('a'.charCodeAt(0) + place));
}

/** `1a` … `11b`, in their order. */
export const FAQ_CLAUSES: readonly string[] = Object.entries(ITEMS).flatMap(([item, last]) =>
  lettersTo(last).map((letter) => `${item}${letter}`),
);

/** Number of the item that a clause belongs to. */
export function itemOf(clause: string): number {
  return Number.parseInt(clause, 10);
}
