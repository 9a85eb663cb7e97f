import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, portNumber, withConfigFlag, withOutputFlags } from "./options.js";
import { reportFailure } from "./report-failure.js";

const EXAMPLES = `
Examples:
  agentctl view                        a free port; the link is printed
  agentctl view --port 8080 --open     opens the browser, too

Ctrl-C stops it. It changes nothing, and a running eval never waits for it.

Exit codes: 0 stopped, 2 wrong flags or files, 3 the run history cannot be read.`;

interface ViewFlags extends OutputFlags {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly allowRemote?: boolean;
  readonly open?: boolean;
}

export function addViewCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("view")
    .summary("the run history as web pages on this machine")
    .description(
      "Serves the run history as web pages on this machine: runs, their reports and traces, comparisons, trends, and " +
        "each case over all runs. Whoever has the printed link may read; nothing can be changed.",
    )
    .option("--port <n>", "port to listen on; 0 takes a free one", portNumber, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--allow-remote", "let --host be an address that others in the network reach")
    .option("--open", "open the link in the browser")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (flags: ViewFlags) => {
    const { serveView } = await import("../eval/view/serve-view.js");
    const { renderDocument } = await import("../report/json-document.js");
    const note = notesFor(flags, io);
    let stopListening = () => {};
    const interrupted = new Promise<void>((stop) => {
      stopListening = io.onInterrupt(stop);
    });
    try {
      const { config, host, port, allowRemote = false } = flags;
      const server = await serveView({
        ...(config === undefined ? {} : { config }),
        workingDirectory: io.cwd,
        host,
        port,
        allowRemote,
        clock: systemClock,
        // A fault in one request must not take the pages from the other readers.
        onFault: (error) => reportFailure(error, { note: io.note, setExitCode: io.setExitCode }),
      });
      const { url } = server;
      io.print(flags.json === true ? renderDocument("view-server", { url }) : url);
      for (const warning of server.warnings) io.note(`warning: ${warning}`);
      note("open the link in a browser; Ctrl-C stops");
      if (flags.open === true) await openBrowser(url, io);
      await interrupted;
      await server.close();
    } finally {
      stopListening();
    }
  });
}

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** The link is printed all the same: a machine without a browser is no failure. */
async function openBrowser(url: string, io: CommandIo): Promise<void> {
  const { spawn } = await import("node:child_process");
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(program, [...args, url], { detached: true, stdio: "ignore" });
  opener.on("error", () => io.note(`warning: cannot start ${program}; open the link yourself`));
  opener.unref();
}
