import { rm } from "node:fs/promises";
import { bundle } from "./bundle.js";

await rm("dist", { recursive: true, force: true });
await bundle();
