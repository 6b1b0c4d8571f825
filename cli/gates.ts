/**
 * The gates of `packbench validate`: which measurement the model is held against, and what is asked of it.
 * Every figure that decides between pass and fail stands here and nowhere else.
 */

/** One cell on a measured cycle. */
export interface CellGate {
  name: string;
  cell: string;
  profile: string;
  tick_s: number;
  initialSoc: number;
  /** Errors count from this state of charge up. */
  fromSoc: number;
  /** Largest root mean square error allowed there. */
  rmse_V: number;
}

/** A pack whose groups were measured one by one until the first of them was empty. */
export interface PackGate {
  name: string;
  scenario: string;
  measured: string;
  fromSoc: number;
  /** Allowed of every single group. */
  rmse_V: number;
  maximum_V: number;
  /** A group that is down here has ended the discharge. */
  empty_V: number;
  /** How many groups, the first to end included, stand in the measured order at the measured end. */
  inOrder: number;
}

export const CELL_GATES: readonly CellGate[] = [
  {
    name: 'NCA cell on the measured highway cycle at 25 degC',
    cell: 'nca18650pf',
    profile: 'nca_hwfet_25C.csv',
    tick_s: 0.1,
    initialSoc: 1,
    fromSoc: 0.2,
    rmse_V: 0.02,
  },
];

export const PACK_GATES: readonly PackGate[] = [
  {
    name: 'Six groups of an aged Nissan Leaf on their measured 0.3C discharge',
    scenario: 'leaf_6s.json',
    measured: 'leaf_6s_measured.csv',
    fromSoc: 0.2,
    rmse_V: 0.02,
    maximum_V: 0.04,
    empty_V: 3,
    inOrder: 5,
  },
];
