import type { Clock } from "../../core/clock.js";
import { StoreError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import type { ViewPage } from "../../report/view/view-frame.js";
import type { RunCatalogue } from "../../store/run-catalogue.js";
import type { Store } from "../../store/store.js";
import type { Project } from "../project/load-project.js";
import type { RunStandings } from "./run-standings.js";

/** What the pages of a history are made from. */
export interface ViewSite {
  readonly project: Project;
  readonly workingDirectory: string;
  readonly store: Store;
  readonly catalogue: RunCatalogue;
  readonly standings: RunStandings;
  readonly clock: Clock;
}

/** What a request asks for. */
export interface ViewRequest {
  /** Parts of the path behind the name of the route, decoded. */
  readonly names: readonly string[];
  readonly query: URLSearchParams;
}

/** What is answered: a page, data for the script of a page, or another place. */
export type ViewReply =
  | { readonly page: ViewPage }
  | { readonly data: unknown }
  | { readonly location: string };

/** There is nothing at a path. */
export class NothingThere extends Error {}

/** A number that a query names, at least 1; 1 for anything else. */
export function pageOf(query: URLSearchParams): number {
  const page = Number(query.get("page") ?? 1);
  return Number.isSafeInteger(page) && page >= 1 && page <= 1e6 ? page : 1;
}

/**
 * Finds a run and answers from it. Another process may delete it meanwhile.
 *
 * @throws {NothingThere} when it is not, or no longer, in the store
 */
export function withRun<T>({ store }: ViewSite, reference: string, use: (run: RunHeader) => T): T {
  const run = store.getRun(reference);
  if (run === null) throw new NothingThere(`The store has no run ${reference}, or it was deleted.`);
  try {
    return use(run);
  } catch (error) {
    if (error instanceof StoreError && store.getRun(run.id) === null) {
      throw new NothingThere(`Run ${run.id} was deleted meanwhile.`);
    }
    throw error;
  }
}
