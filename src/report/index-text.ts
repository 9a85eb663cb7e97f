import { counted } from "./counted.js";
import { formatDuration } from "./format.js";
import type { IndexBuild, IndexSearch } from "./index-documents.js";
import { oneLine, plainText } from "./plain-text.js";
import { searchText } from "./search-text.js";

const TEXT_WIDTH = 96;

export function renderIndexBuild(build: IndexBuild): string {
  const { name, isNew, documents, chunks, dimensions, generation, durationMs } = build;
  const vectors = dimensions === 0 ? "no vectors" : `vectors of ${dimensions} numbers`;
  const held = `${counted(documents, "document")}, ${counted(chunks, "chunk")}, ${vectors}`;
  return isNew
    ? `${name}: built generation ${generation} in ${formatDuration(durationMs)} (${held})`
    : `${name}: generation ${generation} is up to date (${held})`;
}

/** How it was searched, the passages with their scores, and whether the agent would answer. */
export function renderIndexSearch(found: IndexSearch): string {
  const { search, passages, grounding, reader } = found;
  const who = `as tenant ${plainText(reader.tenant)}${reader.user === null ? "" : `, user ${plainText(reader.user)}`}`;
  const how = search === null ? "searched by bm25" : searchText(search);
  const lines = passages.flatMap(({ documentId, chunkId, title, section, status, scores, text }, at) => {
    const values = Object.entries(scores).map(([by, value]) => `${by} ${value.toFixed(3)}`);
    const old = status === "superseded" ? " (superseded)" : "";
    return [
      "",
      `${at + 1}. [${plainText(documentId)}] ${oneLine(section === "" ? title : `${title} > ${section}`, TEXT_WIDTH)}${old}`,
      `   ${plainText(chunkId)}${values.length === 0 ? "" : ` · ${values.join(" · ")}`}`,
      `   ${oneLine(text, TEXT_WIDTH)}`,
    ];
  });
  return [
    `${how} ${who}`,
    ...(search?.degraded ?? []).map(({ step, reason }) => `without ${step}: ${plainText(reason)}`),
    ...(passages.length === 0 ? ["", "Nothing was found."] : lines),
    ...(grounding === null ? [] : ["", groundingLine(grounding)]),
  ].join("\n");
}

function groundingLine(grounding: NonNullable<IndexSearch["grounding"]>): string {
  const { confidence, top, gap, agreement, threshold, isGrounded } = grounding;
  const terms = `0.5 · ${top.toFixed(2)} top + 0.2 · ${gap.toFixed(2)} gap + 0.3 · ${agreement.toFixed(2)} agreement`;
  const verdict = isGrounded ? "the agent may answer" : "the agent says that it does not know";
  return `Grounding ${confidence.toFixed(2)} = ${terms}; ${threshold} is needed: ${verdict}.`;
}
