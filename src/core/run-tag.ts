/**
 * Why a run must not be given a tag, or `null`. Commands find a run by `latest`, its id, a tag or the beginning
 * of its id, in this order: a tag that could be read as one of the others would name the wrong run.
 */
export function problemOfTag(tag: string): string | null {
  if (tag.trim() === "") return "expected a tag, found an empty text";
  if (tag.trim().toLowerCase() === "latest") return "`latest` always means the newest run";
  if (/^\d{8}-\d{6}(-|$)/.test(tag.trim())) return "a tag must not look like the id of a run";
  if (tag !== tag.trim() || /[,\p{Cc}]/u.test(tag))
    return "expected a tag without commas, control characters and spaces around it";
  return null;
}
