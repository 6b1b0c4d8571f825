/**
 * What a list of the scenario needs to say of itself to be edited in the form, whatever its entries are.
 * Commands and expectations are such lists.
 */
import type { JsonObject } from '../../document.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { FieldKind, SchemaRow } from './schemaRows.ts';

export interface Choice {
  value: Json;
  label: string;
}

/** `channel`: a quantity and the part of which it is measured. */
export interface EntryRow extends Omit<SchemaRow, 'kind'> {
  kind: FieldKind | 'channel';
  label: string;
  /** Choices with their names, where the schema's own do not say enough. */
  offered?: readonly Choice[] | undefined;
  /** A name that carries the unit, where the key does not. */
  unitOf?: string | undefined;
  complaint?: string | undefined;
  /** What an empty field of a number means. */
  placeholder?: string | undefined;
}

export interface EntryModel {
  list: 'commands' | 'expect';
  kinds: readonly { value: string; label: string }[];
  kindOf(entry: JsonObject): string;
  /** An entry of a kind as it begins. */
  start(kind: string, now_s: number): JsonObject;
  rows(entry: JsonObject): EntryRow[];
  /** The entry in a line. */
  text(entry: JsonObject): string;
  /** What else follows from another value of a field. */
  changed(entry: JsonObject, key: string): JsonObject;
}
