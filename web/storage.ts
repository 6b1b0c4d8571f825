/**
 * What the browser keeps between visits: the design being edited, named designs and kept runs.
 * Whatever is found there is looked at before it is used; what cannot be read is put aside and never lost.
 */
import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import { type Json, printJson } from '../domain/scenario/json.ts';
import { isObject } from './document.ts';
import type { KeptRun } from './runs.ts';

const NAME = 'packbench';
const VERSION = 1;
const STORES = ['autosave', 'designs', 'runs', 'quarantine'] as const;
type StoreName = (typeof STORES)[number];
/** Works of earlier visits that wait to be taken up. */
const MOST_WORKS = 5;

/** A design as it was at some moment. */
export interface SavedDesign {
  id: string;
  name: string;
  at_ms: number;
  document: Json;
  files: Record<string, Uint8Array>;
  scenarioId?: string | undefined;
}

function isSavedDesign(value: unknown): value is SavedDesign {
  const { id, name, at_ms, document, files } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof name === 'string' && typeof at_ms === 'number' && isDocument(document) && isFiles(files);
}

function isDocument(value: unknown): boolean {
  try {
    return isObject(value) && printJson(value).length > 0;
  } catch {
    return false;
  }
}

function isFiles(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((file) => file instanceof Uint8Array);
}

function isKeptRun(value: unknown): value is KeptRun {
  const { id, name, document, frame, plan, result } = (value ?? {}) as Record<string, Record<string, unknown> | string>;
  const hasTexts = typeof id === 'string' && typeof name === 'string' && isDocument(document);
  const hasParts = [frame, plan, result].every((part) => typeof part === 'object' && part !== null);
  return hasTexts && hasParts && (frame as Record<string, unknown>)['values'] instanceof Float64Array;
}

export class Storage {
  private readonly database: Promise<IDBPDatabase>;

  constructor() {
    this.database = openStores();
    // Each use tells of a failure itself.
    this.database.catch(() => undefined);
  }

  /** Keeps what is being edited, under the id of the visit. */
  async saveWork(design: SavedDesign): Promise<void> {
    await this.write('autosave', design);
  }

  /** What was edited in earlier visits and in other tabs, the newest first; no more than a few of them stay. */
  async works(): Promise<SavedDesign[]> {
    const all = (await this.all('autosave', isSavedDesign)).sort((one, other) => other.at_ms - one.at_ms);
    for (const { id } of all.slice(MOST_WORKS)) await this.forgetWork(id);
    return all.slice(0, MOST_WORKS);
  }

  async forgetWork(id: string): Promise<void> {
    await (await this.database).delete('autosave', id);
  }

  designs(): Promise<SavedDesign[]> {
    return this.all('designs', isSavedDesign);
  }

  runs(): Promise<KeptRun[]> {
    return this.all('runs', isKeptRun);
  }

  async put(store: 'designs' | 'runs', value: SavedDesign | KeptRun): Promise<void> {
    await this.write(store, value);
  }

  /** Committed at once: the page may be gone before it could hear that the record is written. */
  private async write(store: StoreName, value: SavedDesign | KeptRun): Promise<void> {
    const writing = (await this.database).transaction(store, 'readwrite');
    const written = writing.store.put(value, value.id);
    writing.commit();
    await Promise.all([written, writing.done]);
  }

  async remove(store: 'designs' | 'runs', id: string): Promise<void> {
    await (await this.database).delete(store, id);
  }

  private async all<T>(store: StoreName, isGood: (value: unknown) => value is T): Promise<T[]> {
    const database = await this.database;
    const good: T[] = [];
    for (const key of await database.getAllKeys(store)) {
      const value: unknown = await database.get(store, key);
      if (isGood(value)) good.push(value);
      else await this.putAside(store, key, value);
    }
    return good;
  }

  private async putAside(store: StoreName, key: IDBValidKey, value: unknown): Promise<void> {
    const database = await this.database;
    await database.put('quarantine', value, `${store}/${String(key)}/${Date.now()}`);
    await database.delete(store, key);
  }
}

async function openStores(): Promise<IDBPDatabase> {
  try {
    return await openNamed(NAME);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'VersionError') throw error;
    await quarantineDatabase();
    return openNamed(NAME);
  }
}

function openNamed(name: string): Promise<IDBPDatabase> {
  return openDB(name, VERSION, {
    upgrade(database) {
      for (const store of STORES) if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
    },
  });
}

/** A database of a later version of the page: its records are copied aside and this version starts afresh. */
async function quarantineDatabase(): Promise<void> {
  const later = await openDB(NAME);
  const aside = await openNamed(`${NAME}-quarantine`);
  for (const store of later.objectStoreNames) {
    for (const value of (await later.getAll(store)) as unknown[]) await aside.put('quarantine', value, crypto.randomUUID());
  }
  later.close();
  aside.close();
  await deleteDB(NAME);
}
