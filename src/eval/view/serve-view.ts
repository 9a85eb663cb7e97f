import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { openRunCatalogue } from "../../store/run-catalogue.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";
import { type Listening, startLocalServer } from "../serve/local-server.js";

export interface ViewOptions extends Listening {
  readonly config?: string;
  readonly workingDirectory: string;
  readonly clock: Clock;
  /** Told of what is our bug. */
  readonly onFault: (error: unknown) => void;
}

/** A run history that is being served. */
export interface ViewServer {
  /** With the secret that lets a browser in. */
  readonly url: string;
  /** What whoever started it should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops, and closes the history. */
  close(): Promise<void>;
}

const REMOTE_WORDS = {
  offer: "let others in the network read",
  warning: "whoever has the link reads all runs and traces",
};

/**
 * Serves the run history of a project for reading. Whoever has the link may read; nobody else may.
 *
 * @throws {UsageError} when the address reaches others and that was not allowed, or cannot be listened on
 */
export async function serveView(options: ViewOptions): Promise<ViewServer> {
  const { config, workingDirectory, clock, host, onFault } = options;
  const project = loadProject(config, workingDirectory);
  // Makes the file, or brings its tables up to date; from then on only readers are at work.
  const store = openProjectStore(project);
  try {
    const catalogue = openRunCatalogue(resolve(project.root, project.config.store));
    const token = randomBytes(24).toString("base64url");
    const key = randomBytes(32).toString("base64url");
    const server = await startLocalServer(options, REMOTE_WORDS, (port) => {
      const door = { token, key, host, port, onFault };
      const parts = { project, workingDirectory, store, catalogue, clock };
      // Judging and drawing are most of the program: the link need not wait for them.
      const loaded = new Promise((begin) => setImmediate(begin))
        .then(() => import("./view-requests.js"))
        .then(({ viewAnswers }) => viewAnswers(parts, door));
      return async (request) => (await loaded)(request);
    });
    return {
      url: `${server.origin}/?token=${token}`,
      warnings: server.warnings,
      async close() {
        await server.close();
        catalogue.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
