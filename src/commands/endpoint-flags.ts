import type { Command } from "commander";
import { positiveInteger } from "./options.js";

/** Adds the flags that say which model of a server is asked, and with which key. */
export function withEndpointFlags(command: Command): Command {
  return command
    .option("--model <name>", "model to ask for (default: the first that is listed)")
    .option("--api-key-env <name>", "environment variable with the key of the server");
}

/** Adds the flags of a second endpoint to compare with. */
export function withSecondEndpointFlags(command: Command): Command {
  return command
    .option("--against <url>", "second server, compared with the first")
    .option("--against-model <name>", "model of the second server (default: as of the first)")
    .option("--against-api-key-env <name>", "variable with the key of the second (default: as of the first)");
}

/**
 * Adds the flags that say what is asked.
 *
 * @param outputTokens - of the longest answer, unless the flag says otherwise
 */
export function withPromptFlags(command: Command, outputTokens: number): Command {
  return command
    .option("--prompt-tokens <n>", "length of the made-up prompts, about", positiveInteger, 128)
    .option("--output-tokens <n>", "longest answer", positiveInteger, outputTokens)
    .option("--dataset <file>", "golden set whose inputs are sent instead");
}
