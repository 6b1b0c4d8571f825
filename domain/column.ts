/**
 * What a column of the kernel's memory is: its type, its one writer and what it holds.
 * It is separate so that the tables of columns can stand in several files.
 */
export type ColumnType = 'f64' | 'i32';

export interface Column {
  type: ColumnType;
  writer: string;
  about: string;
}

export const f64 = (writer: string, about: string): Column => ({ type: 'f64', writer, about });
export const i32 = (writer: string, about: string): Column => ({ type: 'i32', writer, about });
