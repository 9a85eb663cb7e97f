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
    plugins: [englishOnly],
    // Packages in CommonJS form call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
