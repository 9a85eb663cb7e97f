import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { RunHeader } from "../../core/run.js";
import type { AnyRule } from "../../gates/gate-kind.js";
import type { Store } from "../../store/store.js";
import { baselineReferences } from "../baseline/baseline-rules.js";
import { baselineRunOf, namesFile } from "../baseline/find-baseline.js";
import { keepRulesFolder } from "../baseline/rules-folder.js";
import { gatesPath, judgeStoredRun } from "../gate/judge-run-gates.js";
import { namesForRules } from "../gate/names-for-rules.js";
import { type GatesFile, readGatesFile } from "../gate/read-gates-file.js";
import { judgeStandings } from "../judge/judge-standings.js";
import type { Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import type { GatesFacts, PlacedRule } from "./facts.js";
import { writtenYaml } from "./written-yaml.js";

/** What the rules are judged on, and when. */
export interface GatesContext {
  readonly workingDirectory: string;
  readonly clock: Parameters<typeof judgeStandings>[2];
  readonly store: Store | null;
  readonly run: RunHeader | null;
}

/**
 * The gate rules of a suite, each with its place, and their verdicts on a run.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function gatherGates(project: Project, suite: string, context: GatesContext): GatesFacts {
  const { workingDirectory, store, run, clock } = context;
  const path = gatesPath(project, suite);
  const file = shownPath(path, workingDirectory);
  if (!existsSync(path)) {
    return { file, config: null, rules: [], canaryLine: null, baselines: [], report: null };
  }
  const read = readGatesFile(path, workingDirectory, (text) =>
    namesForRules(text, project, workingDirectory, run?.customMetrics ?? []),
  );
  const config = keepRulesFolder(read.rules, dirname(path));
  return {
    file,
    config,
    rules: read.sources.flatMap(placedRules),
    canaryLine: writtenYaml(readFileSync(path, "utf8")).lineOf(["canary"]),
    baselines: baselineReferences(config).map((reference) => ({
      reference,
      found: foundBaseline(reference, store, suite, dirname(path)),
    })),
    report:
      store === null || run === null
        ? null
        : judgeStoredRun(store, run, config, judgeStandings(project, run, clock)),
  };
}

function placedRules({ own, path, shown }: GatesFile["sources"][number]): readonly PlacedRule[] {
  const { lineOf } = writtenYaml(readFileSync(path, "utf8"));
  const placed = (rule: AnyRule, place: string): readonly PlacedRule[] => {
    if (rule.severity === "minor") return [];
    return "all" in rule ? rule.all.flatMap((part) => placed(part, place)) : [{ rule, place }];
  };
  return [
    ...own.gates.flatMap((rule, index) => placed(rule, `${shown}:${lineOf(["gates", index])}`)),
    ...(own.slices ?? []).flatMap((rule, index) => placed(rule, `${shown}:${lineOf(["slices", index])}`)),
  ];
}

function foundBaseline(reference: string, store: Store | null, suite: string, folder: string): string | null {
  if (namesFile(reference)) return existsSync(resolve(folder, reference)) ? reference : null;
  const id = store === null ? null : baselineRunOf(store, suite, reference);
  return id === null ? null : `run ${id}`;
}
