import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders without clock, files, processes and state: their files of tests share a process, and its loaded modules. */
const PURE =
  "{comparison,config,core,datasets,gates,judge,metrics,report,stats,release/{decisions,machine,plan}}";

const ORDER = ["programs", "parts", "pure"];

/** The longest first, so that no core waits for a last one: whole programs, then parts, then what is pure. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return ORDER.flatMap((name) => sorted.filter(({ project }) => project.name === name));
  }
}

export default defineConfig({
  test: {
    // By itself vitest leaves one core to the watcher; here nothing is watched.
    maxWorkers: "100%",
    // The bundle is loaded by node, as users load it.
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    coverage: { provider: "v8", include: ["src/**"], exclude: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
    projects: [
      {
        extends: true,
        test: { name: "programs", include: ["test/**/*.test.ts"], globalSetup: "test/build-once.ts" },
      },
      {
        extends: true,
        test: { name: "parts", include: ["src/**/*.test.{ts,tsx}"], exclude: [`src/${PURE}/**`] },
      },
      {
        extends: true,
        test: { name: "pure", include: [`src/${PURE}/**/*.test.{ts,tsx}`], isolate: false },
      },
    ],
  },
});
