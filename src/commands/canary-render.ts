import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import type { RenderKind } from "../release/render/registry.js";
import { examples } from "./canary-options.js";
import type { CommandIo } from "./io.js";

const KINDS = [
  "haproxy",
  "nginx",
  "gateway-api",
  "argo-rollouts",
  "istio",
  "litellm",
  "envoy",
  "vllm-production-stack",
] as const satisfies readonly RenderKind[];

/** Adds `canary render`. */
export function addCanaryRender(group: Command, io: CommandIo): void {
  group
    .command("render")
    .summary("write the configuration of a proxy that splits the traffic")
    .description(
      "Writes configuration for a program that splits traffic between stable and canary, from release.yaml. Files that " +
        "hold the split of a running service are left alone.",
    )
    .addArgument(new Argument("<program>", "what splits the traffic").choices(KINDS))
    .option("--release <file>", "where the service runs", "release.yaml")
    .option("--out <folder>", "where to write it (default: .agentctl/<program>)")
    .addHelpText(
      "after",
      examples("agentctl canary render haproxy", "agentctl canary render nginx --out /etc/agentctl"),
    )
    .action(async (program: RenderKind, flags: { release: string; out?: string }) => {
      const { readReleaseFile } = await import("../release/planning/read-rollout-files.js");
      const { writeRendered } = await import("../release/render/write-rendered.js");
      const out = flags.out ?? `.agentctl/${program}`;
      const { written, kept, notes } = await writeRendered(program, readReleaseFile(flags.release, io.cwd), {
        releaseFile: resolve(io.cwd, flags.release),
        out: resolve(io.cwd, out),
      });
      io.print(
        [...written.map((name) => `wrote ${out}/${name}`), ...kept.map((name) => `kept ${out}/${name}`)].join(
          "\n",
        ),
      );
      for (const note of notes) io.note(note);
    });
}
