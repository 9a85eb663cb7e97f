import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { ReviewFlags } from "../eval/review/open-review.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, portNumber, withOutputFlags } from "./options.js";
import { reportFailure } from "./report-failure.js";

const EXAMPLES = `
Examples:
  agentctl review serve latest --judge helpfulness
  agentctl review serve main --judge helpfulness --per-item 2 --port 8080
  agentctl review serve --items --judge preference --adjudicate

Ctrl-C stops it; every label is saved when the page says so.

Exit codes: 0 stopped, 2 wrong flags or files, 3 labels could not be stored.`;

interface ServeFlags extends ReviewFlags, OutputFlags {
  readonly host: string;
  readonly port: number;
  readonly allowRemote?: boolean;
}

/** @param withReviewFlags - adds the flags that say what is reviewed */
export function addReviewServe(
  group: Command,
  io: CommandIo,
  withReviewFlags: (command: Command) => Command,
): void {
  const command = group
    .command("serve")
    .summary("the same queue as a web page, for several people at once")
    .description(
      "Serves the queue as a web page on this machine, for several people at once. Whoever has the printed link may " +
        "label, under a name of their own; what a judge or another person said is not shown.",
    )
    .argument("[run]", "run id, its beginning, a tag, or `latest`; none with --items")
    .option("--port <n>", "port to listen on; 0 takes a free one", portNumber, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--allow-remote", "let --host be an address that others in the network reach")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withReviewFlags(command)).action(async (run: string | undefined, flags: ServeFlags) => {
    const note = notesFor(flags, io);
    const { openReview } = await import("../eval/review/open-review.js");
    const { serveReview } = await import("../eval/review/serve-review.js");
    const { renderReviewServer, renderReviewServerJson } = await import(
      "../report/review-page/review-server-text.js"
    );
    const review = openReview(run ?? null, flags, { workingDirectory: io.cwd, clock: systemClock });
    let stopListening = () => {};
    const interrupted = new Promise<void>((stop) => {
      stopListening = io.onInterrupt(stop);
    });
    try {
      const { host, port, allowRemote = false } = flags;
      // A fault in one request must not take the queue from the other annotators.
      const onFault = (error: unknown) =>
        reportFailure(error, { note: io.note, setExitCode: io.setExitCode });
      const server = await serveReview(review, { host, port, allowRemote, clock: systemClock, onFault });
      const { url, warnings } = server;
      const document = { url, rubric: review.judge.name, mode: review.mode, items: review.subjects.length };
      io.print(flags.json === true ? renderReviewServerJson(document) : renderReviewServer(document, io));
      for (const warning of warnings) io.note(`warning: ${warning}`);
      note("open the link in a browser; Ctrl-C stops");
      await interrupted;
      await server.close();
      note(
        `stopped; agentctl review ${run ?? "--items"} --judge ${flags.judge} --status says where the labels are`,
      );
    } finally {
      stopListening();
      review.close();
    }
  });
}
