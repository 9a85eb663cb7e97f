import { mkdir, writeFile } from "node:fs/promises";
import { publishedSchemas } from "../src/datasets/published-schemas.js";
import { documentSchemas } from "../src/report/schemas/document-schemas.js";

await writeAll(new URL("../schemas/", import.meta.url), publishedSchemas());
await writeAll(new URL("../schemas/output/", import.meta.url), documentSchemas());

async function writeAll(folder: URL, schemas: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of schemas) await writeFile(new URL(name, folder), text);
}
