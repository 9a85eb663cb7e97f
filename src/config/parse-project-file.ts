import { didYouMean, listNames } from "../core/nearest.js";
import { type Finding, valueAt } from "./describe-issues.js";
import { quoteName } from "./found-and-wanted.js";
import { type ProjectConfig, projectSchema } from "./project-schema.js";
import { parseYamlFile } from "./yaml-file.js";

/**
 * Reads agentctl.yaml. A default suite that is not among the suites is a problem at its line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseProjectFile(text: string, file: string): ProjectConfig {
  return parseYamlFile(text, file, projectSchema, [unknownDefaultSuite, badSuiteNames]);
}

function unknownDefaultSuite(value: unknown): Finding[] {
  const name = valueAt(value, ["default_suite"]);
  const suites = valueAt(value, ["suites"]);
  if (typeof name !== "string" || suites === null || typeof suites !== "object") return [];
  const known = Object.keys(suites);
  if (known.includes(name)) return [];
  const path = ["default_suite"];
  if (known.length === 0)
    return [{ path, message: `\`suites\` is empty; add the suite ${quoteName(name)} to it` }];
  return [
    {
      path,
      message: `unknown suite ${quoteName(name)}${didYouMean(name, known)} (known: ${listNames(known)})`,
    },
  ];
}

/** Reports are named for their suite, so a name must be a plain file name. */
function badSuiteNames(value: unknown): Finding[] {
  const suites = valueAt(value, ["suites"]);
  if (suites === null || typeof suites !== "object") return [];
  return Object.keys(suites)
    .filter((name) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    .map((name) => ({
      path: ["suites", name],
      message: `suite name ${quoteName(name)} wants letters, digits, \`.\`, \`_\` and \`-\``,
    }));
}
