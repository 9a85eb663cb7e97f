import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { GoldenCase } from "../../core/golden-case.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { trialSubject } from "../../judge/trial-subject.js";
import { judgementFile, openJudgementStore } from "../../store/judgement-store.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import type { Store } from "../../store/store.js";
import { mentionsOf } from "./mentions.js";

const TRIAL_ITEM = /^(.*)\/\d+@[0-9a-f]{12}$/s;

export interface ItemsOfUser {
  readonly conversations: readonly string[];
  /** Ids of cases that were saved from them. */
  readonly savedCases: readonly string[];
}

/**
 * Items that labels, verdicts and calibration reports know the conversations of a user by. Labels do not name a
 * conversation: the trial that was labelled does, so this has to be found while the run history is there.
 */
export function judgedItemsOf(
  dataFolder: string,
  history: string,
  { conversations, savedCases }: ItemsOfUser,
): readonly string[] {
  const file = judgementFile(dataFolder);
  if (!existsSync(file)) return [];
  const concerns = mentionsOf(conversations);
  const saved = new Set(savedCases);
  const trials = trialsOfUser(resolve(dataFolder, history), concerns);
  const items = new Set(trials.items);
  const judgements = openJudgementStore(file);
  try {
    for (const subject of judgements.items()) {
      const { item, origin } = subject;
      const isOwn =
        origin !== null &&
        (saved.has(origin.caseId) || trials.places.has(placeOf(origin.run, origin.caseId, origin.trial)));
      if (isOwn || concerns(JSON.stringify(subject))) items.add(item);
    }
    for (const { item } of judgements.labels()) {
      const caseId = TRIAL_ITEM.exec(item)?.[1];
      if (caseId !== undefined && saved.has(caseId)) items.add(item);
    }
  } finally {
    judgements.close();
  }
  return [...items];
}

function trialsOfUser(history: string, concerns: (json: string) => boolean) {
  const items: string[] = [];
  const places = new Set<string>();
  if (!existsSync(history)) return { items, places };
  const store = openSqliteStore(history);
  try {
    for (const { id } of store.listRuns()) addTrials(store, id, concerns, items, places);
  } finally {
    store.close();
  }
  return { items, places };
}

function addTrials(
  store: Store,
  runId: string,
  concerns: (json: string) => boolean,
  items: string[],
  places: Set<string>,
): void {
  const run = store.getRun(runId);
  if (run === null) return;
  const hashes = new Map(run.plan.map(({ caseId, caseHash }) => [caseId, caseHash]));
  const cases = new Map<string, { readonly goldenCase: GoldenCase | null; readonly isOwn: boolean }>();
  const caseOf = (caseId: string) => {
    const known = cases.get(caseId);
    if (known !== undefined) return known;
    const goldenCase = store.getCase(hashes.get(caseId) ?? "");
    const found = { goldenCase, isOwn: goldenCase !== null && concerns(JSON.stringify(goldenCase)) };
    cases.set(caseId, found);
    return found;
  };
  for (const { trial } of store.trials(runId)) {
    const { goldenCase, isOwn } = caseOf(trial.caseId);
    if (!isOwn && !concerns(JSON.stringify(trial))) continue;
    places.add(placeOf(runId, trial.caseId, trial.trial));
    if (goldenCase !== null) items.push(itemOf(run, goldenCase, trial));
  }
}

function itemOf(
  run: Parameters<typeof trialSubject>[0]["run"],
  goldenCase: GoldenCase,
  trial: Trial,
): string {
  return trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy: null }).item;
}

function placeOf(run: string, caseId: string, trial: number): string {
  return JSON.stringify([run, caseId, trial]);
}
