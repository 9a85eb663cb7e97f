import { mkdir, writeFile } from "node:fs/promises";
import { referencePages } from "./reference/reference-pages.js";

const docs = new URL("../docs/", import.meta.url);
await mkdir(new URL("reference/", docs), { recursive: true });
for (const [name, text] of referencePages()) await writeFile(new URL(name, docs), text);
