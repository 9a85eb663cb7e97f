import { ADVERSARIAL_NOTICE, ADVERSARIAL_PROVIDER } from "../models/adversarial/notice.js";
import { EMBEDDED_NOTICE, EMBEDDED_PROVIDER } from "../models/embedded/notice.js";
import { SCRIPTED_NOTICE, SCRIPTED_PROVIDER } from "../models/scripted/notice.js";
import type { RunReport } from "./run-report.js";

/** What a reader must know of answers that no LLM gave; nothing of others. */
export function providerNotices(provider: string): readonly string[] {
  return [
    ...(provider === EMBEDDED_PROVIDER ? [EMBEDDED_NOTICE] : []),
    ...(provider === SCRIPTED_PROVIDER ? [SCRIPTED_NOTICE] : []),
    ...(provider === ADVERSARIAL_PROVIDER ? [ADVERSARIAL_NOTICE] : []),
  ];
}

/** What a reader must know before the numbers, one sentence each: a baseline is no LLM, what was not run. */
export function noticesOf({ run }: Pick<RunReport, "run">): readonly string[] {
  return [...providerNotices(run.provider), ...run.notes.map((note) => `Note: ${note}.`)];
}
