import { renderCanaryChanges } from "../../report/canary-watch-text.js";
import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { type WatchFlags, type WatchPlaces, withWatch } from "./watch-release.js";

/** Follows a release with one line a change, until it has ended or somebody leaves. */
export async function followPlainly(
  flags: WatchFlags,
  places: Omit<WatchPlaces, "onLook">,
  print: (line: string) => void,
): Promise<CanaryWatch> {
  let before: CanaryWatch | null = null;
  const onLook: WatchPlaces["onLook"] = ({ watch, rows }) => {
    for (const line of renderCanaryChanges(before, watch, rows)) print(line);
    before = watch;
  };
  return withWatch(flags, { ...places, onLook }, (watch) => watch.follow());
}
