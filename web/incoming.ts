/**
 * What comes to the page from outside, by a file or by a link, and what it does to the design.
 * Apart from the store because it only uses what every other change of the design uses.
 */
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import type { Json } from '../domain/scenario/json.ts';
import { type Claim, findingOf } from './claim.ts';
import type { Design } from './design.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import { sourceList, sourcePath, valueOf } from './document.ts';
import { edit } from './history.ts';
import type { Kept } from './kept.svelte.ts';
import { isLink, openLink, type SharedView } from './link.ts';
import { bytesOf, type OpenedFile, readFile } from './opening.ts';
import { profileFor } from './profiles.ts';
import { WORDS } from './words.ts';

/** What is needed of a workbench to which something comes. */
export interface Receiver {
  design: Design;
  desk: Desk;
  look(view: SharedView): void;
  refuse(error: unknown, what: 'file'): void;
  run(): Promise<void>;
  setPace(pace: number): Promise<void>;
  kept: Kept;
  /** Name of the run that is shown among the kept ones. */
  runKey: string;
}

/** Takes up the design of a link without running it; a bad link is refused and changes nothing. */
export async function openAddress(to: Receiver): Promise<InputErrorDetails | undefined> {
  const fragment = location.hash;
  if (!isLink(fragment)) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const { document, view } = await openLink(fragment);
    to.design.replace(document, undefined, WORDS.history.link);
    to.look(view);
    to.desk.notice = WORDS.link.opened;
    return undefined;
  } catch (error) {
    to.refuse(error, 'file');
    return error instanceof InputError ? error.details : undefined;
  }
}

/** Scenarios, cells and profiles, several at once; a bad file changes nothing. */
export async function openFiles(to: Receiver, files: readonly File[]): Promise<void> {
  try {
    const opened: OpenedFile[] = [];
    for (const file of files) opened.push(await readFile(file));
    const brought = opened.flatMap((each) => (each.kind === 'profile' ? [[each.name, each.bytes] as const] : []));
    if (brought.length > 0) to.design.files = { ...to.design.files, ...Object.fromEntries(brought) };
    const scenario = opened.find((each) => each.kind === 'scenario');
    for (const each of opened) {
      if (each.kind === 'cell') takeCell(to, each.id, each.cell);
      else if (each.kind === 'profile' && scenario === undefined) follow(to, each.name, each.bytes, 0);
    }
    if (scenario === undefined) return;
    to.design.replace(scenario.document, undefined, WORDS.history.opened(String(valueOf(scenario.document, 'name') ?? '')));
    if (scenario.claim === undefined) await to.run();
    else await repeat(to, scenario.claim);
  } catch (error) {
    to.refuse(error, 'file');
  }
}

/** An exported run is over: it is repeated as fast as possible, and stands in the list under its name with what came of it. */
async function repeat(to: Receiver, claim: Claim): Promise<void> {
  await to.setPace(Infinity);
  await to.run();
  const id = to.runKey;
  to.kept.whenRecorded(id, ({ result }) => {
    const finding = findingOf(claim, result);
    to.kept.adopt(id, claim.name, finding);
    to.desk.notice = WORDS.claims[finding](claim.name);
  });
}

function takeCell(to: Receiver, id: string, cell: Json): void {
  const named = edit(to.design.document, `cells.${id}`, cell).document;
  to.design.replace(edit(named, 'pack.cell', id).document, to.design.scenarioId, WORDS.history.cell(id));
}

/** Makes a CSV file the profile of a source; where there is none, it becomes the first. */
export async function takeProfile(to: Receiver, file: File, index: number): Promise<void> {
  try {
    const opened = await readFile(file);
    const bytes = opened.kind === 'profile' ? opened.bytes : await bytesOf(file, 0);
    to.design.files = { ...to.design.files, [file.name]: bytes };
    follow(to, file.name, bytes, index);
  } catch (error) {
    to.refuse(error, 'file');
  }
}

function follow(to: Receiver, name: string, bytes: Uint8Array, index: number): void {
  const hasSource = sourceList(to.design.document).length > index;
  to.design.change(hasSource ? sourcePath(to.design.document, index) : 'source', profileFor(name, bytes));
  to.design.endTyping();
}
