import type { Annotation, AnnotationLevel } from "./annotation.js";

/** GitHub shows this many annotations of a level and step, and drops the rest without a word. */
const MOST_PER_LEVEL = 10;

/**
 * Annotations as workflow commands of GitHub Actions, one a line. Where a level has more than GitHub shows, the last
 * that is shown says how many are left out.
 *
 * @param annotations - the most serious first
 */
export function workflowCommands(annotations: readonly Annotation[]): readonly string[] {
  return (["error", "warning", "notice"] as const).flatMap((level) => {
    const found = annotations.filter((one) => one.level === level);
    if (found.length <= MOST_PER_LEVEL) return found.map(command);
    const shown = found.slice(0, MOST_PER_LEVEL - 1);
    const rest = found.length - shown.length;
    return [...shown.map(command), plainCommand(level, `… and ${rest} more; the report has them all`)];
  });
}

/** A workflow command that concerns no file. */
function plainCommand(level: AnnotationLevel, message: string): string {
  return `::${level}::${escapeData(message)}`;
}

function command({ level, file, line, title, message }: Annotation): string {
  const properties = [
    ...(file === null ? [] : [`file=${escapeProperty(file)}`]),
    ...(file === null || line === null ? [] : [`line=${line}`]),
    `title=${escapeProperty(title)}`,
  ];
  return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}

/** As `@actions/core` does: a text that is not escaped could end the command and begin another one. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
