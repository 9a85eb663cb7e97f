import type { GoldenCase } from "../core/golden-case.js";
import { canonicalJson, sha256 } from "../core/hash.js";

/** What the hash of a case covers: all of it but the line, which moves when a neighbour is added. */
export type CaseContent = Omit<GoldenCase, "line" | "hash">;

/**
 * SHA-256 of the canonical JSON of a case. Equal to `contentHash(content)`, which takes most of the time of
 * reading a large dataset because it sorts keys that are known here.
 */
export function caseHash(content: CaseContent): string {
  const { expect } = content;
  const json = JSON.stringify;
  return sha256(
    `{"environment":${json(content.environment)},"expect":{"answer":${json(expect.answer)},` +
      `${expect.grades === undefined ? "" : `"grades":${canonicalJson(expect.grades)},`}` +
      `"mustInclude":${json(expect.mustInclude)},"mustNotInclude":${json(expect.mustNotInclude)},` +
      `"outputs":${json(expect.outputs)},"refusal":${json(expect.refusal)},` +
      `${expect.schema === undefined ? "" : `"schema":${canonicalJson(expect.schema)},`}"sources":${json(expect.sources)},` +
      `"state":${canonicalJson(expect.state)},"toolCalls":${canonicalJson(expect.toolCalls)},` +
      `"toolCallsMode":${json(expect.toolCallsMode)}` +
      `${expect.tools === undefined ? "" : `,"tools":${canonicalJson(expect.tools)}`}},"group":${json(content.group)},"id":${json(content.id)},` +
      `"input":${inputJson(content.input)},"review":${canonicalJson(content.review)},` +
      `"risk":${json(content.risk)},"split":${json(content.split)},"tags":${json(content.tags)}}`,
  );
}

function inputJson(input: GoldenCase["input"]): string {
  return input.kind === "text"
    ? `{"kind":"text","text":${JSON.stringify(input.text)}}`
    : canonicalJson(input);
}
