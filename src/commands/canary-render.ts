import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import type { RenderKind } from "../release/render/registry.js";
import { examples, withReleaseFile } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags } from "./options.js";

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

interface RenderFlags extends OutputFlags {
  readonly release: string;
  readonly out?: string;
}

/** Adds `canary render`. */
export function addCanaryRender(group: Command, io: CommandIo): void {
  const command = group
    .command("render")
    .summary("write the configuration of a proxy that splits the traffic")
    .description(
      "Writes configuration for a program that splits traffic between stable and canary, from release.yaml. Files that " +
        "hold the split of a running service are left alone.",
    )
    .addArgument(new Argument("<program>", "what splits the traffic").choices(KINDS))
    .option("--out <folder>", "where to write it (default: .agentctl/<program>)")
    .addHelpText(
      "after",
      examples("agentctl canary render haproxy", "agentctl canary render nginx --out /etc/agentctl"),
    );
  withReleaseFile(command).action(async (program: RenderKind, flags: RenderFlags) => {
    const { readReleaseFile } = await import("../release/planning/read-rollout-files.js");
    const { writeRendered } = await import("../release/render/write-rendered.js");
    const { renderDocument } = await import("../report/json-document.js");
    const folder = flags.out ?? `.agentctl/${program}`;
    const { written, kept, notes } = await writeRendered(program, readReleaseFile(flags.release, io.cwd), {
      releaseFile: resolve(io.cwd, flags.release),
      out: resolve(io.cwd, folder),
    });
    if (flags.json === true) {
      io.print(renderDocument("canary-render", { program, folder, written, kept, notes }));
      return;
    }
    const lines = [
      ...written.map((name) => `wrote ${folder}/${name}`),
      ...kept.map((name) => `kept ${folder}/${name}`),
    ];
    io.print(lines.join("\n"));
    const note = notesFor(flags, io);
    for (const text of notes) note(text);
  });
}
