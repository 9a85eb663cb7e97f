import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** Loaded by some commands only, and only when they need them. */
const EXTERNAL = [
  "better-sqlite3",
  "openai",
  "@anthropic-ai/sdk",
  "undici",
  "ink",
  "react",
  "@pydantic/genai-prices",
  "jiti",
  "vitest",
];

/** Zod brings its messages in 60 languages, half of its code. English is loaded by itself; nothing asks for the others. */
const englishOnly: Plugin = {
  name: "english-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      /[\\/]zod[\\/]/.test(importer) ? { path: "zod-locales", namespace: "empty" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "export {};" }));
  },
};

/**
 * `import { z }` gives an object that holds all of zod, used or not: 40 % of it is read at every start for nothing.
 * esbuild leaves unused parts out of `import * as z`, which is the same to those who call it.
 */
const usedPartsOfZod: Plugin = {
  name: "used-parts-of-zod",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace('import { z } from "zod";', 'import * as z from "zod";');
      return contents === text ? undefined : { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};

/** Commander could start programs as commands. None of ours is one, and what starts programs costs every start 2 ms. */
const noProgramsAsCommands: Plugin = {
  name: "no-programs-as-commands",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: "child-process", namespace: "none" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "module.exports = {};" }));
  },
};

/**
 * Bundles the command line and the library into `dist/`: one file to parse instead of a thousand, which is
 * what keeps a cold start short. Chunks of earlier builds stay; `scripts/build.ts` removes them.
 */
export async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      cli: "src/cli.ts",
      index: "src/index.ts",
      stats: "src/stats/index.ts",
      adapters: "src/runtime/external/adapters/index.ts",
      vitest: "src/vitest/index.ts",
      "vitest-reporter": "src/vitest/reporter.ts",
    },
    outdir: "dist",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    chunkNames: "chunks/[name]-[hash]",
    external: EXTERNAL,
    plugins: [englishOnly, usedPartsOfZod, noProgramsAsCommands],
    // Packages in CommonJS form call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
