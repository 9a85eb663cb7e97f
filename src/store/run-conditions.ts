import type { RunFilter } from "./store.js";

/** Fields of a header that a text is looked for in: anywhere, and at the beginning alone. */
const ANYWHERE = ["agentName", "model"];
const BEGINNING = ["agentVersion", "gitCommit"];

/** The condition of a query on `runs` that a filter stands for; `where` is empty for all runs. */
export function runConditions({ id, suite, tag, text }: Pick<RunFilter, "id" | "suite" | "tag" | "text">): {
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
    const like = text.replace(/[\\%_]/g, "\\$&");
    const field = (name: string) => `json_extract(header, '$.${name}') LIKE ? ESCAPE '\\'`;
    conditions.push(
      `(id LIKE ? ESCAPE '\\' OR suite LIKE ? ESCAPE '\\'
        OR runs.key IN (SELECT run FROM tags WHERE tag LIKE ? ESCAPE '\\')
        OR ${[...ANYWHERE, ...BEGINNING].map(field).join(" OR ")})`,
    );
    const inside = `%${like}%`;
    values.push(inside, inside, inside, ...ANYWHERE.map(() => inside), ...BEGINNING.map(() => `${like}%`));
  }
  return { where: conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`, values };
}
