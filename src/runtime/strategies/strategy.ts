import type { StopReason } from "../../core/trial.js";
import type { Turn } from "../turn.js";

/**
 * How an agent gets from what the user said to an answer. Holds no state of its own: what must survive from one turn
 * to the next, or a crash, is a note in `turn.log`. After a crash `run` is called again for the open turn.
 */
export interface Strategy {
  readonly name: string;
  run(turn: Turn): Promise<StopReason>;
}
