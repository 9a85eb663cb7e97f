import type { Command } from "commander";
import { type GatewayFileFlag, gatewayFile, withGatewayFile } from "./gateway-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, positiveInteger, withOutputFlags } from "./options.js";

interface KeyFlags extends OutputFlags, GatewayFileFlag {
  readonly keys?: string;
}

interface AddFlags extends KeyFlags {
  readonly tenant: string;
  readonly tester?: boolean;
  readonly reporter?: boolean;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly maxConcurrent?: number;
}

/** Adds `gateway key` with its verbs. */
export function addGatewayKey(group: Command, io: CommandIo): void {
  const key = group
    .command("key")
    .summary("make, list and remove the keys that let clients in")
    .description(
      "Makes, lists and removes the keys that let clients in. The keys file holds their hashes; a gateway that runs " +
        "follows it within a second.",
    )
    .addHelpText(
      "after",
      examples("agentctl gateway key add shop --tenant acme", "agentctl gateway key list --json"),
    );
  addAdd(key, io);
  addList(key, io);
  addRemove(key, io);
}

function examples(...lines: readonly string[]): string {
  const codes = "Exit codes: 0 done, 2 wrong flags or files.";
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}\n\n${codes}`;
}

function withKeyFlags(command: Command): Command {
  return withGatewayFile(withOutputFlags(command)).option(
    "--keys <file>",
    "keys file (default: `keys` of the gateway file)",
  );
}

function addAdd(group: Command, io: CommandIo): void {
  const command = group
    .command("add")
    .summary("make a key and print it, once")
    .description("Makes a key, stores its hash in the keys file, and prints it: it cannot be shown again.")
    .argument("<name>", "name of the key, which figures and lists show")
    .requiredOption("--tenant <name>", "tenant of every request with this key")
    .option("--tester", "let it choose an arm by header")
    .option("--reporter", "let it tell verified safety violations, which end a release")
    .option("--requests-per-minute <n>", "requests in any 60 seconds", positiveInteger)
    .option("--tokens-per-minute <n>", "tokens, in and out, in any 60 seconds", positiveInteger)
    .option("--max-concurrent <n>", "requests under way at once", positiveInteger)
    .addHelpText(
      "after",
      examples(
        "agentctl gateway key add shop --tenant acme --requests-per-minute 600",
        "agentctl gateway key add qa --tenant acme --tester",
        "agentctl gateway key add scanner --tenant acme --reporter",
      ),
    );
  withKeyFlags(command).action(async (name: string, _: unknown, own: Command) => {
    const flags = own.optsWithGlobals<AddFlags>();
    const { addKey } = await import("../gateway/access/edit-keys-file.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { tenant, tester = false, reporter = false } = flags;
    const { requestsPerMinute, tokensPerMinute, maxConcurrent } = flags;
    const file = await keysFile(flags, io);
    const limits = { requestsPerMinute, tokensPerMinute, maxConcurrent };
    const key = addKey(file, { name, tenant, isTester: tester, isReporter: reporter, ...limits });
    io.print(flags.json === true ? renderDocument("gateway-key", { name, tenant, key }) : key);
    notesFor(flags, io)(`keep it: ${file} has its hash alone`);
  });
}

function addList(group: Command, io: CommandIo): void {
  const command = group
    .command("list")
    .description("Lists the keys: names, tenants, roles and limits, never what lets in.")
    .addHelpText(
      "after",
      examples("agentctl gateway key list", "agentctl gateway key list --keys prod/keys.yaml --json"),
    );
  withKeyFlags(command).action(async (_: unknown, own: Command) => {
    const flags = own.optsWithGlobals<KeyFlags>();
    const { listKeys } = await import("../gateway/access/edit-keys-file.js");
    const { renderGatewayKeys } = await import("../report/gateway/gateway-text.js");
    const { gatewayKeyRow } = await import("../report/gateway/gateway-key-row.js");
    const { renderDocument } = await import("../report/json-document.js");
    const file = await keysFile(flags, io);
    const keys = listKeys(file).map(gatewayKeyRow);
    io.print(
      flags.json === true ? renderDocument("gateway-key-list", { file, keys }) : renderGatewayKeys(keys),
    );
  });
}

function addRemove(group: Command, io: CommandIo): void {
  const command = group
    .command("remove")
    .description("Removes a key: a gateway that runs refuses it within a second.")
    .argument("<name>", "name of the key")
    .addHelpText(
      "after",
      examples("agentctl gateway key remove shop", "agentctl gateway key remove shop --keys prod/keys.yaml"),
    );
  withKeyFlags(command).action(async (name: string, _: unknown, own: Command) => {
    const flags = own.optsWithGlobals<KeyFlags>();
    const { removeKey } = await import("../gateway/access/edit-keys-file.js");
    const { renderDocument } = await import("../report/json-document.js");
    removeKey(await keysFile(flags, io), name);
    io.print(flags.json === true ? renderDocument("gateway-key-removed", { name }) : `removed ${name}`);
  });
}

async function keysFile(flags: KeyFlags, io: CommandIo): Promise<string> {
  const { keysFileOf } = await import("../gateway/access/keys-file-of.js");
  return keysFileOf(gatewayFile(flags), flags.keys, io.cwd);
}
