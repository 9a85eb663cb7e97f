import type { Command } from "commander";

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
