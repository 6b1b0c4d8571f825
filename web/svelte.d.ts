/**
 * Makes the types of component files known to the plain TypeScript compiler.
 * Separate because svelte-check brings them itself and needs no such line.
 */
/// <reference types="svelte" />
