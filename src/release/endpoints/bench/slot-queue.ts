/** So many at once, the others in the order in which they came. */
export class SlotQueue {
  private taken = 0;
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly slots: number) {}

  enter(): Promise<void> | undefined {
    if (this.taken < this.slots) {
      this.taken += 1;
      return undefined;
    }
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  leave(): void {
    const next = this.waiters.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}
