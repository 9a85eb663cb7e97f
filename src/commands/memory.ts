import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const TENANT = "tenant of the user";

interface UserFlags extends OutputFlags {
  readonly config?: string;
  readonly user?: string;
  readonly tenant: string;
}

interface ForgetFlags extends UserFlags {
  readonly fact?: string;
  readonly kind?: string;
  readonly query?: string;
  readonly yes?: boolean;
}

export function addMemoryCommand(program: Command, io: CommandIo): void {
  const memory = program
    .command("memory")
    .summary("show and forget what is remembered of users")
    .description("Shows what agents remember of a user, and deletes users and facts for good.")
    .addHelpText(
      "after",
      examples(
        "agentctl memory show --user ada",
        "agentctl memory forget --user ada --yes    everything, with a receipt",
      ),
    );
  addShow(memory, io);
  addForget(memory, io);
  addVerifyReceipt(memory, io);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function addShow(memory: Command, io: CommandIo): void {
  const command = memory
    .command("show")
    .description("Shows the facts that are remembered of a user, with those that newer ones replaced.")
    .requiredOption("--user <id>", "user, as the identity of the sessions names them")
    .option("--tenant <name>", TENANT, "default")
    .addHelpText(
      "after",
      examples("agentctl memory show --user ada", "agentctl memory show --user ada --tenant acme --json"),
    );
  withOutputFlags(withConfigFlag(command)).action(async (flags: UserFlags) => {
    const { showMemory } = await import("../eval/forget/memory-commands.js");
    const { renderMemory } = await import("../report/memory-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const list = await showMemory(flags, io.cwd);
    io.print(flags.json === true ? renderDocument("memory-list", list) : renderMemory(list));
  });
}

function addForget(memory: Command, io: CommandIo): void {
  const command = memory
    .command("forget")
    .description(
      "Deletes a user from every store, index, trace and export of the project, and leaves a signed receipt; or deletes some facts.",
    )
    .option("--user <id>", "user, as the identity of the sessions names them")
    .option("--tenant <name>", TENANT, "default")
    .option("--fact <id>", "only this fact, with those that it replaced")
    .option("--kind <kind>", "only facts of this kind, such as preference")
    .option("--query <text>", "only facts that hold these words")
    .option("--yes", "do it; without it, what would be removed is told")
    .addHelpText(
      "after",
      examples(
        "agentctl memory forget --user ada --yes",
        'agentctl memory forget --user ada --query "old address" --yes',
      ),
    );
  withOutputFlags(withConfigFlag(command)).action(async (flags: ForgetFlags) => {
    const { forget } = await import("../eval/forget/memory-commands.js");
    const { renderDeletion } = await import("../report/memory-text.js");
    const { counted } = await import("../report/counted.js");
    const { renderDocument } = await import("../report/json-document.js");
    const forgotten = await forget(flags, io.cwd);
    if (forgotten.kind === "user") {
      const { signed, file } = forgotten.deletion;
      io.print(
        flags.json === true ? renderDocument("deletion-receipt", signed) : renderDeletion(signed, file),
      );
      return;
    }
    const { kind, ...removed } = forgotten;
    io.print(
      flags.json === true
        ? renderDocument("forgotten-facts", removed)
        : removed.facts === 0
          ? "Nothing is remembered that fits: nothing was forgotten."
          : `Forgot ${counted(removed.facts, "fact")}, history included.`,
    );
  });
}

function addVerifyReceipt(memory: Command, io: CommandIo): void {
  const command = memory
    .command("verify-receipt")
    .description(
      "Checks the signature of a deletion receipt, and whom it is for. Exits with 1 when it does not hold.",
    )
    .argument("<file>", "receipt, as `memory forget` wrote it")
    .option("--user <id>", "user whom it should be for")
    .option("--tenant <name>", TENANT, "default")
    .addHelpText(
      "after",
      examples(
        "agentctl memory verify-receipt receipt.json",
        "agentctl memory verify-receipt receipt.json --user ada --json",
      ),
    );
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: UserFlags) => {
    const { verifyReceipt } = await import("../eval/forget/memory-commands.js");
    const { renderReceiptCheck } = await import("../report/memory-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const check = verifyReceipt(file, flags, io.cwd);
    io.print(flags.json === true ? renderDocument("receipt-check", check) : renderReceiptCheck(check));
    if (!check.isGenuine || check.isOurs === false || check.isForUser === false)
      io.setExitCode(EXIT.gateFailed);
  });
}
