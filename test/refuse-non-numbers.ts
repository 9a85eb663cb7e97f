/** No JSON output says NaN or Infinity, as a number or in a text. What metrics are, may speak of them. */
export function refuseNonNumbers(args: readonly string[], stdout: string): void {
  if (!args.includes("--json") || args[0] === "metrics") return;
  const found = /.{0,60}\b(NaN|Infinity)\b.{0,20}/.exec(stdout);
  if (found !== null) throw new Error(`agentctl ${args.join(" ")} printed ${found[0]}`);
}
