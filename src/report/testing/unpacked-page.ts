import { unpackedTexts } from "../html/packed.js";

/** The data elements of a page by their ids, unpacked. */
export function unpackedData(page: string): ReadonlyMap<string, unknown> {
  return new Map([...unpackedTexts(page)].map(([id, text]) => [id, JSON.parse(text) as unknown]));
}

/** A page with its data legible, one case or trace a line: what a reader of it could find. */
export function unpackedPage(page: string): string {
  const data = unpackedData(page);
  return page.replace(
    /<script type="text\/plain" id="([\w-]+)">[^<]*<\/script>/g,
    (_, id: string) => `<data ${id}>\n${legible(data.get(id))}\n</data>`,
  );
}

function legible(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(one)).join("\n");
  return Object.entries(value as object)
    .map(([key, one]) => `${key}:\n${Array.isArray(one) ? legible(one) : JSON.stringify(one)}`)
    .join("\n");
}
