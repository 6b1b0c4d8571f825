/**
 * A run as JSON: provenance, the scenario that was run, and its result.
 * The page opens such a file again as a scenario.
 */
import type { Json } from '../../domain/scenario/json.ts';
import type { KeptRun } from '../runs.ts';
import { provenanceOf } from './provenance.ts';

export function jsonOf(run: KeptRun): string {
  const { document, result } = run;
  const content = { format: 'packbench-run', provenance: provenanceOf(run), scenario: document, result: result as unknown as Json };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
