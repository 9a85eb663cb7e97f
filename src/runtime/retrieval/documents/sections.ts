/** A part of a document below one heading. */
export interface Section {
  /** Headings above the text, outermost first. */
  readonly headings: readonly string[];
  /** Paragraphs, lists and so on, in reading order, none empty. */
  readonly blocks: readonly string[];
}

/** Neighbouring sections that fit into one chunk; a section that does not fit stands alone. */
export function groupSections<Kind extends Section>(all: readonly Kind[], maxWords: number): Kind[][] {
  const found: Kind[][] = [];
  let open: Kind[] = [];
  for (const section of all) {
    if (open.length > 0 && countWords(joinSections([...open, section])) > maxWords) {
      found.push(open);
      open = [];
    }
    open.push(section);
  }
  return open.length === 0 ? found : [...found, open];
}

/** The headings that all sections of a group stand below. */
export function commonHeadings(group: readonly Section[]): string[] {
  const first = group[0]?.headings ?? [];
  const end = first.findIndex((heading, depth) => group.some(({ headings }) => headings[depth] !== heading));
  return first.slice(0, end === -1 ? first.length : end);
}

/** The text of several sections, each below its own heading. */
export function joinSections(group: readonly Section[]): string {
  const shared = commonHeadings(group).length;
  return group
    .flatMap(({ headings, blocks }) => {
      const own = headings.slice(shared).join(" > ");
      return own === "" ? blocks : [`## ${own}`, ...blocks];
    })
    .join("\n\n");
}

/** White-space separated words. */
export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** Cuts a text between words, so that no part has more than `maxWords` of them. */
export function cutWords(text: string, maxWords: number): string[] {
  if (countWords(text) <= maxWords) return [text];
  const words = text.split(/\s+/).filter((word) => word !== "");
  const parts: string[] = [];
  for (let start = 0; start < words.length; start += maxWords) {
    parts.push(words.slice(start, start + maxWords).join(" "));
  }
  return parts;
}
