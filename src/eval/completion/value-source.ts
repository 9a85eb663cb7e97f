/** Where the values of a flag or an argument come from. */
export type ValueSource =
  | "suite"
  | "case"
  | "case-tag"
  | "run"
  | "run-tag"
  | "metric"
  | "judge"
  | "gate"
  | "part";

/** By long flag or `<argument>`. A test holds that each of them is one. */
export const VALUE_SOURCES: { readonly [name: string]: ValueSource } = {
  "--suite": "suite",
  "--case-id": "case",
  "<case>": "case",
  "--filter-tag": "case-tag",
  "--filter-failing": "run",
  "--baseline": "run",
  "--resume": "run",
  "--retry-errors": "run",
  "--run": "run",
  "--against": "run",
  "<run>": "run",
  "<baseline>": "run",
  "<candidate>": "run",
  "--tag": "run-tag",
  "<tag>": "run-tag",
  "--metric": "metric",
  "--metrics": "metric",
  "<metric>": "metric",
  "<gate>": "gate",
  "--judge": "judge",
  "<judge>": "judge",
  "--rubric": "judge",
  "--without": "part",
};
