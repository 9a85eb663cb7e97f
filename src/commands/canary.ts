import type { Command } from "commander";
import { addCanaryExport, addCanaryHistory } from "./canary-history.js";
import { examples } from "./canary-options.js";
import { addCanaryPlan } from "./canary-plan.js";
import { addCanaryRender } from "./canary-render.js";
import { addCanaryRequest } from "./canary-request.js";
import { addCanaryRollback } from "./canary-rollback.js";
import { addCanaryScore } from "./canary-score.js";
import { addCanarySimulate } from "./canary-simulate.js";
import { addCanaryStart } from "./canary-start.js";
import { addCanaryStatus } from "./canary-status.js";
import { addCanaryWatch } from "./canary-watch.js";
import { addCanaryWatchdog } from "./canary-watchdog.js";
import type { CommandIo } from "./io.js";

/** Adds `canary`: one line a verb. */
export function addCanaryCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("canary")
    .summary("release a version step by step, and take it back")
    .description(
      "Gives a new version more traffic step by step, and takes it back on the first proven harm. `rollback` works from " +
        "any machine that reaches journal and router, with no controller and no metrics store.",
    )
    .addHelpText("after", examples("agentctl canary status", 'agentctl canary rollback --reason "errors"'));
  addCanaryStart(group, io);
  addCanaryStatus(group, io);
  addCanaryRequest(group, "approve", io);
  addCanaryRequest(group, "reject", io);
  addCanaryRequest(group, "pause", io);
  addCanaryRequest(group, "resume", io);
  addCanaryRequest(group, "extend", io);
  addCanaryRequest(group, "promote", io);
  addCanaryRollback(group, io);
  addCanaryHistory(group, io);
  addCanaryExport(group, io);
  addCanaryScore(group, io);
  addCanaryPlan(group, io);
  addCanaryRender(group, io);
  addCanarySimulate(group, io);
  addCanaryWatch(group, io);
  addCanaryWatchdog(group, io);
}
