/**
 * Gives a run as a file: loads the writer that is asked for and hands its bytes to the browser.
 * Separate from the writers, so that the page carries none of them before somebody exports.
 */
import { valueOf } from '../document.ts';
import type { KeptRun } from '../runs.ts';
import type { Workbench } from '../workbench.svelte.ts';
import type { ExportKind } from './kinds.ts';

function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser takes the address up after this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The newest finished run, or the one that is named. */
export async function exportRun(kind: ExportKind, workbench: Workbench, run: KeptRun | undefined = workbench.currentRun): Promise<void> {
  if (run === undefined) return;
  const { fileName } = await import('./provenance.ts');
  const name = fileName(run, kind);
  if (kind === 'csv') {
    const { csvOf } = await import('./csv.ts');
    save(name, new Blob([csvOf(run)], { type: 'text/csv' }));
  } else if (kind === 'parquet') {
    const { parquetOf } = await import('./parquet.ts');
    save(name, new Blob([parquetOf(run)], { type: 'application/vnd.apache.parquet' }));
  } else if (kind === 'json') {
    const { jsonOf } = await import('./json.ts');
    save(name, new Blob([jsonOf(run)], { type: 'application/json' }));
  } else {
    const { pictureOf } = await import('./picture.ts');
    save(name, await pictureOf(run, kind));
  }
}

/** The design as a scenario file, which the command line runs to the same result. */
export async function saveScenario({ design: { document } }: Workbench): Promise<void> {
  const { slugOf } = await import('./provenance.ts');
  const name = String(valueOf(document, 'name') ?? '');
  save(`${slugOf(name)}.json`, new Blob([`${JSON.stringify(document, undefined, 2)}\n`], { type: 'application/json' }));
}
