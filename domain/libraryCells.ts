/**
 * Names of the measured cells in `library/cells`, in the order in which people choose from them.
 * Apart from what a cell is so that a list of names does not bring the library of the schema with it.
 */

export const LIBRARY_CELLS = ['lfp26650', 'lfp18650', 'nca18650pf', 'nmc18650', 'nmc21700', 'lfp280', 'lfp100', 'lto'] as const;
