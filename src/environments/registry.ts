import { dirname, join } from "node:path";
import { ConfigError } from "../core/errors.js";
import { didYouMean, listNames } from "../core/nearest.js";
import type { Environment } from "./environment.js";
import { loadMailbox } from "./mailbox/load-mailbox.js";
import { loadOrders } from "./orders/load-orders.js";
import { loadTauAirline } from "./tau-airline/load-tau-airline.js";
import { loadTauRetail } from "./tau-retail/load-tau-retail.js";

/** Loads an environment from its own folder of the shipped data. */
type EnvironmentLoader = (dataDir: string) => Environment;

/** Worlds that a case can run in, by the name that cases and agent files use. */
const environments = {
  // Its e-mails are the data of BIPIA.
  mailbox: (folder) => loadMailbox(join(dirname(folder), "bipia")),
  orders: loadOrders,
  "tau-airline": loadTauAirline,
  "tau-retail": loadTauRetail,
} satisfies { readonly [name: string]: EnvironmentLoader };

export function environmentNames(): readonly string[] {
  return Object.keys(environments);
}

/**
 * @param datasetsDir - folder with one folder of data per environment
 * @throws {ConfigError} when there is no environment of that name, with the nearest one
 */
export function loadEnvironment(name: string, datasetsDir: string): Environment {
  const loaders: { readonly [name: string]: EnvironmentLoader } = environments;
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load !== undefined) return load(join(datasetsDir, name));
  const names = environmentNames();
  throw new ConfigError(
    [{ file: "environment", message: `there is no environment "${name}"${didYouMean(name, names)}` }],
    { nextStep: `Use one of: ${listNames(names)}.` },
  );
}
