import { systemClock } from "../../../core/clock.js";
import { loadProject } from "../../project/load-project.js";
import { dataFolderOf, placesOf } from "../data-places.js";
import { type FinishedDeletion, finishDeletions, forgetUser } from "../forget-user.js";
import type { ReceiptUser } from "../receipt.js";

/** Deletes a user of a project; the process is killed as soon as the deletion reaches a point. */
export async function deleteUser(
  root: string,
  user: ReceiptUser,
  killAt: string,
): Promise<readonly FinishedDeletion[]> {
  const project = loadProject(undefined, root);
  const done = await forgetUser(user, placesOf(project), {
    dataFolder: dataFolderOf(project),
    clock: systemClock,
    onPoint: (point) => {
      if (point === killAt) process.kill(process.pid, "SIGKILL");
    },
  });
  return [done];
}

/** Finishes what was cut off. */
export function finishAll(root: string): Promise<readonly FinishedDeletion[]> {
  return finishDeletions({ dataFolder: dataFolderOf(loadProject(undefined, root)), clock: systemClock });
}
