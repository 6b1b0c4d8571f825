/**
 * The id of the field of a path of the design, so that labels, complaints and tests agree on it.
 * Separate because several kinds of field share it.
 */

export function fieldId(path: string): string {
  return `field-${path.replace(/[^A-Za-z0-9_]+/g, '-')}`;
}
