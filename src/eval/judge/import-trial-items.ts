import { quoteShort } from "../../config/found-and-wanted.js";
import type { Subject } from "../../core/judgement.js";
import { didYouMean } from "../../core/nearest.js";
import type { RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import type { ItemResolver } from "../../judge/import/item-resolver.js";
import { trialSubject } from "../../judge/trial-subject.js";
import type { Store } from "../../store/store.js";

/** Finds the items of a run's trials by the names `case/trial`, or `case` where each case ran once. */
export function trialItems(store: Store, run: RunHeader): ItemResolver {
  const planned = new Map(run.plan.map((one) => [`${one.caseId}/${one.trial}`, one]));
  const hasOne = run.trialsPerCase === 1;
  const found = new Map<string, ReturnType<ItemResolver>>();
  const resolve = (name: string): ReturnType<ItemResolver> => {
    const [place = "", hash] = splitItem(name);
    const plan = planned.get(place) ?? (hasOne ? planned.get(`${place}/0`) : undefined);
    if (plan === undefined) return { problem: noTrial(name, run, hasOne, [...planned.keys()]) };
    const subject = subjectOf(store, run, plan);
    if (subject === null) {
      return {
        problem:
          `expected a trial of run ${run.id} that is stored, found none for ${quoteShort(name)}: it was not executed, or ` +
          "was deleted; remove the row, or name the run that has it",
      };
    }
    const { item } = subject;
    if (hash === undefined || item.endsWith(`@${hash}`)) return { item };
    return {
      problem:
        `expected the answer that was labelled, found another: ${quoteShort(name)} is ${quoteShort(item)} in run ${run.id}; ` +
        "name the run that was labelled, or leave --run out to keep the label without its trial",
    };
  };
  return (name) => {
    const known = found.get(name) ?? resolve(name);
    found.set(name, known);
    return known;
  };
}

/** What of a stored trial is labelled; `null` when it or its case is gone. */
function subjectOf(
  store: Store,
  run: RunHeader,
  { caseId, caseHash, trial: number }: RunHeader["plan"][number],
): Subject | null {
  const trial = store.getTrial(run.id, caseId, number);
  const goldenCase = store.getCase(caseHash);
  if (trial === null || goldenCase === null) return null;
  return trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy: null });
}

function splitItem(name: string): readonly string[] {
  const match = /^(.*)@([0-9a-f]{12})$/s.exec(name);
  return match === null ? [name] : match.slice(1);
}

function noTrial(name: string, run: RunHeader, hasOne: boolean, known: readonly string[]): string {
  const wanted = hasOne ? "a case of" : "a trial (case/number) of";
  const hint = didYouMean(name, known);
  return `expected ${wanted} run ${run.id}, found ${quoteShort(name)}${hint === "" ? `; \`agentctl trace ${run.id}\` lists them` : hint}`;
}
