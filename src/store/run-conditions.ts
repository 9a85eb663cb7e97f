import type { RunFilter } from "./store.js";

/** The condition of a query on `runs` that a filter stands for; `where` is empty for all runs. */
export function runConditions({ id, suite, tag, text }: RunFilter): {
  readonly where: string;
  readonly values: readonly string[];
} {
  const conditions: string[] = [];
  const values: string[] = [];
  if (id !== undefined) {
    conditions.push("id = ?");
    values.push(id);
  }
  if (suite !== undefined) {
    conditions.push("suite = ?");
    values.push(suite);
  }
  if (tag !== undefined) {
    conditions.push("runs.key IN (SELECT run FROM tags WHERE tag = ?)");
    values.push(tag);
  }
  if (text !== undefined && text !== "") {
    const like = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    // One call for all fields of the header: each parses it anew.
    conditions.push(
      `(id LIKE ? ESCAPE '\\' OR suite LIKE ? ESCAPE '\\'
        OR runs.key IN (SELECT run FROM tags WHERE tag LIKE ? ESCAPE '\\')
        OR json_extract(header, '$.agentName', '$.model', '$.agentVersion', '$.gitCommit') LIKE ? ESCAPE '\\')`,
    );
    values.push(like, like, like, like);
  }
  return { where: conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`, values };
}
