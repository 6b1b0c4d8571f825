/**
 * Publishes what is derived from tables: JSON Schemas for editors that complete and check while one types, and the fault catalogue.
 * `--check` writes nothing and fails where a committed file is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultRow } from '../domain/faults/catalogue.ts';
import { type FaultName, FAULT_NAMES, FAULT_TITLES } from '../domain/faults/titles.ts';
import { UNITS } from '../domain/quantity.ts';
import { jsonSchemaOf, SCHEMA_NAMES } from '../domain/scenario/jsonSchema.ts';

const DOCS = new URL('../docs/', import.meta.url);

function faultLine(name: FaultName): string {
  const { catalogue, target, severity, ends, symptom, reaction, secondProfile, detectable, faq } = faultRow(name);
  const range =
    severity === undefined ? '' : `${severity.what}, ${severity.min} to ${severity.max} ${UNITS[severity.unit]} (${severity.default})`;
  const seen = detectable ? reaction : `*not detectable with this sensor set*; ${reaction}`;
  const second = secondProfile === undefined ? '' : ` Second profile: ${secondProfile}.`;
  return `| ${catalogue} | \`${name}\` | ${FAULT_TITLES[name]} | ${target} | ${range} | ${ends} | ${symptom} | ${seen}.${second} | ${faq.join(', ')} |`;
}

function faultCatalogue(): string {
  return [
    '# Fault catalogue',
    '',
    'Made from the rows in `domain/faults/`. A scenario names a row under `faults`: `{ "fault": "openSenseWire", "target": 5, "when": { "time_s": 60 } }`.',
    'Severity: what it means, its range and its default. Ends: `restore` by itself or by repair as if it had never been, `procedure` by repairing or',
    'replacing a part, `impulse` strikes once. The reaction is that of the device of the FAQ; where it has no means to tell, the row says so.',
    '',
    '| no. | fault | what | target | severity | ends | symptom | reaction | FAQ |',
    '|---|---|---|---|---|---|---|---|---|',
    ...FAULT_NAMES.map(faultLine),
    '',
  ].join('\n');
}

function publish(name: string, text: string): void {
  const target = fileURLToPath(new URL(name, DOCS));
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`docs/${name} is stale: run npm run layout`);
    process.exitCode = 1;
  }
}

mkdirSync(new URL('schema/', DOCS), { recursive: true });
for (const name of SCHEMA_NAMES) publish(`schema/${name}.json`, `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`);
publish('faults.md', faultCatalogue());
