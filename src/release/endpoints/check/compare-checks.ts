import type { CheckedEndpoint, EndpointCheckReport } from "../../../report/schemas/endpoint-check.js";

/** What differs between two endpoints, in the order of the capabilities. Times are left out: `endpoint bench` compares those. */
export function differencesOf(
  first: CheckedEndpoint,
  second: CheckedEndpoint,
): EndpointCheckReport["differences"] {
  const rows: EndpointCheckReport["differences"] = first.capabilities.map(({ name, state }) => ({
    what: name,
    first: state,
    second: second.capabilities.find((other) => other.name === name)?.state ?? "unknown",
  }));
  const add = (what: string, of: (endpoint: CheckedEndpoint) => string | number | null | undefined) => {
    rows.push({ what, first: String(of(first) ?? "not told"), second: String(of(second) ?? "not told") });
  };
  add("model", ({ model }) => model);
  add("context tokens", ({ contextTokens }) => contextTokens);
  add("server", ({ server }) => server);
  const names = new Set([first, second].flatMap(({ metrics }) => namesOf(metrics)));
  for (const name of names) {
    add(`metric ${name}`, ({ metrics }) => (namesOf(metrics).includes(name) ? "there" : "missing"));
  }
  return rows.filter((row) => row.first !== row.second);
}

function namesOf(metrics: CheckedEndpoint["metrics"]): readonly string[] {
  return metrics === null ? [] : [...metrics.present, ...metrics.renamed.map(({ found }) => found)];
}
