import { contentHash } from "../../core/hash.js";
import type { Annotation } from "./annotation.js";

const SEVERITY = { error: "critical", warning: "major", notice: "info" } as const;

/**
 * Annotations as a Code Quality report of GitLab, which shows them in the merge request. Its format has no place for
 * what concerns no file: that stands at the project file.
 *
 * @param otherwise - file of the repository for annotations without one
 */
export function renderCodeQuality(annotations: readonly Annotation[], otherwise: string): string {
  const issues = annotations.map(({ level, file, line, title, message }) => ({
    description: `${title}\n${message}`,
    check_name: `agentctl/${title.split(/[ :]/, 1)[0] ?? "run"}`,
    // The message holds run ids: the same finding of the next run must have the same fingerprint.
    fingerprint: contentHash({ file, title: title.replace(/:.*/, "") }),
    severity: SEVERITY[level],
    location: { path: file ?? otherwise, lines: { begin: line ?? 1 } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
