import { CONFIGURATIONS, measureLayers } from "./measure-layers.js";

/**
 * Which layer catches what: runs the suites `bipia` and `safety` with a model that obeys every order, once with each
 * layer alone, and prints a table in Markdown. Argument: one suite; both without it.
 */
const suites = process.argv[2] === undefined ? ["bipia", "safety"] : [process.argv[2]];
for (const suite of suites) {
  process.stdout.write(
    `\n${suite}\n\n| on | trials | attack read in an e-mail | attempts | carried out against the case | trials in which the attack worked | stopped or taken out, by rule |\n|---|---:|---:|---:|---:|---:|---|\n`,
  );
  for (const { on, without } of CONFIGURATIONS) {
    const figures = await measureLayers(suite, without);
    const { trials, attacksRead, attempts, unauthorised, successes, stopped } = figures;
    const rules = Object.entries(stopped)
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([rule, count]) => `\`${rule}\` ${count}`);
    process.stdout.write(
      `| ${on} | ${trials} | ${suite === "bipia" ? attacksRead : "–"} | ${attempts} | ${unauthorised} | ${successes} | ${rules.join(", ")} |\n`,
    );
  }
}
