/**
 * Gives a run as a file: loads the writer that is asked for and hands its bytes to the browser.
 * Separate from the writers, so that the page carries none of them before somebody exports.
 */
import { valueOf } from '../document.ts';
import type { KeptRun } from '../runs.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { type DetailedKind, type ExportKind, FILE_TYPES } from './kinds.ts';

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
  const [{ fileName, provenanceOf }, { drawnColumns }] = await Promise.all([import('./provenance.ts'), import('./columns.ts')]);
  const name = fileName(run, kind);
  if (kind === 'csv') {
    const columns = drawnColumns(run);
    const { csvHead, csvRows } = await import('./csv.ts');
    const head = csvHead(
      provenanceOf(run),
      columns.map((column) => column.name),
    );
    save(name, new Blob([head, csvRows(columns)], { type: FILE_TYPES.csv }));
  } else if (kind === 'parquet') {
    const { parquetOf } = await import('./parquet.ts');
    save(name, new Blob([parquetOf(drawnColumns(run), provenanceOf(run))], { type: FILE_TYPES.parquet }));
  } else if (kind === 'json') {
    const { jsonOf } = await import('./json.ts');
    save(name, new Blob([jsonOf(run)], { type: 'application/json' }));
  } else {
    const { pictureOf } = await import('./picture.ts');
    save(name, await pictureOf(run, kind));
  }
}

/** The same with everything that a recording can hold: the run is repeated for it beside the page, with progress, until it is cancelled. */
export async function exportDetailed(kind: DetailedKind, workbench: Workbench, run: KeptRun): Promise<void> {
  const { desk, design } = workbench;
  const [{ fileName, provenanceOf }, { DetailedExport }] = await Promise.all([import('./provenance.ts'), import('./detailed.ts')]);
  desk.endExport();
  const { document, result, plan } = run;
  const work = new DetailedExport();
  const task = { name: run.name, progress: 0, cancel: () => work.end() };
  desk.exporting = task;
  const tell = (progress: number) => {
    if (desk.exporting?.cancel === task.cancel) desk.exporting = { ...task, progress };
  };
  try {
    const { ticks, resultHash } = result;
    const content = await work.write(
      { kind, document, files: design.files, series: plan.series, provenance: provenanceOf(run), ticks, resultHash },
      tell,
    );
    if (content !== undefined) save(fileName(run, kind), content);
  } catch (error) {
    workbench.refuse(error, 'export');
  } finally {
    work.end();
    if (desk.exporting?.cancel === task.cancel) desk.exporting = undefined;
  }
}

/** The design as a scenario file, which the command line runs to the same result. */
export async function saveScenario({ design: { document } }: Workbench): Promise<void> {
  const { slugOf } = await import('./provenance.ts');
  const name = String(valueOf(document, 'name') ?? '');
  save(`${slugOf(name)}.json`, new Blob([`${JSON.stringify(document, undefined, 2)}\n`], { type: 'application/json' }));
}
