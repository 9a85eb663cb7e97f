import { quoteShort } from "../../config/found-and-wanted.js";
import { didYouMean } from "../../core/nearest.js";
import type { RunHeader } from "../../core/run.js";
import type { ItemResolver, ResolvedItem } from "../../judge/import/item-resolver.js";
import type { Store } from "../../store/store.js";
import { casesOfRun } from "../score/score-cases.js";
import { trialItems } from "./run-items.js";

type Found = ResolvedItem | { readonly problem: string };

/**
 * Finds the items of a run's trials by the names `case/trial`, or `case` where each case ran once. A name that says which
 * answer is meant (`case/trial@hash`) finds no other.
 */
export function trialNames(store: Store, run: RunHeader): ItemResolver {
  const { subjectOf } = trialItems(store, run, casesOfRun(store, run));
  const planned = new Map(run.plan.map((one) => [`${one.caseId}/${one.trial}`, one]));
  const hasOne = run.trialsPerCase === 1;
  const known = new Map<string, Found>();
  const find = (name: string): Found => {
    const [place = "", hash] = splitName(name);
    const plan = planned.get(place) ?? (hasOne ? planned.get(`${place}/0`) : undefined);
    if (plan === undefined) return { problem: noTrial(name, run, [...planned.keys()]) };
    const subject = store.getCase(plan.caseHash) === null ? { reason: "its case is gone" } : subjectOf(plan);
    if ("reason" in subject) {
      return {
        problem:
          `expected a trial of run ${run.id} with an answer, found none for ${quoteShort(name)}: ${subject.reason}; ` +
          "remove the row, or name the run that has it",
      };
    }
    const { item } = subject;
    if (hash === undefined || item.endsWith(`@${hash}`)) return { item, subject };
    return {
      problem:
        `expected the answer that was labelled, found another: ${quoteShort(name)} is ${quoteShort(item)} in run ` +
        `${run.id}; name the run that was labelled, or leave out --run to keep the label without its trial`,
    };
  };
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

function splitName(name: string): readonly string[] {
  const match = /^(.*)@([0-9a-f]{12})$/s.exec(name);
  return match === null ? [name] : match.slice(1);
}

function noTrial(name: string, { id }: RunHeader, known: readonly string[]): string {
  const hint = didYouMean(name, known) || `; \`agentctl runs show ${id}\` lists them`;
  return `expected a trial of run ${id} as case/trial, found ${quoteShort(name)}${hint}`;
}
