/**
 * Publishes the JSON Schemas of scenario and cell files in docs/schema, for editors that complete and check while one types.
 * `--check` writes nothing and fails where a committed file is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonSchemaOf, SCHEMA_NAMES } from '../domain/scenario/jsonSchema.ts';

const FOLDER = new URL('../docs/schema/', import.meta.url);

function main(): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of SCHEMA_NAMES) {
    const target = fileURLToPath(new URL(`${name}.json`, FOLDER));
    const text = `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`;
    if (!process.argv.includes('--check')) writeFileSync(target, text);
    else if (readFileSync(target, 'utf8') !== text) {
      console.error(`docs/schema/${name}.json is stale: run npm run layout`);
      process.exitCode = 1;
    }
  }
}

main();
