/**
 * What is shipped with the page: scenarios as text, library cells and profiles as addresses of this origin.
 * A new file in those folders is there at the next build; no list names it.
 */

const scenarioTexts = import.meta.glob<string>('../scenarios/*.json', { query: '?raw', import: 'default', eager: true });
const cellUrls = import.meta.glob<string>('../library/cells/*.json', { query: '?url', import: 'default', eager: true });
const profileUrls = import.meta.glob<string>('../library/profiles/*.csv', { query: '?url', import: 'default', eager: true });

function bareName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '');
}

function byName(files: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(files).map(([path, value]) => [bareName(path), value]));
}

/** Text of each shipped scenario by its file's name without the suffix. */
export const SHIPPED_SCENARIOS = byName(scenarioTexts);
/** Address of each library cell by its name. */
export const CELL_URLS = byName(cellUrls);
/** Address of each shipped profile by its path as a shipped scenario writes it. */
export const PROFILE_URLS = new Map(Object.entries(profileUrls));
