import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.js";
import { currentLabels } from "../../judge/current-labels.js";
import { listJudges } from "../judge/calibrate-list.js";
import { judgementFileOf, openProjectJudgements } from "../judge/project-judgements.js";
import type { Project } from "../project/load-project.js";
import type { JudgementFacts } from "./facts.js";
import { judgeFiles } from "./judge-files.js";

/**
 * Labels of people on answers of some runs, and the judges of a project. A project without judgements is not given a
 * file for them.
 *
 * @throws {ConfigError} with every problem of a judge file
 * @throws {StoreError} when the judgements cannot be read
 */
export function gatherJudgements(
  project: Project,
  runIds: ReadonlySet<string>,
  services: { readonly workingDirectory: string; readonly clock: Clock },
): JudgementFacts {
  const names = judgeFiles(project).map(({ name }) => name);
  if (!existsSync(judgementFileOf(project))) {
    return { labels: 0, authors: 0, lastLabelAt: null, judges: [], judgeFiles: names };
  }
  const store = openProjectJudgements(project);
  try {
    const items = new Set<string>();
    for (const { item, origin } of store.items()) {
      if (origin !== null && runIds.has(origin.run)) items.add(item);
    }
    const entries = store.labels().filter(({ item }) => items.has(item));
    const rubrics = [...new Set(entries.map(({ rubric }) => rubric))];
    const labels = rubrics.flatMap((rubric) =>
      currentLabels(entries.filter((entry) => entry.rubric === rubric)).flatMap(({ byAuthor }) =>
        byAuthor.filter(({ value }) => value !== null),
      ),
    );
    return {
      labels: labels.length,
      authors: new Set(labels.map(({ author }) => author)).size,
      lastLabelAt:
        labels
          .map(({ at }) => at)
          .sort()
          .at(-1) ?? null,
      judges: listJudges({ config: project.file }, services),
      judgeFiles: names,
    };
  } finally {
    store.close();
  }
}
