/** Why a release waits for a person. */
export type PauseReason =
  /** The step asks for an approval before the next one. */
  | "approval"
  /** The router does not have the split that was set: somebody else changed it. */
  | "drift"
  /** Conversations are not split as configured, so no comparison of the arms can be trusted. */
  | "srm"
  /** Too few conversations by the longest bake time. */
  | "underpowered"
  | "inconclusive"
  /** The figures cannot be read. */
  | "metrics"
  /** The stable version is down or fails everything: there is nothing to compare with. */
  | "control"
  /** Both arms are slow because the endpoint is full: not the fault of the version. */
  | "capacity"
  /** The pointer to the stable version could not be moved. */
  | "promote"
  /** Somebody asked for it. */
  | "requested";

type StepState = "SHIFTING" | "VERIFYING" | "BAKING" | "EVALUATING";
/** What a release that ended is. */
type EndState = "SUCCEEDED" | "ROLLED_BACK" | "CANCELLED" | "SUPERSEDED";
type WholeState =
  | "PLANNED"
  | "PREFLIGHT"
  | "AWAITING_APPROVAL"
  | "PROMOTING"
  | "WATCHING"
  | "ABORTING"
  | "ROLLBACK_HELD";

/** Where a release stands. `step` counts from 0. */
export type ReleaseState =
  | { readonly name: StepState; readonly step: number }
  | { readonly name: "PAUSED"; readonly step: number; readonly reason: PauseReason }
  | { readonly name: WholeState | EndState };

export type StateName = ReleaseState["name"];

const ENDED: ReadonlySet<StateName> = new Set<EndState>([
  "SUCCEEDED",
  "ROLLED_BACK",
  "CANCELLED",
  "SUPERSEDED",
]);

export function hasEnded({ name }: ReleaseState): boolean {
  return ENDED.has(name);
}

/** `BAKING(1)`, `PAUSED(1, srm)`, as it stands in the journal and in messages. */
export function stateText(state: ReleaseState): string {
  if (state.name === "PAUSED") return `PAUSED(${state.step}, ${state.reason})`;
  return "step" in state ? `${state.name}(${state.step})` : state.name;
}
