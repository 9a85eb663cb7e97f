import { rm } from "node:fs/promises";
import { build } from "esbuild";

/**
 * Bundles the command line and the library into `dist/`: one file to parse instead of a thousand, which is
 * what keeps a cold start short. Packages that only some commands need stay outside and are loaded there.
 */
await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: { cli: "src/cli.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node20",
  format: "esm",
  chunkNames: "chunks/[name]-[hash]",
  external: [
    "better-sqlite3",
    "openai",
    "@anthropic-ai/sdk",
    "undici",
    "ink",
    "react",
    "@pydantic/genai-prices",
  ],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
