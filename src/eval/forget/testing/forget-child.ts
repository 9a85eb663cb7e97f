import { systemClock } from "../../../core/clock.js";
import { loadProject } from "../../load-project.js";
import { dataFolderOf, placesOf } from "../data-places.js";
import { forgetUser } from "../forget-user.js";
import { ADA } from "./planted-project.js";

/** Deletes a user of a planted project, and ends itself with SIGKILL at one point. */
const [root = "", killAt = ""] = process.argv.slice(2);
const project = loadProject(undefined, root);
await forgetUser(ADA, placesOf(project), {
  dataFolder: dataFolderOf(project),
  clock: systemClock,
  onPoint: (point) => {
    if (point === killAt) process.kill(process.pid, "SIGKILL");
  },
});
