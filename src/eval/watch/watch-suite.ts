import { AgentctlError, UsageError } from "../../core/errors.js";
import type { EvalFlags } from "../eval-flags.js";
import type { EvaluateServices } from "../evaluate.js";
import { shownPath } from "../project/shown-path.js";
import { type FileChange, FileSnapshot, foldersOf } from "./file-snapshot.js";
import { FolderWatch } from "./watch-folders.js";
import { type WatchedPlace, watchedPlaces } from "./watched-places.js";
import type { WatchedRun } from "./watched-run.js";
import { type RoundScope, WatchedSuite } from "./watched-suite.js";

/** What a person may ask for while a suite is watched. */
export type WatchKey = "all" | "failing" | "affected" | "again" | "pause" | "quit";

/** What began a round: files that changed, or a key. */
export interface RoundCause {
  /** Relative to the working directory; empty for the first round and for keys. */
  readonly files: readonly string[];
  readonly scope: RoundScope;
  /** When the last of the files was written, in milliseconds since the epoch; `null` without one. */
  readonly writtenMs: number | null;
}

/** Shows what happens. Must not throw. */
export interface WatchDisplay {
  started(cause: RoundCause): void;
  finished(run: WatchedRun, cause: RoundCause): void;
  /** A file is broken; the watch goes on. */
  broken(error: AgentctlError, cause: RoundCause): void;
  paused(isPaused: boolean): void;
  note(text: string): void;
}

export interface WatchServices extends EvaluateServices {
  readonly display: WatchDisplay;
  /** Hands over what is called for each key; a watch without a keyboard never calls it. */
  readonly onKey: (listener: (key: WatchKey) => void) => void;
}

/** Flags that make no sense for results that are shown and not kept. */
const NOT_WITH_WATCH = [
  "json",
  "resume",
  "retryErrors",
  "record",
  "tag",
  "output",
  "html",
  "markdown",
  "junit",
  "baseline",
  "changed",
  "shard",
  "until",
  "updateBaseline",
] as const satisfies readonly (keyof EvalFlags)[];

/**
 * `agentctl eval --watch`: evaluates a suite, and again after each change of what it rests on, until it is told to
 * stop. Nothing is written to the run history.
 *
 * @returns whether a person quit; `false` when the signal was aborted
 * @throws {UsageError} for flags that want a result that is kept
 */
