/** One line of a vector file: a function by its vector name, what goes in, and what an oracle says comes out. */
export interface Vector {
  readonly id: string;
  readonly fn: string;
  readonly input: Fields;
  readonly options: Fields;
  readonly expected: Fields;
  readonly tolerance: { readonly abs: number; readonly rel: number };
}

export type Fields = Readonly<Record<string, unknown>>;

/** Calls our function for one vector name, and names the results as the vectors do. */
export type Adapter = Readonly<Record<string, (input: Fields, options: Fields) => Fields>>;

export const number = (value: unknown): number => value as number;
export const numbers = (value: unknown): number[] => value as number[];
