import { rowsSinceState } from "./history.js";
import type { Turn } from "./turn.js";

const AFTERMATH = "aftermath";
const MOST_TRIES = 5;

/** Whether what follows the end of a release is still to be done. */
export function hasAftermath({ desk }: Turn): boolean {
  const { name } = desk.state;
  if (name !== "SUCCEEDED" && name !== "ROLLED_BACK") return false;
  return !rowsSinceState(desk.rows, AFTERMATH).some(({ kind }) => kind === "readback");
}

/** Does what follows the end of a release, such as the baseline tag or the incident file. It cannot change that end. */
export async function doAftermath(turn: Turn): Promise<void> {
  const { desk, ports } = turn;
  const { state } = desk;
  const tried = rowsSinceState(desk.rows, AFTERMATH).filter(({ kind }) => kind === "note").length;
  try {
    if (state.name === "SUCCEEDED") await ports.aftermath.promoted(desk.release);
    else await ports.aftermath.rolledBack(desk.release);
    desk.write([{ kind: "readback", event: AFTERMATH, reason: "done" }]);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const isLast = tried + 1 >= MOST_TRIES;
    desk.write([
      { kind: "note", event: AFTERMATH, reason: problem },
      ...(isLast
        ? [{ kind: "readback" as const, event: AFTERMATH, reason: "given up; see the notes before" }]
        : []),
    ]);
  }
}
