import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Message } from "../../core/message.js";
import { fenced, type SubjectPart } from "../claim-subject.js";
import { exampleReply, systemPrompt } from "./judge-words.js";

/** The messages that ask for one vote: task, judged examples, then the texts between marks that they cannot hold. */
export function judgePrompt(config: JudgeConfig, parts: readonly SubjectPart[]): readonly Message[] {
  const asked: Message = { role: "user", content: fenced(parts) };
  const told = systemPrompt(config);
  if (config.scale.kind === "claims") {
    // A judge of claims is told outcomes only: an exchange without claims would teach another format.
    const examples = config.examples.map(
      (example) => `EXAMPLE\n${fenced(exampleParts(example))}\n${exampleReply(config.scale, example)}`,
    );
    return [{ role: "system", content: [told, ...examples].join("\n\n") }, asked];
  }
  const examples = config.examples.flatMap((example): Message[] => [
    { role: "user", content: fenced(exampleParts(example)) },
    { role: "assistant", content: exampleReply(config.scale, example) },
  ]);
  return [{ role: "system", content: told }, ...examples, asked];
}

function exampleParts(example: JudgeConfig["examples"][number]): readonly SubjectPart[] {
  const { question, documents, reference, answer, other_answer: other } = example;
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["QUESTION", question],
    ["DOCUMENTS", documents],
    ["REFERENCE", reference],
    [other === undefined ? "ANSWER" : "ANSWER A", answer],
    ["ANSWER B", other],
  ];
  return texts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
}
