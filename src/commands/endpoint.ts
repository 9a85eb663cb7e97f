import type { Command } from "commander";
import { addEndpointBenchCommand } from "./endpoint-bench.js";
import { addEndpointCheckCommand } from "./endpoint-check.js";
import { addEndpointLoraCommand } from "./endpoint-lora.js";
import { addEndpointWarmCommand } from "./endpoint-warm.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl endpoint check http://127.0.0.1:8000
  agentctl endpoint bench http://127.0.0.1:8000 --sweep 1,2,4,8 --slo ttft=500ms,itl=50ms`;

export function addEndpointCommand(program: Command, io: CommandIo): void {
  const endpoint = program
    .command("endpoint")
    .summary("check, load, warm up and compare model servers")
    .description(
      "Looks at model servers such as vLLM: what they can do, how much they carry, and which adapters they serve.",
    )
    .addHelpText("after", EXAMPLES);
  addEndpointCheckCommand(endpoint, io);
  addEndpointBenchCommand(endpoint, io);
  addEndpointWarmCommand(endpoint, io);
  addEndpointLoraCommand(endpoint, io);
}
