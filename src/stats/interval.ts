/** An estimate with its confidence limits. `null`: not defined for this data, never NaN. */
export interface Interval {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Label of a cluster; equal labels belong together. */
export type ClusterKey = string | number;
