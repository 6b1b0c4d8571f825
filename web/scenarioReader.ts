/**
 * The reader of scenarios as the page uses it, with the library of the schemas.
 * It is not among the first files of the page: it is asked for once a pack runs, or when somebody brings a document.
 */
import './jitless.ts';
import { InputError, type InputErrorDetails } from '../domain/errors.ts';
import { type Json, readJson } from '../domain/scenario/json.ts';
import { migrate } from '../domain/scenario/migrate.ts';
import { checkScenario, readCell, readScenario } from '../domain/scenario/read.ts';

export { checkScenario, readCell, readScenario };

/** The document of a scenario file in today's format; throws an InputError with line and path. */
export function openDocument(text: string, file: string): Json {
  readScenario(text, { file });
  return migrate(readJson(text, file).value);
}

export function complaintAbout(document: Json): InputErrorDetails | undefined {
  try {
    checkScenario(document);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.details;
    throw error;
  }
}
