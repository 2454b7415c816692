/** Lets a loader be held up between two rounds of its work. */
export class Gate {
  #round = new AbortController();
  #reached = Promise.withResolvers<void>();
  #opened: PromiseWithResolvers<void> | null = null;
  #left = false;

  /** For the loader: waits while it is held; then the signal that ends its next round. */
  async pass(): Promise<AbortSignal> {
    if (this.#opened !== null) {
      this.#reached.resolve();
      await this.#opened.promise;
    }
    return this.#round.signal;
  }

  /** For the loader: it comes no more, and holds nobody up. */
  leave(): void {
    this.#left = true;
    this.#reached.resolve();
  }

  /** Resolves when the loader has ended its round. The answer lets it go on. */
  async hold(): Promise<() => void> {
    const opened = this.#opened = Promise.withResolvers<void>();
    this.#reached = Promise.withResolvers<void>();
    if (this.#left) this.#reached.resolve();
    this.#round.abort();
    await this.#reached.promise;
    return () => {
      this.#opened = null;
      this.#round = new AbortController();
      opened.resolve();
    };
  }
}
