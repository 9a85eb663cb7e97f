import { type Command, Option } from "commander";
import type { IndexFlags } from "../eval/retrieval-commands.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, positiveInteger, withConfigFlag, withOutputFlags } from "./options.js";

interface BuildFlags extends IndexFlags, OutputFlags {
  readonly force?: boolean;
}

interface SearchFlags extends IndexFlags, OutputFlags {
  readonly topK?: number;
  readonly tenant?: string;
  readonly user?: string;
}

export function addIndexCommand(program: Command, io: CommandIo): void {
  const index = program
    .command("index")
    .summary("build and search the documents of an agent")
    .description("Builds the index of an agent's documents, and shows what a search in it finds.")
    .addHelpText(
      "after",
      examples("agentctl index build", 'agentctl index search "How long is the warranty?"'),
    );
  addBuild(index, io);
  addSearch(index, io);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function withAgentFlags(command: Command): Command {
  return withConfigFlag(command)
    .option("--suite <name>", "suite whose agent's documents are meant")
    .option("--agent <file>", "agent file instead of the suite's")
    .option("--env-file <file>", "file with environment variables (default: .env)");
}

function addBuild(index: Command, io: CommandIo): void {
  const command = index
    .command("build")
    .description(
      "Brings the index of an agent up to date. Searches of other processes go on, and change over when it is done.",
    )
    .option("--force", "build also when nothing has changed")
    .addHelpText(
      "after",
      examples("agentctl index build", "agentctl index build --agent agents/support.yaml --force"),
    );
  withOutputFlags(withAgentFlags(command)).action(async (flags: BuildFlags) => {
    const { buildIndex } = await import("../eval/retrieval-commands.js");
    const { renderIndexBuild } = await import("../report/index-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const context = { workingDirectory: io.cwd, env: io.env };
    const build = await buildIndex(flags, flags.force === true, context);
    io.print(flags.json === true ? renderDocument("index-build", build) : renderIndexBuild(build));
  });
}

function addSearch(index: Command, io: CommandIo): void {
  const command = index
    .command("search")
    .description(
      "Searches the documents as the agent would: passages, their scores, and whether it would answer.",
    )
    .argument("<query>", "what a user would say")
    .addOption(
      new Option("--top-k <n>", "passages to show (default: the agent's)").argParser(positiveInteger),
    )
    .option("--tenant <name>", "search as this tenant (default: the agent's identity)")
    .option("--user <id>", "search as this user of the tenant")
    .addHelpText(
      "after",
      examples(
        'agentctl index search "How long is the warranty?"',
        'agentctl index search "our discount" --tenant acme --user ada --json',
      ),
    );
  withOutputFlags(withAgentFlags(command)).action(async (query: string, flags: SearchFlags) => {
    const { searchIndex } = await import("../eval/retrieval-commands.js");
    const { renderIndexSearch } = await import("../report/index-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const found = await searchIndex(query, flags, { workingDirectory: io.cwd, env: io.env });
    io.print(flags.json === true ? renderDocument("index-search", found) : renderIndexSearch(found));
  });
}
