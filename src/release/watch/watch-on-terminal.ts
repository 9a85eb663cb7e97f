import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { releaseFrame } from "../../ui/release/release-frame.js";
import { showRelease } from "../../ui/release/release-view.js";
import { screenOf } from "./screen-of.js";
import { type WatchFlags, type WatchPlaces, withWatch } from "./watch-release.js";

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly screen: NodeJS.WriteStream;
  readonly useColor: boolean;
}

/** Rows of what stays behind on the terminal: as many as there are. */
const ALL_ROWS = 200;

/** Shows a release on a terminal until it has ended or somebody leaves. @returns the last look, and as it looked */
export async function watchOnTerminal(
  flags: WatchFlags,
  places: Omit<WatchPlaces, "onLook">,
  terminal: Terminal,
): Promise<{ readonly watch: CanaryWatch; readonly text: string }> {
  const left = new AbortController();
  const stop = AbortSignal.any([left.signal, places.signal]);
  let latest: CanaryWatch | null = null;
  let draw = () => {};
  const onLook: WatchPlaces["onLook"] = ({ watch }) => {
    latest = watch;
    draw();
  };
  return withWatch(flags, { ...places, signal: stop, onLook }, async (open) => {
    const followed = open.follow().finally(() => left.abort());
    const desk = {
      screen: () => (latest === null ? null : screenOf(latest)),
      ask: open.ask,
      actor: open.actor,
    };
    const onChange = (again: () => void) => {
      draw = again;
      return () => {
        draw = () => {};
      };
    };
    try {
      await showRelease(desk, { ...terminal, signal: stop, onChange });
    } finally {
      left.abort();
      // Nothing may be looked at when the journal is closed.
      await Promise.allSettled([followed]);
    }
    const watch = await followed;
    const size = { columns: terminal.screen.columns ?? 80, rows: ALL_ROWS };
    const lines = releaseFrame(screenOf(watch), [], size);
    return { watch, text: lines.map(({ text }) => text.trimEnd()).join("\n") };
  });
}
