import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { ChatFlags } from "../eval/chat/open-chat.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl chat                                  the agent of the default suite
  agentctl chat --agent agents/support.yaml --session billing-7
  printf 'Where is A-1042?\\n/trace\\n' | agentctl chat

At the prompt: /trace shows the waterfall, /save-case makes a golden case, /help lists all.
Ctrl-C stops the turn, twice quits.

Exit codes: 0 ended, 2 wrong flags or files, 3 a turn could not run, 130 interrupted.`;

export function addChatCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("chat")
    .summary("talk to an agent in the terminal")
    .description("Talks to an agent: answers stream, tool calls are shown as they happen, sessions are kept.")
    .addHelpText("after", EXAMPLES);
  withConfigFlag(command)
    .option("--suite <name>", "suite whose agent to talk to, and whose golden set /save-case extends")
    .option("--agent <file>", "agent file instead of the suite's")
    .option("--session <id>", "go on with this session, or begin it under this id")
    .option("--env-file <file>", "file with environment variables (default: .env)");
  withOutputFlags(command).action(async (flags: ChatFlags & OutputFlags) => {
    const note = notesFor(flags, io);
    const { openChat } = await import("../eval/chat/open-chat.js");
    const { chatLoop } = await import("../eval/chat/chat-loop.js");
    const { openTerminal } = await import("./chat-terminal.js");
    const context = { workingDirectory: io.cwd, env: io.env, clock: systemClock };
    const chat = await openChat(flags, context);
    const isJson = flags.json === true;
    note(
      `${chat.agent.name} on ${chat.agent.model.provider}/${chat.agent.model.name}; /help lists the commands`,
    );
    for (const text of chat.notes) note(text);
    const { terminal, close } = await openTerminal(io, (text) =>
      isJson ? void process.stderr.write(text) : void process.stdout.write(text),
    );
    try {
      io.setExitCode(await chatLoop(chat, terminal));
    } finally {
      close();
      await chat.close();
    }
    const subject = isJson ? chat.trace("all") : null;
    if (subject !== null) {
      const { renderTraceRecord } = await import("../report/trace-record.js");
      io.print(renderTraceRecord(subject));
    }
    note(`go on with: agentctl chat --session ${chat.sessionId}`);
  });
}
