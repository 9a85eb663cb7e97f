import { mkdir, writeFile } from "node:fs/promises";
import { publishedSchemas } from "../src/datasets/published-schemas.js";

const folder = new URL("../schemas/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of publishedSchemas()) await writeFile(new URL(name, folder), text);
