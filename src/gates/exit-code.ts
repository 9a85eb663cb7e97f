import { EXIT, type ExitCode } from "../core/exit-codes.js";
import type { Verdict } from "../core/score.js";

const codes = {
  pass: EXIT.ok,
  fail: EXIT.gateFailed,
  inconclusive: EXIT.inconclusive,
  error: EXIT.infrastructure,
} satisfies Record<Verdict, ExitCode>;

/** Exit code of a verdict: pass 0, fail 1, error 3, inconclusive 4. Only 0 lets a release go on. */
export function exitCodeFor(verdict: Verdict): ExitCode {
  return codes[verdict];
}
