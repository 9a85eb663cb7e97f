import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../core/clock.js";
import { UsageError } from "../core/errors.js";
import { EXIT } from "../core/exit-codes.js";
import type { ReviewFlags } from "../eval/review/open-review.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  nonNegativeInteger,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";
import { addReviewServe } from "./review-serve.js";

const EXAMPLES = `
Examples:
  agentctl review latest --judge helpfulness --as ann
  agentctl review --items --judge preference --adjudicate

? in the queue lists the keys. Every label is saved when its key is pressed.

Exit codes: 0 ended, 2 wrong flags or files, 3 labels could not be stored, 130 interrupted.`;

interface TerminalFlags extends ReviewFlags, OutputFlags {
  readonly as?: string;
  readonly status?: boolean;
}

function percent(text: string): number {
  const share = Number(text.replace(/%$/, "")) / 100;
  if (text.trim() === "" || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError("expected a percentage from 0 to 100.");
  }
  return share;
}

/** Adds the flags that say what is reviewed, and by whom. */
function withReviewFlags(command: Command): Command {
  return withConfigFlag(command)
    .option("--judge <file>", "judge whose rubric is asked: a name in judges/, or a file")
    .option(
      "--items",
      "review what has labels or verdicts under the rubric, such as imported items, not a run",
    )
    .option("--against <run>", "run whose answers stand second, for rubrics of pairs")
    .option("--limit <n>", "end after this many items", positiveInteger)
    .option("--seed <n>", "seed of order and sample", nonNegativeInteger, 1)
    .option(
      "--sample <n>",
      "only this many items, drawn by the seed: the same for everybody",
      positiveInteger,
    )
    .option("--per-item <n>", "labels wanted on each item, by different people", positiveInteger, 1)
    .option("--overlap <percent>", "share of items that at least two people label (default: 20)", percent)
    .option("--annotators <names>", "divide the items among these people, comma-separated", collect)
    .option("--least-labelled", "items that fewest people labelled come first")
    .addOption(
      new Option("--adjudicate", "settle items on which people disagree, seeing what they said").conflicts(
        "onlyFlagged",
      ),
    )
    .option("--only-flagged", "look at flagged items again, with the comments of others");
}

export function addReviewCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("review")
    .summary("label items in a terminal queue, blind to judges")
    .description(
      "Shows the items of a run one by one with the rubric and its labels. People label them with single keys; what a " +
        "judge or another person said is not shown. The labels are what judges are measured against.",
    )
    .argument("[run]", "run id, its beginning, a tag, or `latest`; none with --items")
    .option("--as <name>", "your name, the same at every session (default: that of git or the system)")
    .option("--status", "only print how far the labels are, without a terminal")
    .addHelpText("after", EXAMPLES)
    // A subcommand has flags of the same names.
    .enablePositionalOptions()
    // A required option of a command is wanted of its subcommands too, before their own is looked at.
    .hook("preAction", (_, running) => {
      if (running.opts<Partial<ReviewFlags>>().judge === undefined) {
        running.error("error: required option '--judge <file>' not specified", {
          code: "commander.missingMandatoryOptionValue",
        });
      }
    });
  withOutputFlags(withReviewFlags(command)).action(async (run: string | undefined, flags: TerminalFlags) => {
    const isShown = flags.status !== true;
    if (isShown) requireTerminal(io);
    const { openReview } = await import("../eval/review/open-review.js");
    const { annotatorName } = await import("../eval/review/annotator-name.js");
    const { summariseReview } = await import("../eval/review/summarise-review.js");
    const { renderReviewSummary, renderReviewSummaryJson } = await import("../report/review-summary-text.js");
    const annotator = annotatorName(flags.as, io.env, io.cwd);
    const context = { workingDirectory: io.cwd, clock: systemClock };
    const review = openReview(run ?? null, flags, context);
    try {
      const session = review.session(annotator, "review");
      if (isShown) {
        const { terminalDesk } = await import("../eval/review/terminal-desk.js");
        // Loaded only here: ink takes a while.
        const { showReviewScreen } = await import("../ui/review/review-screen.js");
        const end = await showReviewScreen(terminalDesk(session, review.judge), {
          stdin: process.stdin,
          screen: process.stderr,
          useColor: io.useColor,
          warnings: session.warnings,
          onInterrupt: io.onInterrupt,
        });
        if (end === "interrupted") io.setExitCode(EXIT.interrupted);
      }
      for (const warning of isShown ? session.warnings : []) notesFor(flags, io)(`warning: ${warning}`);
      const summary = summariseReview(review, session, {
        run: run ?? null,
        against: flags.against ?? null,
        judge: flags.judge,
      });
      io.print(flags.json === true ? renderReviewSummaryJson(summary) : renderReviewSummary(summary, io));
    } finally {
      review.close();
    }
  });
  addReviewServe(command, io, withReviewFlags);
}

function requireTerminal(io: CommandIo): void {
  const isWatched = process.stdin.isTTY === true && process.stderr.isTTY === true && io.env.TERM !== "dumb";
  if (isWatched) return;
  throw new UsageError("review: expected a terminal with a keyboard, found none", {
    nextStep: "use `agentctl review serve` in a browser, `agentctl import labels`, or --status",
  });
}
