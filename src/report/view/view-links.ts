import { escapeHtml } from "../escape-html.js";

export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}

/** @param query - e.g. the suite; what is empty is left out */
export function casePath(caseId: string, query: { readonly [name: string]: string } = {}): string {
  return withQuery(`/cases/${encodeURIComponent(caseId)}`, query);
}

export function trialPath(runId: string, caseId: string, trial: number): string {
  return `${runPath(runId)}/cases/${encodeURIComponent(caseId)}/trials/${trial}`;
}

/** A path with what is asked there; empty values are left out. */
export function withQuery(path: string, query: { readonly [name: string]: string }): string {
  const found = Object.entries(query).filter(([, value]) => value !== "");
  return found.length === 0 ? path : `${path}?${new URLSearchParams(found)}`;
}

/** A link as HTML. */
export function linkHtml(path: string, text: string): string {
  return `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`;
}

/** The choices of a list, one of them chosen. */
export function optionsHtml(values: readonly string[], chosen: string, none?: string): string {
  const option = (value: string, text: string) =>
    `<option value="${escapeHtml(value)}"${value === chosen ? " selected" : ""}>${escapeHtml(text)}</option>`;
  return `${none === undefined ? "" : option("", none)}${values.map((value) => option(value, value)).join("")}`;
}
