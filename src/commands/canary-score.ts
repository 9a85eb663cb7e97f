import { resolve } from "node:path";
import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import { examples } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  notesFor,
  type OutputFlags,
  positiveNumber,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

interface ScoreFlags extends OutputFlags {
  readonly config?: string;
  readonly captures: string;
  readonly events: string;
  readonly id?: string;
  readonly judge?: readonly string[];
  readonly budget?: number;
  readonly critical?: readonly string[];
}

/** Adds `canary score`. */
export function addCanaryScore(group: Command, io: CommandIo): void {
  const command = group
    .command("score")
    .summary("score live conversations that the gateway kept, for the rules of a release")
    .description(
      "Scores a sample of live conversations by the metrics that need no expectation, and by judges that are calibrated " +
        "against people. The scores become live events, which rules on score.<metric> and on safety read. Scoring again " +
        "counts nothing twice.",
    )
    .option("--captures <path>", "what the gateway kept", ".agentctl/captures")
    .option("--events <folder>", "live events of the release", ".agentctl/events")
    .option("--id <release>", "only conversations of this release")
    .option("--judge <name...>", "calibrated judge; may be given several times", collect)
    .option("--budget <usd>", "US dollars for each judge", positiveNumber)
    .option("--critical <metric...>", "safety metric whose violation ends the release at once", collect)
    .addHelpText(
      "after",
      examples(
        "agentctl canary score --id rel-20261122",
        "agentctl canary score --judge helpfulness --budget 2 --critical safety.pii_leaks",
      ),
    );
  withOutputFlags(withConfigFlag(command)).action(async (flags: ScoreFlags) => {
    const { scoreLive } = await import("../release/live-scores/score-live.js");
    const { appendEvents } = await import("../release/live-scores/append-events.js");
    const { renderDocument } = await import("../report/json-document.js");
    const note = notesFor(flags, io);
    const stopping = new AbortController();
    const stopListening = io.onInterrupt(() => stopping.abort());
    try {
      const { budget, critical = [], ...others } = flags;
      const found = await scoreLive(
        { ...others, critical, ...(budget === undefined ? {} : { budgetUsd: budget }) },
        {
          workingDirectory: io.cwd,
          env: io.env,
          clock: systemClock,
          signal: stopping.signal,
          onProgress: note,
          write: (events) => appendEvents(resolve(io.cwd, flags.events), events),
        },
      );
      const { conversations, runId, events, newEvents, judges } = found;
      const violations = events.filter((one) => one.event_type === "safety_violation").length;
      const told = { conversations, runId, events: events.length, newEvents, violations, judges };
      io.print(
        flags.json === true
          ? renderDocument("canary-scores", told)
          : `${conversations} conversations, ${events.length} events (${newEvents} new), ${violations} violations; run ${runId}`,
      );
      for (const { name, judged, failed, costUsd } of judges) {
        const inVain = failed === 0 ? "" : `, ${failed} in vain`;
        note(`${name}: ${judged} conversations judged${inVain} for $${costUsd.toFixed(4)}`);
      }
      if (judges.some(({ failed }) => failed > 0)) io.setExitCode(EXIT.infrastructure);
      if (stopping.signal.aborted) io.setExitCode(EXIT.interrupted);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      note("stopped; verdicts so far are stored, and the same command goes on with those that are missing");
      io.setExitCode(EXIT.interrupted);
    } finally {
      stopListening();
    }
  });
}