export async function watchSuite(flags: EvalFlags, services: WatchServices): Promise<boolean> {
  const unfit = NOT_WITH_WATCH.find((key) => flags[key] !== undefined && flags[key] !== false);
  if (unfit !== undefined) {
    const name = unfit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--watch shows results and keeps none; found --${name}`, {
      nextStep: `leave --${name} out, or run without --watch`,
    });
  }
  const watch = new Watch(flags, services);
  return new Promise((resolve, reject) => watch.run(resolve, reject));
}

class Watch {
  private readonly suite: WatchedSuite;
  private readonly snapshot = new FileSnapshot();
  private readonly folders = new FolderWatch(() => this.look());
  private places: readonly WatchedPlace[] = [];
  /** Changes that no finished round has seen. */
  private pending: FileChange[] = [];
  private scope: "affected" | "failing" = "affected";
  private last: RoundScope = "all";
  private asked: RoundScope | null = "all";
  private isPaused = false;
  private running: AbortController | null = null;
  private isOver = false;
  private hasToldOfPolling = false;
  /** Files of rounds that were stopped: the next result is of them as well. */
  private carried: readonly string[] = [];
  private afterRound: (() => void) | null = null;
  private end: (isQuit: boolean) => void = () => {};
  private fail: (error: unknown) => void = () => {};

  constructor(
    private readonly flags: EvalFlags,
    private readonly services: WatchServices,
  ) {
    this.suite = new WatchedSuite(flags, services);
  }

  run(end: (isQuit: boolean) => void, fail: (error: unknown) => void): void {
    this.end = end;
    this.fail = fail;
    const { signal, onKey } = this.services;
    signal.addEventListener("abort", () => this.stop(false), { once: true });
    onKey((key) => this.press(key));
    // What is named must be there when the watch begins: later it may come and go.
    try {
      this.places = watchedPlaces(this.flags, this.services.workingDirectory);
    } catch (error) {
      this.folders.close();
      fail(error);
      return;
    }
    this.followPlaces();
    void this.go();
  }

  private press(key: WatchKey): void {
    if (key === "quit") {
      this.stop(true);
      return;
    }
    if (key === "pause") {
      this.isPaused = !this.isPaused;
      this.services.display.paused(this.isPaused);
      if (!this.isPaused) this.look();
      return;
    }
    if (key === "affected" || key === "failing") this.scope = key;
    this.asked = key === "again" ? this.last : key;
    this.running?.abort();
    void this.go();
  }

  private stop(isQuit: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    this.folders.close();
    if (this.running === null) this.end(isQuit);
    else {
      this.afterRound = () => this.end(isQuit);
      this.running.abort();
    }
  }

  /** Looks at the files; a change while a round runs stops it, for its result would be out of date. */
  private look(): void {
    if (this.isOver || this.isPaused) return;
    const changes = this.followPlaces();
    if (changes.length === 0) return;
    this.pending.push(...changes);
    this.running?.abort();
    void this.go();
  }

  /** Brings the set of watched files up to date, and tells which of them changed. */
  private followPlaces(): readonly FileChange[] {
    const { workingDirectory, display } = this.services;
    let changes = this.snapshot.take(this.places);
    if (changes.length > 0 || this.asked !== null) {
      try {
        this.places = watchedPlaces(this.flags, workingDirectory);
        changes = [...changes, ...this.snapshot.take(this.places)];
      } catch (error) {
        // The round shows what is wrong; until then the files of before are watched.
        if (!(error instanceof AgentctlError)) throw error;
      }
    }
    const unwatched = this.folders.follow(foldersOf(this.places));
    if (unwatched.length > 0 && !this.hasToldOfPolling) {
      this.hasToldOfPolling = true;
      display.note(`the system watches no more folders: ${unwatched.length} are looked at twice a second`);
    }
    return changes;
  }

  /** Does rounds, one at a time, until nothing is left to do. */
  private async go(): Promise<void> {
    if (this.running !== null) return;
    try {
      while (!this.isOver && (this.asked !== null || (this.pending.length > 0 && !this.isPaused))) {
        this.running = new AbortController();
        await this.round(this.running.signal);
      }
    } catch (error) {
      this.isOver = true;
      this.folders.close();
      this.fail(error);
    } finally {
      this.running = null;
      this.afterRound?.();
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    const { display, workingDirectory } = this.services;
    const changes = this.pending;
    const scope = this.asked ?? this.scope;
    this.pending = [];
    this.asked = null;
    this.last = scope;
    const written = changes.flatMap(({ writtenMs }) => writtenMs ?? []);
    const cause: RoundCause = {
      files: [...new Set([...this.carried, ...changes.map(({ path }) => shownPath(path, workingDirectory))])],
      scope,
      writtenMs: written.length === 0 ? null : Math.max(...written),
    };
    this.carried = [];
    display.started(cause);
    try {
      const run = await this.suite.round(
        {
          scope,
          isAgentChanged: changes.some(({ role }) => role === "agent"),
          isJudgedOnly:
            changes.length > 0 && changes.every(({ role }) => role === "gates" || role === "metric"),
        },
        signal,
      );
      if (!run.isStopped) display.finished(run, cause);
      else {
        this.carried = cause.files;
        // What a key asked for is still to be done.
        this.asked ??= scope === "affected" ? null : scope;
      }
    } catch (error) {
      if (!(error instanceof AgentctlError)) throw error;
      // Broken files are often half of a save: what comes next may be whole.
      if (!signal.aborted) display.broken(error, cause);
    }
  }
}
