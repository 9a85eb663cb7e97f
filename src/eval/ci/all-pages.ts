import { CodeHostError } from "../../core/errors.js";

const PAGE_SIZE = 100;
/** 10,000 comments; whatever gives more pages than that gives them without end. */
const MOST_PAGES = 100;

/**
 * The items of a list that comes in pages of 100.
 *
 * @param read - gives the page of a number, from 1
 * @throws {CodeHostError} when a page is no list
 */
export async function* allPages(read: (page: number) => Promise<unknown>): AsyncGenerator<unknown> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const items = await read(page);
    if (!Array.isArray(items)) throw new CodeHostError("expected a list of comments, found something else");
    yield* items;
    if (items.length < PAGE_SIZE) return;
  }
}
