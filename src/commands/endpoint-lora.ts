import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { LoraAction } from "../release/endpoints/lora.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withOutputFlags } from "./options.js";

interface LoraFlags extends OutputFlags {
  readonly apiKeyEnv?: string;
  readonly name: string;
  readonly path: string;
}

const CODES = "\n\nExit codes: 0 done or as it was, 2 wrong flags, 3 the server refused or does not answer.";

export function addEndpointLoraCommand(endpoint: Command, io: CommandIo): void {
  const lora = endpoint
    .command("lora")
    .summary("load, unload and list LoRA adapters of a vLLM server")
    .description(
      "Changes the adapters of a vLLM server that runs, and reads them back from its models page. A canary of an adapter " +
        "is two model names at one server.",
    )
    .addHelpText(
      "after",
      examples(
        "load http://127.0.0.1:8000 --name support-v2 --path /adapters/support-v2",
        "list http://127.0.0.1:8000",
      ),
    );
  const verb = (name: string, description: string, ...shown: readonly [string, string]) =>
    withOutputFlags(
      lora
        .command(name)
        .description(description)
        .argument("<url>", "address of the server, with or without /v1")
        .option("--api-key-env <name>", "environment variable with the key of the server")
        .addHelpText("after", `${examples(...shown)}${CODES}`),
    );
  verb(
    "load",
    "Loads an adapter; one that is loaded from that path already stays as it is.",
    "load http://127.0.0.1:8000 --name support-v2 --path /adapters/support-v2",
    "load http://127.0.0.1:8000 --name v2 --path /adapters/v2 --json",
  )
    .requiredOption("--name <name>", "name that requests give as their model")
    .requiredOption("--path <path>", "folder or repository that the server can read")
    .action((url: string, flags: LoraFlags) =>
      run(io, url, flags, { kind: "load", name: flags.name, path: flags.path }),
    );
  verb(
    "unload",
    "Unloads an adapter; one that is not there is no error.",
    "unload http://127.0.0.1:8000 --name support-v1",
    "unload http://127.0.0.1:8000 --name support-v1 --json",
  )
    .requiredOption("--name <name>", "name of the adapter")
    .action((url: string, flags: LoraFlags) => run(io, url, flags, { kind: "unload", name: flags.name }));
  verb(
    "list",
    "Lists the adapters that the server serves now.",
    "list http://127.0.0.1:8000",
    "list http://127.0.0.1:8000 --json",
  ).action((url: string, flags: LoraFlags) => run(io, url, flags, { kind: "list" }));
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  agentctl endpoint lora ${line}`).join("\n")}`;
}

async function run(io: CommandIo, url: string, flags: LoraFlags, action: LoraAction): Promise<void> {
  const { changeAdapters, renderAdapters } = await import("../release/endpoints/lora.js");
  const { endpointAddress } = await import("../release/endpoints/http/endpoint-address.js");
  const { renderDocument } = await import("../report/json-document.js");
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  try {
    const address = endpointAddress(url, { variable: flags.apiKeyEnv, env: io.env });
    const report = await changeAdapters(address, action, interruption.signal);
    io.print(flags.json === true ? renderDocument("endpoint-lora", report) : renderAdapters(report));
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    io.note("stopped; `agentctl endpoint lora list` shows what the server has");
    io.setExitCode(EXIT.interrupted);
  } finally {
    stopListening();
  }
}
