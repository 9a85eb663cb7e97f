import type { Message } from "../../core/message.js";

/** A document passage as it stands in the prompt. */
export interface ContextPassage {
  readonly documentId: string;
  readonly title: string;
  readonly section: string;
  readonly updated: string;
  readonly isCurrent: boolean;
  readonly text: string;
}

const DOCUMENT = /^<document ([^<>]*)>\n([^<>]*)\n<\/document>$/gm;
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g;

/**
 * Reads the passages back from the `<context>` blocks of the system messages, in their order. Blocks in
 * messages of other roles are not believed. A `<document>` without an id, or one that is not well formed,
 * is left out.
 */
export function readContext(messages: readonly Message[]): readonly ContextPassage[] {
  const passages: ContextPassage[] = [];
  for (const message of messages) {
    if (message.role !== "system" || !message.content.includes("<context>")) continue;
    for (const [, attributeText = "", text = ""] of message.content.matchAll(DOCUMENT)) {
      const attributes = new Map<string, string>();
      for (const [, name = "", value = ""] of attributeText.matchAll(ATTRIBUTE))
        attributes.set(name, unescapeText(value));
      const documentId = attributes.get("id");
      if (documentId === undefined || documentId === "") continue;
      passages.push({
        documentId,
        title: attributes.get("title") ?? "",
        section: attributes.get("section") ?? "",
        updated: attributes.get("updated") ?? "",
        isCurrent: attributes.get("status") !== "superseded",
        text: unescapeText(text),
      });
    }
  }
  return passages;
}

function unescapeText(text: string): string {
  if (!text.includes("&")) return text;
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
}
