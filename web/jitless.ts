/**
 * Tells the schema library that the page's policy forbids code made from text, before any schema is built.
 * Separate because it has to be imported first; without it the library would try and be reported for it.
 */
import { config } from 'zod';

config({ jitless: true });
