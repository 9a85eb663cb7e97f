/**
 * The report of a period with the section of one judge put in or replaced; those of other judges stay where they are.
 *
 * @param page - the report as it is; empty when there is none yet
 * @param section - Markdown of the judge
 */
export function withSection(page: string, judge: string, section: string): string {
  const { begin, end } = marks(judge);
  const whole = `${begin}\n${section.trimEnd()}\n${end}\n`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) return page.trim() === "" ? whole : `${page.trimEnd()}\n\n${whole}`;
  return page.slice(0, from) + whole + page.slice(to + end.length).replace(/^\n/, "");
}

/** Names of judges are free: what would end a comment is encoded. */
function marks(judge: string) {
  const name = encodeURIComponent(judge).replaceAll("-", "%2D");
  return { begin: `<!-- judge ${name} -->`, end: `<!-- end of judge ${name} -->` };
}
