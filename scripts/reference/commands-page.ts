import type { Argument, Option } from "commander";
import { type CommandHelp, commandHelps } from "./command-help.js";
import { anchorOf, cellText, escapeTags, markdownTable } from "./markdown-table.js";

/** Flags that every command has; the page says them once. */
const COMMON = ["--json", "--quiet"];

const INTRODUCTION = `# Commands

This page is made from the program, \`src/cli.ts\`: do not edit it, run \`npm run reference\`. \`--help\` after any
command prints the same.

## Flags of every command

- \`--json\` prints one [JSON document](../json.md) on stdout
- \`--quiet\` writes no progress and no notes on stderr, only errors
- \`-h\`, \`--help\` prints the help of the command

Only groups of commands, such as \`agentctl dataset\`, have the last one alone. Results go to stdout; progress, notes and
[errors](../errors.md) to stderr.

## Variables

Flags can be set by environment variables, which the tables name; a repeatable flag takes values separated by commas.
What holds is, in this order: the flag, the variable of the process, the \`.env\` file, the configuration file, the default.
A switch is turned on by 1, true, yes or on, and off by 0, false, no or off.

## Exit codes

0 done or passed, 1 gate failed, 2 wrong flags or files, 3 infrastructure, 4 inconclusive, 70 a bug, 130 interrupted.
A command whose codes mean something of its own says so below; [errors](../errors.md) lists what leads to each.
`;

/** The reference of all commands, as Markdown. */
export function commandsPage(): string {
  const [program, ...commands] = commandHelps();
  const contents = (program?.commands ?? []).map((name) => {
    const own = commands.filter((one) => one.name === name || one.name.startsWith(`${name} `));
    return `- ${own.map((one) => `[${one.name.replace("agentctl ", "")}](#${anchorOf(one.name)})`).join(" · ")}`;
  });
  return `${[INTRODUCTION, "## All commands\n", ...contents, "", commands.map(commandSection).join("\n\n")].join("\n")}\n`;
}

function commandSection(command: CommandHelp): string {
  const own = command.options.filter(({ long, hidden }) => !hidden && !COMMON.includes(long ?? ""));
  return [
    `## ${command.name}`,
    ["```text", `${command.name} ${command.usage}`, "```"].join("\n"),
    escapeTags(command.description),
    ...tableOf(["argument", "meaning"], command.args.map(argumentRow)),
    ...tableOf(["flag", "variable", "meaning"], own.map(optionRow)),
    ...(command.commands.length === 0 ? [] : [commandLinks(command)]),
    ["```sh", ...commented(command.examples), "```"].join("\n"),
    ...command.remarks.map(escapeTags),
  ].join("\n\n");
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [markdownTable(headings, rows).join("\n")];
}

function commandLinks({ commands }: CommandHelp): string {
  return `Commands: ${commands.map((name) => `[${name}](#${anchorOf(name)})`).join(", ")}`;
}

function argumentRow(argument: Argument): readonly string[] {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  const shown = argument.required ? `<${name}>` : `[${name}]`;
  return [`\`${shown}\``, withDefault(argument.description, argument.defaultValue)];
}

function optionRow(option: Option): readonly string[] {
  const isValue = option.required || option.optional;
  return [
    `\`${option.flags}\`${option.mandatory ? ", required" : ""}`,
    option.envVar === undefined ? "" : `\`${option.envVar}\``,
    withDefault(option.description, isValue ? option.defaultValue : undefined, option.argChoices),
  ];
}

function withDefault(description: string, value: unknown, choices: readonly string[] = []): string {
  const said = value === undefined || value === null ? "" : ` (default: ${plain(value)})`;
  const among = choices.length < 2 ? "" : ` (${choices.join(" or ")})`;
  return cellText(`${description}${among}${said}`);
}

function plain(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** What an example does stands behind two blanks or more; a shell takes it for a comment. */
function commented(lines: readonly string[]): readonly string[] {
  const parts = lines.map((line) => line.split(/\s{2,}/));
  const width = Math.max(
    ...parts.map(([command = "", remark]) => (remark === undefined ? 0 : command.length)),
  );
  return parts.map(([command = "", remark]) =>
    remark === undefined ? command : `${command.padEnd(width)}  # ${remark}`,
  );
}
