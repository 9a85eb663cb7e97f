import type { Trace } from "../../core/trace.js";
import { packed } from "./packed.js";
import { type PageTrace, pageTrace } from "./page-trace.js";

/** Characters of JSON that are packed together: more compress better, fewer open faster. */
const BLOCK_CHARACTERS = 150_000;

/** Place of a trace in the page: number of the block, place in it. */
export type TracePlace = readonly [number, number];

/** Packs traces into blocks until a page can take no more of them. */
export class TracePacker {
  readonly blocks: string[] = [];
  private readonly open: PageTrace[] = [];
  private openCharacters = 0;
  private packedCharacters = 0;
  private isFull = false;
  /** Traces that found room. */
  count = 0;

  /**
   * @param most - characters of all blocks together
   * @param maxText - characters of one text inside a trace
   */
  constructor(
    private readonly most: number,
    private readonly maxText: number,
  ) {}

  /** Whether another trace may find room: it does until one was refused. */
  get hasRoom(): boolean {
    return !this.isFull;
  }

  /** Takes a trace along; `null` when there is no room. */
  add(trace: Trace): TracePlace | null {
    const page = pageTrace(trace, this.maxText);
    const size = JSON.stringify(page).length;
    if (this.packedCharacters + this.openCharacters + size > this.most) this.close();
    if (this.packedCharacters + size > this.most) {
      this.isFull = true;
      return null;
    }
    const place = [this.blocks.length, this.open.length] as const;
    this.open.push(page);
    this.openCharacters += size;
    this.count += 1;
    if (this.openCharacters >= BLOCK_CHARACTERS) this.close();
    return place;
  }

  /** Packs what is still open. To be called at the end, too. */
  close(): void {
    if (this.open.length === 0) return;
    const block = packed(this.open);
    this.blocks.push(block);
    this.packedCharacters += block.length;
    this.open.length = 0;
    this.openCharacters = 0;
  }
}
