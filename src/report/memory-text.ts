import { counted } from "./counted.js";
import type { DeletionReceipt, MemoryList, ReceiptCheck } from "./memory-documents.js";
import { oneLine, plainText } from "./plain-text.js";

/** What is remembered of a user, one fact a line; replaced ones are marked. */
export function renderMemory({ facts, sessions, userId }: MemoryList): string {
  const head = `${plainText(userId)}: ${counted(facts.length, "fact")}, ${counted(sessions, "session")}`;
  const lines = facts.map(({ id, kind, text, observedAt, isCurrent, expiresAt }) => {
    const until = expiresAt === null ? "" : `, until ${expiresAt.slice(0, 10)}`;
    const state = isCurrent ? "" : ", replaced";
    return `  ${plainText(id)}  ${kind}  ${oneLine(text, 200)}  (${observedAt.slice(0, 10)}${until}${state})`;
  });
  return [head, ...lines].join("\n");
}

/** What a deletion removed, and what the scan afterwards found. */
export function renderDeletion({ receipt }: DeletionReceipt, file: string): string {
  const stores = receipt.stores.map(({ store, removed }) => {
    const counts = Object.entries(removed).filter(([, count]) => count > 0);
    return `  ${store}: ${counts.map(([kind, count]) => `${count} ${count === 1 ? singular(kind) : kind}`).join(", ") || "nothing"}`;
  });
  const { files, bytes, texts, filesWithHits } = receipt.verification;
  const scanned = `Scanned ${counted(files, "file")} (${bytes} bytes) for ${counted(texts, "piece")} of the user's texts: `;
  const found =
    filesWithHits.length === 0
      ? "none is left."
      : `still in ${filesWithHits.map(plainText).join(", ")}. Somebody else may have said the same; check these files.`;
  const proof = texts === 0 ? "No text of the user was known, so none was looked for." : scanned + found;
  return ["Deleted:", ...stores, proof, `Receipt: ${file}`].join("\n");
}

/** Receipts count kinds in the plural. */
function singular(kind: string): string {
  return kind.replace(/ies$/, "y").replace(/s$/, "");
}

export function renderReceiptCheck({
  isGenuine,
  isOurs,
  isForUser,
  keyFingerprint,
  receipt,
}: ReceiptCheck): string {
  const lines = [
    isGenuine
      ? "The receipt is genuine."
      : "The receipt is NOT genuine: it was changed, or not signed by its key.",
    `Key ${keyFingerprint.slice(0, 16)}: ${isOurs === null ? "this project has no key" : isOurs ? "this project's" : "NOT this project's"}.`,
  ];
  if (isForUser !== null) lines.push(isForUser ? "It is for this user." : "It is NOT for this user.");
  lines.push(`Deletion ${plainText(receipt.id)}, completed ${plainText(receipt.completedAt)}.`);
  return lines.join("\n");
}
