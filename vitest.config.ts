import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "test/**/*.test.ts"],
    globalSetup: "test/build-once.ts",
    // By itself vitest leaves one core to the watcher; here nothing is watched.
    maxWorkers: "100%",
    // The bundle is loaded by node, as users load it.
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: "v8", include: ["src/**"], exclude: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
  },
});
