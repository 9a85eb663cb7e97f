import type {
  Capability,
  CheckedEndpoint,
  EndpointCheckReport,
} from "../../../report/schemas/endpoint-check.js";
import { type Paint, painter, type TextStyle } from "../../../report/text-style.js";
import { textTable } from "../../../report/text-table.js";

const COLORS = { pass: "green", fail: "red", unknown: "yellow" } as const;

/** What an endpoint can do, as a table; of two, what differs comes first. */
export function renderEndpointCheck(report: EndpointCheckReport, style: TextStyle): string {
  const paint = painter(style);
  const blocks = [
    ...(report.against === null ? [] : [differenceLines(report)]),
    endpointLines(report, paint),
    ...(report.against === null ? [] : [endpointLines(report.against, paint)]),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function differenceLines({ url, against, differences }: EndpointCheckReport): readonly string[] {
  if (differences.length === 0) return [`${url} and ${against?.url ?? ""}: no difference`];
  const columns = [{ title: "difference" }, { title: url }, { title: against?.url ?? "" }];
  return textTable(
    columns,
    differences.map((one) => [one.what, one.first, one.second]),
  );
}

function endpointLines(endpoint: CheckedEndpoint, paint: Paint): readonly string[] {
  const [head = "", ...rows] = textTable(
    [{ title: "capability" }, { title: "state" }, { title: "evidence" }],
    endpoint.capabilities.map((one) => [nameOf(one), one.state, one.evidence]),
  );
  const lines = rows.map((row, index) => {
    const state = endpoint.capabilities[index]?.state ?? "unknown";
    return row.replace(/(?<=^\S+(?: \(required\))?\s+)(pass|fail|unknown)\b/, paint(state, COLORS[state]));
  });
  const title = `${endpoint.url}${endpoint.model === null ? "" : `, model ${endpoint.model}`}: `;
  return [`${title}${verdictOf(endpoint)}`, "", head, ...lines];
}

function nameOf({ name, isRequired }: Capability): string {
  return isRequired ? `${name} (required)` : name;
}

function verdictOf({ verdict, capabilities }: CheckedEndpoint): string {
  if (verdict !== "lacking") return verdict;
  const wanting = capabilities.filter(({ isRequired, state }) => isRequired && state !== "pass");
  return `lacking ${wanting.map(({ name }) => name).join(", ")}`;
}
