/**
 * The JSON Schemas of the files that people write, derived from the one schema that checks them.
 * Separate because only readers of schemas need it: command line, documents, editors.
 */
import { z } from 'zod';
import { cellSchema } from '../cells.ts';
import { scenarioSchema } from './schema.ts';

const SCHEMAS = { scenario: scenarioSchema, cell: cellSchema } as const;

export type SchemaName = keyof typeof SCHEMAS;
export const SCHEMA_NAMES = Object.keys(SCHEMAS) as SchemaName[];

/** JSON Schema (draft 2020-12) of what a file may hold; defaults are optional. */
export function jsonSchemaOf(name: SchemaName): unknown {
  return z.toJSONSchema(SCHEMAS[name], { io: 'input', unrepresentable: 'any' });
}
