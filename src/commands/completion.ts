import { Argument, type Command } from "commander";
import { completeLine } from "./completion/complete-line.js";
import { COMPLETION_SCRIPTS, type Shell } from "./completion/scripts.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl completion bash >> ~/.bashrc
  agentctl completion zsh > "\${fpath[1]}/_agentctl"
  agentctl completion fish > ~/.config/fish/completions/agentctl.fish`;

export function addCompletionCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("completion")
    .summary("print a script that completes commands in your shell")
    .description(
      "Prints a script that lets a shell complete commands, flags, suites, cases, runs, metrics and judges.",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(COMPLETION_SCRIPTS)))
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (shell: Shell, flags: OutputFlags) => {
    const script = COMPLETION_SCRIPTS[shell];
    if (flags.json !== true) return io.print(script);
    const { renderDocument } = await import("../report/json-document.js");
    io.print(renderDocument("completion-script", { shell, script }));
  });
}

/** Answers a shell that asks what can stand at the cursor. Never fails: the shell would show it in the line. */
export async function answerCompletion(
  program: Command,
  args: readonly string[],
  io: Pick<CommandIo, "cwd" | "print">,
): Promise<void> {
  const text = await completeLine(program, args, async (kind, given) => {
    const { VALUE_SOURCES } = await import("../eval/completion/value-source.js");
    const source = VALUE_SOURCES[kind];
    if (source === undefined) return [];
    const { completeValue } = await import("../eval/completion/complete-value.js");
    return completeValue(source, given, io.cwd);
  });
  if (text !== "") io.print(text);
}
