import { clip } from "../../report/plain-text.js";
import type { JudgementStore } from "../../store/judgement-store.js";

/** What an item says, cut; `null` where it is not known. */
export interface ItemTexts {
  readonly question: string | null;
  readonly answer: string | null;
  readonly otherAnswer: string | null;
}

const TEXT_CHARACTERS = 600;

/** The texts of an item that a reader needs to see why judges or people disagree about it. */
export function itemTexts(store: JudgementStore, item: string): ItemTexts {
  const subject = store.item(item);
  const cut = (text: string | null | undefined) =>
    text === null || text === undefined ? null : clip(text, TEXT_CHARACTERS);
  return {
    question: cut(subject?.question),
    answer: cut(subject?.answer),
    otherAnswer: cut(subject?.otherAnswer),
  };
}
