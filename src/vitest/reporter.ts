/** `agentctl/vitest/reporter`: stores a session of vitest as a run, one case a test. */
import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { systemClock } from "../core/clock.js";
import { AgentctlError } from "../core/errors.js";
import { importTests, type TestOutcome } from "../eval/import/import-tests.js";

/** Options of the reporter. All are optional. */
export interface ReporterOptions {
  /** Suite that the run belongs to, for its gates and for `runs list`; default: `import-vitest`. */
  readonly suite?: string;
  readonly tag?: readonly string[];
  /** The project file; default: `agentctl.yaml` in the root of vitest or above. */
  readonly config?: string;
}

/**
 * Reporter for `reporters` of vitest.config.ts. A test that fails is a failed case, a file that cannot be loaded an
 * error; tests that are skipped are counted and left out. A session that cannot be stored fails the session: a history
 * with holes is no history.
 */
export default class AgentctlReporter implements Reporter {
  readonly #options: ReporterOptions;
  #root = process.cwd();

  constructor(options: ReporterOptions = {}) {
    this.#options = options;
  }

  onInit(vitest: { readonly config: { readonly root: string } }): void {
    this.#root = vitest.config.root;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const found = modules.flatMap((module) => this.#outcomesOf(module));
    const tests = found.filter((one): one is TestOutcome => one !== null);
    if (tests.length === 0) return;
    const { suite, tag, config } = this.#options;
    try {
      const { run } = await importTests(
        { runner: "vitest", tests, skipped: found.length - tests.length },
        { ...(suite === undefined ? {} : { suite }), ...(tag && { tag }), ...(config && { config }) },
        { workingDirectory: this.#root, clock: systemClock },
      );
      console.log(`agentctl: stored ${tests.length} tests as run ${run.id}`);
    } catch (error) {
      const told = error instanceof AgentctlError ? error.message : String(error);
      console.error(`agentctl: the session was not stored: ${told}`);
      process.exitCode = 1;
    }
  }

  /** `null` for a test that did not run because it was not to. */
  #outcomesOf(module: TestModule): (TestOutcome | null)[] {
    const file = relative(this.#root, module.moduleId);
    const seen = new Map<string, number>();
    const tests = [...module.children.allTests()].map((test) => {
      const name = `${file} > ${test.fullName}`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return outcomeOf(test, file, count === 1 ? name : `${name} #${count}`);
    });
    const errors = module.errors().map(({ message }) => message);
    if (errors.length === 0) return tests;
    const broken = { id: file, file, messages: errors, startedAt: null, durationMs: null };
    return [...tests, { ...broken, state: "broken" }];
  }
}

function outcomeOf(test: TestCase, file: string, id: string): TestOutcome | null {
  const { state, errors = [] } = test.result();
  const diagnostic = test.diagnostic();
  if (state === "skipped") return null;
  return {
    id,
    file,
    state: state === "pending" ? "broken" : state,
    messages: state === "pending" ? ["the session ended before it"] : errors.map(({ message }) => message),
    startedAt: diagnostic === undefined ? null : new Date(diagnostic.startTime).toISOString(),
    durationMs: diagnostic?.duration ?? null,
  };
}
