import { publishedSchemas } from "../../src/datasets/published-schemas.js";
import { type ConfigSection, sameAs, sectionsOf } from "./config-sections.js";
import type { JsonSchema } from "./json-schema.js";
import { anchorOf, cellText, escapeTags, markdownTable } from "./markdown-table.js";
import { typeText } from "./schema-type.js";

/** Files in the order of the page: name of the schema, name of the file, what it is for. */
const FILES = [
  ["agentctl", "agentctl.yaml", "The project: its suites, where runs and reports go."],
  [
    "agent",
    "agents/*.yaml",
    "An agent: the runtime of agentctl, or [one of your own](../bring-your-own-agent.md).",
  ],
  ["gates", "gates.yaml", "What a run must meet: [gates](../gates.md)."],
  ["judge", "judges/*.yaml", "A judge and its rubric: [judges](../judges.md)."],
  ["release", "release.yaml", "Where a service runs, what splits its traffic, who may release it."],
  ["gateway", "gateway.yaml", "The reverse proxy that splits live traffic."],
  ["incident", "incidents/*.yaml", "What a rollback left behind: [incidents](../incidents.md)."],
  ["script", "scripts", "Answers of the provider `scripted`: [models](../models.md)."],
  ["golden-case", "golden sets", "One line of a golden set, in JSON: [datasets](../datasets.md)."],
] as const;

const INTRODUCTION = `# Configuration

This page is made from the schemas that the program reads files with: do not edit it, run \`npm run reference\`. Editors
complete and check the same keys by the JSON Schemas in \`schemas/\`. A key that is not listed is an error, and so is a
value of another type; every problem of a file is said at once, with its line. Rules between two keys are not in the
tables: \`agentctl doctor\` and \`agentctl gate check\` tell of them.

Objects that may stand at several places are described once. \`[]\` is an item of a list, \`<name>\` a name of yours.
`;

/** The reference of all keys of the files that users write, as Markdown. */
export function configurationPage(): string {
  const shown = canonical(FILES.flatMap(([name, file]) => sectionsOf(file, schemaOf(name))));
  const titles = titlesOf(shown);
  const byKeys = new Map(shown.map((section) => [sameAs(section.schema), section]));
  const linksTo = (objects: readonly JsonSchema[]): string => {
    const sections = objects.flatMap((one) => byKeys.get(sameAs(one)) ?? []);
    return linkTexts(sections, titles).join(" or ");
  };
  const chapters = FILES.map(([, file, purpose]) => {
    const own = shown.filter((section) => section.file === file);
    return [
      `## ${file}`,
      purpose,
      ...own.map((section) => sectionText(section, titles.get(section) ?? "", linksTo)),
    ].join("\n\n");
  });
  const contents = FILES.map(([, file, purpose]) => `- [${file}](#${anchorOf(file)}): ${purpose}`);
  return `${[INTRODUCTION, ...contents, "", chapters.join("\n\n")].join("\n")}\n`;
}

function schemaOf(name: string): JsonSchema {
  return JSON.parse(publishedSchemas().get(`${name}.schema.json`) ?? "{}") as JsonSchema;
}

/** Of objects with the same keys the one at the shortest path, which is where readers look for it. */
function canonical(sections: readonly ConfigSection[]): readonly ConfigSection[] {
  const chosen = new Map<string, ConfigSection>();
  for (const section of sections) {
    const key = sameAs(section.schema);
    const earlier = chosen.get(key);
    if (earlier === undefined || depthOf(section) < depthOf(earlier)) chosen.set(key, section);
  }
  return [...new Set(sections.filter((one) => chosen.get(sameAs(one.schema)) === one))];
}

function depthOf({ path }: ConfigSection): number {
  return path === "" ? 0 : path.split(/\.|(?=\[\])/).length;
}

/** Headings; the file itself has that of its chapter. */
function titlesOf(sections: readonly ConfigSection[]): ReadonlyMap<ConfigSection, string> {
  const plain = (section: ConfigSection) => `${placeOf(section)} (${section.file})`.trim();
  const counts = new Map<string, number>();
  for (const section of sections) counts.set(plain(section), (counts.get(plain(section)) ?? 0) + 1);
  return new Map(
    sections.map((section) => {
      if (section.path === "" && section.form === null) return [section, section.file];
      const isUnique = counts.get(plain(section)) === 1 || section.within === null;
      return [
        section,
        isUnique ? plain(section) : `${placeOf(section)} of \`${section.within}\` (${section.file})`,
      ];
    }),
  );
}

/** One link a section; of a place with many forms, whose sections follow each other, to the first. */
function linkTexts(
  sections: readonly ConfigSection[],
  titles: ReadonlyMap<ConfigSection, string>,
): readonly string[] {
  const link = (text: string, section: ConfigSection) => `[${text}](#${anchorOf(titles.get(section) ?? "")})`;
  return [...new Set(sections.map(({ path }) => path))].flatMap((path) => {
    const forms = sections.filter((section) => section.path === path);
    const [first] = forms;
    if (first === undefined || forms.length <= 2) return forms.map((one) => link(placeOf(one), one));
    return [`${link(`\`${path}\``, first)} in one of ${forms.length} forms`];
  });
}

function placeOf({ path, form }: ConfigSection): string {
  const parts = [path, form].filter((part): part is string => part !== "" && part !== null);
  return parts.map((part) => `\`${part}\``).join(" with ");
}

function sectionText(
  section: ConfigSection,
  title: string,
  linksTo: (objects: readonly JsonSchema[]) => string,
): string {
  const required = section.schema.required ?? [];
  const rows = Object.entries(section.schema.properties ?? {}).map(([key, schema]) => [
    `<a id="${anchorOf(title)}-${key}"></a>\`${key}\``,
    typeText(schema, linksTo),
    required.includes(key) ? "required" : defaultText(schema.default),
    cellText(schema.description ?? ""),
  ]);
  const table = markdownTable(["key", "type", "default", "meaning"], rows).join("\n");
  if (title === section.file) return table;
  const { description } = section.schema;
  return [`### ${title}`, ...(description === undefined ? [] : [escapeTags(description)]), table].join(
    "\n\n",
  );
}

function defaultText(value: unknown): string {
  if (value === undefined) return "";
  if (value === "") return "empty";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
