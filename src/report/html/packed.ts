import { deflateRawSync, inflateRawSync } from "node:zlib";

const ELEMENT = /<script type="text\/plain" id="([\w-]+)">([A-Za-z0-9+/=]+)<\/script>/g;

/** A value as text for a data element: JSON, deflated, base64. Nothing in it can end the element. */
export function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value), { level: 6 }).toString("base64");
}

/** A data element that the page's script unpacks by its id. */
export function packedElement(id: string, content: string): string {
  return `<script type="text/plain" id="${id}">${content}</script>`;
}

/**
 * What the packed elements of a page hold, as JSON by id: for whoever looks for a text in a report. Empty for any
 * other text; an element that is cut or no pack of ours is left out.
 */
export function unpackedTexts(page: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, id = "", content = ""] of page.matchAll(ELEMENT)) {
    try {
      found.set(id, inflateRawSync(Buffer.from(content, "base64")).toString("utf8"));
    } catch {
      // A page that was cut or changed by hand: its bytes stay what they are.
    }
  }
  return found;
}
